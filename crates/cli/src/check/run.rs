//! Objects through policies, on all cores.

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::{Result, bail};
use cached_images::CachedImages;
use indicatif::ProgressBar;
use isolation::Policy;
use isolation_admission::{
    Admission, Configuration, GROUP, Input, Judged, Kinds, ManifestExceptions, Selection, Specification, WARNINGS,
    configured, deployed,
};
use isolation_report::{Circumstances, Finding, NotEvaluated, Report};
use rayon::prelude::*;
use serde_json::Value;

use super::configuration::selection;
use super::counting::{circumstances, is_partial};
use super::input::Read;
use super::modules::LocalModules;
use super::progress;
use crate::args::check::Check;

/// What a run judges by.
pub(super) struct Run<'a> {
    pub(super) args: &'a Check,
    pub(super) configuration: Arc<Configuration>,
    pub(super) modules: LocalModules,
}

/// What policies are called that run, with the name of each module that one judges by, whether there is something to judge or not.
type Ran = Vec<(String, String)>;

impl Run<'_> {
    /// The policies of the configuration, as far as they have something to say about these kinds.
    pub(super) fn configured(&self, kinds: &Kinds) -> Result<(Admission, Ran)> {
        let selection = selection(self.args);
        let available = self.modules.available()?;
        let mut all = configured(&self.configuration, &selection, &available, kinds)?;
        // Exceptions are about findings. What the settings silence is dropped when it has been counted.
        all.iter_mut().for_each(Specification::unsilence);
        let (admission, mut ran) = self.equip(all.into_iter().map(Ok).collect());
        let wanted = available.iter().filter(|policy| selection.has(&self.configuration, policy));
        let idle: Vec<_> = wanted.filter(|policy| ran.iter().all(|(title, _)| *title != policy.name)).collect();
        ran.extend(idle.iter().map(|policy| (policy.name.clone(), policy.name.clone())));
        Ok((admission, ran))
    }

    /// The policies that change objects, where some of them take no part in the verdict: a file may be written as they would
    /// write it, but admission does so only where they are deployed.
    pub(super) fn rewriting(&self, kinds: &Kinds) -> Result<Option<Admission>> {
        let judging = selection(self.args);
        let selection = Selection { mutating: true, ..judging.clone() };
        let mut available = self.modules.available()?;
        available.retain(|policy| policy.metadata.mutating && selection.has(&self.configuration, policy));
        if available.iter().all(|policy| judging.has(&self.configuration, policy)) {
            return Ok(None);
        }
        let mut all = configured(&self.configuration, &selection, &available, kinds)?;
        all.iter_mut().for_each(Specification::unsilence);
        Ok(Some(self.equip(all.into_iter().map(Ok).collect()).0))
    }

    /// The policies among these objects.
    pub(super) fn deployed(&self, resources: &mut Input) -> Result<(Admission, Ran)> {
        Ok(self.equip(deployed_in(self.args, resources)?))
    }

    fn equip(&self, specifications: Vec<Result<Specification, NotEvaluated>>) -> (Admission, Ran) {
        let modules = specifications.iter().flatten().flat_map(Specification::modules);
        let ran = modules.map(|(title, module)| (title.to_owned(), module.to_owned())).collect();
        let mut admission = Admission::new(self.args.namespace.clone());
        equip(&mut admission, specifications, &self.modules);
        (admission, ran)
    }

    /// Whether the run sees only some of the files that the configuration is for.
    pub(super) fn is_partial(&self) -> bool {
        is_partial(self.args)
    }

    /// Takes out of the report what exceptions allow and what the baseline knows. `deployed` says whether the policies are a cluster's that
    /// have exceptions of their own.
    pub(super) fn count(
        &self,
        ran: &Ran,
        exceptions: ManifestExceptions,
        deployed: bool,
        report: &mut Report,
    ) -> Result<()> {
        let policies = std::mem::take(&mut report.policies);
        let modules = |is_meant: &dyn Fn(&str) -> bool| -> BTreeSet<&str> {
            ran.iter().filter(|(title, _)| is_meant(title)).map(|(_, module)| module.as_str()).collect()
        };
        let judged = modules(&|title| policies.iter().any(|policy| policy == title));
        // One whose settings are wrong, or whose module is not here, has nothing to say of exceptions.
        let has_failed = |title: &str| report.not_evaluated.iter().any(|problem| problem.subject == title);
        let idle = modules(&|title| policies.iter().all(|policy| policy != title) && !has_failed(title));
        let circumstances = circumstances(&self.args.namespace, self.is_partial(), &judged, &idle);
        let circumstances = Circumstances { deployed, ..circumstances };
        let counted = self.args.counting.apply(&self.configuration, exceptions, &circumstances, report);
        report.policies = policies;
        if self.is_silent() {
            report.findings.retain(|finding| !is_rewritten(finding));
        }
        counted
    }

    /// Whether the configuration has the policy that rewrites images do so silently.
    fn is_silent(&self) -> bool {
        let settings = self.configuration.settings_offline(CachedImages::NAME);
        self.args.policies.is_empty() && settings.get(WARNINGS).and_then(Value::as_bool) == Some(false)
    }
}

/// Whether a finding is about a reference that the policy has rewritten, and not one that it leaves to others.
pub(super) fn is_rewritten(finding: &Finding) -> bool {
    finding.rule.as_ref().is_some_and(|rule| rule.id == "NI701") && finding.change().is_some()
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
    let bar = progress::judging(input.items.len());
    let judged = judge_part(admission, input, &bar);
    bar.finish_and_clear();
    judged
}

/// Judges every object of an input that may be a part of what the progress bar is about.
pub(crate) fn judge_part(admission: &Admission, input: &Input, bar: &ProgressBar) -> Vec<Judged> {
    let judge = |item| {
        let judged = admission.judge(item);
        bar.inc(1);
        judged
    };
    input.items.par_iter().map(judge).collect()
}

/// Of what was rendered, the file that it comes from.
pub(super) fn name_sources(read: &Read, judged: &mut [Judged]) {
    let rendered: Vec<_> = read.rendered.keys().filter_map(|index| read.input.sources.get(*index)).collect();
    if rendered.is_empty() {
        return;
    }
    for finding in judged.iter_mut().flat_map(|judged| &mut judged.findings) {
        let place = &finding.location.place;
        if rendered.iter().any(|source| Arc::ptr_eq(source, &place.source))
            && let Some(path) = isolation_render::source_of(&place.source.text, place.span.start)
        {
            finding.notes.push(format!("rendered from {path}"));
        }
    }
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
