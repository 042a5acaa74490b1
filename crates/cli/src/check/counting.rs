//! What of a report counts: exceptions, the baseline, and the exit status.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result};
use chrono::{DateTime, NaiveDate, Utc};
use isolation_admission::{Configuration, Input, in_annotations};
use isolation_all_policies::pages;
use isolation_report::{
    Baseline, Circumstances, Exception, Problem, Report, Rules, Status, apply, exceptions_in_comments,
};

use crate::args::check::{Check, Counting, FailOn};
use crate::exit;
use crate::output::rules;
use crate::replace;

impl Counting {
    /// Takes out of the report what is allowed and what is known. `judged` are the names of the modules that were asked, and
    /// `deployed` says whether the policies are a cluster's that have exceptions of their own.
    ///
    /// # Errors
    ///
    /// An exception of the configuration or a baseline that cannot be read, or cannot be written.
    pub fn apply(
        &self,
        args: &Check,
        configuration: &Configuration,
        exceptions: InManifests,
        judged: &BTreeSet<&str>,
        deployed: bool,
        report: &mut Report,
    ) -> Result<()> {
        // Files that are named one by one, or piped in, are seldom all that a configuration is for.
        let partial = !args.paths.iter().any(|path| path.is_dir());
        let mut circumstances = circumstances(&args.namespace, partial, judged);
        circumstances.deployed = deployed;
        if !self.no_exceptions {
            let (exceptions, problems) = exceptions.with(configuration)?;
            report.problems.extend(problems);
            apply(report, &exceptions, &circumstances);
        }
        if let Some(file) = &self.baseline {
            let name = file.display();
            let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {name}"))?;
            Baseline::read(&text).with_context(|| format!("cannot read {name}"))?.apply(report, &circumstances);
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

/// The exceptions in manifests: in comments and in objects' annotations, and what of them cannot be read.
pub struct InManifests {
    rules: Rules,
    comments: (Vec<Exception>, Vec<Problem>),
    annotations: (Vec<Exception>, Vec<Problem>),
}

impl Default for InManifests {
    fn default() -> Self {
        InManifests { rules: rules(), comments: Default::default(), annotations: Default::default() }
    }
}

impl InManifests {
    /// Adds those of an input.
    pub fn add(&mut self, input: &Input) {
        let rules = &self.rules;
        let comments = input.sources.iter().map(|source| exceptions_in_comments(source, rules));
        comments.for_each(|more| extend(&mut self.comments, more));
        let annotations = input.items.iter().map(|item| in_annotations(item, rules));
        annotations.for_each(|more| extend(&mut self.annotations, more));
    }

    /// All exceptions, those of the configuration first, and what of them cannot be read.
    ///
    /// # Errors
    ///
    /// An exception of the configuration that cannot be read.
    pub fn with(self, configuration: &Configuration) -> Result<(Vec<Exception>, Vec<Problem>)> {
        let mut all = (configuration.exceptions(&self.rules)?, Vec::new());
        extend(&mut all, self.comments);
        extend(&mut all, self.annotations);
        Ok(all)
    }
}

fn extend(all: &mut (Vec<Exception>, Vec<Problem>), more: (Vec<Exception>, Vec<Problem>)) {
    all.0.extend(more.0);
    all.1.extend(more.1);
}

/// What there is to know of a run in which these modules were asked.
pub fn circumstances(namespace: &str, partial: bool, judged: &BTreeSet<&str>) -> Circumstances {
    let judged = |policy: &str| policy.is_empty() || judged.contains(policy);
    let rules = pages().filter(|(entry, _)| judged(entry.map_or("", |entry| entry.name)));
    Circumstances {
        today: today(),
        namespace: namespace.to_owned(),
        partial,
        deployed: false,
        judged: rules.map(|(_, page)| page.rule.id.to_owned()).collect(),
    }
}

/// The day.
pub fn today() -> NaiveDate {
    DateTime::<Utc>::from(std::time::SystemTime::now()).date_naive()
}
