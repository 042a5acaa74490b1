//! Rejects updates that end a cluster's network isolation.
//!
//! ## Why it matters
//!
//! Ending isolation is easy to write and hard to undo. If the outbound type opens while the artifact source stays
//! `Cache`, AKS keeps the registry, the private link and the private endpoint, and nodes still pull from there in spite
//! of their new way out. If the artifact source returns to `Direct`, nodes switch only once they are recreated, and
//! your own registry keeps its cache rules and private endpoint.
//!
//! ## What it does
//!
//! Compares the cluster before and after an update, and says what happens to the resources that isolation created.
//!
//! ## Fields
//!
//! The outbound type and the artifact source of a cluster, in an update.
//!
//! ## Instead
//!
//! Keep both. The rules `open-outbound-type` and `direct-artifacts` say how to write them.
//!
//! ## Settings
//!
//! With `existing: allow`, an old violation is a warning. Ending isolation is a new violation, and is rejected.
//!
//! ## Not covered
//!
//! Changes made in Azure.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/concepts-network-isolated>

use isolation::{Findings, Rule};

use crate::fields::Field;
use crate::model::Cluster;
use crate::spec::Report;

/// The rule.
pub const RULE: Rule = Rule { id: "NI624", name: "left-isolation", since: "0.1.0" };

/// Compares a cluster with its state before: a closed outbound type, and artifacts from a private registry.
pub fn check(cluster: &Cluster<'_, '_>, before: (bool, bool), findings: &mut Findings) {
    let now = cluster.isolation(findings);
    if before != (true, true) || now == before {
        return;
    }
    let (field, what, fix) = match now {
        (false, true) => (
            Field::OutboundType,
            "this update opens a network isolated cluster: AKS keeps its registry, private link and private endpoint, \
             and nodes still pull from there despite their new way out",
            "Keep the outbound type",
        ),
        (true, _) => (
            Field::ArtifactSource,
            "this update ends isolation: new nodes pull from the public registry, which they cannot reach with \
             outbound type none or block, and your own registry stays as it is",
            "Keep the artifact source Cache",
        ),
        (false, false) => (
            Field::OutboundType,
            "this update ends isolation altogether: nodes get a way out and, once recreated, pull from the public \
             registry; your own registry, its cache rules and its private endpoint stay and are billed",
            "Keep the outbound type and the artifact source",
        ),
    };
    let answer = cluster.spec.find(findings, field);
    match answer.found.first() {
        Some(found) => found.deny(findings, &RULE, what, fix),
        None => cluster.spec.report_absent(findings, &answer, &Report::deny(&RULE, what, fix)),
    }
}
