//! Rejects handwritten endpoints with public IP addresses.
//!
//! ## Why it matters
//!
//! Such endpoints give an internet address a name and an address in the cluster. In an isolated cluster clients wait
//! until they time out, or the endpoint shows that there is a way out.
//!
//! ## What it does
//!
//! Rejects EndpointSlices and Endpoints that lead to a public IP address, or to a public name in a slice of names. This
//! is the counterpart of `public-external-name` for addresses: a Service without a selector sends traffic to whatever
//! its endpoints say.
//!
//! Endpoints that Kubernetes writes pass: those of the EndpointSlice and Endpoints controllers, recognised by the user
//! that the API server has authenticated, and the API server's own `default/kubernetes`.
//!
//! ## Fields
//!
//! `endpoints[].addresses[]` of EndpointSlices; `subsets[].addresses[].ip` and `subsets[].notReadyAddresses[].ip` of
//! Endpoints.
//!
//! ## Instead
//!
//! Create a private endpoint for the service and write its address, or add the range to `privateRanges`.
//!
//! ## Settings
//!
//! `externalNames`, `privateDnsZones`, `privateRanges`.
//!
//! ## Not covered
//!
//! Clusters that do not enable the family `endpoints` of `custom-resources.yml`. It is off by default, because every
//! pod that becomes ready or stops, even in `kube-system`, writes an EndpointSlice, and each write then waits for the
//! policy server. Its webhook needs `failurePolicy: Ignore`, which the generated policies have: the policy server
//! itself is reached through a slice and could not restart without one. The audit scanner and the command line judge
//! slices at no cost to the cluster.
//!
//! ## References
//!
//! <https://kubernetes.io/docs/concepts/services-networking/service/#services-without-selectors>,
//! <https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/>

use isolation::json::Kind;
use isolation::{Findings, Request, Rule, Value, places};

use crate::Settings;
use crate::address::holds_public;
use crate::names::leads_out;

/// The rule.
pub const RULE: Rule = Rule { id: "NI510", name: "public-endpoint-address", since: "0.2.0" };

/// The users that write endpoints from pods and nodes. The API server has authenticated the name.
const CONTROLLERS: &[&str] = &[
    "system:apiserver",
    "system:kube-controller-manager",
    "system:serviceaccount:kube-system:endpoint-controller",
    "system:serviceaccount:kube-system:endpointslice-controller",
    "system:serviceaccount:kube-system:endpointslicemirroring-controller",
];

/// The Service of the API server. Its address is public where the API server is, and the API server rewrites its endpoints
/// within seconds.
const API_SERVER: (&str, &str) = ("default", "kubernetes");

/// The label that names the Service of a slice.
const SERVICE_NAME: &str = "kubernetes.io/service-name";

/// Judges an EndpointSlice.
pub fn check_slice(request: &Request<'_>, slice: Value<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    let service = slice.descend(&["metadata", "labels", SERVICE_NAME]);
    if service.is_none_or(|service| service.is_text(API_SERVER.1)) && is_api_server(request) {
        return;
    }
    check(request, slice, &["endpoints[].addresses[]"], settings, findings);
}

/// Judges Endpoints.
pub fn check_endpoints(request: &Request<'_>, endpoints: Value<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    if !is_api_server(request) {
        let places = ["subsets[].addresses[].ip", "subsets[].notReadyAddresses[].ip"];
        check(request, endpoints, &places, settings, findings);
    }
}

fn is_api_server(request: &Request<'_>) -> bool {
    (request.namespace.as_ref(), request.name.as_ref()) == API_SERVER
}

fn check(request: &Request<'_>, object: Value<'_>, places: &[&str], settings: &Settings<'_>, findings: &mut Findings) {
    if CONTROLLERS.contains(&request.username.as_ref()) {
        return;
    }
    for place in places {
        places::visit(findings, object, place, &mut |findings, value| {
            if !findings.expect(value, Kind::String) {
                return;
            }
            let address = value.as_str().unwrap_or_default();
            if leads_out(&address, settings) {
                let fix = if holds_public(&address, &[]).is_some() {
                    "Create a private endpoint and write its address, or add the range to the policy's setting privateRanges"
                } else {
                    "Create a private endpoint and write its privatelink name, or add the zone to the policy's setting privateDnsZones"
                };
                settings.external_names.report(
                    &RULE,
                    value,
                    "an endpoint outside the virtual network, which a cluster with outbound type none or block cannot \
                     reach",
                    fix,
                    findings,
                );
            }
        });
    }
}
