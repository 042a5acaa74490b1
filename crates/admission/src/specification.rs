//! The specification of a policy: its requests, how it judges them, and how its answer is used.
//!
//! There are two ways to write one down, `isolation.yaml` and Kubewarden's resources, and one way to judge by it.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Debug;
use std::sync::Arc;

use isolation::settings::SettingsProblem;
use isolation_all_policies::CustomResource;
use isolation_policy_module::{ContextAwareResource, Rule};
use isolation_report::{NotEvaluated, Note, Place};
use serde::Deserialize;
use serde_json::Value;

use crate::conditions::Condition;
use crate::expression::Expression;
use crate::judge::Missing;
use crate::module_url::name_of;
use crate::selector::Selector;

/// A policy as it is specified.
#[derive(Debug)]
pub struct Specification {
    /// What it is called: `private-images`, `ClusterAdmissionPolicy private-images`.
    pub title: String,
    /// Its name as a webhook, which is also its id in policy-server and decides the order among policies.
    pub id: String,
    /// Whether it may change objects.
    pub mutating: bool,
    pub(crate) origin: Arc<dyn Origin>,
    pub(crate) rules: Vec<ScopedRule>,
    /// Whether rules count for the very version that they name.
    pub(crate) exact: bool,
    pub(crate) namespaces: Selector,
    pub(crate) objects: Option<Selector>,
    pub(crate) conditions: Vec<Condition>,
    /// Whether a condition without value lets the request pass: `failurePolicy: Ignore`.
    pub(crate) ignores_failures: bool,
    /// Whether it only reports.
    pub(crate) monitor: bool,
    /// The message that the user sees instead of the module's.
    pub(crate) message: Option<String>,
    /// The expression of a group, as it is written and as it is read.
    pub(crate) expression: Option<(String, Expression)>,
    /// The one module, or those of a group.
    pub(crate) members: Vec<Member>,
    /// Notes about it.
    pub(crate) notes: Vec<Note>,
}

impl Specification {
    /// The name of a kind in rules. The setting `customResources` knows it of kinds that nobody else knows.
    pub(crate) fn plural(&self, group: &str, kind: &str) -> Cow<'static, str> {
        let mut named =
            self.members.iter().filter_map(|member| member.settings.as_object()).flat_map(CustomResource::of);
        match named.find(|named| named.group == group && named.kind == kind) {
            Some(named) => Cow::Owned(named.plural),
            None => isolation::kinds::plural(group, kind),
        }
    }

    /// Has it report what it rewrites, though its settings silence that. Settings that the policy refuses stay as they are.
    pub fn unsilence(&mut self) {
        for settings in self.members.iter_mut().filter_map(|member| member.settings.as_object_mut()) {
            let is_refused = settings.get("enforcement").is_some_and(|enforcement| enforcement == "warn");
            if !is_refused && settings.get(WARNINGS) == Some(&Value::Bool(false)) {
                settings.remove(WARNINGS);
            }
        }
    }

    /// What it is called, with the name of each module that it judges by.
    pub fn modules(&self) -> impl Iterator<Item = (&str, &str)> {
        self.members.iter().map(|member| (self.title.as_str(), name_of(&member.module)))
    }
}

/// The setting of policies that rewrite, which silences their reports of it.
pub const WARNINGS: &str = "warnings";

/// A module and its settings.
#[derive(Debug)]
pub struct Member {
    /// The member's name in its group; empty where there is no group.
    pub name: String,
    /// The field that holds it.
    pub path: String,
    /// The module: a name, or a URL.
    pub module: String,
    /// What the module is called with.
    pub settings: Value,
    /// The kinds that it may look up.
    pub granted: BTreeSet<ContextAwareResource>,
}

/// What a webhook wants to see.
#[derive(Clone, Debug, Deserialize)]
pub struct ScopedRule {
    #[serde(flatten)]
    pub rule: Rule,
    /// `Cluster`, `Namespaced` or `*`.
    pub scope: Option<String>,
}

/// The place of a specification, for reporting its problems.
pub trait Origin: Debug + Send + Sync {
    /// Where the policy itself is written.
    fn place(&self) -> Option<Place>;

    /// Where a member's module is written.
    fn module_place(&self, member: &Member) -> Option<Place>;

    /// A member whose module is not here.
    fn missing(&self, title: &str, member: &Member, missing: Missing) -> NotEvaluated;

    /// A member that does not take its settings.
    fn refused(&self, title: &str, member: &Member, problem: &SettingsProblem) -> NotEvaluated;
}
