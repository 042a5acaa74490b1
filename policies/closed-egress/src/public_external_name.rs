//! Rejects names outside the virtual network that are given a name inside the cluster.
//!
//! ## What it does
//!
//! Refuses Services of type ExternalName, Istio's ServiceEntries and WorkloadEntries, and Backends of Envoy Gateway that lead
//! to a public DNS name or public IP address. Names of the cluster, names under top-level domains that do not exist on the
//! internet, names that Azure resolves inside a virtual network only, and names in `privatelink` zones of Azure pass; the
//! setting `privateDnsZones` adds your own.
//!
//! Of a ServiceEntry that is judged which Istio sends traffic to: its endpoints, where its resolution is `STATIC` or `DNS`
//! and it has some; its addresses, where its resolution is `NONE` and it has some; else its hosts. Its location says nothing
//! of that.
//!
//! ## Why it matters
//!
//! An isolated cluster reaches the services that it needs over private endpoints. An alias for a public name either leads
//! nowhere, and clients wait until they time out, or it shows that there is a way out.
//!
//! ## Fields
//!
//! `spec.externalName` of Services of type ExternalName; `spec.hosts`, `spec.addresses` and `spec.endpoints[].address` of
//! ServiceEntries; `spec.address` of WorkloadEntries; `spec.endpoints[].fqdn.hostname` and `spec.endpoints[].ip.address` of
//! Backends (`gateway.envoyproxy.io`).
//!
//! ## Instead
//!
//! Make a private endpoint for the service and link its private DNS zone to the cluster's virtual network. Then name the
//! zone in `privateDnsZones`, or use the name below `privatelink`. The name must have a label of its own before
//! `privatelink`, as in `shop.privatelink.database.windows.net`.
//!
//! ## Settings
//!
//! `externalNames`, `privateDnsZones`, `privateRanges`.
//!
//! ## Not covered
//!
//! Whether a zone exists in each cloud. The zones are those of Microsoft's page for the public cloud, for US Government and for
//! China, with those of the clusters' API servers there. The page names none for API Management in these two clouds, whose
//! `azure-api.us` and `azure-api.cn` are taken to be built alike: nobody else can have a name there.
//!
//! What a name resolves to: with endpoints in a ServiceEntry, a program that resolves the host by itself, past Istio's DNS
//! proxy, may still ask the internet's DNS. Names that a program looks up by itself.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/private-link/private-endpoint-dns>,
//! <https://kubernetes.io/docs/concepts/services-networking/service/#externalname>,
//! <https://istio.io/latest/docs/reference/config/networking/service-entry/>

use isolation::json::Kind;
use isolation::{Findings, Request, Rule, Value, places};

use crate::Settings;
use crate::address::holds_public;
use crate::names::leads_out;

/// The rule.
pub const RULE: Rule = Rule { id: "NI505", name: "public-external-name", since: "0.1.0" };

/// Judges the spec of a Service of type ExternalName.
pub fn check_service(spec: Value<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    if let Some((value, name)) = findings.text(spec, "externalName") {
        check_name(value, &name, settings, findings);
    }
}

/// Judges a ServiceEntry: the destinations that Istio makes of it.
pub fn check_service_entry(_: &Request<'_>, entry: Value<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    let Some(spec) = findings.object(entry, "spec") else { return };
    check_places(spec, &["endpoints[].address"], settings, findings);
    let some = |findings: &mut Findings, key| findings.list(spec, key).any(|item| !item.is_null());
    let labels = findings.descend(spec, &["workloadSelector", "labels"]);
    let selected = labels.is_some_and(|labels| labels.entries().next().is_some());
    let resolution = findings.text(spec, "resolution").map(|(_, text)| text);
    let destinations: &[&str] = match resolution.as_deref() {
        Some("STATIC" | "DNS" | "DNS_ROUND_ROBIN") if selected || some(findings, "endpoints") => return,
        None | Some("NONE") if some(findings, "addresses") => &["addresses[]"],
        _ => &["hosts[]"],
    };
    check_places(spec, destinations, settings, findings);
}

/// Judges a WorkloadEntry.
pub fn check_workload_entry(_: &Request<'_>, entry: Value<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    if let Some(spec) = findings.object(entry, "spec") {
        check_places(spec, &["address"], settings, findings);
    }
}

/// Judges a Backend of Envoy Gateway.
pub fn check_backend(_: &Request<'_>, backend: Value<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    if let Some(spec) = findings.object(backend, "spec") {
        check_places(spec, &["endpoints[].fqdn.hostname", "endpoints[].ip.address"], settings, findings);
    }
}

fn check_places(spec: Value<'_>, places: &[&str], settings: &Settings<'_>, findings: &mut Findings) {
    for place in places {
        places::visit(findings, spec, place, &mut |findings, value| {
            if findings.expect(value, Kind::String) {
                let name = value.as_str().unwrap_or_default();
                // A path of a Unix socket leads to the same node.
                if !name.starts_with("unix://") {
                    check_name(value, &name, settings, findings);
                }
            }
        });
    }
}

fn check_name(value: Value<'_>, name: &str, settings: &Settings<'_>, findings: &mut Findings) {
    if !leads_out(name, settings) {
        return;
    }
    let (what, fix) = if name.starts_with("privatelink.") {
        (
            "a public name: privatelink is a private link zone only behind a label of its own, and first it is a name that a \
             customer chose",
            "Write the name before privatelink, as in shop.privatelink.database.windows.net",
        )
    } else if holds_public(name, &[]).is_some() {
        (
            "a public IP address, which a cluster whose outbound type is none or block does not reach",
            "Make a private endpoint and write its address, or add the range to the setting privateRanges",
        )
    } else {
        (
            "a public name, which a cluster whose outbound type is none or block does not reach",
            "Make a private endpoint and write its privatelink name, or add the zone to the setting privateDnsZones",
        )
    };
    settings.external_names.report(&RULE, value, what, fix, findings);
}
