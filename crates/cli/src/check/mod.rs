//! `isolation check`: from arguments to a report.

mod config;
mod deployed;
mod fix;
mod input;
mod judge;
mod policies;
mod report;

use anyhow::Result;

use crate::args::{Check, Output};
use crate::output::{human, json};
use crate::{CLEAN, NOT_EVALUATED, VIOLATIONS};

pub use config::Config;
pub use report::{Finding, NotEvaluated, Note, Place, Report, Severity};

/// Runs the command; the result is the exit status.
///
/// # Errors
///
/// What keeps it from judging anything: a configuration that cannot be read, a module that is none, output that cannot be
/// written.
pub fn run(args: &Check) -> Result<u8> {
    let config = config::Config::load(args)?;
    let judged = || {
        let inputs = input::read(&args.paths, config.file());
        let loaded = if args.policies.is_empty() {
            policies::load(args, &config, &inputs)?
        } else {
            deployed::load(args, &inputs)?
        };
        anyhow::Ok(judge::judge(inputs, loaded, &args.namespace))
    };
    let mut report = judged()?;
    if args.diff {
        let changes = fix::diff(&report.rewrites)?;
        return Ok(if !report.not_evaluated.is_empty() {
            human::print_not_evaluated(&report)?;
            NOT_EVALUATED
        } else if changes {
            VIOLATIONS
        } else {
            CLEAN
        });
    }
    if args.fix && !report.rewrites.is_empty() {
        fix::write(&report.rewrites)?;
        // What is reported is what the files hold now, and where it stands now.
        report = judged()?;
    }
    if args.quiet {
        report.findings.retain(|finding| finding.severity == Severity::Deny);
    }
    match args.output {
        Output::Human => human::print(&report)?,
        Output::Json => json::print(&report)?,
    }
    Ok(if !report.not_evaluated.is_empty() {
        NOT_EVALUATED
    } else if report.findings.iter().any(|finding| finding.severity == Severity::Deny) {
        VIOLATIONS
    } else {
        CLEAN
    })
}
