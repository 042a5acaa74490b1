//! Rejects clusters that start from another registry than the settings ask for.
//!
//! ## What it does
//!
//! Compares the registry that a cluster names with the settings `registry` and `registries`. With `registries` set it also
//! rejects a registry whose object has the name of an allowed one while it is another in Azure: clusters name objects.
//!
//! ## Why it matters
//!
//! Nodes run what this registry gives them as part of AKS itself. A reference to a registry that is not yours is a
//! way in, and one that has no private endpoint in the cluster's network leaves nodes without anything to start from.
//!
//! ## Fields
//!
//! `spec.bootstrapProfile.containerRegistryReference` of an ASO `ManagedCluster` (`armId`, or the `name` of an ASO
//! `Registry`), in CAPZ's `AzureManagedControlPlane` by patch, and `bootstrapProfile.containerRegistryId` of a
//! Crossplane `KubernetesCluster`, with `containerRegistryIdRef` and `containerRegistryIdSelector`. Of an ASO `Registry`
//! `metadata.name` and `spec.azureName`, of a Crossplane `Registry` `metadata.name` and the annotation
//! `crossplane.io/external-name`.
//!
//! ## Instead
//!
//! Name a registry of the setting, or with `registry: managed` leave the reference out.
//!
//! ## Settings
//!
//! `registry`, `registries`.
//!
//! ## Not covered
//!
//! A registry object that is older than the policy. A reference by name finds the object of its namespace.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/network-isolated>

use isolation::json::Kind;
use isolation::management::Resource;
use isolation::{Findings, Rule, Value};

use crate::Settings;
use crate::spec::{Found, Report};
use crate::model::Cluster;
use crate::settings::Registry;
use crate::fields::{Field, CROSSPLANE_CLUSTER};

/// The rule.
pub const RULE: Rule = Rule { id: "NI605", name: "other-registry", since: "0.1.0" };

/// Judges a cluster.
pub fn check(cluster: &Cluster<'_, '_>, settings: &Settings<'_>, findings: &mut Findings) {
    let spec = cluster.spec;
    let answer = spec.find(findings, Field::Registry);
    for found in &answer.found {
        let Some(named) = named(found, settings, findings) else { continue };
        let Some(text) = named.text(findings) else { continue };
        if settings.registry == Registry::Managed {
            named.deny(findings, &RULE, MANAGED, "Leave the reference out");
        } else if !settings.admits_registry(&text) {
            named.deny_text(findings, &RULE, "nodes would start from a registry that is not among the allowed ones", &allowed(settings));
        }
    }
    if answer.found.is_empty() && settings.requires_registry() && !cluster.inexpressible {
        let what = "the cluster has to start from a registry of your own (setting registry)";
        let example = match spec.own().map(|layer| layer.field_map == CROSSPLANE_CLUSTER) {
            Some(true) => "\"/subscriptions/…/registries/myacr\"",
            _ => "{\"armId\":\"/subscriptions/…/registries/myacr\"}",
        };
        spec.report_missing(findings, &answer, &Report::deny(&RULE, what, example));
    }
}

const MANAGED: &str = "AKS is to make and keep the registry (setting registry: managed)";

/// What names the registry: an id, or the name of an object. What names none is reported.
fn named<'m, 'd>(found: &Found<'m, 'd>, settings: &Settings<'_>, findings: &mut Findings) -> Option<Found<'m, 'd>> {
    if found.value.kind() != Kind::Object {
        return Some(*found);
    }
    let name = found.member(findings, "armId").or_else(|| found.member(findings, "name"));
    if name.is_some() {
        return name;
    }
    let by_labels = found.value.key().is_some_and(|key| key.ends_with("Selector"));
    if by_labels && settings.registry == Registry::Managed {
        found.deny(findings, &RULE, MANAGED, "Leave the reference out");
    } else if by_labels && settings.names_registries() {
        let what = "names a registry by labels, which any registry may have";
        found.deny(findings, &RULE, what, "Write containerRegistryId: and the Azure resource id of the registry");
    } else if !by_labels {
        found.deny(findings, &RULE, "names no registry", "Write armId: and the Azure resource id of the registry");
    }
    None
}

fn allowed(settings: &Settings<'_>) -> String {
    let mut fix = String::from("Name one of the allowed:");
    for registry in &settings.registries {
        fix.push(' ');
        fix.push_str(registry);
    }
    fix
}

/// Judges the two names of a registry: clusters find it by that of its object, nodes by that in Azure.
pub fn check_names(registry: &Resource<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    let object = object_name(registry.object);
    let azure = registry.azure_name();
    let (Some(object), Some(azure)) = (object, azure) else { return };
    let is_allowed = |name: Value<'_>| name.as_str().is_some_and(|name| settings.judges_registry(&name));
    if settings.names_registries() && is_allowed(object) && !is_allowed(azure) {
        let what = "clusters that name this object take it for the allowed registry of its name, and start from another one";
        findings.deny(&RULE, azure, what, "Give the object another name, or write the name of the allowed registry here");
    }
}

/// The name of an object.
pub fn object_name(object: Value<'_>) -> Option<Value<'_>> {
    object.descend(&["metadata", "name"])
}
