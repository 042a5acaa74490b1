//! Rejects what Application Gateway for Containers serves at a public frontend.
//!
//! ## Why it matters
//!
//! A frontend of Application Gateway for Containers is a public name with public IP addresses, unless somebody creates it
//! in Azure with `publicNetworkAccess: Disabled` (API version 2026-03-01) and reaches it over a private endpoint. The
//! frontends that its controller creates are public.
//!
//! ## What it does
//!
//! Rejects Gateways and Ingresses of the class `azure-alb-external`, unless they name a frontend in the setting
//! `privateFrontends`. Rejects the object ApplicationLoadBalancer, for which the controller creates the frontends.
//!
//! With the setting `existing: allow`, what was served publicly already passes while the frontends that it names stay as they are.
//!
//! ## Fields
//!
//! `spec.gatewayClassName`, `spec.ingressClassName`, the annotation `kubernetes.io/ingress.class`, and the kind
//! ApplicationLoadBalancer (`alb.networking.azure.io`). A frontend is named by the annotation
//! `alb.networking.azure.io/alb-id` and, in Gateways, `spec.addresses[]` of type `alb.networking.azure.io/alb-frontend`,
//! in Ingresses the annotation `alb.networking.azure.io/alb-frontend`.
//!
//! ## Instead
//!
//! Use a Gateway of class `approuting-istio` or `istio` with
//! `service.beta.kubernetes.io/azure-load-balancer-internal: "true"` under `spec.infrastructure.annotations`, or
//! Application Gateway with a private address. Or create a private frontend, list it in `privateFrontends` and name it.
//!
//! ## Settings
//!
//! `privateFrontends`.
//!
//! ## Not covered
//!
//! - Frontends created by hand in Azure. Without a Gateway or an Ingress they lead nowhere.
//! - Whether a frontend in the setting is still private.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/application-gateway/for-containers/application-gateway-for-containers-components>,
//! <https://learn.microsoft.com/azure/templates/microsoft.servicenetworking/2026-03-01/trafficcontrollers/frontends>

use std::borrow::Cow;

use isolation::{Findings, Request, Rule, Value};

use crate::Settings;
use crate::annotations::Annotations;

/// The rule.
pub const RULE: Rule = Rule { id: "NI211", name: "application-gateway-for-containers", since: "0.1.0" };

/// The annotation that names an Application Gateway for Containers, by its resource ID.
const ID: &str = "alb.networking.azure.io/alb-id";
/// The annotation of an Ingress that names a frontend, and the type of a Gateway's address that does.
const FRONTEND: &str = "alb.networking.azure.io/alb-frontend";
/// The annotations that name an ApplicationLoadBalancer instead.
const MANAGED: [&str; 2] = ["alb.networking.azure.io/alb-name", "alb.networking.azure.io/alb-namespace"];

/// Judges a Gateway of this class.
pub fn check_gateway(
    gateway: Value<'_>,
    spec: Value<'_>,
    class: Value<'_>,
    settings: &Settings<'_>,
    findings: &mut Findings,
) {
    let annotations = Annotations::read(findings, gateway, &["metadata", "annotations"]);
    let mut frontends = Vec::new();
    for address in findings.objects(spec, "addresses") {
        let kind = findings.text(address, "type").map(|(_, kind)| kind);
        let value = findings.text(address, "value").map(|(_, value)| value);
        // An address of another type names no frontend.
        frontends.push(value.filter(|_| kind.is_some_and(|kind| kind == FRONTEND)).unwrap_or_default());
    }
    if !are_private(&annotations, &frontends, settings, findings) {
        report(
            class,
            &annotations,
            spec.field("addresses"),
            "Write approuting-istio, and service.beta.kubernetes.io/azure-load-balancer-internal: \"true\" under \
             spec.infrastructure.annotations, or name a frontend that the policy's setting privateFrontends lists",
            findings,
        );
    }
}

/// Judges an Ingress of this class.
pub fn check_ingress(
    class: Value<'_>,
    annotations: &Annotations<'_>,
    settings: &Settings<'_>,
    findings: &mut Findings,
) {
    let frontend = annotations.text(findings, FRONTEND).map(|(_, name)| name).unwrap_or_default();
    if !are_private(annotations, &[frontend], settings, findings) {
        report(
            class,
            annotations,
            None,
            "Use a Gateway of class approuting-istio with service.beta.kubernetes.io/azure-load-balancer-internal: \
             \"true\" under spec.infrastructure.annotations, or name the class of an internal ingress controller, or \
             a frontend that the policy's setting privateFrontends lists",
            findings,
        );
    }
}

/// Whether these frontends, of which there is at least one, are in the settings. Azure compares IDs ignoring case.
fn are_private(
    annotations: &Annotations<'_>,
    frontends: &[Cow<'_, str>],
    settings: &Settings<'_>,
    findings: &mut Findings,
) -> bool {
    let Some((_, id)) = annotations.text(findings, ID) else { return false };
    let is_listed = |name: &str| {
        let full = [&id, "/frontends/", name].concat();
        settings.private_frontends.iter().any(|own| own.eq_ignore_ascii_case(&full))
    };
    !frontends.is_empty()
        && frontends.iter().all(|name| is_listed(name))
        && MANAGED.iter().all(|key| annotations.get(key).is_none())
}

fn report(
    class: Value<'_>,
    annotations: &Annotations<'_>,
    addresses: Option<Value<'_>>,
    fix: &str,
    findings: &mut Findings,
) {
    let what = "Application Gateway for Containers serves this at a public frontend, open to the internet, unless the \
                policy's setting privateFrontends lists it";
    // At other frontends it is another violation.
    let named = [ID, FRONTEND].iter().chain(&MANAGED).filter_map(|key| annotations.get(key));
    let parts: Vec<_> = named.chain(addresses.into_iter().flat_map(|list| list.items())).collect();
    findings.as_part_of(&parts, |findings| findings.deny(&RULE, class, what, fix));
}

/// Reports an ApplicationLoadBalancer.
pub fn check_load_balancer(_: &Request<'_>, object: Value<'_>, _: &Settings<'_>, findings: &mut Findings) {
    let what =
        "is an Application Gateway for Containers, whose controller creates public frontends, open to the internet";
    let fix = "Remove it and use a Gateway of class approuting-istio with \
               service.beta.kubernetes.io/azure-load-balancer-internal: \"true\" under spec.infrastructure.annotations";
    // In other subnets it is another violation.
    let subnets = object.descend(&["spec", "associations"]);
    findings.as_part_of(subnets.as_slice(), |findings| findings.deny(&RULE, object, what, fix));
}
