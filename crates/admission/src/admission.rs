//! Objects through policies.

use std::sync::Arc;

use isolation_report::{NotEvaluated, Note};

use crate::cluster::Snapshot;
use crate::dispatch::{Dispatch, exemption};
use crate::input::{Input, Item};
use crate::judged::{Judged, Rewritten};
use crate::policy::Policy;
use crate::request::Request;
use crate::selector::Namespaces;
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
        let mut request = Request::of(item, &self.namespace);
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
        // All are held until the last object is judged, and a list has room for four.
        judged.findings.shrink_to_fit();
        judged
    }

    /// What the policy of this index is called.
    pub(crate) fn title(&self, index: usize) -> Option<&str> {
        self.policies.get(index).map(|policy| policy.specification.title.as_str())
    }

    /// What keeps policies from judging, and what there is to know of those that do.
    pub(crate) fn into_problems(self) -> (Vec<NotEvaluated>, Vec<Note>) {
        (self.not_evaluated, self.notes)
    }
}
