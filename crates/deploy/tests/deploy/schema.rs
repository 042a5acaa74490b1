//! Every policy that can be deployed against the fields of Kubewarden's definition that it uses, and against what Kubewarden's own
//! webhook and Kubernetes would refuse. <https://docs.kubewarden.io/admission-controller/reference/CRDs>

use std::collections::BTreeMap;

use isolation_deploy::{EXCLUDED, SPECIAL_FAMILIES};
use serde::Deserialize;
use serde_json::{Map, Value, json};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Policy {
    api_version: String,
    kind: String,
    metadata: Meta,
    spec: Spec,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Meta {
    name: String,
    labels: BTreeMap<String, String>,
    annotations: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Spec {
    policy_server: String,
    module: String,
    mode: Mode,
    mutating: bool,
    background_audit: bool,
    failure_policy: FailurePolicy,
    timeout_seconds: i32,
    timeout_eval_seconds: i32,
    namespace_selector: Selector,
    rules: Vec<Rule>,
    #[serde(default)]
    context_aware_resources: Vec<Value>,
    settings: Map<String, Value>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Mode {
    Protect,
    Monitor,
}

#[derive(Debug, Deserialize, PartialEq)]
enum FailurePolicy {
    Fail,
    Ignore,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Selector {
    match_expressions: Vec<Expression>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expression {
    key: String,
    operator: String,
    values: Vec<String>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Rule {
    api_groups: Vec<String>,
    api_versions: Vec<String>,
    resources: Vec<String>,
    operations: Vec<String>,
}

/// Every policy with every family, and everything else that comes with them.
fn resources(mode: &str) -> Vec<Value> {
    let mut families: Vec<String> = SPECIAL_FAMILIES.iter().map(|entry| entry.family.to_owned()).collect();
    families.push("all".to_owned());
    let rules = json!([{"source": "docker.io/library/*", "target": "dockerhub/library/*"}]);
    let values = json!({
        "registry": "myacr.azurecr.io/policies", "registries": ["myacr.azurecr.io"], "mode": mode, "families": families,
        "cacheRules": rules, "cached-images": {}, "isolated-clusters": {},
    });
    crate::support::read(&crate::support::ours(&values))
}

fn policies(mode: &str) -> Vec<(String, Policy)> {
    let policies = resources(mode).into_iter().filter(|resource| resource["kind"] == "ClusterAdmissionPolicy");
    let read = |resource: Value| {
        let name = resource["metadata"]["name"].as_str().unwrap().to_owned();
        (name.clone(), serde_json::from_value(resource).unwrap_or_else(|error| panic!("{name}: {error}")))
    };
    policies.map(read).collect()
}

#[test]
fn every_policy_fits_kubewardens_definition() {
    let policies = policies("protect");
    assert!(policies.len() > 60, "{}", policies.len());
    for (file, Policy { api_version, kind, metadata, spec }) in policies {
        assert_eq!((api_version.as_str(), kind.as_str()), ("policies.kubewarden.io/v1", "ClusterAdmissionPolicy"));
        let word = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
        assert!(metadata.name.bytes().all(word) && metadata.name.len() <= 63, "{file}");
        assert!(metadata.labels.values().all(|value| !value.is_empty() && value.len() <= 63), "{file}");
        assert_eq!(metadata.annotations.len(), 2, "{file}");
        let (reference, digest) = spec.module.split_once("@sha256:").expect(&file);
        assert!(reference.starts_with("registry://") && digest.len() == 64, "{file}");
        assert!(
            (2..=30).contains(&spec.timeout_eval_seconds) && spec.timeout_eval_seconds <= spec.timeout_seconds,
            "{file}"
        );
        assert!(spec.timeout_seconds <= 30 && spec.policy_server == "network-isolation", "{file}");
        let [expression] = spec.namespace_selector.match_expressions.as_slice() else { panic!("{file}") };
        assert_eq!((expression.key.as_str(), expression.operator.as_str()), ("kubernetes.io/metadata.name", "NotIn"));
        assert!(expression.values.iter().any(|name| name == "kube-system"), "{file}");
        assert!(!spec.rules.is_empty(), "{file}");
        for rule in &spec.rules {
            assert!(
                [&rule.api_groups, &rule.api_versions, &rule.resources, &rule.operations].iter().all(|l| !l.is_empty())
            );
            assert!(
                rule.operations.iter().all(|word| ["CREATE", "UPDATE", "DELETE"].contains(&word.as_str())),
                "{file}"
            );
        }
        assert_eq!(spec.mode, Mode::Protect, "{file}");
        assert!(spec.context_aware_resources.is_empty(), "{file}: nothing is looked up unless a setting says so");
        assert!(spec.background_audit != spec.mutating, "{file}: what rewrites objects finds nothing wrong with them");
        assert!(spec.settings.keys().all(|key| key == "registries" || key == "cacheRules"), "{file}");
        let families = ["closed-egress-nodes", "closed-egress-endpoints", "images-kubewarden"];
        let lenient = families.iter().any(|family| metadata.name.ends_with(family));
        assert_eq!(spec.failure_policy == FailurePolicy::Ignore, lenient, "{file}");
    }
}

#[test]
fn a_policy_has_one_name_in_both_modes_and_stops_nothing_while_it_monitors() {
    let protecting: Vec<String> = policies("protect").into_iter().map(|(name, _)| name).collect();
    let monitoring = policies("monitor");
    assert_eq!(monitoring.len(), protecting.len());
    for (name, policy) in monitoring {
        assert_eq!((policy.spec.mode, policy.spec.failure_policy), (Mode::Monitor, FailurePolicy::Ignore), "{name}");
        assert!(protecting.contains(&name), "{name}");
    }
}

#[test]
fn the_guard_knows_the_namespaces_that_policies_keep_away_from_and_refuses_in_protect_mode_alone() {
    let names: Vec<String> = EXCLUDED.iter().map(|namespace| format!("'{}'", namespace.name)).collect();
    for (mode, actions) in [("monitor", json!(["Warn", "Audit"])), ("protect", json!(["Deny"]))] {
        let resources = resources(mode);
        let guards = resources.iter().filter(|resource| resource["kind"] == "ValidatingAdmissionPolicy");
        for guard in guards.clone() {
            assert!(guard.to_string().contains(&format!("[{}]", names.join(", "))), "{guard}");
        }
        assert_eq!(guards.count(), 2);
        let bindings = resources.iter().filter(|resource| resource["kind"] == "ValidatingAdmissionPolicyBinding");
        let labels =
            bindings.clone().find(|binding| binding["metadata"]["name"] == "network-isolation-namespace-labels");
        assert_eq!(labels.unwrap()["spec"]["validationActions"], actions);
        assert_eq!(bindings.count(), 2);
    }
}
