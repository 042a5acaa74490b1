//! The forms of a report, by their names.

use std::io::{self, Write};

use crate::context::Context;
use crate::report::Report;
use crate::{github, human, json, junit, markdown, sarif};

/// A form in which a report is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// For people, as a compiler prints.
    Human,
    /// For programs: one JSON document.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// JUnit's XML, for test reports.
    Junit,
    /// Annotations of GitHub Actions.
    Github,
    /// A table, for a comment on a pull request.
    Markdown,
}

impl Form {
    /// Writes the report in this form.
    ///
    /// # Errors
    ///
    /// What keeps `out` from being written to.
    pub fn write(self, report: &Report, context: &Context, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Form::Human => human::write(report, context, out),
            Form::Json => json::write(report, out),
            Form::Sarif => sarif::write(report, context, out),
            Form::Junit => junit::write(report, context, out),
            Form::Github => github::write(report, context, out),
            Form::Markdown => markdown::write(report, context, out),
        }
    }
}
