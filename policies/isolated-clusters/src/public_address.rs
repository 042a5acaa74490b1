//! Reports public addresses, NAT gateways and public load balancers.
//!
//! ## What it does
//!
//! Looks for resources that are a public way in or out by being there, and for frontends of load balancers with a
//! public address or prefix and outbound rules.
//!
//! ## Why it matters
//!
//! Beside a network isolated cluster nothing needs a public address. Attached to its nodes, its subnet or its load
//! balancer in Azure, it is a way out that the cluster's own description does not show.
//!
//! ## Fields
//!
//! ASO `PublicIPAddress`, `PublicIPPrefix`, `NatGateway`, and `spec.frontendIPConfigurations[].publicIPAddress`,
//! `.publicIPPrefix` and `spec.outboundRules` of `LoadBalancer`; Crossplane `PublicIP`, `PublicIPPrefix`,
//! `NATGateway`, `LoadBalancerOutboundRule`, and `frontendIpConfiguration[]` of `LoadBalancer`.
//!
//! ## Instead
//!
//! Use private endpoints and internal load balancers.
//!
//! ## Settings
//!
//! `publicAddresses`: a management cluster may make such resources for other things, so that the default is a
//! warning; `deny` is for one that makes isolated clusters only.
//!
//! ## Not covered
//!
//! Addresses of firewalls, bastions and gateways, which cannot be told from others here.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/concepts-network-isolated>

use isolation::{Findings, Rule, Spot, Value};

use crate::Settings;
use crate::described::{Described, Report};
use crate::shapes::Ask;

/// The rule.
pub const RULE: Rule = Rule { id: "NI621", name: "public-address", since: "0.1.0" };

/// Reports a resource that is public by being there.
pub fn report(object: Value<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    if let Some(severity) = settings.public_addresses.severity() {
        let what = "a public way in or out, which no network isolated cluster needs".to_owned();
        findings.report(severity, &RULE, Spot::from(object), what, "Do without it, or make it elsewhere".to_owned());
    }
}

/// Judges a load balancer.
pub fn check(balancer: &Described<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    let Some(severity) = settings.public_addresses.severity() else { return };
    for frontend in balancer.find(findings, Ask::PublicFrontends).found {
        for key in ["publicIPAddress", "publicIPPrefix", "publicIpAddressId", "publicIpPrefixId"] {
            if let Some(address) = frontend.member(findings, key)
                && !address.is_empty()
            {
                let what = "a load balancer with a public frontend, which no network isolated cluster needs";
                address.report(findings, severity, &RULE, what, "Give the frontend a subnet instead");
            }
        }
    }
    let what = "outbound rules give the machines behind the load balancer a way to the Internet";
    let report = Report { severity, rule: &RULE, what, fix: "Leave them out" };
    balancer.report_filled(findings, Ask::OutboundRules, &report);
}
