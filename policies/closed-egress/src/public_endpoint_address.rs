//! Rejects endpoints with public IP addresses that somebody writes by hand.
//!
//! ## What it does
//!
//! Refuses EndpointSlices and Endpoints that lead to a public IP address, or to a public name in a slice of names. It is the
//! form of `public-external-name` for addresses: a Service without a selector takes whatever its endpoints say.
//!
//! What Kubernetes itself writes passes: the controllers of EndpointSlices and Endpoints, known by the user that the API
//! server has authenticated, and the API server's own `default/kubernetes`.
//!
//! ## Why it matters
//!
//! Such endpoints give an address of the internet a name and an address of the cluster. In an isolated cluster clients wait
//! until they time out, or the endpoint shows that there is a way out.
//!
//! ## Fields
//!
//! `endpoints[].addresses[]` of EndpointSlices; `subsets[].addresses[].ip` and `subsets[].notReadyAddresses[].ip` of Endpoints.
//!
//! ## Instead
//!
//! Make a private endpoint for the service and write its address, or add the range to `privateRanges`.
//!
//! ## Settings
//!
//! `externalNames`, `privateDnsZones`, `privateRanges`.
//!
//! ## Not covered
//!
//! Clusters that do not switch the family `endpoints` of `custom-resources.yml` on, and it is off unless it is named: every
//! pod that becomes ready or goes writes an EndpointSlice, those of `kube-system` among them, and each write then waits for
//! the policy server. Its webhook must have `failurePolicy: Ignore`, which the generated policies have: the policy server is
//! reached through a slice, and could not come back without one. The audit scanner and the command line judge slices at no
//! cost to the cluster.
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

/// Who writes endpoints from pods and nodes. The API server has authenticated the name.
const CONTROLLERS: &[&str] = &[
    "system:apiserver",
    "system:kube-controller-manager",
    "system:serviceaccount:kube-system:endpoint-controller",
    "system:serviceaccount:kube-system:endpointslice-controller",
    "system:serviceaccount:kube-system:endpointslicemirroring-controller",
];

/// The Service of the API server, whose address is public where the API server is. The API server writes its endpoints again
/// within seconds.
const API_SERVER: (&str, &str) = ("default", "kubernetes");

/// The label that says whose Service a slice belongs to.
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
                    "Make a private endpoint and write its address, or add the range to the setting privateRanges"
                } else {
                    "Make a private endpoint and write its privatelink name, or add the zone to the setting privateDnsZones"
                };
                settings.external_names.report(
                    &RULE,
                    value,
                    "an endpoint outside the virtual network, which a cluster whose outbound type is none or block does not reach",
                    fix,
                    findings,
                );
            }
        });
    }
}
