//! `isolation check`: from arguments to a report.

mod beside;
mod configuration;
mod counting;
mod fix;
mod holds;
pub(crate) mod input;
mod judge;
pub(crate) mod known;
pub(crate) mod modules;
pub(crate) mod parts;
mod patterns;
mod pins;
mod programs;
pub(crate) mod progress;
pub(crate) mod run;
pub(crate) mod texts;
mod units;
pub(crate) mod walk;

use std::collections::BTreeSet;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use isolation_report::{Severity, Status, human};

use crate::args::check::Check;
use crate::exit;
use judge::Outcome;

pub use modules::LocalModules;
pub use texts::{check_chart_options, find};
pub use walk::Walk;

pub use configuration::{Configured, is_of_another, meant_policy};
pub use counting::{circumstances, today};

/// Runs the command; the result is the exit status.
///
/// # Errors
///
/// What keeps it from judging anything: a configuration that cannot be read, a module that is none, output that cannot be
/// written.
pub fn run(args: &Check) -> Result<u8> {
    if args.show_config {
        until_closed(configuration::show(args))?;
        return Ok(exit::CLEAN);
    }
    if args.unsafe_fixes && !args.fix && !args.diff {
        bail!("--unsafe-fixes goes with --fix or --diff");
    }
    if args.fix && args.paths.iter().any(|path| path.as_os_str() == "-") {
        bail!("standard input cannot be rewritten; name the files, or use --diff");
    }
    check_files(args.outputs.files.iter().map(|(_, file)| file))?;
    let mut outcome = judge::judge(args)?;
    if args.diff {
        return diff(args, outcome);
    }
    let mut failures = Vec::new();
    for _ in 0..ROUNDS {
        if !args.fix || outcome.plan.changes.is_empty() || !failures.is_empty() {
            break;
        }
        failures = fix::write(&outcome.plan.changes);
        // The report is about the files as they are now, and so are the notes.
        outcome = judge::judge(args)?;
    }
    outcome.report.not_evaluated.extend(failures);
    let Outcome { mut report, plan } = outcome;
    report.notes.extend(plan.notes);
    let status = args.counting.exit(&report);
    if args.counting.write_baseline(&report)? {
        let mut err = anstream::stderr().lock();
        until_closed(human::write_not_evaluated(&report, &mut err))?;
        if args.fix {
            until_closed(human::write_notes(&report.notes, &mut err))?;
        }
        if args.verbose {
            until_closed(human::write_skipped(&report, &mut err))?;
        }
        return Ok(if report.status() == Status::NotEvaluated { exit::NOT_EVALUATED } else { exit::CLEAN });
    }
    if args.quiet {
        report.findings.retain(|finding| finding.severity == Severity::Deny);
        report.problems.retain(|problem| problem.severity == Severity::Deny);
    }
    until_closed(args.outputs.write(&report))?;
    if args.verbose {
        until_closed(human::write_skipped(&report, &mut anstream::stderr().lock()))?;
    }
    Ok(status)
}

/// How often `--fix` writes at most. One change may lead to another: a load balancer that became internal names no public
/// address.
const ROUNDS: usize = 4;

/// Whether each of the files that are written is another one.
///
/// # Errors
///
/// One that a second option would overwrite.
pub fn check_files<'a>(files: impl IntoIterator<Item = &'a PathBuf>) -> Result<()> {
    let mut seen = BTreeSet::new();
    for file in files {
        let is_file = std::fs::metadata(file).map_or(true, |metadata| metadata.is_file());
        if is_file && !seen.insert(canonical(file)) {
            bail!("{} would be written twice; name a file for each format", file.display());
        }
    }
    Ok(())
}

/// The path in its canonical form, also of a file that is not there yet.
fn canonical(file: &Path) -> PathBuf {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let new = || Some(folder.canonicalize().ok()?.join(file.file_name()?));
    file.canonicalize().ok().or_else(new).unwrap_or_else(|| file.to_owned())
}

/// The status is that of the files as they are: what the patch mends is a violation until somebody applies it.
fn diff(args: &Check, Outcome { report, plan }: Outcome) -> Result<u8> {
    until_closed(fix::diff(&plan.changes, &mut std::io::stdout().lock()))?;
    let mut err = anstream::stderr().lock();
    until_closed(human::write_not_evaluated(&report, &mut err))?;
    until_closed(human::write_notes(&plan.notes, &mut err))?;
    if args.verbose {
        until_closed(human::write_skipped(&report, &mut err))?;
    }
    let status = args.counting.exit(&report);
    if plan.changes.is_empty() && status != exit::CLEAN {
        until_closed(writeln!(err, "{}; no file changes", report.summary()))?;
        until_closed(human::fixable(&report, &mut err))?;
    }
    Ok(status)
}

/// The reader may have seen enough, like `head`; the verdict is the same.
fn until_closed<E: Into<anyhow::Error>>(written: Result<(), E>) -> Result<()> {
    let closed = |error: &anyhow::Error| {
        error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    };
    match written.map_err(Into::into) {
        Err(error) if closed(&error) => Ok(()),
        written => written,
    }
}
