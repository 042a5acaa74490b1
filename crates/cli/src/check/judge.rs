//! Objects through policies.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use isolation::verdict::ANNOTATION;
use isolation_fix::{Edit, edits};
use isolation_manifest::{Object, request};
use isolation_runtime::{Answer, Lookup, Module, Snapshot};
use rayon::prelude::*;
use serde::Deserialize;
use serde_json::Value;

use super::deployed::{self, Case, Deployed};
use super::input::{Inputs, Source};
use super::policies::Policies;
use super::report::{Finding, NotEvaluated, Note, Place, Report, Rewrite, Severity};

/// Judges every object by every policy that wants to see it.
pub fn judge(inputs: Inputs, policies: Policies, namespace: &str) -> Report {
    let mut report = Report { objects: inputs.objects.len(), sources: inputs.sources.len(), ..Report::default() };
    let faults = inputs.faults();
    let Inputs { sources, objects, .. } = inputs;
    let cluster = cluster(&objects, &policies);
    let bar = progress(objects.len());
    let judged: Vec<Judged> = objects
        .par_iter()
        .map(|(source, object)| {
            let judged = judge_one(&sources[*source], object, &policies, namespace, &cluster);
            bar.inc(1);
            judged
        })
        .collect();
    bar.finish_and_clear();

    let names = policies.loaded.iter().map(|loaded| loaded.name.as_str());
    let names = names.chain(policies.deployed.iter().map(Deployed::name));
    let has_judged = |name: &&str| judged.iter().any(|judged| judged.asked.iter().any(|asked| asked == name));
    report.policies = names.filter(has_judged).map(str::to_owned).collect();
    report.not_evaluated.extend(policies.not_evaluated);
    report.not_evaluated.extend(faults);
    report.notes.extend(policies.notes);
    let mut unknown = BTreeSet::new();
    for (judged, (source, _)) in judged.into_iter().zip(&objects) {
        if !judged.edits.is_empty() {
            let source = &sources[*source];
            match report.rewrites.last_mut().filter(|last| Arc::ptr_eq(&last.source, source)) {
                Some(last) => last.edits.extend(judged.edits),
                None => report.rewrites.push(Rewrite { source: Arc::clone(source), edits: judged.edits }),
            }
        }
        report.findings.extend(judged.findings);
        report.not_evaluated.extend(judged.failures);
        unknown.extend(judged.unknown_namespaces);
        for note in judged.notes {
            if report.notes.iter().all(|other| other.what != note.what) {
                report.notes.push(note);
            }
        }
    }
    report.notes.extend(deployed::unknown_namespaces(&unknown));
    report
}

/// What answers look-ups: the objects of the input that some policy may look up.
fn cluster(objects: &[(usize, Object)], policies: &Policies) -> Arc<dyn Lookup> {
    let metadata = || policies.modules().filter_map(Module::metadata);
    let wanted = |object: &Object| {
        let mut resources = metadata().flat_map(|metadata| &metadata.context_aware_resources);
        resources.any(|resource| resource.kind == object.kind && resource.api_version == object.api_version)
    };
    let found = objects.iter().filter(|(_, object)| wanted(object)).map(|(_, object)| object.node.to_json());
    Snapshot::new(found.collect::<Vec<_>>()).shared()
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

/// What came of one object.
#[derive(Default)]
pub(super) struct Judged {
    pub findings: Vec<Finding>,
    pub edits: Vec<Edit>,
    pub failures: Vec<NotEvaluated>,
    pub notes: Vec<Note>,
    /// The policies that were asked.
    pub asked: Vec<String>,
    /// Namespaces that a selector asked for labels that nobody knows.
    pub unknown_namespaces: Vec<String>,
}

impl Judged {
    /// Notes what a policy would write.
    pub fn changed(&mut self, source: &Arc<Source>, object: &Object, policy: &str, mutated: &Value) {
        match edits(&object.node, mutated) {
            Some(edits) => self.edits = edits,
            None => self.failures.push(NotEvaluated {
                place: Some(Place { source: Arc::clone(source), span: object.node.locate("kind").span }),
                subject: object.subject(),
                what: format!("what {policy} makes of it is more than other texts in the same places"),
                help: String::new(),
            }),
        }
    }
}

fn judge_one(
    source: &Arc<Source>,
    object: &Object,
    policies: &Policies,
    namespace: &str,
    cluster: &Arc<dyn Lookup>,
) -> Judged {
    let mut judged = Judged::default();
    let mut wanting = policies.loaded.iter().filter(|loaded| loaded.matches(object)).peekable();
    if wanting.peek().is_none() && policies.deployed.is_empty() {
        return judged;
    }
    let mut request = request(object, namespace);
    for policy in wanting {
        judged.asked.push(policy.name.clone());
        match policy.module.validate(&request, &policy.settings, cluster) {
            Ok(mut answer) => {
                // As in admission, what comes later sees what came before.
                if let Some(mutated) = answer.mutated_object.take().filter(|_| policy.mutating && answer.accepted) {
                    judged.changed(source, object, &policy.name, &mutated);
                    request["object"] = mutated;
                }
                judged.findings.extend(findings(source, object, &policy.name, answer));
            }
            Err(error) => judged.failures.push(NotEvaluated {
                place: Some(Place { source: Arc::clone(source), span: object.node.locate("kind").span }),
                subject: object.subject(),
                what: format!("{} gave no verdict on {}: the module {error}", policy.name, object.subject()),
                help: String::new(),
            }),
        }
    }
    let case = Case { source, object, namespaces: &policies.namespaces, cluster };
    for policy in &policies.deployed {
        policy.judge(case, &mut request, &mut judged);
    }
    judged.findings.sort_by_key(|finding| finding.place.span.start);
    judged
}

/// A finding as the audit annotation carries it.
#[derive(Deserialize)]
struct Carried {
    rule: String,
    severity: String,
    path: String,
    value: Option<String>,
    #[serde(default)]
    missing: bool,
    what: String,
    fix: String,
}

/// The findings in an answer of the policy of this name.
pub(super) fn findings(source: &Arc<Source>, object: &Object, policy: &str, answer: Answer) -> Vec<Finding> {
    let finding = |carried: Carried| Finding {
        place: Place { source: Arc::clone(source), span: object.node.locate(&carried.path).span },
        policy: policy.to_owned(),
        rule: carried.rule,
        severity: if carried.severity == "warn" { Severity::Warn } else { Severity::Deny },
        api_version: object.api_version.clone(),
        kind: object.kind.clone(),
        namespace: object.namespace.clone(),
        name: object.name.clone(),
        path: carried.path,
        value: carried.value,
        missing: carried.missing,
        what: carried.what,
        fix: carried.fix,
        notes: Vec::new(),
    };
    let plain = |severity: &str, what: &str| {
        let rule = what.rsplit_once(" [").and_then(|(_, id)| id.strip_suffix(']')).unwrap_or_default();
        Carried {
            rule: rule.to_owned(),
            severity: severity.to_owned(),
            path: String::new(),
            value: None,
            missing: false,
            what: what.trim_end_matches(&format!(" [{rule}]")).trim_end_matches('.').to_owned(),
            fix: String::new(),
        }
    };
    let annotation = answer.audit_annotations.as_ref().and_then(|annotations| annotations.get(ANNOTATION));
    let carried = annotation.and_then(|text| serde_json::from_str::<Vec<Carried>>(text).ok());
    let message = answer.message.unwrap_or_default();
    let carried = match carried {
        Some(mut carried) => {
            // The message counts what neither it nor the annotation lists.
            let more = message.lines().last().and_then(|line| line.strip_prefix("- and "));
            carried.extend(more.map(|more| plain("deny", &format!("and {more}"))));
            carried
        }
        // A policy that is not ours, or an object that could not be read at all: all there is are its texts.
        None => {
            let denied = (!answer.accepted).then(|| plain("deny", &message));
            let warnings = answer.warnings.iter().flatten().map(|warning| plain("warn", warning));
            denied.into_iter().chain(warnings).collect()
        }
    };
    carried.into_iter().map(finding).collect()
}

/// The value of a request is read as JSON by every module.
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_names_the_default_namespace() {
        let read = isolation_manifest::read("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n");
        let object = read.found.into_iter().next().unwrap().unwrap();
        let request = request(&object, "shop");
        assert_eq!(request["namespace"], "shop");
    }
}
