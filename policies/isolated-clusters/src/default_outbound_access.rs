//! Reports subnets that give their machines a way out.
//!
//! ## Why it matters
//!
//! Machines in a subnet with default outbound access reach the internet through an Azure-owned address, although nobody
//! requested it. With outbound type `none` in your own network, this is the remaining hole. The default depends on the
//! version of Azure's API that creates the subnet: since 31 March 2026 new versions create private subnets, but older
//! ones, which operators keep using for long, do not. AKS creates private subnets in the networks that it manages; your
//! own networks are as you created them.
//!
//! ## What it does
//!
//! Requires a subnet to disable default outbound access explicitly, and to have no NAT gateway, its own or by an
//! association.
//!
//! ## Fields
//!
//! `spec.defaultOutboundAccess` and `spec.natGateway` of an ASO `VirtualNetworksSubnet`, `defaultOutboundAccessEnabled`
//! of a Crossplane `Subnet`; a Crossplane `SubnetNATGatewayAssociation`.
//!
//! ## Instead
//!
//! Write `defaultOutboundAccess: false`.
//!
//! ## Settings
//!
//! `defaultOutboundAccess`. The default is a warning, because subnets serve other purposes, too.
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
use crate::fields::Field;
use crate::spec::{Cure, Report, Spec};

/// The rule.
pub const RULE: Rule = Rule { id: "NI622", name: "default-outbound-access", since: "0.1.0" };

const UNSAID: &str = "unless disabled, machines in this subnet may reach the internet through default outbound access";
const GATEWAY: &str = "machines in this subnet reach the internet through a NAT gateway";

/// Reports a resource whose existence gives a subnet a NAT gateway.
pub fn report(object: Value<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    settings.default_outbound.report(&RULE, object, GATEWAY, "Remove it, and what attaches it to a subnet", findings);
}

/// Judges a subnet.
pub fn check(subnet: &Spec<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    let Some(severity) = settings.default_outbound.severity() else { return };
    let what = "machines in this subnet reach the internet through default outbound access";
    let answer = subnet.find(findings, Field::DefaultOutbound);
    let report = Report { severity, rule: &RULE, what, fix: "Write false", cure: Cure::False };
    subnet.report_true(findings, Field::DefaultOutbound, &report);
    if answer.found.is_empty() {
        subnet.report_missing(findings, &answer, &Report { what: UNSAID, fix: "false", ..report });
    }
    subnet.report_filled(
        findings,
        Field::SubnetNatGateway,
        &Report { what: GATEWAY, fix: "Omit it", cure: Cure::Omit, ..report },
    );
}
