//! The formats of a report, by their names.

use std::io::{self, Write};

use crate::context::Context;
use crate::report::Report;
use crate::{github, human, json, junit, markdown, sarif};

/// A format in which a report is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
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

impl Format {
    /// Writes the report in this format.
    ///
    /// # Errors
    ///
    /// What keeps `out` from being written to.
    pub fn write(self, report: &Report, context: &Context, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Format::Human => human::write(report, context, out),
            Format::Json => json::write(report, out),
            Format::Sarif => sarif::write(report, context, out),
            Format::Junit => junit::write(report, context, out),
            Format::Github => github::write(report, context, out),
            Format::Markdown => markdown::write(report, context, out),
        }
    }
}
