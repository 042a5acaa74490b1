//! `ClusterAdmissionPolicy`: the fields that are written, in the order in which people read them.
//!
//! <https://docs.kubewarden.io/admission-controller/reference/CRDs>

use std::collections::BTreeMap;

use isolation_policy_module::{ContextAwareResource, Rule};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// `apiVersion` of all of Kubewarden's resources.
pub(crate) const API_VERSION: &str = "policies.kubewarden.io/v1";

/// What happens to a request that a policy rejects.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// It is rejected.
    Protect,
    /// It is accepted, logged, and counted.
    Monitor,
}

impl Mode {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Protect => "protect",
            Self::Monitor => "monitor",
        }
    }
}

/// What the API server does with a request when the policy server does not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) enum FailurePolicy {
    Fail,
    Ignore,
}

/// A policy for a whole cluster.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ClusterAdmissionPolicy {
    api_version: &'static str,
    kind: &'static str,
    pub(crate) metadata: Meta,
    pub(crate) spec: Spec,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Meta {
    pub name: String,
    pub labels: BTreeMap<&'static str, String>,
    pub annotations: BTreeMap<&'static str, String>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Spec {
    pub policy_server: String,
    pub module: String,
    pub mode: Mode,
    pub mutating: bool,
    pub background_audit: bool,
    pub failure_policy: FailurePolicy,
    pub timeout_seconds: u8,
    pub timeout_eval_seconds: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace_selector: Option<NamespaceSelector>,
    pub rules: Vec<Rule>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub context_aware_resources: Vec<ContextAwareResource>,
    pub settings: Map<String, Value>,
}

/// Expressions only: Kubewarden's controller drops `matchLabels` when it makes the webhook.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NamespaceSelector {
    pub match_expressions: Vec<Expression>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Expression {
    pub key: &'static str,
    pub operator: &'static str,
    pub values: Vec<String>,
}

impl ClusterAdmissionPolicy {
    pub(crate) fn new(metadata: Meta, spec: Spec) -> Self {
        Self { api_version: API_VERSION, kind: "ClusterAdmissionPolicy", metadata, spec }
    }
}
