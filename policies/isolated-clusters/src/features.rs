//! The features for which AKS lists outbound traffic requirements.
//!
//! <https://learn.microsoft.com/azure/aks/outbound-rules-control-egress>

use crate::fields::Field;

/// A feature that needs services outside the cluster's network.
#[derive(Debug)]
pub struct Feature {
    /// Its name in the setting `reachable`.
    pub name: &'static str,
    /// Its add-on, in lower case, if it has one.
    pub addon: Option<&'static str>,
    /// Its field in a cluster.
    pub field: Option<Field>,
    /// What it needs.
    pub needs: &'static str,
}

impl Feature {
    /// What to do about it.
    #[must_use]
    pub fn fix(&self) -> String {
        ["Once that exists, add ", self.name, " to the policy's setting reachable"].concat()
    }
}

const PRIVATE_LINK_SCOPE: &str = "this feature needs an Azure Monitor private link scope with a private endpoint";
const FIREWALL: &str =
    "the service of this feature has no private endpoint, so the cluster needs a route to it through a firewall";

const fn feature(
    name: &'static str,
    addon: Option<&'static str>,
    field: Option<Field>,
    needs: &'static str,
) -> Feature {
    Feature { name, addon, field, needs }
}

/// Every feature, by name.
pub const FEATURES: &[Feature] = &[
    feature("app-monitoring", None, Some(Field::AppMonitoring), PRIVATE_LINK_SCOPE),
    feature("azure-policy", Some("azurepolicy"), Some(Field::AzurePolicy), FIREWALL),
    feature("cost-analysis", None, Some(Field::CostAnalysis), FIREWALL),
    feature("defender", None, Some(Field::Defender), FIREWALL),
    feature(
        "http-proxy",
        None,
        Some(Field::HttpProxy),
        "nodes and pods leave the network through this proxy, so it needs rules that let out only what you allow",
    ),
    feature(
        "key-vault",
        Some("azurekeyvaultsecretsprovider"),
        Some(Field::KeyVault),
        "the provider needs a private endpoint for the key vault in the cluster's network",
    ),
    feature("logs", Some("omsagent"), Some(Field::Logs), PRIVATE_LINK_SCOPE),
    feature("metrics", None, Some(Field::Metrics), PRIVATE_LINK_SCOPE),
    feature(
        "virtual-nodes",
        Some("aciconnectorlinux"),
        Some(Field::VirtualNodes),
        "its pods run outside the nodes that the private registry serves, so their images need a reachable registry",
    ),
    feature("workload-identity", None, Some(Field::WorkloadIdentity), FIREWALL),
];
