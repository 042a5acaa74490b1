//! From values to the resources that deploy the policies: the same that the chart's templates render.

use std::collections::BTreeMap;

use isolation_all_policies::CustomResource;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::data::{CORE, Data, Part, PolicyData};
use crate::error::DeployError;
use crate::labels::{COMPONENT, MODE, NAME, PART_OF, VERSION};
use crate::policy::{ClusterAdmissionPolicy, Expression, FailurePolicy, Meta, Mode, NamespaceSelector, Spec};
use crate::server::{AUDIT, ClusterRole, ClusterRoleBinding, LOOK_UPS, PolicyServer, ServiceAccount};
use crate::values::Values;
use crate::{guard, yaml};

/// Seconds that the API server waits, and that a module may compute. Modules answer in less than a millisecond, and 2 is
/// the least that can be written.
const TIMEOUT: u8 = 10;
const TIMEOUT_EVAL: u8 = 2;

/// A resource.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
enum Resource {
    ServiceAccount(ServiceAccount),
    ClusterRole(ClusterRole),
    ClusterRoleBinding(ClusterRoleBinding),
    PolicyServer(PolicyServer),
    Policy(ClusterAdmissionPolicy),
}

/// The resources as YAML documents, the way `kubectl apply -f` takes them. `known` has the digests of modules, by policy;
/// `namespace` is the one that Kubewarden runs in.
///
/// # Errors
///
/// A value that cannot be used, and metadata that is not right, which a test would have found.
pub fn documents(values: &Values, known: &BTreeMap<String, String>, namespace: &str) -> Result<String, DeployError> {
    values.check()?;
    let data = crate::data()?;
    let mut resources = Vec::new();
    if values.policy_server.create {
        resources.push(Resource::ServiceAccount(ServiceAccount::new(values.service_account()?, namespace)));
    }
    if looks_up(values, &data) {
        let rules = data.policies.iter().filter(|policy| wants_look_ups(values, policy));
        resources.push(Resource::ClusterRole(ClusterRole::new(LOOK_UPS, rules.flat_map(|policy| &policy.look_ups))));
        let binding = ClusterRoleBinding::new(LOOK_UPS, values.service_account()?, namespace);
        resources.push(Resource::ClusterRoleBinding(binding));
    }
    let scanner = &values.audit_scanner.service_account_name;
    let audited: Vec<_> =
        data.policies.iter().filter(|policy| values.has(policy)).flat_map(|policy| &policy.audit).collect();
    if !scanner.is_empty() && !audited.is_empty() {
        resources.push(Resource::ClusterRole(ClusterRole::new(AUDIT, audited.into_iter())));
        resources.push(Resource::ClusterRoleBinding(ClusterRoleBinding::new(AUDIT, scanner, namespace)));
    }
    if values.policy_server.create {
        resources.push(Resource::PolicyServer(PolicyServer::new(values, looks_up(values, &data))?));
    }
    for policy in data.policies.iter().filter(|policy| values.has(policy)) {
        values.check_own_registry(policy)?;
        let wanted = |part: &&Part| part.name == CORE || values.families.has(&policy.name, &part.name);
        let settings = values.settings(policy);
        if let Some(problem) = CustomResource::problems(&settings).first() {
            let key = problem.path.strip_prefix("settings.").unwrap_or_default();
            return Err(DeployError::value(key, problem.what.clone()));
        }
        let named = Part::of_setting(&settings);
        for part in policy.parts.iter().filter(wanted).chain(&named) {
            resources.push(Resource::Policy(cluster_policy(values, known, policy, part)?));
        }
    }
    let mut text = if values.guard.create { guard::documents(values) } else { String::new() };
    for resource in resources {
        if !text.is_empty() {
            text.push_str("---\n");
        }
        text.push_str(&yaml::document(&resource)?);
    }
    Ok(text)
}

/// Whether any policy asks the cluster.
pub fn looks_up(values: &Values, data: &Data) -> bool {
    data.policies.iter().any(|policy| wants_look_ups(values, policy))
}

fn wants_look_ups(values: &Values, policy: &PolicyData) -> bool {
    values.has(policy) && !policy.look_ups.is_empty() && may_look_up(&values.settings(policy))
}

fn may_look_up(settings: &Map<String, Value>) -> bool {
    settings.get("lookup").and_then(Value::as_bool).unwrap_or_default()
}

/// The resource of a policy's core rules or of one of its families.
///
/// It has the same name in both modes, so that the change to protect mode is an update, for which Kubewarden keeps the webhook
/// and the old policy server until the new one is ready.
fn cluster_policy(
    values: &Values,
    known: &BTreeMap<String, String>,
    policy: &PolicyData,
    part: &Part,
) -> Result<ClusterAdmissionPolicy, DeployError> {
    let mut name = policy.name.clone();
    if part.name != CORE {
        name = format!("{name}-{}", part.name);
    }
    let labels = BTreeMap::from([
        (NAME, policy.name.clone()),
        (COMPONENT, part.name.clone()),
        (VERSION, policy.version.clone()),
        (MODE, values.mode.word().to_owned()),
        (PART_OF.0, PART_OF.1.to_owned()),
    ]);
    let settings = values.settings(policy);
    let spec = Spec {
        policy_server: values.server_name().to_owned(),
        module: values.module(&policy.name, known)?,
        mode: values.mode,
        mutating: policy.mutating,
        background_audit: policy.background_audit,
        failure_policy: failure_policy(values.mode, part),
        timeout_seconds: TIMEOUT,
        timeout_eval_seconds: TIMEOUT_EVAL,
        namespace_selector: outside(&values.excluded_namespaces),
        rules: part.rules.clone(),
        context_aware_resources: if may_look_up(&settings) {
            policy.context_aware_resources.clone()
        } else {
            Vec::new()
        },
        settings,
    };
    Ok(ClusterAdmissionPolicy::new(Meta { name, labels, annotations: policy.annotations.clone() }, spec))
}

/// All namespaces but these. Kubernetes refuses an expression without values.
fn outside(namespaces: &[String]) -> Option<NamespaceSelector> {
    let expression = Expression { key: "kubernetes.io/metadata.name", operator: "NotIn", values: namespaces.to_vec() };
    (!namespaces.is_empty()).then(|| NamespaceSelector { match_expressions: vec![expression] })
}

/// What only watches must not stop a cluster whose policy server is gone.
fn failure_policy(mode: Mode, part: &Part) -> FailurePolicy {
    if mode == Mode::Monitor || part.passes_without_server { FailurePolicy::Ignore } else { FailurePolicy::Fail }
}
