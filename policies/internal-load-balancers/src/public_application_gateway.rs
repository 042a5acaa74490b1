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
//! ## Fields
//!
//! `spec.ingressClassName`, and `kubernetes.io/ingress.class` and `appgw.ingress.kubernetes.io/use-private-ip` in
//! `metadata.annotations`.
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
//! Whether the gateway has a private address. Gateways set up by hand in Azure.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/application-gateway/ingress-controller-private-ip>,
//! <https://azure.github.io/application-gateway-kubernetes-ingress/annotations/#use-private-ip>

use isolation::booleans::parse_bool;
use isolation::json::Kind;
use isolation::{Findings, Fix, Rule, Spot};

use crate::Settings;
use crate::annotations::{Annotations, TRUE, means_true};

/// The rule.
pub const RULE: Rule = Rule { id: "NI210", name: "public-application-gateway", since: "0.1.0" };

/// The class as the annotation names it, and the name of the IngressClass that the controller installs.
const CLASSES: &[&str] = &["azure/application-gateway", "azure-application-gateway"];
const PRIVATE: &str = "appgw.ingress.kubernetes.io/use-private-ip";

/// Whether Application Gateway serves Ingresses of this class.
pub fn serves(class: &str, settings: &Settings<'_>) -> bool {
    CLASSES.contains(&class) || settings.application_gateway_classes.iter().any(|own| own == class)
}

/// Judges the annotations of an Ingress of Application Gateway.
pub fn check(annotations: &Annotations<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    let value = annotations.get(PRIVATE);
    let private = value.and_then(|value| parse_bool(&value.as_str()?)) == Some(true);
    // The controller's own setting wins over an annotation that says false.
    if settings.application_gateway_is_private || private {
        return;
    }
    let unquoted = value.is_some_and(|value| value.kind() == Kind::Bool);
    findings.deny(
        &RULE,
        value.map_or_else(|| annotations.missing(PRIVATE), Spot::from),
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
