//! Rejects names outside the virtual network that are given a name inside the cluster.
//!
//! ## What it does
//!
//! Refuses Services of type ExternalName, and Istio's ServiceEntries and WorkloadEntries, that lead to a public DNS name or
//! public IP address. Names of the cluster, names under top-level domains that do not exist on the internet, and `privatelink` zones of Azure
//! pass; the setting `privateDnsZones` adds your own.
//!
//! ## Why it matters
//!
//! An isolated cluster reaches the services that it needs over private endpoints. An alias for a public name either leads
//! nowhere, and clients wait until they time out, or it shows that there is a way out.
//!
//! ## Fields
//!
//! `spec.externalName` of Services of type ExternalName; `spec.hosts` and `spec.endpoints[].address` of ServiceEntries
//! whose `spec.location` is not `MESH_INTERNAL`; `spec.address` of WorkloadEntries.
//!
//! ## Instead
//!
//! Make a private endpoint for the service and link its private DNS zone to the cluster's virtual network. Then name the
//! zone in `privateDnsZones`, or use the name below `privatelink`.
//!
//! ## Settings
//!
//! `externalNames`, `privateDnsZones`, `privateRanges`.
//!
//! ## Not covered
//!
//! What a name resolves to. Names that a program looks up by itself.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/private-link/private-endpoint-dns>,
//! <https://kubernetes.io/docs/concepts/services-networking/service/#externalname>

use std::net::IpAddr;

use isolation::json::Kind;
use isolation::{Findings, Request, Rule, Value, places};

use crate::Settings;
use crate::address::is_public;

/// The rule.
pub const RULE: Rule = Rule { id: "NI505", name: "public-external-name", since: "0.1.0" };

/// Zones that do not exist on the internet: RFC 6761, RFC 6762 (which the cluster's own `cluster.local` is under),
/// RFC 8375, and `internal`, which ICANN has set apart for private use.
const NOWHERE: &[&str] = &["local", "localhost", "test", "invalid", "internal", "home.arpa"];

/// The domains below which Azure has `privatelink` zones.
const PRIVATE_LINK: &[&str] = &[
    "adx.monitor.azure.com",
    "analysis.windows.net",
    "azconfig.io",
    "azmk8s.io",
    "azure-api.net",
    "azure-automation.net",
    "azure-devices-provisioning.net",
    "azure-devices.net",
    "azure.cn",
    "azure.com",
    "azure.net",
    "azure.us",
    "azurecr.io",
    "azuredatabricks.net",
    "azurehdinsight.net",
    "azureml.ms",
    "azurestaticapps.net",
    "azuresynapse.net",
    "azurewebsites.net",
    "chinacloudapi.cn",
    "dicom.azurehealthcareapis.com",
    "fhir.azurehealthcareapis.com",
    "azurehealthcareapis.com",
    "azurecontainerapps.io",
    "microsoft.com",
    "powerquery.microsoft.com",
    "signalr.net",
    "usgovcloudapi.net",
    "windows.net",
    "windowsazure.com",
];

/// Judges the spec of a Service of type ExternalName.
pub fn check_service(spec: Value<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    if let Some((value, name)) = findings.text(spec, "externalName") {
        check_name(value, &name, settings, findings);
    }
}

/// Judges a ServiceEntry.
pub fn check_service_entry(_: &Request<'_>, entry: Value<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    let Some(spec) = findings.object(entry, "spec") else { return };
    if findings.text(spec, "location").is_some_and(|(_, location)| location == "MESH_INTERNAL") {
        return;
    }
    check_places(spec, &["hosts[]", "endpoints[].address"], settings, findings);
}

/// Judges a WorkloadEntry.
pub fn check_workload_entry(_: &Request<'_>, entry: Value<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    if let Some(spec) = findings.object(entry, "spec") {
        check_places(spec, &["address"], settings, findings);
    }
}

fn check_places(spec: Value<'_>, places: &[&str], settings: &Settings<'_>, findings: &mut Findings) {
    for place in places {
        places::visit(findings, spec, place, &mut |findings, value| {
            if findings.expect(value, Kind::String) {
                let name = value.as_str().unwrap_or_default();
                // A path of a Unix socket leads to the same node.
                if !name.starts_with("unix://") {
                    check_name(value, name.strip_prefix("*.").unwrap_or(&name), settings, findings);
                }
            }
        });
    }
}

fn check_name(value: Value<'_>, name: &str, settings: &Settings<'_>, findings: &mut Findings) {
    if !leads_out(name, settings) {
        return;
    }
    let what = if name.parse::<IpAddr>().is_ok() {
        "a public IP address, which a cluster whose outbound type is none or block does not reach"
    } else {
        "a public name, which a cluster whose outbound type is none or block does not reach"
    };
    settings.external_names.report(
        &RULE,
        value,
        what,
        "Make a private endpoint and write its privatelink name, or add the zone to the setting privateDnsZones",
        findings,
    );
}

/// Whether a name or address is outside of what the virtual network resolves.
fn leads_out(name: &str, settings: &Settings<'_>) -> bool {
    if let Ok(address) = name.parse::<IpAddr>() {
        return is_public(address, &settings.private_ranges);
    }
    let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    // Without a dot it is a name of the cluster's own search domains, or of nothing.
    name.contains('.')
        && !NOWHERE.iter().any(|zone| is_below(&name, zone))
        && !settings.private_zones.iter().any(|zone| is_below(&name, zone))
        && !is_private_link(&name)
}

fn is_below(name: &str, zone: &str) -> bool {
    name.strip_suffix(zone).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Whether the name is below a `privatelink` zone of Azure: `db1.privatelink.database.windows.net`. Somebody else's domain
/// may have a label `privatelink` as well.
fn is_private_link(name: &str) -> bool {
    let mut rest = name;
    while let Some((label, zone)) = rest.split_once('.') {
        if label == "privatelink" {
            return PRIVATE_LINK.iter().any(|domain| is_below(zone, domain));
        }
        rest = zone;
    }
    false
}
