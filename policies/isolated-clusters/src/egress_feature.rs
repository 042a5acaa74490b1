//! Warns of features that need services outside the cluster's network.
//!
//! ## Why it matters
//!
//! The feature is installed, its images come from the private registry, and then it cannot reach its service: metrics,
//! secrets or policies are missing, without an error at deployment. Some services have private endpoints; the others
//! need a firewall.
//!
//! ## What it does
//!
//! Warns of enabled add-ons and features for which AKS lists outbound traffic requirements, unless the setting
//! `reachable` names them.
//!
//! ## Fields
//!
//! `addonProfiles`, `azureMonitorProfile`, `securityProfile` and `metricsProfile` of an ASO `ManagedCluster`, the same
//! in CAPZ's add-ons and patches, and their Crossplane counterparts.
//!
//! ## Instead
//!
//! Create a private endpoint for the service (a private link scope for Azure Monitor), or a route through a firewall,
//! and add the feature to the setting.
//!
//! ## Settings
//!
//! `reachable`.
//!
//! ## Not covered
//!
//! Cluster extensions, which `supported-extensions` judges. Whether a private endpoint exists: a cluster's description
//! does not show it.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/outbound-rules-control-egress>

use isolation::json::Kind;
use isolation::{Findings, Rule, Severity};

use crate::Settings;
use crate::addons::Addon;
use crate::features::FEATURES;
use crate::model::Cluster;

/// The rule.
pub const RULE: Rule = Rule { id: "NI623", name: "egress-feature", since: "0.1.0" };

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
            if feature.addon == Some(&addon.name) {
                enabled.push(addon.enabled);
            }
        }
        for found in enabled {
            let fix = ["Once it has that, add ", feature.name, " to the setting reachable"].concat();
            found.report(findings, Severity::Warn, &RULE, feature.needs, &fix);
        }
    }
}
