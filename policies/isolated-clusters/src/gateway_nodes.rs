//! Rejects gateway pools and the static egress gateway.
//!
//! ## What it does
//!
//! Looks for agent pools of the mode `Gateway`, for settings of such a pool, and for the switch of the static egress
//! gateway.
//!
//! ## Why it matters
//!
//! The nodes of a gateway pool carry public addresses, and any pod with an annotation reaches the Internet through
//! them.
//!
//! ## Fields
//!
//! `mode` and `gatewayProfile` of an ASO `ManagedClustersAgentPool` and of `agentPoolProfiles[]`, the same in CAPZ's
//! patches, `mode` of Crossplane's node pools; `spec.networkProfile.staticEgressGatewayProfile.enabled` of an ASO
//! `ManagedCluster`.
//!
//! ## Instead
//!
//! Use the mode `User` or `System`, and leave the gateway off.
//!
//! ## Settings
//!
//! None.
//!
//! ## Not covered
//!
//! What inside the cluster asks for a gateway; the policy `closed-egress` judges that.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/configure-static-egress-gateway>

use isolation::{Findings, Rule};

use crate::described::{Described, Report};
use crate::shapes::Ask;

/// The rule.
pub const RULE: Rule = Rule { id: "NI611", name: "gateway-nodes", since: "0.1.0" };

const WHAT: &str = "the nodes of a gateway pool lead pods out through public addresses";
const MODE: Report = Report::deny(&RULE, WHAT, "Write User or System");
const PROFILE: Report = Report::deny(&RULE, WHAT, "Leave the gateway profile out");
const SWITCH: Report =
    Report::deny(&RULE, "the static egress gateway leads pods out through public addresses", "Write false");

/// Judges an agent pool.
pub fn check(pool: &Described<'_>, findings: &mut Findings) {
    let is_gateway = |mode: &str| mode.eq_ignore_ascii_case("Gateway");
    pool.report_texts(findings, Ask::Mode, &is_gateway, &MODE);
    pool.report_filled(findings, Ask::GatewayProfile, &PROFILE);
}

/// Judges the fields of a cluster itself.
pub fn check_cluster(cluster: &Described<'_>, findings: &mut Findings) {
    cluster.report_true(findings, Ask::StaticEgress, &SWITCH);
}
