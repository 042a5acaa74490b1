//! Rejects aliases for names and addresses outside the virtual network.
//!
//! ## Why it matters
//!
//! An isolated cluster reaches the services that it needs over private endpoints. An alias for a public name leads
//! nowhere, and clients wait until they time out, or it shows that there is a way out.
//!
//! ## What it does
//!
//! Rejects Services of type ExternalName, Istio's ServiceEntries and WorkloadEntries, Backends of Envoy Gateway and
//! kgateway, Kuma's MeshExternalServices and ApisixUpstreams that lead to a public DNS name or public IP address, and
//! Backends of type `DynamicResolver` or with `dynamicForwardProxy`, which lead to the host that each request names.
//! Rejects pods whose `/etc/hosts` gives a public IP address a name. These names pass: names in the cluster, names under top-level
//! domains that do not exist on the internet, names that Azure resolves only inside a virtual network, and names in
//! Azure's `privatelink` zones. The setting `privateDnsZones` adds your own.
//!
//! In a ServiceEntry, the rule judges the destinations of Istio's traffic: the endpoints, if the resolution is `STATIC`
//! or `DNS` and there are any; the addresses, if the resolution is `NONE` and there are any; otherwise the hosts. With
//! `NONE`, addresses do not limit HTTP: Istio compares the request's host and connects to wherever the client meant to
//! go. So the hosts count, too, if a port's protocol is HTTP, HTTP2, HTTP_PROXY, GRPC or GRPC-Web, or is omitted beside a
//! range of addresses, where Istio detects HTTP. The location does not matter.
//!
//! ## Fields
//!
//! `spec.externalName` of Services of type ExternalName; `spec.hosts`, `spec.addresses`, `spec.ports[].protocol`
//! and `spec.endpoints[].address` of ServiceEntries; `spec.address` of WorkloadEntries; `spec.endpoints[].fqdn.hostname`,
//! `spec.endpoints[].ip.address` and `spec.type` of Backends (`gateway.envoyproxy.io`); `spec.static.hosts[].host`,
//! `spec.gcp.host` and `spec.dynamicForwardProxy` of Backends (`gateway.kgateway.dev`); `spec.endpoints[].address` of
//! MeshExternalServices (`kuma.io`); `spec.externalNodes[].name` of ApisixUpstreams; `spec.hostAliases[].ip` of pods
//! and pod templates.
//!
//! ## Instead
//!
//! Create a private endpoint for the service and link its private DNS zone to the cluster's virtual network. Then add
//! the zone to `privateDnsZones`, or use the `privatelink` name. That name must have a label before `privatelink`, as
//! in `shop.privatelink.database.windows.net`.
//!
//! ## Settings
//!
//! `externalNames`, `privateDnsZones`, `privateRanges`.
//!
//! ## Not covered
//!
//! - The addresses that a name resolves to. Even where a ServiceEntry has endpoints, a program that does not use
//!   Istio's DNS proxy may still resolve the host through public DNS.
//! - Names that a program looks up itself.
//! - Volumes of type `gitRepo`, for which the kubelet clones a repository. Kubernetes 1.33 turned them off; in an isolated
//!   cluster that is older, a pod with a repository on the internet does not start.
//! - Backends of other gateways and meshes, such as agentgateway's AgentgatewayBackends, Gloo's Upstreams and Kuma's older
//!   ExternalServices; kgateway's Backends for AWS, language models (`spec.ai`) and MCP (`spec.mcp`); APISIX's service
//!   discovery; plug-ins and extensions.
//! - Whether a zone exists in each cloud. The zones are those of Microsoft's page for the public cloud, US Government and
//!   China, and those of the clusters' API servers there. The page names no zones of API Management in the latter two
//!   clouds; this rule expects `azure-api.us` and `azure-api.cn` to work alike, and nobody else can have a name there.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/private-link/private-endpoint-dns>,
//! <https://kubernetes.io/docs/concepts/services-networking/service/#externalname>,
//! <https://istio.io/latest/docs/reference/config/networking/service-entry/>,
//! <https://gateway.envoyproxy.io/docs/tasks/traffic/backend/>,
//! <https://kgateway.dev/docs/envoy/latest/traffic-management/destination-types/backends/static/>,
//! <https://kuma.io/docs/latest/networking/meshexternalservice/>,
//! <https://apisix.apache.org/docs/ingress-controller/reference/api-reference/>

use std::net::IpAddr;

use isolation::json::Kind;
use isolation::{Findings, Request, Rule, Value, places};

use crate::Settings;
use crate::address::{UNUSUAL, USUAL, holds_public};
use crate::names::leads_out;

/// The rule.
pub const RULE: Rule = Rule { id: "NI505", name: "public-external-name", since: "0.1.0" };

/// Judges the spec of a Service of type ExternalName.
pub fn check_service(spec: Value<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    if let Some((value, name)) = findings.text(spec, "externalName") {
        check_name(value, &name, settings, findings);
    }
}

/// Judges the destinations of a ServiceEntry.
pub fn check_service_entry(_: &Request<'_>, entry: Value<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    let Some(spec) = findings.object(entry, "spec") else { return };
    check_places(spec, &["endpoints[].address"], settings, findings);
    let some = |findings: &mut Findings, key| findings.list(spec, key).any(|item| !item.is_null());
    let labels = findings.descend(spec, &["workloadSelector", "labels"]);
    let selected = labels.is_some_and(|labels| labels.entries().next().is_some());
    let resolution = findings.text(spec, "resolution").map(|(_, text)| text);
    let destinations: &[&str] = match resolution.as_deref() {
        Some("STATIC" | "DNS" | "DNS_ROUND_ROBIN") if selected || some(findings, "endpoints") => return,
        None | Some("NONE") if some(findings, "addresses") => {
            if has_http(spec, findings) {
                &["addresses[]", "hosts[]"]
            } else {
                &["addresses[]"]
            }
        }
        _ => &["hosts[]"],
    };
    check_places(spec, destinations, settings, findings);
}

/// Protocols for which Istio listens on the addresses of a ServiceEntry, and nowhere else. It compares them ignoring case.
const BY_ADDRESS: &[&str] = &["tcp", "tls", "https", "mongo", "redis", "mysql", "udp"];
/// Protocols for which Istio listens on every address, and goes by the host
/// (<https://github.com/istio/istio/blob/master/pkg/config/protocol/instance.go>). What is in neither list is detected: on the
/// addresses, or, for a range, on every address.
const BY_HOST: &[&str] = &["http", "http2", "http_proxy", "grpc", "grpc-web"];

/// Whether Istio serves HTTP on addresses other than those of a ServiceEntry.
fn has_http(spec: Value<'_>, findings: &mut Findings) -> bool {
    let mut addresses = findings.list(spec, "addresses");
    let has_range = addresses.any(|address| address.as_str().is_some_and(|text| text.contains('/')));
    findings.objects(spec, "ports").into_iter().any(|port| {
        let protocol = findings.text(port, "protocol").map(|(_, text)| text.to_ascii_lowercase()).unwrap_or_default();
        BY_HOST.contains(&&*protocol) || (has_range && !BY_ADDRESS.contains(&&*protocol))
    })
}

/// Judges a WorkloadEntry.
pub fn check_workload_entry(_: &Request<'_>, entry: Value<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    if let Some(spec) = findings.object(entry, "spec") {
        check_places(spec, &["address"], settings, findings);
    }
}

/// Judges what a pod's spec writes into the pod's `/etc/hosts`.
pub fn check_host_aliases(spec: Value<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    places::visit(findings, spec, "hostAliases[].ip", &mut |findings, value| {
        if findings.expect(value, Kind::String) {
            let text = value.as_str().unwrap_or_default();
            if text.parse::<IpAddr>().is_ok() {
                check_name(value, &text, settings, findings);
            } else {
                settings.external_names.report(&RULE, value, UNUSUAL, USUAL, findings);
            }
        }
    });
}

/// Where gateways and meshes other than Istio name what is outside: Envoy Gateway, kgateway, Kuma and APISIX. No kind has a field of
/// another one.
const BACKENDS: &[&str] = &[
    "endpoints[].fqdn.hostname",
    "endpoints[].ip.address",
    "endpoints[].address",
    "static.hosts[].host",
    "gcp.host",
    "externalNodes[].name",
];

/// Judges a Backend of Envoy Gateway or kgateway, Kuma's MeshExternalService, or an ApisixUpstream.
pub fn check_backend(_: &Request<'_>, backend: Value<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    let Some(spec) = findings.object(backend, "spec") else { return };
    let resolver = findings.text(spec, "type").filter(|(_, kind)| kind == "DynamicResolver").map(|(value, _)| value);
    let proxy = spec.field("dynamicForwardProxy").filter(|value| !value.is_null());
    for (value, fix) in
        [(resolver, "Write type: Endpoints, and its endpoints"), (proxy, "Write static instead, and its hosts")]
    {
        if let Some(value) = value {
            let what = "Envoy connects to whatever host a request names, inside the virtual network or outside";
            settings.external_names.report(&RULE, value, what, fix, findings);
        }
    }
    check_places(spec, BACKENDS, settings, findings);
}

fn check_places(spec: Value<'_>, places: &[&str], settings: &Settings<'_>, findings: &mut Findings) {
    for place in places {
        places::visit(findings, spec, place, &mut |findings, value| {
            if findings.expect(value, Kind::String) {
                let name = value.as_str().unwrap_or_default();
                // A Unix socket is on the same node.
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
            "a public name: privatelink is a private link zone only after another label; as the first one it is a \
             customer's name",
            "Write the name before privatelink, as in shop.privatelink.database.windows.net",
        )
    } else if holds_public(name, &[]).is_some() {
        (
            "a public IP address, which a cluster with outbound type none or block cannot reach",
            "Create a private endpoint and write its address, or add the range to the policy's setting privateRanges",
        )
    } else if name.contains(':') {
        (UNUSUAL, USUAL)
    } else {
        (
            "a public name, which a cluster with outbound type none or block cannot reach",
            "Create a private endpoint and write its privatelink name, or add the zone to the policy's setting privateDnsZones",
        )
    };
    settings.external_names.report(&RULE, value, what, fix, findings);
}
