//! The policy server that runs the policies, its account, and what that may read.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::data::RoleRule;
use crate::error::DeployError;
use crate::labels::PART_OF;
use crate::policy::API_VERSION;
use crate::values::Values;

const RBAC_GROUP: &str = "rbac.authorization.k8s.io";
const RBAC_VERSION: &str = "rbac.authorization.k8s.io/v1";
/// The role of the policy server, and its binding.
pub(crate) const LOOK_UPS: &str = "network-isolation-look-ups";
/// The role of Kubewarden's audit scanner, and its binding.
pub(crate) const AUDIT: &str = "network-isolation-audit";

/// Without a connection to the API server, policy-server does not start unless look-ups are off.
const WITHOUT_API_SERVER: &str = "KUBEWARDEN_IGNORE_KUBERNETES_CONNECTION_FAILURE";

#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Meta {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<String>,
    labels: BTreeMap<&'static str, &'static str>,
}

impl Meta {
    fn new(name: &str) -> Self {
        Self { name: name.to_owned(), namespace: None, labels: BTreeMap::from([PART_OF]) }
    }
}

/// `ServiceAccount`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ServiceAccount {
    api_version: &'static str,
    kind: &'static str,
    metadata: Meta,
}

impl ServiceAccount {
    pub(crate) fn new(name: &str, namespace: &str) -> Self {
        let metadata = Meta { namespace: Some(namespace.to_owned()), ..Meta::new(name) };
        Self { api_version: "v1", kind: "ServiceAccount", metadata }
    }
}

/// `ClusterRole`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ClusterRole {
    api_version: &'static str,
    kind: &'static str,
    metadata: Meta,
    rules: Vec<Value>,
}

impl ClusterRole {
    pub(crate) fn new<'r>(name: &str, rules: impl Iterator<Item = &'r RoleRule>) -> Self {
        let rules = rules.map(|rule| json!(rule)).collect();
        Self { api_version: RBAC_VERSION, kind: "ClusterRole", metadata: Meta::new(name), rules }
    }
}

/// `ClusterRoleBinding`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ClusterRoleBinding {
    api_version: &'static str,
    kind: &'static str,
    metadata: Meta,
    role_ref: BTreeMap<&'static str, String>,
    subjects: [BTreeMap<&'static str, String>; 1],
}

impl ClusterRoleBinding {
    /// Binds the role `name`, under the same name.
    pub(crate) fn new(name: &str, account: &str, namespace: &str) -> Self {
        let role = [("apiGroup", RBAC_GROUP), ("kind", "ClusterRole"), ("name", name)];
        Self {
            api_version: RBAC_VERSION,
            kind: "ClusterRoleBinding",
            metadata: Meta::new(name),
            role_ref: role.into_iter().map(|(key, value)| (key, value.to_owned())).collect(),
            subjects: [BTreeMap::from([
                ("kind", "ServiceAccount".to_owned()),
                ("name", account.to_owned()),
                ("namespace", namespace.to_owned()),
            ])],
        }
    }
}

/// `PolicyServer`: one only for these policies, so that no other policy delays or stops them.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PolicyServer {
    api_version: &'static str,
    kind: &'static str,
    metadata: Meta,
    spec: ServerSpec,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct ServerSpec {
    image: String,
    replicas: u32,
    min_available: u8,
    #[serde(skip_serializing_if = "String::is_empty")]
    priority_class_name: String,
    affinity: Value,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tolerations: Vec<Value>,
    service_account_name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    image_pull_secret: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    source_authorities: BTreeMap<String, Vec<String>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    insecure_sources: Vec<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    verification_config: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    sigstore_trust_config: String,
    /// Namespaced policies on this server may not ask the host anything. Left out, they might ask everything.
    namespaced_policies_capabilities: [String; 0],
    #[serde(skip_serializing_if = "Map::is_empty")]
    requests: Map<String, Value>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    limits: Map<String, Value>,
    env: Vec<Value>,
}

impl PolicyServer {
    pub(crate) fn new(values: &Values, looks_up: bool) -> Result<Self, DeployError> {
        let name = values.server_name();
        let server = &values.policy_server;
        let mut env = server.env.clone();
        if !looks_up && env.iter().all(|variable| variable["name"] != WITHOUT_API_SERVER) {
            env.push(json!({"name": WITHOUT_API_SERVER, "value": "true"}));
        }
        let spec = ServerSpec {
            image: values.server_image(),
            replicas: server.replicas,
            // What rejects when it is unreachable must be reachable while a node is drained or lost.
            min_available: 1,
            priority_class_name: server.priority_class_name.clone(),
            affinity: on_different_nodes(name),
            tolerations: server.tolerations.clone(),
            service_account_name: values.service_account()?.to_owned(),
            image_pull_secret: server.image_pull_secret.clone(),
            source_authorities: server.source_authorities.clone(),
            insecure_sources: server.insecure_sources.clone(),
            verification_config: server.verification_config.clone(),
            sigstore_trust_config: server.sigstore_trust_config.clone(),
            namespaced_policies_capabilities: [],
            requests: server.requests.clone(),
            limits: server.limits.clone(),
            env,
        };
        Ok(Self { api_version: API_VERSION, kind: "PolicyServer", metadata: Meta::new(name), spec })
    }
}

fn on_different_nodes(name: &str) -> Value {
    let term = json!({
        "topologyKey": "kubernetes.io/hostname",
        "labelSelector": {"matchLabels": {"kubewarden/policy-server": name}},
    });
    json!({"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 100, "podAffinityTerm": term}]}})
}
