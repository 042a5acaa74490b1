//! Rejects Windows nodes.
//!
//! ## What it does
//!
//! Looks for the operating system Windows, for images of it and for settings that only Windows nodes have, in agent
//! pools of a cluster and in pools of their own.
//!
//! ## Why it matters
//!
//! Network isolated clusters do not support Windows nodes: they start from public endpoints that such a cluster does
//! not reach.
//!
//! ## Fields
//!
//! `osType`, `osSKU` and `windowsProfile` of an ASO `ManagedClustersAgentPool` and of `agentPoolProfiles[]` in a
//! `ManagedCluster`; `spec.osType` and the patches of CAPZ's `AzureManagedMachinePool`; `osType`, `osSku` and
//! `windowsProfile` of Crossplane's node pools. A cluster's own `windowsProfile`, the credentials for such nodes,
//! gives a warning.
//!
//! ## Instead
//!
//! Write `osType: Linux`.
//!
//! ## Settings
//!
//! None.
//!
//! ## Not covered
//!
//! Machines that are no AKS nodes, such as CAPZ's `AzureMachine`.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/concepts-network-isolated>

use isolation::{Findings, Rule, Severity};

use crate::described::Described;
use crate::shapes::Ask;

/// The rule.
pub const RULE: Rule = Rule { id: "NI609", name: "windows-nodes", since: "0.1.0" };

const WHAT: &str = "network isolated clusters do not support Windows nodes";

/// Judges an agent pool.
pub fn check(pool: &Described<'_>, findings: &mut Findings) {
    for found in pool.find(findings, Ask::OsType).found {
        if found.text(findings).is_some_and(|text| text.eq_ignore_ascii_case("Windows")) {
            found.deny(findings, &RULE, WHAT, "Write Linux");
        }
    }
    for found in pool.find(findings, Ask::OsSku).found {
        // Every image of Windows begins so: Windows2019, Windows2022, Windows2025, WindowsAnnual.
        if found.text(findings).and_then(|text| text.get(..7).map(|head| head.eq_ignore_ascii_case("Windows"))) == Some(true) {
            found.deny(findings, &RULE, WHAT, "Write AzureLinux or Ubuntu");
        }
    }
    for found in pool.find(findings, Ask::WindowsProfile).found {
        if !found.is_empty() {
            found.deny(findings, &RULE, WHAT, "Leave the Windows profile out");
        }
    }
}

/// Judges the fields of a cluster itself.
pub fn check_cluster(cluster: &Described<'_>, findings: &mut Findings) {
    for found in cluster.find(findings, Ask::WindowsProfile).found {
        if !found.is_empty() {
            let what = "credentials for Windows nodes, which network isolated clusters do not support";
            found.report(findings, Severity::Warn, &RULE, what, "Leave the Windows profile out");
        }
    }
}
