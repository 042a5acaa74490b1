//! Rejects clusters that start from another registry than the settings ask for.
//!
//! ## What it does
//!
//! Compares the registry that a cluster names with the settings `registry` and `registries`.
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
//! Crossplane `KubernetesCluster`.
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
//! An ASO reference by name is compared by that name: that the object of this name makes the registry of this name is
//! up to its `azureName`.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/network-isolated>

use isolation::json::Kind;
use isolation::{Findings, Rule};

use crate::Settings;
use crate::model::Cluster;
use crate::settings::Registry;
use crate::shapes::{Ask, CROSSPLANE_CLUSTER};

/// The rule.
pub const RULE: Rule = Rule { id: "NI605", name: "other-registry", since: "0.1.0" };

/// Judges a cluster.
pub fn check(cluster: &Cluster<'_, '_>, settings: &Settings<'_>, findings: &mut Findings) {
    let said = cluster.said;
    let answer = said.find(findings, Ask::Registry);
    for found in &answer.found {
        let named = if found.value.kind() == Kind::Object {
            let name = found.member(findings, "armId").or_else(|| found.member(findings, "name"));
            let Some(name) = name else {
                let what = "names no registry";
                found.deny(findings, &RULE, what, "Write armId: and the Azure resource id of the registry");
                continue;
            };
            name
        } else {
            *found
        };
        let Some(text) = named.text(findings) else { continue };
        if settings.registry == Registry::Managed {
            named.deny(findings, &RULE, "AKS is to make and keep the registry (setting registry: managed)", "Leave the reference out");
        } else if !settings.admits_registry(&text) {
            let mut fix = String::from("Name one of the allowed:");
            for registry in &settings.registries {
                fix.push(' ');
                fix.push_str(registry);
            }
            named.deny(findings, &RULE, "nodes would start from a registry that is not among the allowed ones", &fix);
        }
    }
    if answer.found.is_empty() && settings.requires_registry() && !cluster.inexpressible {
        let what = "the cluster has to start from a registry of your own (setting registry)";
        let example = match said.own().map(|layer| layer.shape == CROSSPLANE_CLUSTER) {
            Some(true) => "\"/subscriptions/…/registries/myacr\"",
            _ => "{\"armId\":\"/subscriptions/…/registries/myacr\"}",
        };
        said.deny_missing(findings, &answer, &RULE, Ask::Registry, what, example);
    }
}
