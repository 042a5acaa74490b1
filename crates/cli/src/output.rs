//! `--output` and `--output-file`: the forms of a report, on standard output and in files.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::{Args as ClapArgs, ValueEnum};
pub use isolation_admission::rules;
use isolation_report::{Base, Context, Form, Report, human};
use rayon::prelude::*;

use crate::replace;
use crate::repository::root_of;

/// Forms of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReportForm {
    /// For people: like a compiler's messages.
    Human,
    /// For programs: one JSON document, described by docs/schemas/report.schema.json.
    Json,
    /// SARIF 2.1.0, for code scanning and editors.
    Sarif,
    /// JUnit XML, for the test reports of GitLab, Azure DevOps and Jenkins.
    Junit,
    /// GitHub Actions annotations.
    Github,
    /// A Markdown table, for a comment on a pull request.
    Markdown,
}

/// How a report is printed, and where else it is written.
#[derive(Debug, ClapArgs)]
pub struct Outputs {
    /// How to print the findings.
    #[arg(short, long, value_enum, default_value_t = ReportForm::Human)]
    pub output: ReportForm,
    /// Also write the findings to a file: `sarif=isolation.sarif`. Can be given several times.
    #[arg(long = "output-file", value_name = "FORM=FILE", value_parser = output_file)]
    pub files: Vec<(ReportForm, PathBuf)>,
}

impl From<ReportForm> for Form {
    fn from(form: ReportForm) -> Self {
        match form {
            ReportForm::Human => Form::Human,
            ReportForm::Json => Form::Json,
            ReportForm::Sarif => Form::Sarif,
            ReportForm::Junit => Form::Junit,
            ReportForm::Github => Form::Github,
            ReportForm::Markdown => Form::Markdown,
        }
    }
}

/// How many bytes are written at a time: a long report has half a million lines.
const BUFFER: usize = 1 << 16;

fn output_file(text: &str) -> Result<(ReportForm, PathBuf), String> {
    let (form, file) = text
        .split_once('=')
        .filter(|(_, file)| !file.is_empty())
        .ok_or("expected FORM=FILE, as in sarif=isolation.sarif")?;
    Ok((ReportForm::from_str(form, false).map_err(|_| unknown_form(form))?, file.into()))
}

fn unknown_form(form: &str) -> String {
    let known: Vec<_> = ReportForm::value_variants().iter().filter_map(ValueEnum::to_possible_value).collect();
    let known: Vec<_> = known.iter().map(|value| value.get_name()).collect();
    format!("there is no form {form} (known: {})", known.join(", "))
}

impl Outputs {
    /// Whether the report is wanted in this form.
    pub fn has(&self, form: ReportForm) -> bool {
        self.output == form || self.files.iter().any(|(other, _)| *other == form)
    }

    /// Writes the report wherever it is wanted.
    ///
    /// # Errors
    ///
    /// Output that cannot be written.
    pub fn write(&self, report: &Report) -> Result<()> {
        let mut context = Context { rules: rules(), base: base()?, ..Context::default() };
        // The files first: who reads standard output may stop reading.
        for (form, file) in &self.files {
            let name = file.display();
            let mut bytes = Vec::new();
            write(*form, report, &context, &mut bytes)?;
            replace::write(file, &bytes).with_context(|| format!("cannot write {name}"))?;
        }
        context.colours = anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never;
        context.hyperlinks = supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout);
        let out: &mut dyn Write = if context.colours {
            // A terminal, which may be one that colours are told in another way.
            &mut anstream::stdout().lock()
        } else {
            &mut std::io::stdout().lock()
        };
        let mut out = std::io::BufWriter::with_capacity(BUFFER, out);
        write(self.output, report, &context, &mut out)?;
        out.flush()?;
        Ok(())
    }
}

fn write(form: ReportForm, report: &Report, context: &Context, out: &mut dyn Write) -> std::io::Result<()> {
    match form {
        ReportForm::Human => {
            human::write_drawn_by(&|range, draw| range.into_par_iter().map(draw).collect(), report, context, out)
        }
        form => Form::from(form).write(report, context, out),
    }
}

/// The working directory, and the root of the repository that it is in; outside of any, the working directory is the root.
fn base() -> Result<Base> {
    let here = std::env::current_dir().context("the working directory cannot be read")?;
    let root = root_of(&here).unwrap_or(&here).to_owned();
    Ok(Base { here, root })
}
