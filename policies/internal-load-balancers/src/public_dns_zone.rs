//! Reports names that are written into public DNS zones.
//!
//! ## Why it matters
//!
//! A public zone publishes the names and private addresses of an isolated cluster's workloads. A name that only the
//! virtual network can reach belongs in a zone that only the virtual network can query.
//!
//! ## What it does
//!
//! Reads the zones of ExternalDNS and ClusterExternalDNS objects and reports those that are not private DNS zones.
//! Reports Fleet's TrafficManagerProfiles and TrafficManagerBackends.
//!
//! ## Fields
//!
//! `spec.dnsZoneResourceIDs[]` of ExternalDNS and ClusterExternalDNS (`approuting.kubernetes.azure.com`); the kinds
//! TrafficManagerProfile and TrafficManagerBackend (`networking.fleet.azure.com`).
//!
//! ## Instead
//!
//! Name a private DNS zone: `/subscriptions/…/providers/Microsoft.Network/privateDnsZones/…`.
//!
//! ## Settings
//!
//! `publicDnsZones`.
//!
//! ## Not covered
//!
//! Installations of ExternalDNS other than AKS's own.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/app-routing-dns-ssl>,
//! <https://learn.microsoft.com/azure/kubernetes-fleet/concepts-dns-load-balancing>

use isolation::json::Kind;
use isolation::{Findings, Request, Rule, Value};

use crate::Settings;

/// The rule.
pub const RULE: Rule = Rule { id: "NI213", name: "public-dns-zone", since: "0.1.0" };

/// Judges a TrafficManagerProfile or TrafficManagerBackend of Fleet.
pub fn check_traffic_manager(_: &Request<'_>, object: Value<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    settings.public_dns_zones.report(
        &RULE,
        object,
        "Traffic Manager has a public DNS name and accepts only endpoints with a public IP address",
        "Remove it and publish the name in a private DNS zone",
        findings,
    );
}

/// Judges an ExternalDNS or ClusterExternalDNS.
pub fn check(_: &Request<'_>, object: Value<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    let Some(spec) = findings.object(object, "spec") else { return };
    for zone in findings.list(spec, "dnsZoneResourceIDs") {
        if !findings.expect(zone, Kind::String) {
            continue;
        }
        // /subscriptions/ID/resourceGroups/NAME/providers/Microsoft.Network/privateDnsZones/ZONE
        let id = zone.as_str().unwrap_or_default();
        let private = id.split('/').nth(7).is_some_and(|kind| kind.eq_ignore_ascii_case("privateDnsZones"));
        if !private {
            settings.public_dns_zones.report(
                &RULE,
                zone,
                "not a private DNS zone, so its names and addresses are public",
                "Name a zone of type Microsoft.Network/privateDnsZones",
                findings,
            );
        }
    }
}
