//! Rejects the network plugin kubenet.
//!
//! ## Why it matters
//!
//! AKS does not support kubenet on network isolated clusters, and retires it on 31 March 2028. Azure does not say what breaks.
//!
//! ## What it does
//!
//! Rejects the network plugin `kubenet`, in any case.
//!
//! ## Fields
//!
//! `spec.networkProfile.networkPlugin` of an ASO `ManagedCluster`, `networkPlugin` of CAPZ's
//! `AzureManagedControlPlane`, `networkProfile.networkPlugin` of a Crossplane `KubernetesCluster`.
//!
//! ## Instead
//!
//! Write `networkPlugin: azure` and `networkPluginMode: overlay`, which needs as few addresses as kubenet.
//!
//! ## Settings
//!
//! None.
//!
//! ## Not covered
//!
//! A plugin that is not set.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/concepts-network-isolated>,
//! <https://learn.microsoft.com/azure/aks/azure-cni-overlay>,
//! <https://learn.microsoft.com/azure/aks/concepts-network-cni-overview>

use isolation::{Findings, Rule};

use crate::fields::Field;
use crate::model::Cluster;
use crate::spec::Report;

/// The rule.
pub const RULE: Rule = Rule { id: "NI608", name: "kubenet", since: "0.1.0" };

const REPORT: Report<'_> = Report::deny(
    &RULE,
    "network isolated clusters do not support kubenet",
    "Write azure, with networkPluginMode: overlay",
);

/// Judges a cluster.
pub fn check(cluster: &Cluster<'_, '_>, findings: &mut Findings) {
    let is_kubenet = |plugin: &str| plugin.eq_ignore_ascii_case("kubenet");
    cluster.spec.report_texts(findings, Field::NetworkPlugin, &is_kubenet, &REPORT);
}
