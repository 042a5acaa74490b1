//! Rejects outbound addresses of a cluster's load balancer or NAT gateway.
//!
//! ## Why it matters
//!
//! Outbound addresses describe a way out. With outbound type `none` they have no effect, or Azure refuses them. With
//! any other type they are the way out, and they remain until somebody changes the type.
//!
//! ## What it does
//!
//! Rejects outbound addresses and prefixes in the load balancer profile, for IPv4 and IPv6, and NAT gateway profiles of
//! either generation.
//!
//! ## Fields
//!
//! `spec.networkProfile.loadBalancerProfile.managedOutboundIPs`, `.outboundIPs`, `.outboundIPPrefixes` and
//! `spec.networkProfile.natGatewayProfile` of an ASO `ManagedCluster`, and their counterparts in CAPZ and Crossplane,
//! such as `managedOutboundIpCount` and `managedOutboundIpv6Count`.
//!
//! ## Instead
//!
//! Omit them.
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

use crate::fields::Field;
use crate::model::Cluster;
use crate::spec::Report;

/// The rule.
pub const RULE: Rule = Rule { id: "NI612", name: "outbound-addresses", since: "0.1.0" };

const REPORT: Report<'_> = Report::deny(&RULE, "egress goes out through these public addresses", "Omit it");

/// Judges a cluster.
pub fn check(cluster: &Cluster<'_, '_>, findings: &mut Findings) {
    for field in [Field::ManagedOutboundIps, Field::OutboundIps, Field::OutboundPrefixes, Field::NatGateway] {
        cluster.spec.report_filled(findings, field, &REPORT);
    }
}
