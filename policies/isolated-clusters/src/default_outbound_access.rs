//! Reports subnets that give their machines a way out.
//!
//! ## What it does
//!
//! Requires that a subnet disables default outbound access in so many words, and has no NAT gateway.
//!
//! ## Why it matters
//!
//! Machines in a subnet with default outbound access reach the Internet through an address of Azure's, without
//! anybody having asked for it. With outbound type `none` in a network of one's own, that is the hole that remains.
//!
//! ## Fields
//!
//! `spec.defaultOutboundAccess` and `spec.natGateway` of an ASO `VirtualNetworksSubnet`,
//! `defaultOutboundAccessEnabled` of a Crossplane `Subnet`.
//!
//! ## Instead
//!
//! Write `defaultOutboundAccess: false`.
//!
//! ## Settings
//!
//! `defaultOutboundAccess`: subnets are made for other things too, so that the default is a warning.
//!
//! ## Not covered
//!
//! Routes and network security groups of the subnet.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access>

use isolation::{Findings, Rule};

use crate::Settings;
use crate::described::{Described, Report};
use crate::shapes::Ask;

/// The rule.
pub const RULE: Rule = Rule { id: "NI622", name: "default-outbound-access", since: "0.1.0" };

/// Judges a subnet.
pub fn check(subnet: &Described<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    let Some(severity) = settings.default_outbound.severity() else { return };
    let what = "machines in this subnet reach the Internet through default outbound access";
    let answer = subnet.find(findings, Ask::DefaultOutbound);
    let report = Report { severity, rule: &RULE, what, fix: "Write false" };
    subnet.report_true(findings, Ask::DefaultOutbound, &report);
    if answer.found.is_empty() {
        subnet.report_missing(findings, &answer, severity, &RULE, Ask::DefaultOutbound, what, "false");
    }
    let what = "machines in this subnet reach the Internet through a NAT gateway";
    subnet.report_filled(findings, Ask::SubnetNatGateway, &Report { what, fix: "Leave it out", ..report });
}
