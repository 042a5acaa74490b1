//! What of a report counts: exceptions, the baseline, and the exit status.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context as _, Result, anyhow};
use chrono::{DateTime, NaiveDate, Utc};
use isolation_admission::{Configuration, ManifestExceptions};
use isolation_report::{Baseline, BaselineError, Circumstances, Report, Source, Status, apply_exceptions};

use crate::args::check::{Check, Counting, FailOn};
use crate::exit;
use crate::json;
use crate::replace;

impl Counting {
    /// Takes out of the report what exceptions allow and what the baseline knows.
    ///
    /// # Errors
    ///
    /// An exception of the configuration or a baseline that cannot be read.
    pub fn apply(
        &self,
        configuration: &Configuration,
        exceptions: ManifestExceptions,
        circumstances: &Circumstances,
        report: &mut Report,
    ) -> Result<()> {
        if !self.no_exceptions {
            let (exceptions, problems) = exceptions.with(configuration)?;
            report.problems.extend(problems);
            apply_exceptions(report, &exceptions, circumstances);
        }
        if let Some(file) = &self.baseline {
            read_baseline(file)?.apply(report, circumstances);
        }
        Ok(())
    }

    /// Writes the baseline, if one is wanted, and says how many findings it knows.
    ///
    /// # Errors
    ///
    /// A file that cannot be written.
    pub fn write_baseline(&self, report: &Report) -> Result<bool> {
        let Some(file) = &self.write_baseline else { return Ok(false) };
        let baseline = Baseline::of(report);
        replace::write(file, baseline.write()?.as_ref()).with_context(|| format!("cannot write {}", file.display()))?;
        let findings = if baseline.len() == 1 { "finding" } else { "findings" };
        anstream::eprintln!("{}: {} {findings} written", file.display(), baseline.len());
        Ok(true)
    }

    /// The exit status of this report.
    pub fn exit(&self, report: &Report) -> u8 {
        match report.status() {
            Status::NotEvaluated => exit::NOT_EVALUATED,
            Status::Violations => exit::VIOLATIONS,
            Status::Clean if self.fail_on == FailOn::Warn && report.summary().warnings > 0 => exit::VIOLATIONS,
            Status::Clean => exit::CLEAN,
        }
    }
}

/// What was found before.
fn read_baseline(file: &Path) -> Result<Baseline> {
    let name = file.display().to_string();
    let text = crate::text::read(file).with_context(|| format!("cannot read {name}"))?;
    let source = Source::new(name, text);
    Baseline::read(&source.text).map_err(|error| match &error {
        BaselineError::Json(cause) => json::not_json(&source, cause),
        BaselineError::Format(cause) => json::mismatch(&source, cause, &error),
        BaselineError::Version(_) => anyhow!("{}: {error}", source.name),
    })
}

/// Whether the run sees only some of the files that the configuration is for: files that are named one by one, or piped in,
/// are seldom all.
pub fn is_partial(args: &Check) -> bool {
    !args.paths.iter().any(|path| path.is_dir())
}

/// What there is to know of a run today in which these modules were asked, and those of `idle` had nothing to judge.
pub fn circumstances(namespace: &str, partial: bool, judged: &BTreeSet<&str>, idle: &BTreeSet<&str>) -> Circumstances {
    isolation_admission::circumstances(namespace, partial, judged, idle, today())
}

/// The day.
pub fn today() -> NaiveDate {
    DateTime::<Utc>::from(std::time::SystemTime::now()).date_naive()
}
