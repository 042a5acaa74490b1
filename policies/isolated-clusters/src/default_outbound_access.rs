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
//! Azure does not apply default outbound access to subnets of its own services, so the field does not count in two kinds of
//! subnet; a NAT gateway does. Subnets delegated to `Microsoft.ContainerService/managedClusters` are for API servers, and AKS
//! refuses nodes in every delegated subnet. The same holds for delegations to DNS resolvers, NetApp Files, Application Gateway
//! for Containers, databases for MySQL and PostgreSQL, and managed instances of SQL. Subnets named `AzureBastionSubnet`,
//! `AzureFirewallSubnet`, `AzureFirewallManagementSubnet`, `GatewaySubnet` and `RouteServerSubnet` are Azure's.
//!
//! ## Fields
//!
//! `spec.defaultOutboundAccess`, `spec.natGateway` and `spec.delegations` of an ASO `VirtualNetworksSubnet`,
//! `defaultOutboundAccessEnabled` and `delegation` of a Crossplane `Subnet`, and the name of either in Azure; a Crossplane
//! `SubnetNATGatewayAssociation`.
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
//! - Routes and network security groups of the subnet.
//! - Templates and requests in a version of Azure's API that does not know the field: it counts as set. Whether Azure ignores or
//!   refuses it is not documented.
//! - Subnets of pods, which AKS delegates as it does those of API servers: only their NAT gateways are reported. Azure says of no
//!   delegated subnet that the field counts there.
//! - Nodes in a subnet with one of Azure's names. Azure documents that nothing else may be deployed there, not that it refuses
//!   it.
//!
//! Other delegations change nothing: users' code runs in those subnets, for example in container instances of virtual nodes.
//!
//! ## References
//!
//! - <https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access#limitations-of-private-subnets>
//! - <https://learn.microsoft.com/azure/aks/concepts-network-cni-overview#aks-cni-networking-prerequisites>
//! - <https://learn.microsoft.com/azure/aks/api-server-vnet-integration>

use isolation::{Findings, Rule, Value};

use crate::Settings;
use crate::fields::Field;
use crate::lookup::Lookup;
use crate::spec::{Cure, Report, Spec};

/// The rule.
pub const RULE: Rule = Rule { id: "NI622", name: "default-outbound-access", since: "0.1.0" };

const UNSAID: &str = "unless disabled, machines in this subnet may reach the internet through default outbound access";
const GATEWAY: &str = "machines in this subnet reach the internet through a NAT gateway";

/// Reports a resource whose existence gives a subnet a NAT gateway.
pub fn report(object: Value<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    settings.default_outbound.report(&RULE, object, GATEWAY, "Remove it, and what attaches it to a subnet", findings);
}

/// Services that a subnet can be delegated to, and that run no code of their users there.
const SERVICES: &[&str] = &[
    "Microsoft.ContainerService/managedClusters",
    "Microsoft.DBforMySQL/flexibleServers",
    "Microsoft.DBforPostgreSQL/flexibleServers",
    "Microsoft.Netapp/volumes",
    "Microsoft.Network/dnsResolvers",
    "Microsoft.ServiceNetworking/trafficControllers",
    "Microsoft.Sql/managedInstances",
];

/// Azure's own subnets. It looks for exactly these names.
const NAMES: &[&str] = &[
    "AzureBastionSubnet",
    "AzureFirewallManagementSubnet",
    "AzureFirewallSubnet",
    "GatewaySubnet",
    "RouteServerSubnet",
];

/// Whether Azure manages how whatever is in this subnet reaches other hosts.
fn is_managed(subnet: &Spec<'_>, name: Option<Value<'_>>, findings: &mut Findings) -> bool {
    let delegations = subnet.find(findings, Field::Delegations).found;
    let is_known = |delegation: Value<'_>| {
        let mut service = Lookup::default();
        service.at(delegation, "serviceName");
        service.at(delegation, "serviceDelegation[?].name");
        let is_service = |name: &str| SERVICES.iter().any(|known| known.eq_ignore_ascii_case(name));
        let mut names = service.values.iter().map(|name| name.as_str());
        !service.values.is_empty() && names.all(|name| name.is_some_and(|name| is_service(&name)))
    };
    NAMES.iter().any(|known| name.is_some_and(|name| name.is_text(known)))
        || (!delegations.is_empty() && delegations.iter().all(|delegation| is_known(delegation.value)))
}

/// Judges a subnet that has this name in Azure.
pub fn check(subnet: &Spec<'_>, name: Option<Value<'_>>, settings: &Settings<'_>, findings: &mut Findings) {
    let Some(severity) = settings.default_outbound.severity() else { return };
    let what = "machines in this subnet reach the internet through default outbound access";
    let report = Report { severity, rule: &RULE, what, fix: "Write false", cure: Cure::False };
    if !is_managed(subnet, name, findings) {
        let answer = subnet.find(findings, Field::DefaultOutbound);
        subnet.report_true(findings, Field::DefaultOutbound, &report);
        if answer.found.is_empty() {
            subnet.report_missing(findings, &answer, &Report { what: UNSAID, fix: "false", ..report });
        }
    }
    subnet.report_filled(
        findings,
        Field::SubnetNatGateway,
        &Report { what: GATEWAY, fix: "Omit it", cure: Cure::Omit, ..report },
    );
}
