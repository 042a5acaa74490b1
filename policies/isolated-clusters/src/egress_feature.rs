//! Warns of features that talk to services outside of the cluster's network.
//!
//! ## What it does
//!
//! Looks for enabled add-ons and features that AKS lists with requirements for outbound traffic, and warns unless the
//! setting `reachable` says that this was taken care of.
//!
//! ## Why it matters
//!
//! The feature is installed, its images come from the private registry, and then it cannot reach its service:
//! metrics, secrets or policies are missing, without an error at deployment. Some services have private endpoints,
//! the others need a firewall.
//!
//! ## Fields
//!
//! `addonProfiles`, `azureMonitorProfile`, `securityProfile` and `metricsProfile` of an ASO `ManagedCluster`, the
//! same in CAPZ's add-ons and patches, and what Crossplane calls the same.
//!
//! ## Instead
//!
//! Make a private endpoint for the service (a private link scope for Azure Monitor), or a route through a firewall,
//! and name the feature in the setting.
//!
//! ## Settings
//!
//! `reachable`.
//!
//! ## Not covered
//!
//! Cluster extensions, which the policy `supported-extensions` judges. That a private endpoint exists cannot be seen
//! in a cluster's description.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/outbound-rules-control-egress>

use isolation::json::Kind;
use isolation::{Findings, Rule, Severity};

use crate::Settings;
use crate::addons::Addon;
use crate::model::Cluster;
use crate::fields::Field;

/// The rule.
pub const RULE: Rule = Rule { id: "NI623", name: "egress-feature", since: "0.1.0" };

/// A feature that talks to services outside.
#[derive(Debug)]
pub struct Feature {
    /// Its name in the setting `reachable`.
    pub name: &'static str,
    /// The add-on that it is, in lower case; empty if it is none.
    pub addon: &'static str,
    /// What it is in the fields of a cluster.
    field: Option<Field>,
    /// What it needs.
    needs: &'static str,
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

/// Judges a cluster.
pub fn check(cluster: &Cluster<'_, '_>, addons: &[Addon<'_, '_>], settings: &Settings<'_>, findings: &mut Findings) {
    for feature in FEATURES {
        if settings.reachable.iter().any(|name| *name == feature.name) {
            continue;
        }
        let mut enabled = Vec::new();
        if let Some(field) = feature.field {
            for found in cluster.spec.find(findings, field).found {
                // A switch, or a block of Crossplane's that is there or not.
                if found.value.kind() == Kind::Object || found.is_true(findings) {
                    enabled.push(found);
                }
            }
        }
        for addon in addons {
            if addon.name == feature.addon {
                enabled.push(addon.enabled);
            }
        }
        for found in enabled {
            let fix = ["When it has that, add ", feature.name, " to the setting reachable"].concat();
            found.report(findings, Severity::Warn, &RULE, feature.needs, &fix);
        }
    }
}
