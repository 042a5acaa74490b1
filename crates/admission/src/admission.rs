//! Objects through policies.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use isolation_report::{NotEvaluated, Note, Report, Subject};

use crate::cluster::Snapshot;
use crate::dispatch::{Dispatch, exemption};
use crate::input::{Input, Item};
use crate::judged::{Judged, Rewritten};
use crate::policy::Policy;
use crate::request::Request;
use crate::selector::{NAME_LABEL, Namespaces};
use crate::verdict;

/// The policies of a run and what they judge by.
#[derive(Debug, Default)]
pub struct Admission {
    policies: Vec<Policy>,
    /// The namespace of objects that name none.
    namespace: String,
    namespaces: Namespaces,
    not_evaluated: Vec<NotEvaluated>,
    notes: Vec<Note>,
}

impl Admission {
    /// No policy yet. `namespace` is that of objects that name none.
    pub fn new(namespace: impl Into<String>) -> Self {
        Admission { namespace: namespace.into(), ..Admission::default() }
    }

    /// Adds a policy, or what keeps it from judging.
    pub fn add(&mut self, policy: Result<Policy, Vec<NotEvaluated>>) {
        match policy {
            Ok(mut policy) => {
                self.notes.append(&mut policy.specification.notes);
                self.policies.push(policy);
            }
            Err(problems) => self.not_evaluated.extend(problems),
        }
    }

    /// Gets ready for these objects, in a cluster that holds those `beside` as well: policies may look all of them up, and the
    /// Namespaces among them say which labels a namespace has.
    #[must_use]
    pub fn over(mut self, input: &Input, beside: &[Item]) -> Self {
        // As the API server does: what changes objects first, each kind in the order of the webhooks' names.
        let order = |policy: &Policy| (!policy.specification.mutating, policy.specification.id.clone());
        self.policies.sort_by_key(order);
        let wanted = |item: &&Item| {
            let mut granted = self.policies.iter().flat_map(Policy::granted).flatten();
            granted.any(|kind| kind.kind == item.object.kind && kind.api_version == item.object.api_version)
        };
        // What is judged replaces what is there.
        let there = beside.iter().chain(&input.items);
        let cluster = Arc::new(Snapshot::new(there.filter(wanted).map(Item::to_json)));
        for policy in &mut self.policies {
            policy.reach_into(&cluster);
        }
        self.namespaces = Namespaces::of(beside.iter().chain(&input.items));
        self
    }

    /// Judges an object by every policy that the API server would ask about it. As in admission, what comes later sees what
    /// came before.
    pub fn judge(&self, item: &Item) -> Judged {
        let mut judged = Judged::default();
        let mut request = Request::create(item, &self.namespace);
        for (index, policy) in self.policies.iter().enumerate() {
            let before = judged.findings.len();
            let specification = &policy.specification;
            match Dispatch::of(specification, item, &request, &self.namespaces, &mut judged) {
                Dispatch::No => continue,
                Dispatch::Refused => {}
                Dispatch::Yes => {
                    if let Some(mutated) = verdict::judge(policy, item, &request, &mut judged) {
                        request.rewrite(mutated);
                        judged.rewritten = request
                            .as_written()
                            .map(|object| Rewritten { policy: specification.title.clone(), object });
                    }
                }
                Dispatch::As(version) => {
                    verdict::judge(policy, item, &request.in_version(&version), &mut judged);
                }
            }
            judged.asked.push(index);
            if judged.findings.len() > before {
                judged.notes.extend(exemption(&request, &self.namespaces));
            }
        }
        judged.findings.sort_by_key(|finding| finding.location.place.span.start);
        judged
    }

    /// What came of all objects of the input, in its order.
    pub fn report(self, input: &Input, judged: Vec<Judged>) -> Report {
        let asked: BTreeSet<usize> = judged.iter().flat_map(|judged| &judged.asked).copied().collect();
        let title = |index: &usize| self.policies.get(*index).map(|policy| policy.specification.title.clone());
        let mut report = Report {
            sources: input.sources.clone(),
            objects: input.items.len(),
            subjects: input
                .items
                .iter()
                .map(|item| Subject { object: item.reference(), place: item.whole() })
                .collect(),
            policies: asked.iter().filter_map(title).collect(),
            not_evaluated: self.not_evaluated,
            notes: self.notes,
            ..Report::default()
        };
        report.not_evaluated.extend(input.faults.iter().cloned());
        for (item, judged) in input.items.iter().zip(&judged) {
            if judged.asked.is_empty() && judged.failures.is_empty() {
                *report.unjudged.entry(item.object.kind.clone()).or_default() += 1;
            }
        }
        let mut said: HashSet<String> = report.notes.iter().map(|note| note.what.clone()).collect();
        let mut unknown = BTreeSet::new();
        for judged in judged {
            report.findings.extend(judged.findings);
            report.not_evaluated.extend(judged.failures);
            unknown.extend(judged.unknown_namespaces);
            report.notes.extend(judged.notes.into_iter().filter(|note| said.insert(note.what.clone())));
        }
        report.notes.extend(unknown_namespaces(&unknown));
        report
    }
}

/// The one note about namespaces whose labels are not known.
fn unknown_namespaces(names: &BTreeSet<String>) -> Option<Note> {
    let list = names.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    let (these, are) = if names.len() == 1 { ("the namespace", "is") } else { ("the namespaces", "are") };
    let what = format!(
        "{these} {list} {are} not in the input: of the labels that policies select by, only {NAME_LABEL} is known"
    );
    let help = "Add the Namespace objects, as `kubectl get namespaces -o yaml` prints them".to_owned();
    (!names.is_empty()).then_some(Note { place: None, what, help })
}
