//! `--output` and `--output-file`: the formats of a report, on standard output and in files.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::{Args as ClapArgs, ValueEnum};
pub use isolation_admission::rules;
use isolation_report::{Base, Context, Format, Report, human};
use rayon::prelude::*;

use crate::replace;
use crate::repository::root_of;

/// Forms of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
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
    #[arg(short, long, value_enum, default_value_t = ReportFormat::Human)]
    pub output: ReportFormat,
    /// Also write the findings to a file: `sarif=isolation.sarif`. Can be given several times.
    #[arg(long = "output-file", value_name = "FORMAT=FILE", value_parser = output_file)]
    pub files: Vec<(ReportFormat, PathBuf)>,
}

impl From<ReportFormat> for Format {
    fn from(format: ReportFormat) -> Self {
        match format {
            ReportFormat::Human => Format::Human,
            ReportFormat::Json => Format::Json,
            ReportFormat::Sarif => Format::Sarif,
            ReportFormat::Junit => Format::Junit,
            ReportFormat::Github => Format::Github,
            ReportFormat::Markdown => Format::Markdown,
        }
    }
}

/// How many bytes are written at a time: a long report has half a million lines.
const BUFFER: usize = 1 << 16;

fn output_file(text: &str) -> Result<(ReportFormat, PathBuf), String> {
    let (format, file) = text
        .split_once('=')
        .filter(|(_, file)| !file.is_empty())
        .ok_or("expected FORMAT=FILE, as in sarif=isolation.sarif")?;
    Ok((ReportFormat::from_str(format, false).map_err(|_| unknown_format(format))?, file.into()))
}

fn unknown_format(format: &str) -> String {
    let known: Vec<_> = ReportFormat::value_variants().iter().filter_map(ValueEnum::to_possible_value).collect();
    let known: Vec<_> = known.iter().map(|value| value.get_name()).collect();
    format!("unknown format {format} (known: {})", known.join(", "))
}

impl Outputs {
    /// Whether the report is wanted in this format.
    pub fn has(&self, format: ReportFormat) -> bool {
        self.output == format || self.files.iter().any(|(other, _)| *other == format)
    }

    /// Writes the report wherever it is wanted.
    ///
    /// # Errors
    ///
    /// Output that cannot be written.
    pub fn write(&self, report: &Report) -> Result<()> {
        let mut context = Context { rules: rules(), base: base()?, ..Context::default() };
        // The files first: who reads standard output may stop reading.
        for (format, file) in &self.files {
            let name = file.display();
            let mut bytes = Vec::new();
            write(*format, report, &context, &mut bytes)?;
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

fn write(format: ReportFormat, report: &Report, context: &Context, out: &mut dyn Write) -> std::io::Result<()> {
    match format {
        ReportFormat::Human => {
            human::write_drawn_by(&|range, draw| range.into_par_iter().map(draw).collect(), report, context, out)
        }
        format => Format::from(format).write(report, context, out),
    }
}

/// The working directory, and the root of the repository that it is in; outside of any, the working directory is the root.
fn base() -> Result<Base> {
    let here = std::env::current_dir().context("the working directory cannot be read")?;
    let root = root_of(&here).unwrap_or(&here).to_owned();
    Ok(Base { here, root })
}
