//! Rejects NGINX ingress controllers of application routing that get a public IP address.
//!
//! ## Why it matters
//!
//! The add-on copies the annotations of a NginxIngressController to a Service of type LoadBalancer in
//! `app-routing-system`. Without the one for an internal load balancer, the ingress controller is open to the internet.
//! The Service would be rejected too, but the add-on would get the rejection, and the user would only see an object
//! that never becomes ready.
//!
//! ## What it does
//!
//! Judges `spec.loadBalancerAnnotations` of a NginxIngressController like the annotations of its Service. The object
//! `default`, in the form that AKS writes, is a special case: see the setting.
//!
//! ## Fields
//!
//! `spec.loadBalancerAnnotations` of NginxIngressController (`approuting.kubernetes.azure.com`).
//!
//! ## Instead
//!
//! ```yaml
//! spec:
//!   loadBalancerAnnotations:
//!     service.beta.kubernetes.io/azure-load-balancer-internal: "true"
//! ```
//!
//! For the object `default`: `az aks approuting update --nginx Internal`, or `None`. Microsoft supports managed NGINX
//! through November 2026. Its successor is the Gateway API of application routing: a Gateway of class
//! `approuting-istio` with the same annotation under `spec.infrastructure.annotations`.
//!
//! ## Settings
//!
//! `defaultNginxController`.
//!
//! ## Not covered
//!
//! - Whether AKS really writes the object `default`: with `None` it does not, and a user may write it in the same form.
//!   The resulting Service is rejected.
//! - The cluster's property `ingressProfile.webAppRouting.nginx.defaultIngressControllerType`: `isolated-clusters`
//!   judges it.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/app-routing-nginx-configuration>

use std::borrow::Cow;

use isolation::{FieldRef, Findings, Level, Request, Rule, Value};

use crate::annotations::{Annotations, Frontend, INTERNAL};
use crate::public_load_balancer::exposure;
use crate::{Settings, ineffective_public_ip, internet_source, service};

/// The rule.
pub const RULE: Rule = Rule { id: "NI208", name: "public-nginx-controller", since: "0.1.0" };

/// The object that AKS rewrites every three minutes, and what it writes there, with at most one annotation. Anything else in
/// it is the user's, and stays.
const DEFAULT: &str = "default";
const DEFAULT_CLASS: &str = "webapprouting.kubernetes.azure.com";
const DEFAULT_PREFIX: &str = "nginx";

/// Whether this is the object that AKS writes, in the form that AKS writes.
fn is_written_by_aks(request: &Request<'_>, controller: Value<'_>) -> bool {
    let is = |key: &str, text: &str| controller.descend(&["spec", key]).is_some_and(|value| value.is_text(text));
    let annotations = controller.descend(&["spec", "loadBalancerAnnotations"]);
    let written = |(key, value): (Cow<'_, str>, Value<'_>)| key == INTERNAL && value.is_text("false");
    request.name == DEFAULT
        && is("ingressClassName", DEFAULT_CLASS)
        && is("controllerNamePrefix", DEFAULT_PREFIX)
        && annotations.is_none_or(|annotations| annotations.entries().all(written))
}

/// Judges a NginxIngressController.
pub fn check<'d>(request: &Request<'d>, controller: Value<'d>, settings: &Settings<'_>, findings: &mut Findings) {
    let annotations = Annotations::read(findings, controller, &["spec", "loadBalancerAnnotations"]);
    service::judge_both(&annotations, settings, findings);
    let (field, why) = match annotations.frontend() {
        Frontend::Private => {
            internet_source::check(&annotations, findings.object(controller, "spec"), findings);
            ineffective_public_ip::check(&annotations, None, findings);
            return;
        }
        Frontend::Public { field, why } => (field, why),
    };
    findings.as_part_of(&exposure(request, &annotations), |findings| {
        report(request, controller, field, why, settings, findings);
    });
}

/// Reports a public one.
fn report(
    request: &Request<'_>,
    controller: Value<'_>,
    field: FieldRef<'_>,
    why: &str,
    settings: &Settings<'_>,
    findings: &mut Findings,
) {
    if !is_written_by_aks(request, controller) {
        findings.deny(
            &RULE,
            field,
            why,
            "Use a Gateway of class approuting-istio with service.beta.kubernetes.io/azure-load-balancer-internal: \
             \"true\" under spec.infrastructure.annotations, since support of managed NGINX ends with November 2026; \
             until then, write that annotation under spec.loadBalancerAnnotations",
        );
    } else if settings.default_nginx_controller == Level::Deny {
        findings.deny(
            &RULE,
            field,
            why,
            "AKS rewrites this object: set the cluster's property \
             ingressProfile.webAppRouting.nginx.defaultIngressControllerType with az aks approuting update --nginx \
             Internal",
        );
    } else {
        findings.warn(
            &RULE,
            field,
            "AKS's own controller gets a public IP address",
            "Run az aks approuting update --nginx Internal, which sets defaultIngressControllerType",
        );
    }
}
