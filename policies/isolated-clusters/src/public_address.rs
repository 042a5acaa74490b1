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
//! `NATGateway` and its associations with addresses, `LoadBalancerOutboundRule`, and of `LoadBalancer`
//! `publicIpAddressId` and those of `frontendIpConfiguration[]`, with their `…Ref` and `…Selector`.
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
use crate::spec::{Spec, Report};
use crate::look::with_references;
use crate::fields::Field;

/// The rule.
pub const RULE: Rule = Rule { id: "NI621", name: "public-address", since: "0.1.0" };

/// What makes a frontend public, in the words of Azure Service Operator and of Crossplane.
pub const FRONTEND_KEYS: &[&str] = &["publicIPAddress", "publicIPPrefix", "publicIpAddressId", "publicIpPrefixId"];

const FRONTEND: Report<'_> = Report::warn(
    &RULE,
    "a load balancer with a public frontend, which no network isolated cluster needs",
    "Give the frontend a subnet instead",
);

/// Reports a resource that is public by being there.
pub fn report(object: Value<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    if let Some(severity) = settings.public_addresses.severity() {
        let what = "a public way in or out, which no network isolated cluster needs".to_owned();
        findings.report(severity, &RULE, Spot::from(object), what, "Do without it, or make it elsewhere".to_owned());
    }
}

/// Judges a load balancer.
pub fn check(balancer: &Spec<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    let Some(severity) = settings.public_addresses.severity() else { return };
    for frontend in balancer.find(findings, Field::PublicFrontends).found {
        for key in FRONTEND_KEYS.iter().flat_map(|key| with_references(key)) {
            if let Some(address) = frontend.member(findings, &key)
                && !address.is_empty()
            {
                address.say(findings, &Report { severity, ..FRONTEND });
            }
        }
    }
    balancer.report_filled(findings, Field::BalancerAddress, &Report { severity, ..FRONTEND });
    let what = "outbound rules give the machines behind the load balancer a way to the Internet";
    let report = Report { severity, rule: &RULE, what, fix: "Leave them out" };
    balancer.report_filled(findings, Field::OutboundRules, &report);
}
