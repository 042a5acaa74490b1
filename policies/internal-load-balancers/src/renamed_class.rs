//! Rejects classes that give a public controller another name.
//!
//! ## Why it matters
//!
//! Gateways and Ingresses name a class, and a class names a controller. The controllers of Application Gateway and of
//! Application Gateway for Containers create no Service in the cluster that could be judged. Under another class name,
//! what they serve may be public, and this policy would miss it.
//!
//! ## What it does
//!
//! Reads the controller of each GatewayClass and IngressClass. Classes of Application Gateway for Containers and of
//! Application Gateway must have the names by which the other rules know them. Any controller whose name begins with
//! `azure/application-gateway` is one of Application Gateway.
//!
//! ## Fields
//!
//! `spec.controllerName` of GatewayClass, `spec.controller` of IngressClass, `metadata.name`.
//!
//! ## Instead
//!
//! Keep the names `azure-alb-external` and `azure-application-gateway`, or add the class to
//! `applicationGatewayClasses`.
//!
//! ## Settings
//!
//! `applicationGatewayClasses`.
//!
//! ## Not covered
//!
//! - Classes of other controllers, whose Services are judged.
//! - Classes of a second controller of Application Gateway that has another name. NI210 warns of their Ingresses if these
//!   have annotations of Application Gateway.
//!
//! ## References
//!
//! <https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-class>

use isolation::{Findings, Request, Rule, Value};

use crate::{Settings, gateway_classes, public_application_gateway};

/// The rule.
pub const RULE: Rule = Rule { id: "NI212", name: "renamed-class", since: "0.1.0" };

const FOR_CONTAINERS: &str = "alb.networking.azure.io/alb-controller";

/// Judges a GatewayClass or an IngressClass.
pub fn check(request: &Request<'_>, class: Value<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    let Some(spec) = findings.object(class, "spec") else { return };
    let key = if request.kind == "GatewayClass" { "controllerName" } else { "controller" };
    let Some((value, controller)) = findings.text(spec, key) else { return };
    let name = findings.descend(class, &["metadata"]).and_then(|metadata| findings.text(metadata, "name"));
    let name = name.map(|(_, name)| name).unwrap_or_default();
    let fix = match controller.as_ref() {
        FOR_CONTAINERS if name != gateway_classes::FOR_CONTAINERS => {
            "Remove the class; AKS's own is called azure-alb-external"
        }
        controller
            if public_application_gateway::is_controller(controller)
                && name != "azure-application-gateway"
                && !settings.application_gateway_classes.contains(&name) =>
        {
            "Call the class azure-application-gateway, or add its name to the policy's setting applicationGatewayClasses"
        }
        _ => return,
    };
    findings.deny(
        &RULE,
        value,
        "under this class name, what the controller serves may be public and would be missed by this policy",
        fix,
    );
}
