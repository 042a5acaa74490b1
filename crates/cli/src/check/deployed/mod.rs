//! Policies as a cluster has them: who is asked about an object, and what becomes of the answer.
//!
//! The controller makes a webhook of each policy resource, the API server asks the webhooks that match a request, and
//! policy-server turns a module's answer into theirs. Each of the three steps is done here as they do it.

mod conditions;
mod groups;
mod matching;
mod modules;
mod resource;
mod selector;
mod verdict;

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::{Result, bail};
use isolation_manifest::Object;
use isolation_runtime::{Engine, EngineOptions, Lookup, Module};
use serde_json::Value;

use super::input::{self, Inputs, Source};
use super::judge::Judged;
use super::policies::{Policies, candidates, settings_problems, split_problems};
use super::report::{NotEvaluated, Note, Place};
use crate::args::Check;
use matching::Asked;
use modules::{Missing, Modules, other_version};
use resource::Spec;
pub use selector::Namespaces;

/// A policy resource, ready to judge.
#[derive(Debug)]
pub struct Deployed {
    spec: Spec,
    /// The modules of its members, in their order.
    modules: Vec<Module>,
}

/// An object that is judged, and what is around it.
#[derive(Clone, Copy)]
pub struct Case<'a> {
    /// Where it is written.
    pub source: &'a Arc<Source>,
    /// The object.
    pub object: &'a Object,
    /// The namespaces that are known.
    pub namespaces: &'a Namespaces,
    /// What answers look-ups.
    pub cluster: &'a Arc<dyn Lookup>,
}

/// Loads the policies that `--policies` names.
///
/// # Errors
///
/// No policy at all, or a module file that cannot be read.
pub fn load(args: &Check, inputs: &Inputs) -> Result<Policies> {
    let resources = input::read(&args.policies, None);
    let mut policies = Policies { not_evaluated: resources.faults(), ..Policies::default() };
    let mut modules = Modules::new(Engine::new(EngineOptions::default())?, candidates(args)?);
    let mut found = false;
    for (source, object) in &resources.objects {
        match resource::read(&resources.sources[*source], object) {
            None => continue,
            Some(Err(problem)) => policies.not_evaluated.push(problem),
            Some(Ok(spec)) => {
                let object = (&resources.sources[*source], object);
                match equip(spec, object, &mut modules) {
                    Ok((deployed, notes)) => {
                        policies.deployed.push(deployed);
                        policies.notes.extend(notes);
                    }
                    Err(problems) => policies.not_evaluated.extend(problems),
                }
            }
        }
        found = true;
    }
    if !found && policies.not_evaluated.is_empty() {
        let paths: Vec<_> = args.policies.iter().map(|path| path.display().to_string()).collect();
        bail!("--policies {}: there is no policy of {} in it", paths.join(" "), resource::GROUP);
    }
    // As the API server does: what changes objects first, each kind in the order of the webhooks' names.
    policies.deployed.sort_by(|a, b| (!a.spec.mutating, &a.spec.id).cmp(&(!b.spec.mutating, &b.spec.id)));
    let objects = resources.objects.iter().chain(&inputs.objects).map(|(_, object)| object);
    policies.namespaces = Namespaces::of(objects);
    Ok(policies)
}

/// Finds a policy's modules and asks each whether it takes its settings.
fn equip(
    mut spec: Spec,
    (source, object): (&Arc<Source>, &Object),
    modules: &mut Modules,
) -> Result<(Deployed, Vec<Note>), Vec<NotEvaluated>> {
    let place = |path: &str| Some(Place { source: Arc::clone(source), span: object.node.locate(path).span });
    let problem = |path: &str, what: String, help: String| NotEvaluated {
        place: place(path),
        subject: spec.title.clone(),
        what: format!("{} is not asked: {what}", spec.title),
        help,
    };
    let mut notes = std::mem::take(&mut spec.notes);
    let mut problems = Vec::new();
    let mut found = Vec::new();
    for member in &spec.members {
        let path = format!("{}.module", member.path);
        let module = match modules.find(&member.module) {
            Ok(module) => module.granting(member.granted.clone()),
            Err(Missing { what, help }) => {
                problems.push(problem(&path, what, help));
                continue;
            }
        };
        if let Some((wanted, have)) = other_version(&member.module, &module) {
            let what =
                format!("{} runs version {wanted} of its module; this is the verdict of version {have}", spec.title);
            notes.push(Note { place: place(&path), what, help: String::new() });
        }
        for text in settings_problems(&module, &member.settings).iter().flat_map(|text| split_problems(text)) {
            let (path, _) = text.split_once(": ").unwrap_or_default();
            problems.push(problem(
                &format!("{}.{path}", member.path),
                format!("policy-server refuses its {text}"),
                String::new(),
            ));
        }
        found.push(module);
    }
    if problems.is_empty() { Ok((Deployed { spec, modules: found }, notes)) } else { Err(problems) }
}

/// The one note about namespaces whose labels are not known.
pub fn unknown_namespaces(names: &BTreeSet<String>) -> Option<Note> {
    let list = names.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    let (these, are) = if names.len() == 1 { ("the namespace", "is") } else { ("the namespaces", "are") };
    let what = format!(
        "{these} {list} {are} not in the input: of the labels that policies select by only {} is known",
        selector::NAME_LABEL
    );
    let help = "Add the Namespace objects, as `kubectl get namespaces -o yaml` prints them".to_owned();
    (!names.is_empty()).then_some(Note { place: None, what, help })
}

impl Deployed {
    /// What it is called: `ClusterAdmissionPolicy private-images`.
    pub fn name(&self) -> &str {
        &self.spec.title
    }

    /// The modules that it runs.
    pub fn modules(&self) -> &[Module] {
        &self.modules
    }

    /// Judges an object, if the cluster would ask this policy about it. A change that the policy makes is made to the
    /// request.
    pub fn judge(&self, case: Case<'_>, request: &mut Value, judged: &mut Judged) {
        let before = judged.findings.len();
        match matching::asked(&self.spec, case, request, judged) {
            Asked::No => return,
            Asked::Refused => {}
            Asked::Yes => verdict::judge(self, case, request, judged),
            Asked::As(version) => verdict::judge(self, case, &mut matching::convert(request, &version), judged),
        }
        judged.asked.push(self.name().to_owned());
        if judged.findings.len() > before {
            judged.notes.extend(matching::exemption(case, request));
        }
    }
}
