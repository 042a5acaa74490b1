//! Rejects clusters whose nodes pull images and binaries directly from Microsoft's public registry.
//!
//! ## Why it matters
//!
//! The default is `Direct`: nodes pull their bootstrap images from `mcr.microsoft.com`. Without a way out they never
//! become ready. With `Cache`, a private registry pulls the images and serves them over a private endpoint.
//!
//! ## What it does
//!
//! Requires the artifact source `Cache`, spelled exactly so.
//!
//! ## Fields
//!
//! `spec.bootstrapProfile.artifactSource` of an ASO `ManagedCluster`, in CAPZ's `AzureManagedControlPlane` by patch,
//! and `bootstrapProfile.artifactSource` of a Crossplane `KubernetesCluster`.
//!
//! ## Instead
//!
//! Write `artifactSource: Cache`. On an existing cluster, upgrade the node images afterwards
//! (`az aks upgrade --node-image-only`): nodes use the new source only once they are recreated.
//!
//! ## Settings
//!
//! None.
//!
//! ## Not covered
//!
//! Whether the registry has the images that nodes need.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/concepts-network-isolated>,
//! <https://learn.microsoft.com/azure/aks/network-isolated>

use isolation::{Findings, Rule};

use crate::fields::Field;
use crate::model::Cluster;
use crate::spec::Report;

/// The rule.
pub const RULE: Rule = Rule { id: "NI604", name: "direct-artifacts", since: "0.1.0" };

/// Judges a cluster.
pub fn check(cluster: &Cluster<'_, '_>, findings: &mut Findings) {
    let spec = cluster.spec;
    let answer = spec.find(findings, Field::ArtifactSource);
    for found in &answer.found {
        if found.text(findings).is_some_and(|text| text != "Cache") {
            let what = "nodes pull their bootstrap images and binaries from the public mcr.microsoft.com";
            found.deny_text(findings, &RULE, what, spec.instead(Some(found), Field::ArtifactSource, "\"Cache\""));
        }
    }
    if answer.found.is_empty() && !cluster.inexpressible {
        let what = "without Cache nodes pull their bootstrap images and binaries from the public mcr.microsoft.com";
        spec.report_missing(findings, &answer, &Report::deny(&RULE, what, "\"Cache\""));
    }
}
