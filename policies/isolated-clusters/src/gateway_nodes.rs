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

use crate::described::Described;
use crate::shapes::Ask;

/// The rule.
pub const RULE: Rule = Rule { id: "NI611", name: "gateway-nodes", since: "0.1.0" };

/// Judges an agent pool.
pub fn check(pool: &Described<'_>, findings: &mut Findings) {
    let what = "the nodes of a gateway pool lead pods out through public addresses";
    for found in pool.find(findings, Ask::Mode).found {
        if found.text(findings).is_some_and(|text| text.eq_ignore_ascii_case("Gateway")) {
            found.deny(findings, &RULE, what, "Write User or System");
        }
    }
    for found in pool.find(findings, Ask::GatewayProfile).found {
        if !found.is_empty() {
            found.deny(findings, &RULE, what, "Leave the gateway profile out");
        }
    }
}

/// Judges the fields of a cluster itself.
pub fn check_cluster(cluster: &Described<'_>, findings: &mut Findings) {
    for found in cluster.find(findings, Ask::StaticEgress).found {
        if found.is_true(findings) {
            found.deny(findings, &RULE, "the static egress gateway leads pods out through public addresses", "Write false");
        }
    }
}
