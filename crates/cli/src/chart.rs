//! `isolation chart`: the Helm chart, with the digests of the modules.

use std::io::Write as _;

use anyhow::{Context, Result};
use isolation_all_policies::POLICIES;
use isolation_deploy::chart;
use isolation_oci::{Module, digest_of};

use crate::args::chart::Chart;
use crate::modules;
use crate::replace;

/// Runs the command.
///
/// # Errors
///
/// A file that cannot be written.
pub fn run(args: &Chart) -> Result<()> {
    let chart = of(&modules::read(&[])?)?.context("this program was built without a module")?;
    let path = args.folder.join(format!("{}-{}.tgz", chart.name(), chart.version()));
    replace::write(&path, chart.bytes()).with_context(|| format!("cannot write {}", path.display()))?;
    writeln!(anstream::stdout().lock(), "{}", path.display())?;
    Ok(())
}

/// The chart that deploys these modules; none where a policy's module is not among them.
///
/// # Errors
///
/// None that modules could be the reason of.
pub fn of(modules: &[Module]) -> Result<Option<isolation_oci::Chart>> {
    if !POLICIES.iter().all(|entry| modules.iter().any(|module| module.name() == entry.name)) {
        return Ok(None);
    }
    let digests = modules.iter().map(|module| (module.name().to_owned(), digest_of(module))).collect();
    Ok(Some(isolation_oci::Chart::package(&chart::metadata()?, &chart::files(&digests)?)?))
}
