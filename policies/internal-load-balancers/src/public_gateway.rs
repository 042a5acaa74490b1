//! Rejects Gateways that get a load balancer with a public IP address.
//!
//! ## What it does
//!
//! Judges `spec.infrastructure.annotations` of Gateways of the classes `istio` and `approuting-istio` as the annotations of
//! the Service that is made from them.
//!
//! ## Why it matters
//!
//! istiod makes a Service of type LoadBalancer beside each Gateway and copies the annotations to it. Without the one for an
//! internal load balancer the Gateway is open to the internet. The Service would be rejected too, but then istiod is
//! refused and the user sees only a Gateway that never gets an address.
//!
//! ## Fields
//!
//! `spec.gatewayClassName`, `spec.infrastructure.annotations`, `spec.addresses`, and `networking.istio.io/service-type` in
//! `metadata.annotations`.
//!
//! ## Instead
//!
//! ```yaml
//! spec:
//!   infrastructure:
//!     annotations:
//!       service.beta.kubernetes.io/azure-load-balancer-internal: "true"
//! ```
//!
//! ## Settings
//!
//! `gatewayClasses`, `gatewayConfigMaps`, `internalGatewayClasses`.
//!
//! ## Not covered
//!
//! Gateways of other classes; the Services that they are made into are judged. Gateways with a host name in
//! `spec.addresses`, for which istiod makes no Service.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/istio-gateway-api>,
//! <https://learn.microsoft.com/azure/aks/app-routing-gateway-api>

use isolation::{Findings, Request, Rule, Value};

use crate::annotations::{Annotations, Frontend, INTERNAL, TRUE};
use crate::{Settings, gateway_parameters, ineffective_public_ip, internet_source, service};

/// The rule.
pub const RULE: Rule = Rule { id: "NI209", name: "public-gateway", since: "0.1.0" };

const SERVICE_TYPE: &str = "networking.istio.io/service-type";

/// Judges a Gateway that Istio makes a Service from.
pub fn check(
    request: &Request<'_>,
    gateway: Value<'_>,
    spec: Value<'_>,
    class: &str,
    settings: &Settings<'_>,
    findings: &mut Findings,
) {
    let own = Annotations::read(findings, gateway, &["metadata", "annotations"]);
    let other_type =
        own.text(findings, SERVICE_TYPE).is_some_and(|(_, kind)| matches!(kind.as_ref(), "ClusterIP" | "NodePort"));
    if is_attached(spec, findings) {
        return;
    }
    let made_internal = gateway_parameters::check_reference(request, spec, settings, findings);
    if other_type {
        return;
    }
    let annotations = Annotations::read(findings, gateway, &["spec", "infrastructure", "annotations"]);
    let by_default = settings.internal_gateway_classes.iter().any(|internal| internal == class);
    service::judge_both(&annotations, settings, findings);
    match annotations.frontend() {
        Frontend::Private => {
            internet_source::check(&annotations, None, findings);
            ineffective_public_ip::check(&annotations, findings);
        }
        // What the Gateway says nothing of, the ConfigMap says.
        Frontend::Public { .. } if annotations.get(INTERNAL).is_none() && (made_internal || by_default) => {}
        Frontend::Public { spot, why } => {
            let elsewhere = own.get(INTERNAL).is_some_and(|value| value.is_text(TRUE));
            let why = if elsewhere && annotations.get(INTERNAL).is_none() {
                "the load balancer gets a public IP address, open to the internet: the annotation stands in \
                 metadata.annotations, from where it need not reach the Service"
            } else {
                why
            };
            findings.deny(
                &RULE,
                spot,
                why,
                "Write service.beta.kubernetes.io/azure-load-balancer-internal: \"true\" under \
                 spec.infrastructure.annotations",
            );
        }
    }
}

/// Whether the Gateway is served by Services that exist already, so that none is made: as istiod decides it, when there
/// are several addresses, or one that is not an IP address.
fn is_attached(spec: Value<'_>, findings: &mut Findings) -> bool {
    let addresses = findings.objects(spec, "addresses");
    match addresses.as_slice() {
        [] => false,
        [address] => findings.text(*address, "type").is_some_and(|(_, kind)| kind != "IPAddress"),
        _ => true,
    }
}
