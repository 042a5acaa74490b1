//! What is known of the policies where they are deployed: a row a policy, with the rules of its core and of its families.
//!
//! The chart carries it as `files/policies.yaml`, and what [`crate::resources`] makes comes from the same rows, so that the
//! two differ in nothing.

use std::collections::BTreeMap;

use isolation::kinds::{KINDS, guessed_plural};
use isolation::rule::Page;
use isolation_all_policies::{CustomResource, Entry, POLICIES};
use isolation_policy_module::{ContextAwareResource, Metadata, Rule};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::error::DeployError;
use crate::special_families::special_family;

/// What reports sort findings by.
const REPORTED: &[&str] = &["io.kubewarden.policy.category", "io.kubewarden.policy.severity"];

/// What the core rules of a policy are called among its parts.
pub const CORE: &str = "core";

/// The part of a policy with the kinds that its setting `customResources` names.
pub const OF_SETTING: &str = "custom-resources";

/// Every policy.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Data {
    /// In the order of their rules' ids.
    pub policies: Vec<PolicyData>,
    /// The rules that every policy has, which exceptions may name.
    pub common_rules: Vec<RuleName>,
    /// Custom resources with another plural than the one that would be guessed.
    pub plurals: Vec<Plural>,
}

/// A custom resource with another plural than the one that would be guessed.
#[derive(Debug, Serialize)]
pub struct Plural {
    /// The group.
    pub group: &'static str,
    /// The kind.
    pub kind: &'static str,
    /// Its plural.
    pub plural: &'static str,
}

/// A policy.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PolicyData {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What its resources are annotated with.
    pub annotations: BTreeMap<&'static str, String>,
    /// Whether it rewrites objects.
    pub mutating: bool,
    /// Whether the audit scanner runs it.
    pub background_audit: bool,
    /// Whether it is deployed only where the configuration has a section for it.
    pub by_choice: bool,
    /// The keys of its settings at the top of `isolation.yaml`, for all policies that have them.
    pub shared: Vec<&'static str>,
    /// Those that it cannot work without.
    pub required: Vec<&'static str>,
    /// Its rules, which exceptions name.
    pub rule_names: Vec<RuleName>,
    /// The kinds that it looks up, where its setting `lookup` is on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub context_aware_resources: Vec<ContextAwareResource>,
    /// What a policy server must be allowed to read for that.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub look_ups: Vec<RoleRule>,
    /// What the audit scanner must be allowed to list, which by Kubewarden's chart is no more than what every viewer sees: no
    /// StorageClass and no PersistentVolume.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub audit: Vec<RoleRule>,
    /// The core rules first, then the families.
    pub parts: Vec<Part>,
}

/// What a rule is called.
#[derive(Debug, Serialize)]
pub struct RuleName {
    /// Its id.
    pub id: &'static str,
    /// Its name.
    pub name: &'static str,
}

impl PolicyData {
    /// Its rule of this id or name, in whatever casing.
    pub fn rule(&self, name: &str) -> Option<&RuleName> {
        self.rule_names.iter().find(|rule| rule.id.eq_ignore_ascii_case(name) || rule.name.eq_ignore_ascii_case(name))
    }
}

/// Resources that are read, as a rule of a ClusterRole.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleRule {
    /// The group.
    pub api_groups: [String; 1],
    /// Its resources.
    pub resources: Vec<String>,
    /// What is done with them.
    pub verbs: &'static [&'static str],
}

/// Rules that become one resource.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    /// `core`, or the family's name.
    pub name: String,
    /// What the family is called by its makers.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Whether `all` omits it, so that it must be named.
    #[serde(skip_serializing_if = "is_false")]
    pub only_by_name: bool,
    /// Whether a request passes when the policy server does not answer, whatever the mode.
    #[serde(skip_serializing_if = "is_false")]
    pub passes_without_server: bool,
    /// The rules.
    pub rules: Vec<Rule>,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde hands out a reference
fn is_false(flag: &bool) -> bool {
    !flag
}

/// Reads what is known of every policy.
///
/// # Errors
///
/// Metadata that is not right, which a test would have found.
pub fn data() -> Result<Data, DeployError> {
    Ok(Data {
        policies: POLICIES.iter().map(policy).collect::<Result<_, _>>()?,
        common_rules: isolation::rules::PAGES.iter().map(rule_name).collect(),
        plurals: plurals(),
    })
}

fn rule_name(page: &Page) -> RuleName {
    RuleName { id: page.rule.id, name: page.rule.name }
}

fn plurals() -> Vec<Plural> {
    let irregular =
        KINDS.iter().filter(|known| known.group.contains('.') && guessed_plural(known.kind) != known.plural);
    irregular.map(|known| Plural { group: known.group, kind: known.kind, plural: known.plural }).collect()
}

fn policy(entry: &Entry) -> Result<PolicyData, DeployError> {
    let wrong = |cause| DeployError::Metadata { policy: entry.name, cause };
    let metadata = entry.metadata().map_err(wrong)?;
    let families = entry.families().map_err(wrong)?;
    let settings = || (entry.settings)().into_iter().flatten();
    let mut parts = vec![part(entry.name, CORE, String::new(), metadata.rules.clone())];
    parts.extend(families.into_iter().map(|family| part(entry.name, &family.family, family.title, family.rules)));
    Ok(PolicyData {
        name: entry.name.to_owned(),
        version: metadata.version().to_owned(),
        annotations: REPORTED.iter().map(|key| (*key, metadata.annotation(key).to_owned())).collect(),
        mutating: metadata.mutating,
        background_audit: metadata.background_audit,
        by_choice: is_by_choice(&metadata),
        shared: settings().map(|setting| setting.key).filter(|key| entry.shares(key)).collect(),
        required: settings().filter(|setting| setting.required).map(|setting| setting.key).collect(),
        rule_names: entry.pages.iter().map(rule_name).collect(),
        audit: if metadata.background_audit { audited(&metadata.rules) } else { Vec::new() },
        look_ups: look_ups(metadata.context_aware_resources.iter()),
        context_aware_resources: metadata.context_aware_resources.into_iter().collect(),
        parts,
    })
}

impl Part {
    /// The kinds that a policy's settings name, if they name any.
    pub fn of_setting(settings: &Map<String, Value>) -> Option<Self> {
        let rules = CustomResource::rules(settings);
        let part = Self {
            name: OF_SETTING.to_owned(),
            title: String::new(),
            only_by_name: false,
            passes_without_server: false,
            rules,
        };
        (!part.rules.is_empty()).then_some(part)
    }
}

fn part(policy: &str, name: &str, title: String, rules: Vec<Rule>) -> Part {
    let special = special_family(policy, name);
    Part {
        name: name.to_owned(),
        title,
        only_by_name: special.is_some_and(|family| family.only_by_name),
        passes_without_server: special.is_some_and(|family| family.passes_without_server),
        rules,
    }
}

/// Whether a policy is deployed only where it is asked for: what rewrites objects, and what judges nothing but custom
/// resources, as `isolated-clusters` does in a management cluster.
fn is_by_choice(metadata: &Metadata) -> bool {
    metadata.mutating || metadata.rules.iter().all(is_for_custom_resources)
}

fn is_for_custom_resources(rule: &Rule) -> bool {
    // Kubernetes' own groups have no dot or end in `.k8s.io`, and no custom resource that is judged here is of such a group.
    rule.api_groups.iter().all(|group| group.contains('.') && !group.ends_with(".k8s.io"))
}

fn look_ups<'a>(kinds: impl Iterator<Item = &'a ContextAwareResource>) -> Vec<RoleRule> {
    let mut by_group: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for ContextAwareResource { api_version, kind } in kinds {
        let group = api_version.split_once('/').map_or("", |(group, _)| group);
        by_group.entry(group).or_default().push(resource_of(kind));
    }
    let rule = |(group, resources): (&str, _)| RoleRule { api_groups: [group.to_owned()], resources, verbs: &["get"] };
    by_group.into_iter().map(rule).collect()
}

/// What the audit scanner lists for these rules: it passes over those for every version, and subresources are not listed.
fn audited(rules: &[Rule]) -> Vec<RoleRule> {
    let audited = rules.iter().filter(|rule| !rule.api_versions.iter().any(|version| version == "*"));
    let mut readings = Vec::new();
    for rule in audited {
        let resources: Vec<String> = rule.resources.iter().filter(|name| !name.contains('/')).cloned().collect();
        for group in rule.api_groups.iter().filter(|_| !resources.is_empty()) {
            let resources = resources.clone();
            readings.push(RoleRule { api_groups: [group.clone()], resources, verbs: &["get", "list"] });
        }
    }
    readings
}

/// The resource of a kind, by the convention that all of Kubernetes' own kinds follow.
fn resource_of(kind: &str) -> String {
    let kind = kind.to_ascii_lowercase();
    match kind.as_bytes() {
        [.., b's' | b'x'] | [.., b'c' | b's', b'h'] => format!("{kind}es"),
        [.., before, b'y'] if !b"aeiou".contains(before) => format!("{}ies", &kind[..kind.len() - 1]),
        _ => format!("{kind}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_turned_into_the_resources_that_they_are() {
        for (kind, resource) in [
            ("StorageClass", "storageclasses"),
            ("VolumeAttributesClass", "volumeattributesclasses"),
            ("PersistentVolume", "persistentvolumes"),
            ("NetworkPolicy", "networkpolicies"),
            ("Gateway", "gateways"),
            ("Ingress", "ingresses"),
        ] {
            assert_eq!(resource_of(kind), resource);
        }
    }

    #[test]
    fn what_rewrites_and_what_is_for_management_clusters_is_deployed_by_choice() {
        let data = data().unwrap();
        let chosen: Vec<&str> =
            data.policies.iter().filter(|policy| policy.by_choice).map(|policy| policy.name.as_str()).collect();
        assert_eq!(chosen, ["isolated-clusters", "cached-images"]);
    }

    #[test]
    fn the_audit_scanner_may_list_what_it_would_otherwise_leave_out() {
        let data = data().unwrap();
        let listed: Vec<&str> = data
            .policies
            .iter()
            .flat_map(|policy| &policy.audit)
            .flat_map(|rule| &rule.resources)
            .map(String::as_str)
            .collect();
        for kind in ["storageclasses", "volumeattributesclasses", "persistentvolumes", "ingressclasses", "podtemplates"]
        {
            assert!(listed.contains(&kind), "{kind}");
        }
        assert!(listed.iter().all(|name| !name.contains('/') && *name != "*" && *name != "secrets"), "{listed:?}");
    }

    #[test]
    fn what_is_looked_up_may_be_read_and_nothing_else() {
        let data = data().unwrap();
        let storage = data.policies.iter().find(|policy| policy.name == "private-storage").unwrap();
        assert!(storage.look_ups.iter().all(|rule| *rule.verbs == ["get"]));
        let resources: Vec<&String> = storage.look_ups.iter().flat_map(|rule| &rule.resources).collect();
        assert_eq!(resources.len(), storage.context_aware_resources.len());
        assert!(resources.iter().any(|resource| *resource == "storageclasses"));
        assert!(data.policies.iter().all(|policy| policy.name == "private-storage" || policy.look_ups.is_empty()));
    }
}
