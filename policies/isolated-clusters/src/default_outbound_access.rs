//! Reports subnets that give their machines a way out.
//!
//! ## What it does
//!
//! Requires that a subnet disables default outbound access in so many words, and has no NAT gateway, of its own or by an
//! association.
//!
//! ## Why it matters
//!
//! Machines in a subnet with default outbound access reach the Internet through an address of Azure's, without
//! anybody having asked for it. With outbound type `none` in a network of one's own, that is the hole that remains. What a
//! subnet that says nothing has depends on the version of Azure's API in which it is made: since 31 March 2026 new versions
//! make private subnets, older ones, which operators use for long, do not. AKS makes private subnets in the networks that it
//! manages; networks of one's own are as they were made.
//!
//! ## Fields
//!
//! `spec.defaultOutboundAccess` and `spec.natGateway` of an ASO `VirtualNetworksSubnet`,
//! `defaultOutboundAccessEnabled` of a Crossplane `Subnet`; a Crossplane `SubnetNATGatewayAssociation`.
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

use isolation::{Findings, Rule, Value};

use crate::Settings;
use crate::spec::{Spec, Report};
use crate::fields::Field;

/// The rule.
pub const RULE: Rule = Rule { id: "NI622", name: "default-outbound-access", since: "0.1.0" };

const UNSAID: &str = "unless this is disabled, machines in this subnet may reach the Internet through default outbound access";
const GATEWAY: &str = "machines in this subnet reach the Internet through a NAT gateway";

/// Reports what gives a subnet a NAT gateway by being there.
pub fn report(object: Value<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    settings.default_outbound.report(&RULE, object, GATEWAY, "Do without it", findings);
}

/// Judges a subnet.
pub fn check(subnet: &Spec<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    let Some(severity) = settings.default_outbound.severity() else { return };
    let what = "machines in this subnet reach the Internet through default outbound access";
    let answer = subnet.find(findings, Field::DefaultOutbound);
    let report = Report { severity, rule: &RULE, what, fix: "Write false" };
    subnet.report_true(findings, Field::DefaultOutbound, &report);
    if answer.found.is_empty() {
        subnet.report_missing(findings, &answer, &Report { what: UNSAID, fix: "false", ..report });
    }
    subnet.report_filled(findings, Field::SubnetNatGateway, &Report { what: GATEWAY, fix: "Leave it out", ..report });
}
