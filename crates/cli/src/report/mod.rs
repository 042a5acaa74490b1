//! `isolation report`: whether a cluster is ready to be isolated.

pub mod args;
mod azure;
mod cluster;
mod gather;
mod judge;
mod output;

use std::path::Path;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use isolation_readiness::{Readiness, Survey, VerdictState, forms};

use crate::check::Configured;
use crate::exit;
use args::Report;

/// Runs the command; the result is the exit status.
///
/// # Errors
///
/// What keeps it from judging anything: a configuration or a document of Azure that cannot be read, a cluster that does not
/// answer, output that cannot be written.
pub fn run(args: &Report) -> Result<u8> {
    let since = args.since.as_deref().map(earlier).transpose()?;
    let mut configured = Configured::open(args.config.as_deref())?;
    let created = now()?;
    let gathered = gather::gather(args, &configured, &created)?;
    let registries = judge::registries(args, &mut configured, &gathered.azure);
    let cache_rules = judge::cache_rules(&mut configured, &gathered.azure, &registries);
    let unread = !gathered.read.input.faults.is_empty();
    let report = judge::judge(configured, args, &gathered.read)?;
    let unjudged = !report.not_evaluated.is_empty();
    let document = Survey {
        report: &report,
        items: &gathered.read.input.items,
        azure: &gathered.azure,
        input: gathered.input,
        name: gathered.name,
        registries,
        cache_rules,
        unseen: gathered.unseen,
        incomplete: gathered.incomplete,
        without_lines: gathered.without_lines,
        namespace: args.default_namespace.clone(),
        tool: concat!("isolation ", env!("CARGO_PKG_VERSION")).to_owned(),
        created,
        since,
    }
    .document();
    for (path, form) in &args.write {
        output::write_file(&document, path, *form)?;
    }
    output::print(&document, args.output)?;
    Ok(match document.verdict.state {
        _ if unread || unjudged => exit::NOT_EVALUATED,
        VerdictState::Ready | VerdictState::Isolated => exit::CLEAN,
        VerdictState::ReadyAfterChanges | VerdictState::NotYet => exit::VIOLATIONS,
    })
}

/// An earlier report.
fn earlier(path: &Path) -> Result<Readiness> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    forms::json::read(&text).map_err(|problem| anyhow::anyhow!("{}: {problem}", path.display()))
}

/// The time, or what `SOURCE_DATE_EPOCH` says that it is: <https://reproducible-builds.org/specs/source-date-epoch/>.
fn now() -> Result<String> {
    let time = match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(seconds) => {
            let seconds: u64 = seconds.parse().context("SOURCE_DATE_EPOCH is not a number of seconds")?;
            SystemTime::UNIX_EPOCH
                .checked_add(Duration::from_secs(seconds))
                .context("SOURCE_DATE_EPOCH is too large")?
        }
        Err(_) => SystemTime::now(),
    };
    Ok(humantime::format_rfc3339_seconds(time).to_string())
}
