//! `isolation check`: from arguments to a report.

mod configuration;
mod fix;
mod input;
mod judge;
mod modules;

use anyhow::Result;
use isolation_report::{Severity, Status, human, json};

use crate::args::{Check, Output};
use crate::exit;

pub use configuration::Configured;

/// Runs the command; the result is the exit status.
///
/// # Errors
///
/// What keeps it from judging anything: a configuration that cannot be read, a module that is none, output that cannot be
/// written.
pub fn run(args: &Check) -> Result<u8> {
    let mut outcome = judge::judge(args)?;
    if args.diff {
        let changes = fix::diff(&outcome.rewrites)?;
        return Ok(if outcome.report.status() == Status::NotEvaluated {
            human::write_not_evaluated(&outcome.report, &mut anstream::stderr().lock())?;
            exit::NOT_EVALUATED
        } else if changes {
            exit::VIOLATIONS
        } else {
            exit::CLEAN
        });
    }
    if args.fix && !outcome.rewrites.is_empty() {
        fix::write(&outcome.rewrites)?;
        // What is reported is what the files hold now, and where it stands now.
        outcome = judge::judge(args)?;
    }
    let mut report = outcome.report;
    if args.quiet {
        report.findings.retain(|finding| finding.severity == Severity::Deny);
    }
    let mut out = anstream::stdout().lock();
    match args.output {
        Output::Human => human::write(&report, &mut out)?,
        Output::Json => json::write(&report, &mut out)?,
    }
    Ok(match report.status() {
        Status::Clean => exit::CLEAN,
        Status::Violations => exit::VIOLATIONS,
        Status::NotEvaluated => exit::NOT_EVALUATED,
    })
}
