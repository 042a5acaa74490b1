//! Rejects gateway pools with public addresses, and warns of others and of the static egress gateway.
//!
//! ## What it does
//!
//! Looks for agent pools of the mode `Gateway`, for settings of such a pool, and for the switch of the static egress
//! gateway. Where the gateway can do with private addresses, that is a warning; elsewhere it is rejected.
//!
//! ## Why it matters
//!
//! Any pod with an annotation leaves the cluster through the nodes of a gateway pool. With Kubernetes 1.34 or later (in
//! preview) and pools of the type `VirtualMachines` their addresses may be private; then a route decides where it leads.
//! All others have public addresses. Which it is to be is said in the cluster, by `provisionPublicIps`.
//!
//! ## Fields
//!
//! `mode`, `type` and `gatewayProfile` of an ASO `ManagedClustersAgentPool` and of `agentPoolProfiles[]`, the same in CAPZ's
//! patches, `mode` of Crossplane's node pools; `spec.networkProfile.staticEgressGatewayProfile.enabled` and the version of
//! an ASO `ManagedCluster`.
//!
//! ## Instead
//!
//! Use the mode `User` or `System`, and leave the gateway off; or write `type: VirtualMachines`, and in the cluster
//! `provisionPublicIps: false`.
//!
//! ## Settings
//!
//! `gatewayPools` says what happens where private addresses are possible.
//!
//! ## Not covered
//!
//! What inside the cluster asks for a gateway, and with which addresses; the rule `public-static-gateway` of the policy
//! `closed-egress` judges that.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/configure-static-egress-gateway>

use isolation::{Findings, Rule, Severity};

use crate::Settings;
use crate::spec::{Spec, Report};
use crate::model::Cluster;
use crate::old_kubernetes;
use crate::fields::Field;

/// The rule.
pub const RULE: Rule = Rule { id: "NI611", name: "gateway-nodes", since: "0.1.0" };

/// The first version whose gateways may have private addresses.
const PRIVATE: (u32, u32) = (1, 34);

const PUBLIC: Report<'_> = Report::deny(
    &RULE,
    "the nodes of this gateway pool lead pods out through public addresses",
    "Write User or System; for private addresses, type: VirtualMachines with Kubernetes 1.34 or later",
);
const PROFILE: Report<'_> = Report::deny(&RULE, PUBLIC.what, "Leave the gateway profile out");
const SWITCH: Report<'_> =
    Report::deny(&RULE, "before Kubernetes 1.34 the static egress gateway leads pods out through public addresses", "Write false");

/// What is said where private addresses are possible.
fn possible(severity: Severity) -> Report<'static> {
    Report {
        severity,
        rule: &RULE,
        what: "pods leave through this gateway, by public addresses unless its StaticGatewayConfiguration says \
               provisionPublicIps: false",
        fix: "Do without it, or make sure that every StaticGatewayConfiguration says so (policy closed-egress)",
    }
}

/// Judges an agent pool of a cluster of this version, where that is known.
pub fn check(pool: &Spec<'_>, version: Option<(u32, u32)>, settings: &Settings<'_>, findings: &mut Findings) {
    let modes = pool.find(findings, Field::Mode).found;
    let is_gateway = |mode: &str| mode.eq_ignore_ascii_case("Gateway");
    let gateway = modes.iter().any(|mode| mode.value.as_str().is_some_and(|mode| is_gateway(&mode)));
    let kinds = pool.find(findings, Field::PoolType).found;
    let of_machines = !kinds.is_empty() && kinds.iter().all(|kind| kind.value.is_text("VirtualMachines"));
    let own = pool.find(findings, Field::Version).found;
    let own = own.first().and_then(|version| old_kubernetes::minor(&version.value.as_str()?));
    let may_be_private = of_machines && own.or(version).is_none_or(|version| version >= PRIVATE);
    if !may_be_private {
        pool.report_texts(findings, Field::Mode, &is_gateway, &PUBLIC);
        pool.report_filled(findings, Field::GatewayProfile, &PROFILE);
    } else if let Some(severity) = settings.gateway_pools.severity() {
        pool.report_texts(findings, Field::Mode, &is_gateway, &possible(severity));
        // Beside the mode the profile says nothing more.
        if !gateway {
            pool.report_filled(findings, Field::GatewayProfile, &possible(severity));
        }
    }
}

/// Judges the fields of a cluster itself.
pub fn check_cluster(cluster: &Cluster<'_, '_>, settings: &Settings<'_>, findings: &mut Findings) {
    if cluster.version.is_some_and(|version| version < PRIVATE) {
        cluster.spec.report_true(findings, Field::StaticEgress, &SWITCH);
    } else if let Some(severity) = settings.gateway_pools.severity() {
        cluster.spec.report_true(findings, Field::StaticEgress, &possible(severity));
    }
}
