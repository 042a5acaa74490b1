//! Rejects clusters with a service principal.
//!
//! ## Why it matters
//!
//! Azure does not allow the artifact source `Cache` on clusters with a service principal, so creating or updating the
//! cluster fails in Azure, long after this object was admitted.
//!
//! ## What it does
//!
//! Rejects a service principal as the cluster's identity. The client ID `msi`, which means a managed identity, passes.
//!
//! ## Fields
//!
//! `spec.servicePrincipalProfile.clientId` of an ASO `ManagedCluster`, `servicePrincipal` of a Crossplane
//! `KubernetesCluster`.
//!
//! ## Instead
//!
//! Write `identity: {type: SystemAssigned}` or a user assigned identity, and omit the service principal.
//!
//! ## Settings
//!
//! None.
//!
//! ## Not covered
//!
//! CAPZ's `AzureManagedControlPlane`, which always creates clusters with a managed identity.
//!
//! ## References
//!
//! <https://github.com/Azure/AKS/issues/5821>, <https://learn.microsoft.com/azure/aks/use-managed-identity>

use isolation::{Findings, Rule};

use crate::fields::Field;
use crate::model::Cluster;
use crate::spec::Report;

/// The rule.
pub const RULE: Rule = Rule { id: "NI606", name: "service-principal", since: "0.1.0" };

const REPORT: Report<'_> = Report::deny(
    &RULE,
    "Azure refuses the artifact source Cache on a cluster with a service principal",
    "Omit it and give the cluster a managed identity",
);

/// Judges a cluster.
pub fn check(cluster: &Cluster<'_, '_>, findings: &mut Findings) {
    let is_principal = |id: &str| !id.is_empty() && !id.eq_ignore_ascii_case("msi");
    cluster.spec.report_texts(findings, Field::ServicePrincipal, &is_principal, &REPORT);
}
