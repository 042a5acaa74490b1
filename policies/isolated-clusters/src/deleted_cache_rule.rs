//! Rejects the deletion of the cache rule that serves AKS's images to nodes.
//!
//! ## Why it matters
//!
//! The operator deletes the rule in Azure together with the object. Nodes that start afterwards find no images, in
//! every cluster that uses the registry, and nothing shows until a node is replaced.
//!
//! ## What it does
//!
//! Rejects the deletion of the cache rule `aks-managed-mcr`, or of the rule with its source or target.
//!
//! ## Fields
//!
//! ASO `RegistryCacheRule` and Crossplane `CacheRule`, on deletion.
//!
//! ## Instead
//!
//! Keep it. To delete the object but keep the rule in Azure, first set the annotation
//! `serviceoperator.azure.com/reconcile-policy: detach-on-delete` (ASO) or `managementPolicies` without `Delete`
//! (Crossplane). Where `managementPolicies` are the default, `deletionPolicy: Orphan` of Crossplane's cluster-scoped
//! kinds has the same effect; where they are not, they take precedence, so `["Observe", "Delete"]` deletes.
//!
//! ## Settings
//!
//! `cacheRule: release` allows the deletion, once no cluster uses the registry any more.
//!
//! ## Not covered
//!
//! - Deletions by the garbage collector and with the namespace: they follow from another decision.
//! - Deletions in Azure.
//! - Whether a cluster uses the registry: the rule looks nothing up.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/network-isolated>

use isolation::management::{Resource, crossplane_service};
use isolation::{Findings, Rule};

use crate::altered_cache_rule;
use crate::spec::Spec;

/// The rule.
pub const RULE: Rule = Rule { id: "NI620", name: "deleted-cache-rule", since: "0.1.0" };

/// What to do about it, whoever manages the rule.
pub const KEEP_CACHE_RULE: &str =
    "Keep it. Once no cluster uses the registry, set cacheRule: release in this policy's settings";

/// The users that delete objects because something else was deleted.
const FOLLOWERS: &[&str] = &[
    "system:serviceaccount:kube-system:generic-garbage-collector",
    "system:serviceaccount:kube-system:namespace-controller",
];

/// Judges the deletion of a cache rule by the user of this name.
pub fn check(resource: &Resource<'_>, rule: &Spec<'_>, user: &str, findings: &mut Findings) {
    let name = resource.azure_name().and_then(|name| name.as_str());
    if FOLLOWERS.contains(&user)
        || resource.outlives_object()
        || !altered_cache_rule::is_it(rule, name.as_deref(), findings)
    {
        return;
    }
    let what =
        "nodes get their images through this cache rule; without it no new node of a network isolated cluster starts";
    let instead = if crossplane_service(&resource.group).is_some() {
        "; to delete only the object, first set its managementPolicies to [\"Observe\"]"
    } else {
        "; to delete only the object, first annotate it with \
         serviceoperator.azure.com/reconcile-policy: detach-on-delete"
    };
    findings.deny(&RULE, resource.object, what, [KEEP_CACHE_RULE, instead].concat());
}
