//! Objects through policies, on all cores.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, bail};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use isolation_admission::{Admission, GROUP, Input, Judged, Specification, configured, deployed};
use isolation_render::{Folder, Options};
use isolation_report::{NotEvaluated, Report};
use rayon::prelude::*;

use super::configuration::{Configured, selection};
use super::fix::{self, Plan};
use super::input::{self, Read};
use super::modules::LocalModules;
use super::walk::Walk;
use crate::args::check::Check;
use crate::output::ReportForm;

/// The result of a run.
pub struct Outcome {
    /// Everything to print.
    pub report: Report,
    /// What policies that change objects would write into the files.
    pub plan: Plan,
}

/// Judges everything that the arguments name.
///
/// # Errors
///
/// What keeps it from judging anything: an unreadable configuration, a file that is not a module.
pub fn judge(args: &Check) -> Result<Outcome> {
    let Configured { file, configuration, chart_values } = Configured::load(args)?;
    let walk = Walk::of(&args.reading, file.as_deref());
    let options = Options { namespace: args.namespace.clone(), values: args.reading.values.clone(), set: chart_values };
    let read = input::find(&args.paths, &walk, &options, args.allow_empty);
    if let Some(value) =
        options.set.first().filter(|_| !read.rendered.values().any(|folder| matches!(folder, Folder::Chart(_))))
    {
        bail!("--set {value}: it names no policy, and no rendered chart could use it (policies: {})", names());
    }
    let input = &read.input;
    let modules = LocalModules::new(&args.modules)?;
    let mut admission = Admission::new(args.namespace.clone());
    let mut beside = Input::default();
    let configuration = Arc::new(configuration);
    let specifications = if args.policies.is_empty() {
        let all = configured(&configuration, &selection(args), &modules.available()?, input)?;
        all.into_iter().map(Ok).collect()
    } else {
        beside = input::read(&args.policies, &Walk::default(), &options).input;
        deployed_in(args, &mut beside)?
    };
    let ran = specifications
        .iter()
        .flatten()
        .flat_map(Specification::modules)
        .map(|(title, module)| (title.to_owned(), module.to_owned()));
    let ran: Vec<_> = ran.collect();
    equip(&mut admission, specifications, &modules);
    let admission = admission.over(input, &beside.items);

    let judged = judge_all(&admission, input);
    let rewritten: Vec<_> =
        judged.iter().map(|judged| judged.rewritten.as_ref().map(|rewritten| rewritten.object.clone())).collect();
    let mut report = admission.report(input, judged);
    name_sources(&read, &mut report);
    let judged: BTreeSet<&str> =
        ran.iter().filter(|(title, _)| report.policies.contains(title)).map(|(_, module)| module.as_str()).collect();
    args.counting.apply(args, &configuration, input, &judged, &mut report)?;
    // What an exception allows stays as it is.
    let plan = if args.fix || args.diff {
        Plan::of(&read, rewritten, &report.findings, args.unsafe_fixes)
    } else {
        Plan::default()
    };
    if args.outputs.has(ReportForm::Sarif) {
        fix::locate(&read, &mut report.findings);
    }
    report.notes.extend(read.notes);
    report.passed_over = read.passed_over;
    Ok(Outcome { report, plan })
}

/// Gives each policy its module, and the policies to the admission that judges.
pub(crate) fn equip(
    admission: &mut Admission,
    specifications: Vec<Result<Specification, NotEvaluated>>,
    modules: &LocalModules,
) {
    let equipped: Vec<_> = specifications
        .into_par_iter()
        .map(|specification| specification.map_err(|problem| vec![problem])?.equip(modules))
        .collect();
    equipped.into_iter().for_each(|policy| admission.add(policy));
}

/// Judges every object, on all cores, with a progress bar if that takes long.
pub(crate) fn judge_all(admission: &Admission, input: &Input) -> Vec<Judged> {
    let bar = progress(input.items.len());
    let judged = input
        .items
        .par_iter()
        .map(|item| {
            let judged = admission.judge(item);
            bar.inc(1);
            judged
        })
        .collect();
    bar.finish_and_clear();
    judged
}

/// Of what was rendered, the file that it comes from.
fn name_sources(read: &Read, report: &mut Report) {
    let rendered: Vec<_> = read.rendered.keys().filter_map(|index| read.input.sources.get(*index)).collect();
    for finding in &mut report.findings {
        let place = &finding.location.place;
        if rendered.iter().any(|source| Arc::ptr_eq(source, &place.source))
            && let Some(path) = isolation_render::source_of(&place.source.text, place.span.start)
        {
            finding.notes.push(format!("rendered from {path}"));
        }
    }
}

fn names() -> String {
    isolation_all_policies::POLICIES.iter().map(|entry| entry.name).collect::<Vec<_>>().join(", ")
}

/// The policies among these objects, as a cluster has them. Unreadable ones are reported.
fn deployed_in(args: &Check, resources: &mut Input) -> Result<Vec<Result<Specification, NotEvaluated>>> {
    let mut found: Vec<_> = std::mem::take(&mut resources.faults).into_iter().map(Err).collect();
    found.extend(resources.items.iter().filter_map(deployed));
    if found.is_empty() {
        let paths: Vec<_> = args.policies.iter().map(|path| path.display().to_string()).collect();
        bail!("--policies {}: it contains no policy of {GROUP}", paths.join(" "));
    }
    Ok(found)
}

/// A progress bar on the terminal, if the run takes long.
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
