//! From a policy's metadata, settings and module to the resources that deploy it.

use std::collections::{BTreeMap, BTreeSet};

use isolation_all_policies::Entry;
use isolation_policy_module::{Family, Metadata, MetadataError, Rule};
use serde_json::Value;
use thiserror::Error;

use crate::families::{Families, cautious, families};
use crate::namespaces::EXCLUDED;
use crate::policy::{ClusterAdmissionPolicy, Expression, FailurePolicy, Meta, Mode, NamespaceSelector, Spec};

/// Labels that say which policy and which family a resource belongs to; kustomize selects by them.
pub(crate) const NAME_LABEL: &str = "app.kubernetes.io/name";
const COMPONENT_LABEL: &str = "app.kubernetes.io/component";
const VERSION_LABEL: &str = "app.kubernetes.io/version";
pub(crate) const PART_OF: (&str, &str) = ("app.kubernetes.io/part-of", "network-isolation-policies");

/// What reports sort findings by.
const REPORTED: &[&str] = &["io.kubewarden.policy.category", "io.kubewarden.policy.severity"];

/// Seconds that the API server waits, and that a module may compute. Modules answer in less than a millisecond, and 2 is
/// the least that can be written.
const TIMEOUT: u8 = 10;
const TIMEOUT_EVAL: u8 = 2;

/// Why resources cannot be made.
#[derive(Debug, Error)]
pub enum ResourcesError {
    /// A policy's metadata is not right, which a test would have found.
    #[error("{policy}: {cause}")]
    Metadata {
        /// The policy.
        policy: &'static str,
        /// What is wrong.
        cause: MetadataError,
    },
    /// A family that no policy has.
    #[error("there is no family {given}{hint} (there are {known})")]
    UnknownFamily {
        /// What was asked for.
        given: String,
        /// The family that may be meant.
        hint: String,
        /// All families.
        known: String,
    },
    /// Something that YAML cannot write.
    #[error("{0}")]
    Yaml(#[from] serde_saphyr::SerializeError),
}

/// A policy that is to be deployed.
#[derive(Clone, Debug)]
pub struct Deployment {
    /// The policy.
    pub entry: &'static Entry,
    /// Where its module is: `registry://HOST/REPOSITORY@sha256:…`.
    pub module: String,
    /// Its settings, an object.
    pub settings: Value,
}

/// How policies are deployed.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whether they reject or only report.
    pub mode: Mode,
    /// The `PolicyServer` that runs them.
    pub policy_server: String,
    /// The families of custom resources that are judged, too.
    pub families: Families,
    /// The namespaces that policies keep away from.
    pub excluded_namespaces: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            mode: Mode::Protect,
            policy_server: "default".to_owned(),
            families: Families::None,
            excluded_namespaces: EXCLUDED.iter().map(|namespace| namespace.name.to_owned()).collect(),
        }
    }
}

/// The resources of these policies: one for the core rules of each, one for each family that is switched on.
///
/// # Errors
///
/// Metadata that is not right, which a test would have found.
pub fn cluster_policies(
    deployments: &[Deployment],
    options: &Options,
) -> Result<Vec<ClusterAdmissionPolicy>, ResourcesError> {
    let mut all = Vec::new();
    for deployment in deployments {
        let entry = deployment.entry;
        let metadata = entry.metadata().map_err(|cause| ResourcesError::Metadata { policy: entry.name, cause })?;
        all.push(deployment.resource(&metadata, None, options));
        let families = families(entry)?;
        let wanted = families.iter().filter(|family| options.families.has(entry.name, &family.family));
        all.extend(wanted.map(|family| deployment.resource(&metadata, Some(family), options)));
    }
    Ok(all)
}

/// Whether a policy is deployed only where it is asked for: what rewrites objects, and what judges nothing but custom
/// resources, as `isolated-clusters` does in a management cluster.
///
/// # Errors
///
/// Metadata that is not right, which a test would have found.
pub fn is_by_choice(entry: &Entry) -> Result<bool, ResourcesError> {
    let metadata = entry.metadata().map_err(|cause| ResourcesError::Metadata { policy: entry.name, cause })?;
    Ok(metadata.mutating || metadata.rules.iter().all(is_for_custom_resources))
}

fn is_for_custom_resources(rule: &Rule) -> bool {
    // Kubernetes' own groups have no dot or end in `.k8s.io`, and no custom resource that is judged here is of such a group.
    rule.api_groups.iter().all(|group| group.contains('.') && !group.ends_with(".k8s.io"))
}

impl Deployment {
    /// Whether the policy may ask the cluster, with these settings.
    pub fn looks_up(&self) -> bool {
        self.settings.get("lookup").and_then(Value::as_bool).unwrap_or_default()
    }

    fn resource(&self, metadata: &Metadata, family: Option<&Family>, options: &Options) -> ClusterAdmissionPolicy {
        let policy = self.entry.name;
        let component = family.map_or("core", |family| family.family.as_str());
        let name = family.map_or_else(|| policy.to_owned(), |family| format!("{policy}-{}", family.family));
        let labels = BTreeMap::from([
            (NAME_LABEL, policy.to_owned()),
            (COMPONENT_LABEL, component.to_owned()),
            (VERSION_LABEL, metadata.version().to_owned()),
            (PART_OF.0, PART_OF.1.to_owned()),
        ]);
        let annotations = REPORTED.iter().map(|key| (*key, metadata.annotation(key).to_owned())).collect();
        let spec = Spec {
            policy_server: options.policy_server.clone(),
            module: self.module.clone(),
            mode: options.mode,
            mutating: metadata.mutating,
            background_audit: metadata.background_audit,
            failure_policy: failure_policy(options.mode, policy, component),
            timeout_seconds: TIMEOUT,
            timeout_eval_seconds: TIMEOUT_EVAL,
            namespace_selector: outside(&options.excluded_namespaces),
            rules: family.map_or_else(|| metadata.rules.clone(), |family| family.rules.clone()),
            context_aware_resources: if self.looks_up() {
                metadata.context_aware_resources.clone()
            } else {
                BTreeSet::new()
            },
            settings: self.settings.clone(),
        };
        ClusterAdmissionPolicy::new(Meta { name, labels, annotations }, spec)
    }
}

/// All namespaces but these. Kubernetes refuses an expression without values.
fn outside(namespaces: &[String]) -> Option<NamespaceSelector> {
    let expression = Expression { key: "kubernetes.io/metadata.name", operator: "NotIn", values: namespaces.to_vec() };
    (!namespaces.is_empty()).then(|| NamespaceSelector { match_expressions: vec![expression] })
}

/// What only watches must not stop a cluster whose policy server is gone.
fn failure_policy(mode: Mode, policy: &str, family: &str) -> FailurePolicy {
    if mode == Mode::Monitor || cautious(policy, family).is_some_and(|entry| entry.passes_without_server) {
        FailurePolicy::Ignore
    } else {
        FailurePolicy::Fail
    }
}
