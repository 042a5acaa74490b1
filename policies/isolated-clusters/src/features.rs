//! The features that AKS lists with requirements for outbound traffic.
//!
//! <https://learn.microsoft.com/azure/aks/outbound-rules-control-egress>

use crate::fields::Field;

/// A feature that talks to services outside.
#[derive(Debug)]
pub struct Feature {
    /// Its name in the setting `reachable`.
    pub name: &'static str,
    /// The add-on that it is, in lower case; empty if it is none.
    pub addon: &'static str,
    /// What it is in the fields of a cluster.
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
        "its pods run outside of the nodes that the private registry serves, so their images need a registry they reach",
    ),
    feature("workload-identity", "", Some(Field::WorkloadIdentity), FIREWALL),
];
