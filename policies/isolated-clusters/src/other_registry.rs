//! Rejects clusters that start from another registry than the settings require.
//!
//! ## Why it matters
//!
//! Nodes run the images of the cluster's registry as part of AKS itself. A reference to somebody else's registry is a
//! way in. A registry without a private endpoint in the cluster's network leaves nodes without bootstrap images.
//!
//! ## What it does
//!
//! Compares the registry that a cluster names with the settings `registry` and `registries`. If `registries` is set, it
//! also rejects a registry object that has the name of an allowed registry but is another one in Azure, because
//! clusters name objects.
//!
//! ## Fields
//!
//! `spec.bootstrapProfile.containerRegistryReference` of an ASO `ManagedCluster` (`armId`, or the `name` of an ASO
//! `Registry`), in CAPZ's `AzureManagedControlPlane` by patch, and `bootstrapProfile.containerRegistryId` of a
//! Crossplane `KubernetesCluster`, with `containerRegistryIdRef` and `containerRegistryIdSelector`. `metadata.name` and
//! `spec.azureName` of an ASO `Registry`; `metadata.name` and the annotation `crossplane.io/external-name` of a
//! Crossplane `Registry`.
//!
//! ## Instead
//!
//! Name an allowed registry, or omit the reference with `registry: managed`.
//!
//! ## Settings
//!
//! `registry`, `registries`.
//!
//! ## Not covered
//!
//! A registry object older than the policy. A reference by name finds the object in its namespace.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/network-isolated>

use isolation::json::Kind;
use isolation::management::Resource;
use isolation::{Findings, Rule, Value};

use crate::Settings;
use crate::fields::{CROSSPLANE_CLUSTER, Field};
use crate::model::Cluster;
use crate::settings::Registry;
use crate::spec::{Found, Report};

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
            named.deny(findings, &RULE, MANAGED, "Omit the reference");
        } else if !settings.admits_registry(&text) {
            named.deny_text(
                findings,
                &RULE,
                "nodes would start from a registry that is not allowed",
                allowed(settings),
            );
        }
    }
    if answer.found.is_empty() && settings.requires_registry() && !cluster.inexpressible {
        let what = "the cluster must start from your own registry (the policy's setting registry)";
        let example = match spec.own().map(|layer| layer.field_map == CROSSPLANE_CLUSTER) {
            Some(true) => "\"/subscriptions/…/registries/myacr\"",
            _ => "{\"armId\":\"/subscriptions/…/registries/myacr\"}",
        };
        spec.report_missing(findings, &answer, &Report::deny(&RULE, what, example));
    }
}

const MANAGED: &str = "AKS must create and keep the registry (the policy's setting registry: managed)";

/// The registry: an id, or the name of an object. Reports a value that names none.
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
        found.deny(findings, &RULE, MANAGED, "Omit the reference");
    } else if by_labels && settings.names_registries() {
        let what = "names a registry by labels, which any registry can have";
        found.deny(findings, &RULE, what, "Write containerRegistryId: /subscriptions/…/registries/NAME");
    } else if !by_labels {
        found.deny(findings, &RULE, "names no registry", "Write armId: /subscriptions/…/registries/NAME");
    }
    None
}

fn allowed(settings: &Settings<'_>) -> String {
    let mut fix = String::from("Name one of:");
    for registry in &settings.registries {
        fix.push(' ');
        fix.push_str(registry);
    }
    fix
}

/// Judges the two names of a registry: clusters find it by the object's name, nodes by the name in Azure.
pub fn check_names(registry: &Resource<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    let object = object_name(registry.object);
    let azure = registry.azure_name();
    let (Some(object), Some(azure)) = (object, azure) else { return };
    let is_allowed = |name: Value<'_>| name.as_str().is_some_and(|name| settings.judges_registry(&name));
    if settings.names_registries() && is_allowed(object) && !is_allowed(azure) {
        let what = "clusters that name this object expect the allowed registry of that name, but start from another";
        findings.deny(&RULE, azure, what, "Rename the object, or write the name of the allowed registry here");
    }
}

/// The name of an object.
pub fn object_name(object: Value<'_>) -> Option<Value<'_>> {
    object.descend(&["metadata", "name"])
}
