//! Rejects what Application Gateway for Containers serves: it has only public frontends.
//!
//! ## Why it matters
//!
//! A frontend of Application Gateway for Containers is a public name with public IP addresses. It does not support
//! private IP addresses, so no setting makes it internal.
//!
//! ## What it does
//!
//! Rejects Gateways and Ingresses of the class `azure-alb-external`, and the object ApplicationLoadBalancer.
//!
//! ## Fields
//!
//! `spec.gatewayClassName`, `spec.ingressClassName`, the annotation `kubernetes.io/ingress.class`, and the kind
//! ApplicationLoadBalancer (`alb.networking.azure.io`).
//!
//! ## Instead
//!
//! Use a Gateway of class `approuting-istio` or `istio` with
//! `service.beta.kubernetes.io/azure-load-balancer-internal: "true"` under `spec.infrastructure.annotations`, or
//! Application Gateway with a private address.
//!
//! ## Settings
//!
//! None.
//!
//! ## Not covered
//!
//! Frontends created by hand in Azure. Without a Gateway or an Ingress they lead nowhere.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/application-gateway/for-containers/application-gateway-for-containers-components>

use isolation::{Findings, Request, Rule, Value};

use crate::Settings;

/// The rule.
pub const RULE: Rule = Rule { id: "NI211", name: "application-gateway-for-containers", since: "0.1.0" };

/// The class of Gateways and Ingresses that it serves.
pub const CLASS: &str = "azure-alb-external";

/// Reports the class of a Gateway.
pub fn check_gateway(class: Value<'_>, findings: &mut Findings) {
    report(
        class,
        "Write approuting-istio, and service.beta.kubernetes.io/azure-load-balancer-internal: \"true\" under \
         spec.infrastructure.annotations",
        findings,
    );
}

/// Reports the class of an Ingress.
pub fn check_ingress(class: Value<'_>, findings: &mut Findings) {
    report(
        class,
        "Use a Gateway of class approuting-istio with service.beta.kubernetes.io/azure-load-balancer-internal: \
         \"true\" under spec.infrastructure.annotations, or name the class of an internal ingress controller",
        findings,
    );
}

fn report(class: Value<'_>, fix: &str, findings: &mut Findings) {
    let what = "Application Gateway for Containers has only public frontends, open to the internet";
    findings.deny(&RULE, class, what, fix);
}

/// Reports an ApplicationLoadBalancer.
pub fn check_load_balancer(_: &Request<'_>, object: Value<'_>, _: &Settings<'_>, findings: &mut Findings) {
    findings.deny(
        &RULE,
        object,
        "is an Application Gateway for Containers, which has only public frontends, open to the internet",
        "Remove it and use a Gateway of class approuting-istio with \
         service.beta.kubernetes.io/azure-load-balancer-internal: \"true\" under spec.infrastructure.annotations",
    );
}
