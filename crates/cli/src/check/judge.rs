//! Objects through policies, on all cores.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, bail};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use isolation_admission::{Admission, GROUP, Input, Judged, Selection, Specification, configured, deployed};
use isolation_report::{NotEvaluated, Report};
use rayon::prelude::*;

use super::configuration::Configured;
use super::fix::{Rewrite, rewrites};
use super::input;
use super::modules::LocalModules;
use crate::args::Check;

/// What came of a run.
pub struct Outcome {
    /// All that is to be printed.
    pub report: Report,
    /// What policies that change objects would write into the files.
    pub rewrites: Vec<Rewrite>,
}

/// Judges everything that the arguments name.
///
/// # Errors
///
/// What keeps it from judging anything: a configuration that cannot be read, a module that is none.
pub fn judge(args: &Check) -> Result<Outcome> {
    let Configured { file, configuration } = Configured::load(args)?;
    let input = input::read(&args.paths, file.as_deref());
    let modules = LocalModules::new(&args.modules)?;
    let mut admission = Admission::new(args.namespace.clone());
    let mut beside = Input::default();
    let specifications = if args.policies.is_empty() {
        let selection = Selection { only: args.only.clone(), skip: args.skip.clone(), mutating: args.fix || args.diff };
        let all = configured(&Arc::new(configuration), &selection, &modules.available()?, &input)?;
        all.into_iter().map(Ok).collect()
    } else {
        beside = input::read(&args.policies, None);
        deployed_in(args, &mut beside)?
    };
    let equipped: Vec<_> = specifications
        .into_par_iter()
        .map(|specification| specification.map_err(|problem| vec![problem])?.equip(&modules))
        .collect();
    equipped.into_iter().for_each(|policy| admission.add(policy));
    let admission = admission.over(&input, &beside.items);

    let bar = progress(input.items.len());
    let judged: Vec<Judged> = input
        .items
        .par_iter()
        .map(|item| {
            let judged = admission.judge(item);
            bar.inc(1);
            judged
        })
        .collect();
    bar.finish_and_clear();

    let (rewrites, failures) = rewrites(&input, &judged);
    let mut report = admission.report(&input, judged);
    report.not_evaluated.extend(failures);
    Ok(Outcome { report, rewrites })
}

/// The policies among these objects, as a cluster has them. What of them could not be read is said as they are.
fn deployed_in(args: &Check, resources: &mut Input) -> Result<Vec<Result<Specification, NotEvaluated>>> {
    let mut found: Vec<_> = std::mem::take(&mut resources.faults).into_iter().map(Err).collect();
    found.extend(resources.items.iter().filter_map(deployed));
    if found.is_empty() {
        let paths: Vec<_> = args.policies.iter().map(|path| path.display().to_string()).collect();
        bail!("--policies {}: there is no policy of {GROUP} in it", paths.join(" "));
    }
    Ok(found)
}

/// A bar on the terminal where the run takes long.
fn progress(objects: usize) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(objects as u64), ProgressDrawTarget::hidden());
    if objects > 2_000 {
        bar.set_draw_target(ProgressDrawTarget::stderr());
        bar.enable_steady_tick(Duration::from_millis(200));
    }
    match ProgressStyle::with_template("{bar:30} {pos}/{len} objects, {eta} left") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
