//! The features for which AKS lists outbound traffic requirements.
//!
//! <https://learn.microsoft.com/azure/aks/outbound-rules-control-egress>

use crate::fields::Field;

/// A feature that needs services outside the cluster's network.
#[derive(Debug)]
pub struct Feature {
    /// Its name in the setting `reachable`.
    pub name: &'static str,
    /// Its add-on, in lower case; empty if it has none.
    pub addon: &'static str,
    /// Its field in a cluster.
    pub field: Option<Field>,
    /// What it needs.
    pub needs: &'static str,
}

const PRIVATE_LINK_SCOPE: &str = "needs an Azure Monitor private link scope with a private endpoint";
const FIREWALL: &str = "its service has no private endpoint, so it needs a route through a firewall";

const fn feature(name: &'static str, addon: &'static str, field: Option<Field>, needs: &'static str) -> Feature {
    Feature { name, addon, field, needs }
}

/// Every feature, by name.
pub const FEATURES: &[Feature] = &[
    feature("app-monitoring", "", Some(Field::AppMonitoring), PRIVATE_LINK_SCOPE),
    feature("azure-policy", "azurepolicy", Some(Field::AzurePolicy), FIREWALL),
    feature("cost-analysis", "", Some(Field::CostAnalysis), FIREWALL),
    feature("defender", "", Some(Field::Defender), FIREWALL),
    feature(
        "key-vault",
        "azurekeyvaultsecretsprovider",
        Some(Field::KeyVault),
        "needs a private endpoint of the key vault in the cluster's network",
    ),
    feature("logs", "omsagent", Some(Field::Logs), PRIVATE_LINK_SCOPE),
    feature("metrics", "", Some(Field::Metrics), PRIVATE_LINK_SCOPE),
    feature(
        "virtual-nodes",
        "aciconnectorlinux",
        Some(Field::VirtualNodes),
        "its pods run outside the nodes that the private registry serves, so their images need a reachable registry",
    ),
    feature("workload-identity", "", Some(Field::WorkloadIdentity), FIREWALL),
];
