//! Rejects an update by which a cluster stops being network isolated.
//!
//! ## What it does
//!
//! Compares the cluster before and after an update, and says what happens to what isolation had put in place.
//!
//! ## Why it matters
//!
//! Going back is easy to write and hard to undo. When the outbound type opens while the artifact source stays
//! `Cache`, AKS keeps the registry, the private link and the private endpoint, and nodes go on pulling from there
//! beside their new way out. When the artifact source goes back to `Direct`, nodes change over only as they are made
//! anew, and a registry of your own stays, with its cache rules and its private endpoint, as it is.
//!
//! ## Fields
//!
//! The outbound type and the artifact source of a cluster, in an update.
//!
//! ## Instead
//!
//! Leave both as they are. The rules `open-outbound-type` and `direct-artifacts` say how each has to be written.
//!
//! ## Settings
//!
//! With `existing: allow` an old violation is a warning; leaving isolation is a new one, and is rejected.
//!
//! ## Not covered
//!
//! Changes made in Azure.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/concepts-network-isolated>

use isolation::{Findings, Rule};

use crate::spec::Report;
use crate::model::Cluster;
use crate::fields::Field;

/// The rule.
pub const RULE: Rule = Rule { id: "NI624", name: "left-isolation", since: "0.1.0" };

/// Compares a cluster with what it was: a closed outbound type, and artifacts from a private registry.
pub fn check(cluster: &Cluster<'_, '_>, before: (bool, bool), findings: &mut Findings) {
    let now = cluster.isolation(findings);
    if before != (true, true) || now == before {
        return;
    }
    let (field, what, fix) = match now {
        (false, true) => (
            Field::OutboundType,
            "this update opens a network isolated cluster: AKS keeps its registry, private link and private endpoint, and \
             nodes go on pulling from there beside their new way out",
            "Leave the outbound type as it was",
        ),
        (true, _) => (
            Field::ArtifactSource,
            "this update ends isolation: nodes that are made from now on pull from the public registry, which outbound type \
             none or block keeps them from reaching, and a registry of your own stays as it is",
            "Leave the artifact source as it was, Cache",
        ),
        (false, false) => (
            Field::OutboundType,
            "this update ends isolation altogether: nodes get a way out and, as they are made anew, pull from the public \
             registry; a registry of your own, its cache rules and its private endpoint stay and are billed",
            "Leave the outbound type and the artifact source as they were",
        ),
    };
    let answer = cluster.spec.find(findings, field);
    match answer.found.first() {
        Some(found) => found.deny(findings, &RULE, what, fix),
        None => cluster.spec.report_absent(findings, &answer, &Report::deny(&RULE, what, fix)),
    }
}
