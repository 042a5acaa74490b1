//! Reports public addresses, NAT gateways and public load balancers.
//!
//! ## Why it matters
//!
//! A network isolated cluster needs no public address. Attached to its nodes, its subnet or its load balancer in Azure,
//! a public address is a way out that the cluster's own description does not show.
//!
//! ## What it does
//!
//! Reports resources whose mere existence opens a way in or out, load balancer frontends with a public address
//! or prefix, outbound rules, and the Bastion that AKS creates for a cluster.
//!
//! ## Fields
//!
//! ASO `PublicIPAddress`, `PublicIPPrefix`, `NatGateway`, and `spec.frontendIPConfigurations[].publicIPAddress`,
//! `.publicIPPrefix` and `spec.outboundRules` of `LoadBalancer`; Crossplane `PublicIP`, `PublicIPPrefix`, `NATGateway`
//! and its associations with addresses, `LoadBalancerOutboundRule`, and of `LoadBalancer` `publicIpAddressId` and those
//! of `frontendIpConfiguration[]`, with their `…Ref` and `…Selector`; `networkProfile.bastionProfile.enabled` of an ASO
//! `ManagedCluster`, and in CAPZ's `AzureManagedControlPlane` by patch.
//!
//! ## Instead
//!
//! Use private endpoints and internal load balancers. Instead of a Bastion, connect from a peered network.
//!
//! ## Settings
//!
//! `publicAddresses`. The default is a warning, because a management cluster may create such resources for other
//! purposes; use `deny` in one that only creates isolated clusters.
//!
//! ## Not covered
//!
//! Addresses of firewalls, bastions and gateways: this rule cannot distinguish them.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/concepts-network-isolated>,
//! <https://learn.microsoft.com/cli/azure/aks/bastion>

use isolation::{FieldRef, Findings, Rule, Value};

use crate::Settings;
use crate::fields::Field;
use crate::lookup::with_references;
use crate::spec::{Cure, Report, Spec};

/// The rule.
pub const RULE: Rule = Rule { id: "NI621", name: "public-address", since: "0.1.0" };

/// The keys that make a frontend public, in the Azure Service Operator and in Crossplane.
pub const FRONTEND_KEYS: &[&str] = &["publicIPAddress", "publicIPPrefix", "publicIpAddressId", "publicIpPrefixId"];

const FRONTEND: Report<'_> = Report::warn(
    &RULE,
    "a public frontend makes the load balancer reachable from the internet",
    "Give the frontend a subnet instead",
);

const BASTION: Report<'_> = Report::warn(
    &RULE,
    "AKS creates a Bastion with a public address for this cluster",
    "Write false, and connect from a network that reaches the cluster",
)
.with(Cure::False);

/// Judges a cluster.
pub fn check_cluster(cluster: &Spec<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    if let Some(severity) = settings.public_addresses.severity() {
        cluster.report_true(findings, Field::Bastion, &Report { severity, ..BASTION });
    }
}

/// Where the names of fields begin that say what a resource attaches and to what, some with `Ref` and `Selector`.
const ATTACHED: &[&str] =
    &["backendAddressPoolId", "frontendIp", "loadbalancerId", "natGateway", "publicIP", "publicIp", "subnetId"];

/// What a resource attaches, and to what: with other values it opens another way.
pub fn attached<'d>(spec: &Spec<'d>) -> Vec<Value<'d>> {
    let mut attached = Vec::new();
    for fields in spec.layers().iter().filter_map(|layer| layer.fields) {
        for (key, value) in fields.entries() {
            if ATTACHED.iter().any(|name| key.starts_with(name)) {
                attached.push(value);
            }
        }
    }
    attached
}

/// Reports a resource that is public by its existence.
pub fn report(object: Value<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    if let Some(severity) = settings.public_addresses.severity() {
        let what = "opens a way between the internet and what it is attached to".to_owned();
        findings.report(
            severity,
            &RULE,
            FieldRef::from(object),
            what,
            "Remove it, or allow it with the policy's setting publicAddresses if no isolated cluster uses it".into(),
        );
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
    let what = "outbound rules give the machines behind the load balancer a way to the internet";
    let report = Report { severity, rule: &RULE, what, fix: "Omit them", cure: Cure::Omit };
    balancer.report_filled(findings, Field::OutboundRules, &report);
}
