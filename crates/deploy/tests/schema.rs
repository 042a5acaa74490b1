//! Every policy in the tree against the fields of Kubewarden's definition that it uses, and against what Kubewarden's own
//! webhook and Kubernetes would refuse. <https://docs.kubewarden.io/admission-controller/reference/CRDs>

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

use std::collections::{BTreeMap, BTreeSet};

use isolation_deploy::deploy;
use serde::Deserialize;
use serde_json::{Map, Value};

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

fn policies() -> Vec<(String, Policy)> {
    let policies =
        deploy::files().unwrap().into_iter().filter(|(_, text)| text.contains("kind: ClusterAdmissionPolicy\nm"));
    policies
        .map(|(name, text)| (name.clone(), yaml_serde::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"))))
        .collect()
}

#[test]
fn every_policy_of_the_tree_fits_kubewardens_definition() {
    let policies = policies();
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
        assert_eq!(spec.mode, Mode::Protect, "{file}: the overlay for monitoring changes it");
        assert!(spec.context_aware_resources.is_empty(), "{file}: nothing is looked up unless a site says so");
        assert!(spec.background_audit != spec.mutating, "{file}: what rewrites objects finds nothing wrong with them");
        assert!(spec.settings.keys().all(|key| key == "registries" || key == "cacheRules"), "{file}");
        let families = ["closed-egress-nodes", "closed-egress-endpoints", "images-kubewarden"];
        let lenient = families.iter().any(|family| metadata.name.ends_with(family));
        assert_eq!(spec.failure_policy == FailurePolicy::Ignore, lenient, "{file}");
    }
}

#[test]
fn the_guard_knows_the_namespaces_that_policies_keep_away_from() {
    let excluded: BTreeSet<String> = policies()
        .into_iter()
        .flat_map(|(_, policy)| policy.spec.namespace_selector.match_expressions[0].values.clone())
        .collect();
    let list = excluded.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ");
    for file in ["guard/namespace-labels.yaml", "guard/reserved-namespaces.yaml"] {
        assert!(deploy::files().unwrap()[file].contains(&format!("[{list}]")), "{file}: {list}");
    }
}
