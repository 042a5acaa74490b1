//! Rejects outbound type `block` in your own virtual network.
//!
//! ## Why it matters
//!
//! `block` relies on rules that AKS adds to a network that it manages. It is not available in your own network: Azure
//! refuses the cluster. There, outbound type `none` and your own security rules have the same effect.
//!
//! ## What it does
//!
//! Rejects a cluster with outbound type `block` that names a subnet for its nodes, its API server or the nodes that AKS hosts.
//!
//! ## Fields
//!
//! The outbound type, `agentPoolProfiles[].vnetSubnetReference` and `.podSubnetReference`,
//! `apiServerAccessProfile.subnetReference`, `hostedSystemProfile.nodeSubnetReference` and `.systemNodeSubnetReference` of an ASO `ManagedCluster`; the same of a Crossplane `KubernetesCluster`,
//! where each id may also be a reference (`vnetSubnetIdRef`) or a selector. CAPZ's `AzureManagedControlPlane` always
//! creates its own virtual network, so `block` is always rejected there.
//!
//! ## Instead
//!
//! Use outbound type `none` and close the subnet with your own rules.
//!
//! ## Settings
//!
//! None.
//!
//! ## Not covered
//!
//! Agent pools that are separate objects: they do not show which cluster they belong to.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/egress-outboundtype>

use isolation::{Findings, Rule};

use crate::fields::Field;
use crate::model::Cluster;

/// The rule.
pub const RULE: Rule = Rule { id: "NI602", name: "block-in-own-network", since: "0.1.0" };

/// Judges a cluster.
pub fn check(cluster: &Cluster<'_, '_>, findings: &mut Findings) {
    let spec = cluster.spec;
    let outbound = spec.find(findings, Field::OutboundType).found;
    let Some(block) = outbound.iter().find(|found| found.value.is_text("block")) else { return };
    let fix = spec.instead(Some(block), Field::OutboundType, "\"none\"");
    if spec.is_patched() {
        let what = "outbound type block needs a network that AKS manages, but CAPZ always creates its own \
                    (virtualNetwork)";
        return block.deny(findings, &RULE, what, &fix);
    }
    let mut subnets = spec.find(findings, Field::ApiServerSubnet).found;
    for pool in &cluster.pools {
        subnets.extend(pool.find(findings, Field::Subnet).found);
    }
    for subnet in subnets.iter().filter(|subnet| !subnet.is_empty()) {
        let what = "your own subnet; outbound type block works only in a network that AKS manages";
        subnet.deny(findings, &RULE, what, "Set outboundType: none, or let AKS create the subnet");
    }
}
