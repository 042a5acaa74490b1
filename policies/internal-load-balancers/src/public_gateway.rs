//! Rejects Gateways that get a load balancer with a public IP address.
//!
//! ## Why it matters
//!
//! istiod creates a Service of type LoadBalancer for each Gateway and copies the annotations to it. Without the one for
//! an internal load balancer, the Gateway is open to the internet. The Service would be rejected too, but istiod would
//! get the rejection, and the user would only see a Gateway that never gets an address.
//!
//! ## What it does
//!
//! Judges `spec.infrastructure.annotations` of Gateways of the classes `istio`, `approuting-istio`, `istio-east-west`
//! and `istio-agentgateway` like the annotations of the Service that istiod creates from them. Where that field is not
//! set, it judges the Gateway's own annotations, which istiod then copies. Gateways of unknown classes are reported,
//! unless they have the annotation.
//!
//! With the setting `existing: allow`, a Gateway that was public already passes while its class, the name of istiod's Service
//! and the address stay as they are, and nobody else is let in.
//!
//! Classes in the setting `istioGatewayClasses` are judged like `istio`. Gateways of classes in `gatewayClasses`, whose
//! controller may be any, must have the annotation in any case: only istiod reads `networking.istio.io/service-type`,
//! takes addresses for a Service of its own, and merges ConfigMaps.
//!
//! ## Fields
//!
//! `spec.gatewayClassName`, `spec.infrastructure.annotations`, `spec.addresses`, and `networking.istio.io/service-type`
//! and `gateway.istio.io/name-override` in `metadata.annotations`.
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
//! `gatewayClasses`, `istioGatewayClasses`, `gatewayConfigMaps`, `internalGatewayClasses`, `privateGatewayClasses`,
//! `otherLoadBalancerClasses`.
//!
//! ## Not covered
//!
//! - What other controllers create from a Gateway: their Services are judged.
//! - Gateways of Istio with a host name or several addresses in `spec.addresses`: istiod creates no Service for them.
//! - Whether istiod runs with `PILOT_ENABLE_GATEWAY_API_COPY_LABELS_ANNOTATIONS`, its default: a Gateway that relies on
//!   it gets a warning.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/istio-gateway-api>,
//! <https://learn.microsoft.com/azure/aks/app-routing-gateway-api>

use isolation::finding::printable;
use isolation::{Findings, Request, Rule, Value};

use crate::annotations::{Annotations, Frontend, INTERNAL, TRUE};
use crate::public_load_balancer::exposure;
use crate::{Settings, gateway_parameters, ineffective_public_ip, internet_source, service};

/// The rule.
pub const RULE: Rule = Rule { id: "NI209", name: "public-gateway", since: "0.1.0" };

const SERVICE_TYPE: &str = "networking.istio.io/service-type";

const FIX: &str = "Write service.beta.kubernetes.io/azure-load-balancer-internal: \"true\" under \
                   spec.infrastructure.annotations";

/// Which controller creates the Service of a Gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Controller {
    /// istiod, of this type unless an annotation says otherwise.
    Istio {
        /// The type of the class.
        default: &'static str,
    },
    /// Another controller, of type LoadBalancer.
    Other,
}

/// A Gateway that gets a Service.
#[derive(Clone, Copy, Debug)]
pub struct Gateway<'d, 'c> {
    /// The object.
    pub object: Value<'d>,
    /// Its `spec`.
    pub spec: Value<'d>,
    /// Its class.
    pub class: &'c str,
    /// Which controller creates the Service.
    pub maker: Controller,
}

/// Judges a Gateway.
pub fn check<'d>(request: &Request<'d>, gateway: &Gateway<'d, '_>, settings: &Settings<'_>, findings: &mut Findings) {
    let own = Annotations::read(findings, gateway.object, &["metadata", "annotations"]);
    let mut made_internal = false;
    // Only istiod reads this annotation, attaches a Gateway to other Services by its addresses, and merges a ConfigMap.
    if let Controller::Istio { default } = gateway.maker {
        let chosen = own.text(findings, SERVICE_TYPE).map(|(_, kind)| kind);
        if is_attached(gateway.spec, findings) {
            return;
        }
        made_internal = gateway_parameters::check_reference(request, gateway.spec, settings, findings);
        let of_other_type = match chosen.as_deref() {
            Some(kind) => matches!(kind, "ClusterIP" | "NodePort"),
            None => default != "LoadBalancer",
        };
        if of_other_type {
            return;
        }
    }
    let annotations = Annotations::read(findings, gateway.object, &["spec", "infrastructure", "annotations"]);
    let by_istio = matches!(gateway.maker, Controller::Istio { .. });
    let by_default = by_istio && settings.internal_gateway_classes.iter().any(|internal| internal == gateway.class);
    // istiod copies the Gateway's own annotations only where this field is not set; an empty object is set.
    let copied = by_istio && !annotations.are_set();
    for counting in [Some(&annotations), copied.then_some(&own)].into_iter().flatten() {
        service::judge_both(counting, settings, findings);
    }
    match annotations.frontend() {
        Frontend::Private => {
            internet_source::check(&annotations, None, findings);
            ineffective_public_ip::check(&annotations, by_istio.then_some(gateway.spec), findings);
        }
        // Where the Gateway has no annotation, the ConfigMap decides.
        Frontend::Public { .. } if annotations.get(INTERNAL).is_none() && (made_internal || by_default) => {}
        Frontend::Public { field, why } => {
            let elsewhere =
                own.get(INTERNAL).filter(|value| value.is_text(TRUE) && annotations.get(INTERNAL).is_none());
            match elsewhere {
                Some(value) if copied => {
                    internet_source::check(&own, None, findings);
                    ineffective_public_ip::check(&own, Some(gateway.spec), findings);
                    findings.warn(
                        &RULE,
                        value,
                        "reaches the Service only while an istiod flag is on",
                        "Write it under spec.infrastructure.annotations",
                    );
                }
                _ => {
                    let why = if elsewhere.is_none() {
                        why
                    } else {
                        "the load balancer gets a public IP address, open to the internet: the annotation in \
                         metadata.annotations does not reach the Service"
                    };
                    let mut parts = exposure(request, &annotations);
                    if copied {
                        parts.extend(exposure(request, &own));
                    }
                    findings.as_part_of(&parts, |findings| {
                        findings.deny(&RULE, field, why, annotations.make_internal(FIX));
                    });
                }
            }
        }
    }
}

/// Reports a Gateway of an unknown class, unless it has the annotation in the field that the Gateway API defines for created
/// resources.
pub fn check_unknown<'d>(
    request: &Request<'d>,
    gateway: Value<'d>,
    class: &str,
    settings: &Settings<'_>,
    findings: &mut Findings,
) {
    let annotations = Annotations::read(findings, gateway, &["spec", "infrastructure", "annotations"]);
    service::judge_both(&annotations, settings, findings);
    if let Frontend::Public { field, .. } = annotations.frontend() {
        findings.as_part_of(&exposure(request, &annotations), |findings| {
            settings.other_classes.report(
                &RULE,
                field,
                ["the controller of class ", &printable(class), " may assign a public IP address"].concat(),
                annotations.make_internal(
                    "Write service.beta.kubernetes.io/azure-load-balancer-internal: \"true\", or add the class to the \
                     policy's setting privateGatewayClasses",
                ),
                findings,
            );
        });
    }
}

/// Whether existing Services serve the Gateway, so that none is created. istiod decides so where there are several addresses,
/// or one that is not an IP address.
fn is_attached(spec: Value<'_>, findings: &mut Findings) -> bool {
    let addresses = findings.objects(spec, "addresses");
    match addresses.as_slice() {
        [] => false,
        [address] => findings.text(*address, "type").is_some_and(|(_, kind)| kind != "IPAddress"),
        _ => true,
    }
}
