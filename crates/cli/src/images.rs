//! `isolation images`: every image that objects name.

use anyhow::{Result, bail};
use isolation_inventory::{Format, FormatError, read};
use isolation_report::{Report, human};

use crate::args::images::Images;
use crate::check::{Configured, Walk, find, is_of_another};
use crate::exit;

/// Runs the command; the result is the exit status.
///
/// # Errors
///
/// A configuration that cannot be read, settings that are not valid, output that cannot be written.
pub fn run(args: &Images) -> Result<u8> {
    let configured = Configured::with(args.config.as_deref(), &args.registries, &args.set)?;
    if let Some(text) = args.set.iter().find(|text| is_of_another(text, "private-images")) {
        bail!("--set {text}: only settings of private-images say where images come from");
    }
    let walk = Walk::of(&args.reading, configured.file.as_deref());
    let set = configured.chart_values;
    let options = args.reading.options(&args.namespace, set);
    let found = find(&args.paths, &walk, &options, args.allow_empty)?;
    let settings = configured.configuration.settings("private-images");
    let mut inventory = read(&found.input.items, &settings, &args.namespace)?;
    if args.missing {
        inventory.images.retain(|image| !image.reach.is_reached());
    }
    let mut out = anstream::stdout().lock();
    match Format::from(args.output).write(&inventory, &mut out) {
        // The reader has seen enough, like `head`.
        Err(FormatError::Io(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => {}
        written => written?,
    }
    // Standard output is for the inventory, which another program may read.
    let mut not_evaluated = found.input.faults;
    not_evaluated.append(&mut inventory.not_evaluated);
    let report = Report { not_evaluated, sources: found.input.sources, skipped: found.skipped, ..Report::default() };
    let mut err = anstream::stderr().lock();
    human::write_not_evaluated(&report, &mut err)?;
    if args.verbose {
        human::write_skipped(&report, &mut err)?;
    }
    Ok(if report.not_evaluated.is_empty() { exit::CLEAN } else { exit::NOT_EVALUATED })
}
