//! Rejects Windows nodes.
//!
//! ## Why it matters
//!
//! Network isolated clusters do not support Windows nodes: they start from public endpoints, which such a cluster
//! cannot reach.
//!
//! ## What it does
//!
//! Rejects the operating system Windows, Windows images, and settings that only Windows nodes have, in agent pools of a
//! cluster and in separate pools.
//!
//! ## Fields
//!
//! `osType`, `osSKU` and `windowsProfile` of an ASO `ManagedClustersAgentPool` and of `agentPoolProfiles[]` in a
//! `ManagedCluster`; `spec.osType` and the patches of CAPZ's `AzureManagedMachinePool`; `osType`, `osSku` and
//! `windowsProfile` of Crossplane's node pools; the same below `operatingSystem` of `managedClusters/agentPools/machines`
//! in Azure's own definitions. A cluster's own `windowsProfile`, the credentials for such nodes, gets
//! a warning.
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
//! Machines that are not AKS nodes, such as CAPZ's `AzureMachine`.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/concepts-network-isolated>

use isolation::{Findings, Rule};

use crate::fields::Field;
use crate::spec::{Cure, Report, Spec};

/// The rule.
pub const RULE: Rule = Rule { id: "NI609", name: "windows-nodes", since: "0.1.0" };

const WHAT: &str = "network isolated clusters do not support Windows nodes";
const OS: Report<'_> = Report::deny(&RULE, WHAT, "Write Linux");
const IMAGE: Report<'_> = Report::deny(&RULE, WHAT, "Write AzureLinux or Ubuntu");
const PROFILE: Report<'_> = Report::deny(&RULE, WHAT, "Omit the Windows profile");
const CREDENTIALS: Report<'_> = Report::warn(
    &RULE,
    "credentials for Windows nodes, which network isolated clusters do not support",
    "Omit the Windows profile",
)
.with(Cure::Omit);

/// Judges an agent pool.
pub fn check(pool: &Spec<'_>, findings: &mut Findings) {
    // Every Windows image begins so: Windows2019, Windows2022, Windows2025, WindowsAnnual.
    let is_windows = |name: &str| name.get(..7).is_some_and(|head| head.eq_ignore_ascii_case("Windows"));
    pool.report_texts(findings, Field::OsType, &is_windows, &OS);
    pool.report_texts(findings, Field::OsSku, &is_windows, &IMAGE);
    pool.report_filled(findings, Field::WindowsProfile, &PROFILE);
}

/// Judges the fields of a cluster itself.
pub fn check_cluster(cluster: &Spec<'_>, findings: &mut Findings) {
    cluster.report_filled(findings, Field::WindowsProfile, &CREDENTIALS);
}
