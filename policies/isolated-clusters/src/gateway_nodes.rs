//! Rejects gateway pools with public addresses, and warns of others and of the static egress gateway.
//!
//! ## Why it matters
//!
//! Any pod with an annotation leaves the cluster through the nodes of a gateway pool. With Kubernetes 1.34 or later (in
//! preview) and pools of type `VirtualMachines`, their addresses may be private; a route then decides where the traffic
//! goes. All others have public addresses. The cluster's `provisionPublicIps` chooses between the two.
//!
//! ## What it does
//!
//! Judges agent pools of mode `Gateway`, the gateway profile of a pool, and the switch of the static egress gateway.
//! Where the gateway can use private addresses, it gets a warning; elsewhere it is rejected.
//!
//! ## Fields
//!
//! `mode`, `type` and `gatewayProfile` of an ASO `ManagedClustersAgentPool` and of `agentPoolProfiles[]`, the same in
//! CAPZ's patches, `mode` of Crossplane's node pools; `spec.networkProfile.staticEgressGatewayProfile.enabled` and the
//! version of an ASO `ManagedCluster`.
//!
//! ## Instead
//!
//! Use the mode `User` or `System`, and keep the gateway disabled; or write `type: VirtualMachines`, and
//! `provisionPublicIps: false` in the cluster.
//!
//! ## Settings
//!
//! `gatewayPools` decides where private addresses are possible.
//!
//! ## Not covered
//!
//! The gateways requested inside the cluster, and their addresses: the rule `public-static-gateway` of `closed-egress`
//! judges them.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/configure-static-egress-gateway>

use isolation::{Findings, Rule, Severity};

use crate::Settings;
use crate::fields::Field;
use crate::model::Cluster;
use crate::old_kubernetes;
use crate::spec::{Cure, Report, Spec};

/// The rule.
pub const RULE: Rule = Rule { id: "NI611", name: "gateway-nodes", since: "0.1.0" };

/// The first version whose gateways may have private addresses.
const PRIVATE: (u32, u32) = (1, 34);

const PUBLIC: Report<'_> = Report::deny(
    &RULE,
    "the nodes of this gateway pool let pods out through public addresses",
    "Write User or System; for private addresses, type: VirtualMachines with Kubernetes 1.34 or later",
);
const PROFILE: Report<'_> = Report::deny(&RULE, PUBLIC.what, "Omit the gateway profile");
const SWITCH: Report<'_> = Report::deny(
    &RULE,
    "before Kubernetes 1.34 the static egress gateway lets pods out through public addresses",
    "Write false",
)
.with(Cure::False);

/// The report where private addresses are possible.
fn possible(severity: Severity) -> Report<'static> {
    Report {
        severity,
        rule: &RULE,
        what: "pods leave through this gateway, with public addresses unless its StaticGatewayConfiguration has \
               provisionPublicIps: false",
        fix: "Remove it, or make sure that every StaticGatewayConfiguration does so (policy closed-egress)",
        cure: Cure::Open,
    }
}

/// Judges an agent pool of a cluster of this version, if known.
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
        // With the mode reported, the profile adds nothing.
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
