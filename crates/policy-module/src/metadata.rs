//! A policy's metadata, and what must hold of ours.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Deserializer, Serialize};

use crate::error::MetadataError;
use crate::strict;

/// A policy's metadata, in the order in which `kwctl annotate` writes it. Read from a module, it may be another's: what
/// the engines have a default for may be missing, and unknown keys are ignored.
#[derive(Clone, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct Metadata {
    /// The protocol between engine and policy; set when a module is annotated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol_version: Option<String>,
    /// What the policy wants to see.
    pub rules: Vec<Rule>,
    /// Title, version and the like.
    #[serde(default, deserialize_with = "or_default")]
    pub annotations: BTreeMap<String, String>,
    /// Whether the policy changes objects.
    pub mutating: bool,
    /// Whether the audit scanner runs the policy.
    #[serde(default = "yes")]
    pub background_audit: bool,
    /// How the engine calls the module.
    #[serde(default)]
    pub execution_mode: ExecutionMode,
    /// What the policy is called with.
    #[serde(default)]
    pub policy_type: PolicyType,
    /// The kinds that the policy may look up.
    #[serde(default, deserialize_with = "or_default")]
    pub context_aware_resources: BTreeSet<ContextAwareResource>,
    /// The host capabilities that the policy uses.
    #[serde(default, deserialize_with = "or_default")]
    pub host_capabilities: BTreeSet<String>,
    /// The oldest Kubewarden that can run the policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_kubewarden_version: Option<semver::Version>,
}

fn yes() -> bool {
    true
}

/// A value, or the default where it is null.
fn or_default<'d, T: Default + Deserialize<'d>, D: Deserializer<'d>>(deserializer: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// How the engine calls the module.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
pub enum ExecutionMode {
    /// waPC, with Kubewarden's three operations.
    #[default]
    #[serde(rename = "kubewarden-wapc")]
    KubewardenWapc,
    /// Open Policy Agent's ABI.
    #[serde(rename = "opa")]
    Opa,
    /// Gatekeeper's, on Open Policy Agent's.
    #[serde(rename = "gatekeeper")]
    Gatekeeper,
    /// A program that reads standard input.
    #[serde(rename = "wasi")]
    Wasi,
}

/// What the policy is called with.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
pub enum PolicyType {
    /// Admission requests.
    #[default]
    #[serde(rename = "kubernetes")]
    Kubernetes,
    /// Whatever the caller likes.
    #[serde(rename = "raw")]
    Raw,
}

/// One rule of an admission webhook.
#[derive(Clone, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    /// API groups; exactly one in ours.
    pub api_groups: Vec<String>,
    /// API versions; `*` is any.
    pub api_versions: Vec<String>,
    /// Plural resources, `RESOURCE/SUBRESOURCE`, or `*`.
    pub resources: Vec<String>,
    /// Operations; `*` is any.
    pub operations: Vec<String>,
}

/// A kind that a policy may look up.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "camelCase")]
pub struct ContextAwareResource {
    /// Group and version: `storage.k8s.io/v1`.
    pub api_version: String,
    /// The kind.
    pub kind: String,
}

/// The annotation that holds the policy's name.
pub const TITLE: &str = "io.kubewarden.policy.title";
/// The annotation that holds the policy's version.
pub const VERSION: &str = "io.kubewarden.policy.version";

/// All annotations of a policy; those that end in `?` are optional.
const ANNOTATIONS: &[&str] = &[
    "io.artifacthub.displayName",
    "io.artifacthub.keywords",
    "io.artifacthub.resources",
    "io.kubewarden.policy.author",
    "io.kubewarden.policy.category",
    "io.kubewarden.policy.description",
    "io.kubewarden.policy.license",
    "io.kubewarden.policy.ociUrl",
    "io.kubewarden.policy.severity",
    "io.kubewarden.policy.source",
    TITLE,
    "io.kubewarden.policy.url",
    VERSION,
];

/// The words that a severity can be.
pub const SEVERITIES: &[&str] = &["critical", "high", "info", "low", "medium"];

impl Metadata {
    /// Reads a `metadata.yml`.
    ///
    /// # Errors
    ///
    /// A key that does not exist or is missing, a rule that could match nothing, a value that no engine would take.
    pub fn read(text: &str) -> Result<Self, MetadataError> {
        let (metadata, mut problems) = strict::read::<Metadata>(text)?;
        if metadata.rules.is_empty() {
            problems.push("rules: is empty".to_owned());
        }
        for (index, rule) in metadata.rules.iter().enumerate() {
            rule.check(&format!("rules[{index}]"), &mut problems);
        }
        metadata.check_annotations(&mut problems);
        if metadata.execution_mode != ExecutionMode::KubewardenWapc {
            problems.push("executionMode: our policies are kubewarden-wapc".to_owned());
        }
        if metadata.policy_type != PolicyType::Kubernetes {
            problems.push("policyType: our policies are kubernetes".to_owned());
        }
        if metadata.context_aware_resources.is_empty() != metadata.host_capabilities.is_empty() {
            problems.push("contextAwareResources and hostCapabilities: one is of no use without the other".to_owned());
        }
        if problems.is_empty() { Ok(metadata) } else { Err(MetadataError::Problems(problems)) }
    }

    fn check_annotations(&self, problems: &mut Vec<String>) {
        for key in self.annotations.keys().filter(|key| !ANNOTATIONS.contains(&key.as_str())) {
            problems.push(format!("annotations: {key} is not known to the tools"));
        }
        for key in ANNOTATIONS.iter().filter(|key| !self.annotations.contains_key(**key)) {
            problems.push(format!("annotations: {key} is missing"));
        }
        for (key, value) in &self.annotations {
            // The tools drop annotations of more than one line.
            if value.trim().is_empty() || value.contains('\n') {
                problems.push(format!("annotations: {key} must be one line of text"));
            }
        }
        let severity = self.annotation("io.kubewarden.policy.severity");
        if !severity.is_empty() && !SEVERITIES.contains(&severity) {
            problems.push(format!("annotations: a severity is one of {}", SEVERITIES.join(", ")));
        }
        if !self.version().is_empty()
            && let Err(error) = semver::Version::parse(self.version())
        {
            problems.push(format!("annotations: {VERSION} is not a semantic version: {error}"));
        }
        if !self.annotation("io.kubewarden.policy.ociUrl").ends_with(&format!("/{}", self.title())) {
            problems.push("annotations: io.kubewarden.policy.ociUrl ends with a slash and the title".to_owned());
        }
    }

    /// An annotation; empty where it is missing.
    pub fn annotation(&self, key: &str) -> &str {
        self.annotations.get(key).map_or("", String::as_str)
    }

    /// The policy's name.
    pub fn title(&self) -> &str {
        self.annotation(TITLE)
    }

    /// The policy's version.
    pub fn version(&self) -> &str {
        self.annotation(VERSION)
    }
}

impl Rule {
    /// Whether the rule matches, as the API server decides it: `*` among resources means no subresource, and `pods/*` means pods
    /// as well.
    pub fn matches(&self, group: &str, version: &str, resource: &str, subresource: &str, operation: &str) -> bool {
        let any = |list: &[String], value: &str| list.iter().any(|item| item == "*" || item == value);
        let resource_matches = self.resources.iter().any(|item| match item.split_once('/') {
            Some((of, sub)) => (of == "*" || of == resource) && (sub == "*" || sub == subresource),
            None => subresource.is_empty() && (item == "*" || item == resource),
        });
        resource_matches
            && any(&self.api_groups, group)
            && any(&self.api_versions, version)
            && any(&self.operations, operation)
    }

    /// Notes what keeps the rule from matching as meant.
    pub(crate) fn check(&self, at: &str, problems: &mut Vec<String>) {
        let mut problem = |text: &str| problems.push(format!("{at}.{text}"));
        match self.api_groups.as_slice() {
            [group] if group != "*" => {}
            // The audit scanner multiplies groups with resources and errs at pairs that the cluster does not have.
            _ => problem("apiGroups: a rule names one group"),
        }
        if self.api_versions.is_empty() || (self.api_versions.len() > 1 && self.api_versions.iter().any(|v| v == "*")) {
            problem("apiVersions: names versions, or `*` alone");
        }
        if self.resources.is_empty() {
            problem("resources: the list is empty");
        }
        for resource in &self.resources {
            let plain =
                |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
            let (name, subresource) = resource.split_once('/').unwrap_or((resource, "x"));
            if !plain(name) || !plain(subresource) {
                problem(&format!("resources: {resource:?} is not a plural in lower case, nor one with a subresource"));
            }
        }
        if self.operations.is_empty() {
            problem("operations: the list is empty");
        }
        for operation in &self.operations {
            if !["CREATE", "UPDATE", "DELETE"].contains(&operation.as_str()) {
                problem(&format!("operations: {operation:?} is not CREATE, UPDATE or DELETE"));
            }
        }
    }
}
