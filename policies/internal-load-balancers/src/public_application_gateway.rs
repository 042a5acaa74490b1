//! Rejects Ingresses that Application Gateway serves at its public IP address.
//!
//! ## Why it matters
//!
//! Without the annotation `appgw.ingress.kubernetes.io/use-private-ip`, the ingress controller listens on the gateway's
//! public IP address, and the Ingress is open to the internet. A value that the controller cannot read counts as false.
//!
//! ## What it does
//!
//! Requires the annotation `appgw.ingress.kubernetes.io/use-private-ip` with a true value on Ingresses of Application
//! Gateway. Values are read as the controller reads them: `1`, `t`, `T`, `true`, `True` and `TRUE` are true.
//!
//! Judges MultiClusterIngresses alike, which the controller reads instead of Ingresses in its multi-cluster mode. Rejects
//! Gateways of Istio with the annotation for the controller: it serves them publicly if its integration of Istio is on.
//!
//! With the setting `existing: allow`, an Ingress that was public already passes while its class stays the same.
//!
//! A second controller may serve any other class. An Ingress of an unknown class gets a warning if it has annotations of
//! Application Gateway without that one.
//!
//! ## Fields
//!
//! `spec.ingressClassName`, in MultiClusterIngresses (`networking.aks.io`) `spec.template.ingressClassName`; in
//! `metadata.annotations`, `kubernetes.io/ingress.class` and the keys that begin with `appgw.ingress.kubernetes.io/`, in Gateways
//! of Istio `appgw.ingress.istio.io/v1alpha3`.
//!
//! ## Instead
//!
//! ```yaml
//! metadata:
//!   annotations:
//!     appgw.ingress.kubernetes.io/use-private-ip: "true"
//! ```
//!
//! ## Settings
//!
//! `applicationGatewayClasses`, `applicationGatewayUsesPrivateIp`.
//!
//! ## Not covered
//!
//! - Whether the gateway has a private address. Gateways set up by hand in Azure.
//! - Ingresses of a second controller with a class of its own that have none of its annotations. List the class in
//!   `applicationGatewayClasses`.
//! - An Ingress that lost its class in an update, or has none in a file, where the controller's class is the cluster's default
//!   (`kubernetes.ingressClassResource.default`). The API server writes a default class into new Ingresses alone.
//! - Annotations changed through `ingresses/status`: the controller writes it, and anyone else who may write it could change them there.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/application-gateway/ingress-controller-private-ip>,
//! <https://azure.github.io/application-gateway-kubernetes-ingress/annotations/#use-private-ip>,
//! <https://azure.github.io/application-gateway-kubernetes-ingress/features/custom-ingress-class/>

use isolation::booleans::parse_bool;
use isolation::json::Kind;
use isolation::{FieldRef, Findings, Fix, Request, Rule, Value};

use crate::Settings;
use crate::annotations::{Annotations, TRUE, means_true};

/// The rule.
pub const RULE: Rule = Rule { id: "NI210", name: "public-application-gateway", since: "0.1.0" };

/// The class as the annotation names it, and the name of the IngressClass that the controller installs.
const CLASSES: &[&str] = &[CLASS, "azure-application-gateway"];
const CLASS: &str = "azure/application-gateway";
/// How the annotations of its controller begin.
const OWN: &str = "appgw.ingress.kubernetes.io/";
const PRIVATE: &str = "appgw.ingress.kubernetes.io/use-private-ip";
/// The annotation of a Gateway of Istio that names the controller.
const ISTIO: &str = "appgw.ingress.istio.io/v1alpha3";

/// Whether a controller of this name is that of Application Gateway. A second one has a name of its own, which the operator
/// chooses: `azure/application-gateway-2`.
pub fn is_controller(name: &str) -> bool {
    name.starts_with(CLASS)
}

/// Whether Application Gateway serves Ingresses of this class. The annotation holds the name of the controller.
pub fn serves(class: &str, settings: &Settings<'_>) -> bool {
    is_controller(class) || is_first(class) || settings.application_gateway_classes.iter().any(|own| own == class)
}

/// Whether this is a name of the first controller's class, which all are one gateway.
pub fn is_first(class: &str) -> bool {
    CLASSES.contains(&class)
}

/// Whether the controller serves an Ingress with these annotations at a private address.
fn is_private(annotations: &Annotations<'_>, settings: &Settings<'_>) -> bool {
    // The controller's own setting wins over an annotation that says false.
    settings.application_gateway_is_private
        || annotations.get(PRIVATE).and_then(|value| parse_bool(&value.as_str()?)) == Some(true)
}

/// Warns of the annotations of Application Gateway on an Ingress of a class that no controller is known to serve.
pub fn check_unknown(annotations: &Annotations<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    if let Some(value) = annotations.beginning_with(OWN)
        && !is_private(annotations, settings)
    {
        findings.warn(
            &RULE,
            value,
            "is for Application Gateway, which serves this Ingress publicly if the class is its own",
            "Write appgw.ingress.kubernetes.io/use-private-ip: \"true\", or remove its annotations",
        );
    }
}

/// Judges the annotations of an Ingress of Application Gateway.
pub fn check(annotations: &Annotations<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    let value = annotations.get(PRIVATE);
    if is_private(annotations, settings) {
        return;
    }
    let unquoted = value.is_some_and(|value| value.kind() == Kind::Bool);
    findings.deny(
        &RULE,
        value.map_or_else(|| annotations.missing(PRIVATE), FieldRef::from),
        if unquoted {
            "without quotes it is not a string, so Application Gateway serves this Ingress at its public IP address, open \
             to the internet"
        } else {
            "Application Gateway serves this Ingress at its public IP address, open to the internet"
        },
        Fix::set("Write appgw.ingress.kubernetes.io/use-private-ip: \"true\" under metadata.annotations", TRUE)
            .safe_if(value.is_some_and(means_true)),
    );
}

/// Judges a Gateway of Istio. The controller serves it at the public frontend, whatever it is told of private addresses
/// (<https://github.com/Azure/application-gateway-kubernetes-ingress/blob/master/pkg/appgw/istio_listeners.go>).
pub fn check_istio(_: &Request<'_>, gateway: Value<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    let annotations = Annotations::read(findings, gateway, &["metadata", "annotations"]);
    if let Some((value, class)) = annotations.text(findings, ISTIO)
        && serves(&class, settings)
    {
        findings.deny(
            &RULE,
            value,
            "Application Gateway serves this Gateway at its public IP address, open to the internet",
            Fix::remove("Remove the annotation"),
        );
    }
}
