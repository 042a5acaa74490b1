//! A policy that is ready to judge: a specification and the judges that it names.

use std::collections::BTreeSet;
use std::sync::Arc;

use isolation::settings::SettingsProblem;
use isolation_all_policies::CustomResource;
use isolation_policy_module::ContextAwareResource;
use isolation_report::{NotEvaluated, Note};
use serde_json::{Value, json};

use crate::call::{Call, Settings};
use crate::cluster::{Reach, Snapshot};
use crate::judge::{Answer, Failure, Judge, Modules};
use crate::module_url::other_version;
use crate::request::Request;
use crate::specification::{Member, Specification};

/// A policy that is ready to judge.
#[derive(Debug)]
pub struct Policy {
    pub(crate) specification: Specification,
    /// The judges of its members, in their order.
    pub(crate) judges: Vec<MemberJudge>,
}

/// The judge of a member, with what it is called with.
#[derive(Debug)]
pub struct MemberJudge {
    judge: Arc<dyn Judge>,
    settings: Settings,
    reach: Reach,
}

impl Specification {
    /// Finds the policy's judges and asks each whether it takes its settings.
    ///
    /// # Errors
    ///
    /// All that keeps the policy from judging.
    pub fn equip(mut self, modules: &dyn Modules) -> Result<Policy, Vec<NotEvaluated>> {
        let mut problems = Vec::new();
        let mut judges = Vec::new();
        let mut notes = std::mem::take(&mut self.notes);
        for member in &self.members {
            match modules.find(&member.module) {
                Err(missing) => problems.push(self.origin.missing(&self.title, member, missing)),
                Ok(judge) => {
                    notes.extend(self.note_on_version(member, judge.as_ref()));
                    let mut refused = settings_problems(judge.as_ref(), &member.settings);
                    refused.extend(member.settings.as_object().map(CustomResource::problems).unwrap_or_default());
                    problems.extend(refused.iter().map(|problem| self.origin.refused(&self.title, member, problem)));
                    judges.push(MemberJudge::new(judge, member));
                }
            }
        }
        self.notes = notes;
        if problems.is_empty() { Ok(Policy { specification: self, judges }) } else { Err(problems) }
    }

    fn note_on_version(&self, member: &Member, judge: &dyn Judge) -> Option<Note> {
        let (wanted, have) = other_version(&member.module, judge.metadata()?)?;
        let title = &self.title;
        let what = format!("{title} runs version {wanted} of its module; this is the verdict of version {have}");
        Some(Note { place: self.origin.module_place(member), what, help: String::new() })
    }
}

fn settings_problems(judge: &dyn Judge, settings: &Value) -> Vec<SettingsProblem> {
    judge.check_settings(settings).unwrap_or_else(|Failure(failure)| {
        vec![SettingsProblem { path: "settings".into(), what: format!("the policy {failure}") }]
    })
}

impl MemberJudge {
    fn new(judge: Arc<dyn Judge>, member: &Member) -> Self {
        let settings = if member.settings.is_null() { json!({}) } else { member.settings.clone() };
        let reach = Reach { cluster: Arc::default(), granted: Arc::new(member.granted.clone()) };
        MemberJudge { judge, settings: Settings::new(&settings), reach }
    }

    /// The member's answer to a request.
    ///
    /// # Errors
    ///
    /// A module that gives none.
    pub fn validate(&self, request: &Request<'_>) -> Result<Answer, Failure> {
        self.judge.validate(&Call::new(request, &self.settings), &self.reach)
    }
}

impl Policy {
    /// The kinds that it may look up.
    pub(crate) fn granted(&self) -> impl Iterator<Item = &BTreeSet<ContextAwareResource>> {
        self.judges.iter().map(|judge| judge.reach.granted.as_ref())
    }

    /// Gives it a cluster to look things up in.
    pub(crate) fn reach_into(&mut self, cluster: &Arc<Snapshot>) {
        for judge in &mut self.judges {
            judge.reach.cluster = Arc::clone(cluster);
        }
    }
}
