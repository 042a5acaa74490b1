//! Rejects pods that use a static egress gateway that the settings do not allow.
//!
//! ## Why it matters
//!
//! The annotation `kubernetes.azure.com/static-gateway-configuration` sends all traffic of the pod to the gateway, past
//! the cluster's network policies, which do not apply to it. In a cluster whose outbound type is `none` or `block`, a
//! gateway is a way out that somebody must have approved.
//!
//! ## What it does
//!
//! Compares the annotation `kubernetes.azure.com/static-gateway-configuration` of pods and pod templates with the
//! setting `staticGateways`. Without the setting, no pod may have the annotation.
//!
//! ## Fields
//!
//! `metadata.annotations` of pods and of every pod template.
//!
//! ## Instead
//!
//! Remove the annotation, or add the gateway to `staticGateways`.
//!
//! ## Settings
//!
//! `staticGateways`.
//!
//! ## Not covered
//!
//! - Where the gateway leads. `public-static-gateway` requires its addresses to be private.
//! - The kind PodEndpoint, which names a gateway itself (`spec.staticGatewayConfiguration`). The CNI manager of a node
//!   writes it for a pod with the annotation, and the gateway admits the WireGuard key and the address in it. Anyone else
//!   who may create one can admit a pod without the annotation, if the pod speaks WireGuard with that key itself. Grant
//!   the right to create PodEndpoints to nobody.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/configure-static-egress-gateway>

use isolation::json::Kind;
use isolation::pods::Pod;
use isolation::{Findings, Fix, Request, Rule};

use crate::Settings;

/// The rule.
pub const RULE: Rule = Rule { id: "NI503", name: "static-gateway-annotation", since: "0.1.0" };

const ANNOTATION: &str = "kubernetes.azure.com/static-gateway-configuration";

/// Judges the annotations of a pod or template.
pub fn check(request: &Request<'_>, pod: &Pod<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    let Some(value) = pod.annotation(findings, ANNOTATION) else { return };
    if !findings.expect(value, Kind::String) {
        return;
    }
    let name = value.as_str().unwrap_or_default();
    let allowed = settings.static_gateways.iter().any(|gateway| match gateway.split_once('/') {
        // A pod can use only the gateways of its own namespace.
        Some((namespace, gateway)) => namespace == request.namespace && gateway == name,
        None => *gateway == name,
    });
    if !allowed {
        findings.deny(
            &RULE,
            value,
            "sends the pod's traffic out of the cluster through a static egress gateway that is not allowed; network \
             policies do not apply to it",
            Fix::remove("Remove the annotation, or add the gateway to the policy's setting staticGateways"),
        );
    }
}
