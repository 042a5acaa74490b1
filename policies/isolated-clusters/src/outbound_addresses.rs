//! Rejects outbound addresses of a cluster's load balancer or NAT gateway.
//!
//! ## What it does
//!
//! Looks for outbound addresses and prefixes in the profile of the load balancer, of either version of IP, and for the
//! profile of a NAT gateway, of either generation.
//!
//! ## Why it matters
//!
//! They describe a way out. Beside outbound type `none` they have no effect or are refused by Azure; with any other
//! type they are the way out, and they stay behind for the day on which somebody changes the type.
//!
//! ## Fields
//!
//! `spec.networkProfile.loadBalancerProfile.managedOutboundIPs`, `.outboundIPs`, `.outboundIPPrefixes` and
//! `spec.networkProfile.natGatewayProfile` of an ASO `ManagedCluster`, and what CAPZ and Crossplane call the same, such as
//! `managedOutboundIpCount` and `managedOutboundIpv6Count`.
//!
//! ## Instead
//!
//! Leave them out.
//!
//! ## Settings
//!
//! None.
//!
//! ## Not covered
//!
//! Addresses attached to the load balancer in Azure.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/egress-outboundtype>

use isolation::{Findings, Rule};

use crate::spec::Report;
use crate::model::Cluster;
use crate::fields::Field;

/// The rule.
pub const RULE: Rule = Rule { id: "NI612", name: "outbound-addresses", since: "0.1.0" };

const REPORT: Report<'_> = Report::deny(
    &RULE,
    "public addresses for outbound traffic, of which a network isolated cluster has none",
    "Leave it out",
);

/// Judges a cluster.
pub fn check(cluster: &Cluster<'_, '_>, findings: &mut Findings) {
    for field in [Field::ManagedOutboundIps, Field::OutboundIps, Field::OutboundPrefixes, Field::NatGateway] {
        cluster.spec.report_filled(findings, field, &REPORT);
    }
}
