//! Rejects outbound type `block` in a virtual network of one's own.
//!
//! ## What it does
//!
//! Looks whether a cluster with outbound type `block` names a subnet, for its nodes or its API server.
//!
//! ## Why it matters
//!
//! `block` works with rules that AKS puts into the network that it manages. In a network that you bring it is not
//! available: Azure refuses the cluster. There, outbound type `none` and security rules of your own do the same.
//!
//! ## Fields
//!
//! The outbound type, `agentPoolProfiles[].vnetSubnetReference` and `.podSubnetReference` and
//! `apiServerAccessProfile.subnetReference` of an ASO `ManagedCluster`, the same of a Crossplane `KubernetesCluster`, where
//! each id may also be a reference (`vnetSubnetIdRef`) or a selector. CAPZ's `AzureManagedControlPlane` always makes a
//! virtual network of its own, so `block` is rejected there.
//!
//! ## Instead
//!
//! Use outbound type `none` and close the subnet with rules of your own.
//!
//! ## Settings
//!
//! None.
//!
//! ## Not covered
//!
//! Agent pools that are objects of their own: which cluster they belong to cannot be seen in them.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/egress-outboundtype>

use isolation::{Findings, Rule};

use crate::model::Cluster;
use crate::fields::Field;

/// The rule.
pub const RULE: Rule = Rule { id: "NI602", name: "block-in-own-network", since: "0.1.0" };

/// Judges a cluster.
pub fn check(cluster: &Cluster<'_, '_>, findings: &mut Findings) {
    let spec = cluster.spec;
    let outbound = spec.find(findings, Field::OutboundType).found;
    let Some(block) = outbound.iter().find(|found| found.value.is_text("block")) else { return };
    let fix = spec.instead(Some(block), Field::OutboundType, "\"none\"");
    if spec.is_patched() {
        let what = "outbound type block needs a network that AKS manages, and CAPZ always brings one of its own (virtualNetwork)";
        return block.deny(findings, &RULE, what, &fix);
    }
    let mut subnets = spec.find(findings, Field::ApiServerSubnet).found;
    for pool in &cluster.pools {
        subnets.extend(pool.find(findings, Field::Subnet).found);
    }
    for subnet in subnets.iter().filter(|subnet| !subnet.is_empty()) {
        let what = "a subnet of your own; outbound type block works only in a network that AKS manages";
        subnet.deny(findings, &RULE, what, "Set outboundType to none, or leave the subnet to AKS");
    }
}
