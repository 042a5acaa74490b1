//! Rejects the deletion of the cache rule that nodes rely on.
//!
//! ## What it does
//!
//! Refuses to delete the cache rule `aks-managed-mcr`, or the one with its source or target.
//!
//! ## Why it matters
//!
//! The operator deletes the rule in Azure with the object. Nodes that start afterwards find no images, in every
//! cluster that uses the registry, and the clusters show nothing of it until a node is replaced.
//!
//! ## Fields
//!
//! ASO `RegistryCacheRule` and Crossplane `CacheRule`, on deletion.
//!
//! ## Instead
//!
//! Keep it. To give up the object and keep the rule in Azure, first set the annotation
//! `serviceoperator.azure.com/reconcile-policy: detach-on-delete` (ASO) or `managementPolicies` without `Delete`
//! (Crossplane). Where these are the default, `deletionPolicy: Orphan` of Crossplane's cluster-scoped kinds says the same;
//! where they are not, they win, so that `["Observe", "Delete"]` deletes.
//!
//! ## Settings
//!
//! `cacheRule: release` allows it, for when no cluster uses the registry any more.
//!
//! ## Not covered
//!
//! Deletions by the garbage collector and with the namespace, which follow a decision made elsewhere, and deletions
//! in Azure. Whether a cluster uses the registry is not looked up.
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

/// Who deletes because something else was deleted.
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
    let what = "nodes get their images through this cache rule; without it no new node of a network isolated cluster starts";
    let fix = if crossplane_service(&resource.group).is_some() {
        "Keep it. Once no cluster uses the registry, set cacheRule: release in this policy's settings; to give up only the \
         object, first set its managementPolicies to [\"Observe\"]"
    } else {
        "Keep it. Once no cluster uses the registry, set cacheRule: release in this policy's settings; to give up only the \
         object, first annotate it with serviceoperator.azure.com/reconcile-policy: detach-on-delete"
    };
    findings.deny(&RULE, resource.object, what, fix);
}
