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
//! `serviceoperator.azure.com/reconcile-policy: detach-on-delete` (ASO) or `deletionPolicy: Orphan` (Crossplane).
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

use isolation::{Findings, Rule, Value};

use crate::altered_cache_rule;
use crate::described::Described;

/// The rule.
pub const RULE: Rule = Rule { id: "NI620", name: "deleted-cache-rule", since: "0.1.0" };

/// Who deletes because something else was deleted.
const FOLLOWERS: &[&str] = &[
    "system:serviceaccount:kube-system:generic-garbage-collector",
    "system:serviceaccount:kube-system:namespace-controller",
];

/// Judges the deletion of a cache rule by the user of this name.
pub fn check(object: Value<'_>, rule: &Described<'_>, name: Option<&str>, user: &str, findings: &mut Findings) {
    if FOLLOWERS.contains(&user) || outlives(object) || !altered_cache_rule::is_it(rule, name, findings) {
        return;
    }
    let what = "nodes get their images through this cache rule; without it no new node of a network isolated cluster starts";
    let fix = "Keep it. Once no cluster uses the registry, set cacheRule: release in this policy's settings; to give up only \
               the object, first annotate it with serviceoperator.azure.com/reconcile-policy: detach-on-delete";
    findings.deny(&RULE, object, what, fix);
}

/// Whether the rule stays in Azure when its object is deleted.
fn outlives(object: Value<'_>) -> bool {
    let annotation = ["metadata", "annotations", "serviceoperator.azure.com/reconcile-policy"];
    let policy = object.descend(&annotation);
    let orphaned = object.descend(&["spec", "deletionPolicy"]);
    policy.is_some_and(|policy| policy.is_text("skip") || policy.is_text("detach-on-delete"))
        || orphaned.is_some_and(|policy| policy.is_text("Orphan"))
}
