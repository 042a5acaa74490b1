//! Rejects node OS channels that network isolated clusters do not support.
//!
//! ## Why it matters
//!
//! With `Unmanaged` the nodes update themselves from public package repositories, which they cannot reach: they
//! silently stay unpatched.
//!
//! ## What it does
//!
//! Rejects `Unmanaged`, in any case, and texts that are not a channel. `NodeImage` and `None` pass, and so does a
//! channel that is not set, which means `NodeImage`.
//!
//! ## Fields
//!
//! `spec.autoUpgradeProfile.nodeOSUpgradeChannel` of an ASO `ManagedCluster`, in CAPZ's `AzureManagedControlPlane` by
//! patch, and `nodeOsUpgradeChannel` of a Crossplane `KubernetesCluster`.
//!
//! ## Instead
//!
//! Write `NodeImage`.
//!
//! ## Settings
//!
//! `securityPatch`: AKS has supported `SecurityPatch` on these clusters since its release of 2025-07-20, but the FAQ in
//! its documentation still names only `NodeImage` and `None`.
//!
//! ## Not covered
//!
//! Daemons in the cluster that update nodes.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/concepts-network-isolated>,
//! <https://learn.microsoft.com/azure/aks/auto-upgrade-node-os-image>

use isolation::{Findings, Rule};

use crate::Settings;
use crate::fields::Field;
use crate::model::Cluster;

/// The rule.
pub const RULE: Rule = Rule { id: "NI607", name: "unmanaged-node-os", since: "0.1.0" };

/// Judges a cluster.
pub fn check(cluster: &Cluster<'_, '_>, settings: &Settings<'_>, findings: &mut Findings) {
    for found in cluster.spec.find(findings, Field::NodeOsChannel).found {
        let Some(channel) = found.text(findings) else { continue };
        let fix = "Write NodeImage, or None";
        match channel.as_ref() {
            "NodeImage" | "None" => {}
            "SecurityPatch" => {
                if let Some(severity) = settings.security_patch.severity() {
                    let what = "AKS's documentation is inconsistent about SecurityPatch on network isolated clusters";
                    found.report(findings, severity, &RULE, what, fix);
                }
            }
            _ if channel.eq_ignore_ascii_case("Unmanaged") => {
                let what = "nodes would update from public repositories, which they cannot reach, and stay unpatched";
                found.deny(findings, &RULE, what, fix);
            }
            _ => found.deny_text(findings, &RULE, "not a node OS channel of AKS", fix),
        }
    }
}
