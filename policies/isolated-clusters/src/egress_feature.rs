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
//! `reachable` names them. Warns as well of an HTTP proxy, which Azure names as a way to add egress to the outbound type
//! `none`: it opens nothing on its own; what leaves is decided by its rules.
//!
//! ## Fields
//!
//! `addonProfiles`, `azureMonitorProfile`, `securityProfile`, `metricsProfile` and `httpProxyConfig` of an ASO
//! `ManagedCluster`, the same in CAPZ's add-ons, fields and patches, and their Crossplane counterparts.
//!
//! ## Instead
//!
//! Create a private endpoint for the service (a private link scope for Azure Monitor), or a route through a firewall,
//! and add the feature to the setting. Restrict a proxy to the destinations that you allow, and add `http-proxy`.
//!
//! ## Settings
//!
//! `reachable`.
//!
//! ## Not covered
//!
//! Cluster extensions, which `supported-extensions` judges. Whether a private endpoint exists: a cluster's description
//! does not show it. What a proxy lets out.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/outbound-rules-control-egress>,
//! <https://learn.microsoft.com/azure/aks/http-proxy>,
//! <https://learn.microsoft.com/azure/aks/egress-outboundtype>

use isolation::json::Kind;
use isolation::{Findings, Rule, Severity};

use crate::Settings;
use crate::addons::Addon;
use crate::features::FEATURES;
use crate::fields::Field;
use crate::model::Cluster;

/// The rule.
pub const RULE: Rule = Rule { id: "NI623", name: "egress-feature", since: "0.1.0" };

/// Whether a proxy that is named is used: AKS keeps the addresses of one that is disabled.
fn uses_proxy(cluster: &Cluster<'_, '_>, findings: &mut Findings) -> bool {
    let switches = cluster.spec.find(findings, Field::HttpProxyEnabled).found;
    switches.iter().all(|switch| switch.is_true(findings))
}

/// Judges a cluster.
pub fn check(cluster: &Cluster<'_, '_>, addons: &[Addon<'_, '_>], settings: &Settings<'_>, findings: &mut Findings) {
    for feature in FEATURES {
        if settings.reachable.iter().any(|name| *name == feature.name) {
            continue;
        }
        let mut enabled = Vec::new();
        if let Some(field) = feature.field {
            for found in cluster.spec.find(findings, field).found {
                if field == Field::HttpProxy {
                    // One of its two addresses is enough to say so.
                    if enabled.is_empty()
                        && !found.is_empty()
                        && found.text(findings).is_some()
                        && uses_proxy(cluster, findings)
                    {
                        enabled.push(found);
                    }
                    continue;
                }
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
            let fix = feature.fix();
            // The address of a proxy may hold a password.
            if feature.field == Some(Field::HttpProxy) {
                found.warn_hidden(findings, &RULE, feature.needs, &fix);
            } else {
                found.report(findings, Severity::Warn, &RULE, feature.needs, &fix);
            }
        }
    }
}
