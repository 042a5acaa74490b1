//! Rejects ConfigMaps that make the load balancers of Gateways public.
//!
//! ## Why it matters
//!
//! istiod merges the YAML of such a ConfigMap into the Service that it creates, after the Gateway's annotations. A
//! ConfigMap can therefore make an internal load balancer public, for one Gateway or a whole class, and the Gateway
//! does not show it.
//!
//! ## What it does
//!
//! Reads the YAML under `service` in ConfigMaps that customise the Service of a Gateway: those with the label
//! `gateway.istio.io/defaults-for-class`, and those in the setting `gatewayConfigMaps`. What they merge into the
//! Service is judged like the Service: Azure ignores one with a `loadBalancerClass`, and only a class that the settings list
//! as private makes Gateways internal that rely on the ConfigMap. An update must not take the label of such a class away. A
//! Gateway that names any other ConfigMap gets a warning.
//!
//! ## Fields
//!
//! `data.service` of ConfigMaps, in it `metadata.annotations`, `spec.type`, `spec.loadBalancerClass` and
//! `spec.loadBalancerSourceRanges`; `spec.infrastructure.parametersRef` of Gateways.
//!
//! ## Instead
//!
//! ```yaml
//! data:
//!   service: |
//!     metadata:
//!       annotations:
//!         service.beta.kubernetes.io/azure-load-balancer-internal: "true"
//! ```
//!
//! ## Settings
//!
//! `gatewayConfigMaps`, `internalGatewayClasses`, `privateLoadBalancerClasses`, `otherLoadBalancerClasses`.
//!
//! ## Not covered
//!
//! - ConfigMaps without the label that the settings do not name: the resulting Services are judged.
//! - The deletion of a ConfigMap.
//! - With `existing: allow`, whom an update lets in through a load balancer that was public already: the update of the
//!   Service is judged.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/istio-gateway-api#configmap-customizations>,
//! <https://istio.io/latest/docs/tasks/traffic-management/ingress/gateway-api/#automated-deployment>

use isolation::finding::printable;
use isolation::json::Kind;
use isolation::{FieldRef, Findings, Fix, Request, Rule, Value};

use crate::annotations::{Annotations, Frontend, INTERNAL, TRUE};
use crate::{Settings, ineffective_public_ip, internet_source, other_load_balancer_class, service};

/// The rule.
pub const RULE: Rule = Rule { id: "NI214", name: "gateway-parameters", since: "0.1.0" };

const DEFAULTS_LABEL: &str = "gateway.istio.io/defaults-for-class";

const FIX: &str = "Write service.beta.kubernetes.io/azure-load-balancer-internal: \"true\" under metadata.annotations \
                   of the service";

/// Judges a ConfigMap, if it customises Gateways. Nearly all do not, and pass.
pub fn check<'d>(request: &Request<'d>, map: Value<'d>, settings: &Settings<'_>, findings: &mut Findings) {
    let class_of = |map: Value<'d>| map.descend(&["metadata", "labels", DEFAULTS_LABEL]);
    let internal = |class: &Value<'_>| settings.internal_gateway_classes.iter().any(|own| class.is_text(own));
    let class = class_of(map);
    let before = request.old_object.and_then(class_of).filter(internal).and_then(|class| class.text());
    if let Some(before) = before.filter(|before| !class.is_some_and(|class| class.is_text(before))) {
        findings.deny(
            &RULE,
            class.map_or_else(|| FieldRef::missing(map, &["metadata", "labels", DEFAULTS_LABEL]), FieldRef::from),
            "this update takes the defaults from a class whose Gateways rely on them to make their load balancers internal",
            Fix::set(["Write ", &printable(before)].concat(), before.to_owned()),
        );
    }
    let named = settings.names_config_map(&request.namespace, &request.name);
    if class.is_none() && !named {
        return;
    }
    let relied_on = named || class.as_ref().is_some_and(internal);
    let text = findings.object(map, "data").and_then(|data| findings.text(data, "service"));
    let Some((value, text)) = text else {
        if relied_on {
            findings.as_part_of(class.as_slice(), |findings| {
                findings.deny(
                    &RULE,
                    FieldRef::missing(map, &["data", "service"]),
                    "Gateways rely on this ConfigMap to make their load balancers internal, but it does not",
                    FIX,
                );
            });
        }
        return;
    };
    // The same text means other Gateways with another class.
    findings.as_part_of(class.as_slice(), |findings| match isolation::yaml::document(&text) {
        Ok(document) => findings.inside(value, document.root(), |findings| {
            check_overlay(document.root(), relied_on, settings, findings);
        }),
        Err(problem) => unreadable(value, &problem.to_string(), findings),
    });
}

fn unreadable(value: Value<'_>, problem: &str, findings: &mut Findings) {
    findings.deny(
        &RULE,
        FieldRef::from(value).hidden(),
        ["cannot be read, and istiod merges it into the Service: ", problem].concat(),
        "Write it as plain YAML or as JSON",
    );
}

/// Judges what is merged into a Service.
fn check_overlay(overlay: Value<'_>, relied_on: bool, settings: &Settings<'_>, findings: &mut Findings) {
    if !overlay.is_null() && !findings.expect(overlay, Kind::Object) {
        return;
    }
    refuse_removal(overlay, findings);
    let annotations = Annotations::read(findings, overlay, &["metadata", "annotations"]);
    service::judge_both(&annotations, settings, findings);
    let spec = findings.object(overlay, "spec");
    let kind = spec.and_then(|spec| findings.text(spec, "type"));
    let kind = kind.as_ref().map(|(_, kind)| kind.as_ref());
    // Azure ignores a Service with a class. Only a private class makes internal what relies on the ConfigMap.
    if let Some(spec) = spec
        && other_load_balancer_class::check(spec, settings, findings)
        && (!relied_on || other_load_balancer_class::is_private(spec, settings))
    {
        return;
    }
    match annotations.get(INTERNAL) {
        Some(value) if value.is_text(TRUE) => {
            internet_source::check(&annotations, spec, findings);
            ineffective_public_ip::check(&annotations, spec, findings);
        }
        Some(_) => {
            if let Frontend::Public { field, why } = annotations.frontend() {
                findings.deny(&RULE, field, why, FIX);
            }
        }
        None if kind == Some("LoadBalancer") => findings.deny(
            &RULE,
            annotations.missing(INTERNAL),
            "gives Gateways a load balancer with a public IP address",
            FIX,
        ),
        None if relied_on && !matches!(kind, Some("ClusterIP" | "NodePort")) => findings.deny(
            &RULE,
            annotations.missing(INTERNAL),
            "Gateways rely on this ConfigMap to make their load balancers internal, but it does not",
            FIX,
        ),
        None => {}
    }
}

/// The text is a strategic merge patch: `null` removes the Gateway's annotations, and so can keys that begin with `$`.
fn refuse_removal(overlay: Value<'_>, findings: &mut Findings) {
    let metadata = overlay.get("metadata");
    let annotations = metadata.and_then(|metadata| metadata.get("annotations"));
    for holder in [Some(overlay), metadata, annotations, overlay.get("spec")].into_iter().flatten() {
        for (_, value) in holder.entries().filter(|(key, _)| key.starts_with('$')) {
            findings.deny(
                &RULE,
                value,
                "this merge patch directive can remove the annotation that makes the load balancer internal",
                "Remove the directive",
            );
        }
    }
    for value in [metadata, annotations].into_iter().flatten().filter(Value::is_null) {
        findings.deny(
            &RULE,
            value,
            "null removes the Gateway's annotations, and the load balancer gets a public IP address",
            "Remove the line",
        );
    }
}

/// Judges the ConfigMap that a Gateway names; says whether it makes the load balancer internal.
pub fn check_reference(
    request: &Request<'_>,
    spec: Value<'_>,
    settings: &Settings<'_>,
    findings: &mut Findings,
) -> bool {
    let Some(reference) = findings.descend(spec, &["infrastructure", "parametersRef"]) else { return false };
    let Some((value, name)) = findings.text(reference, "name") else { return false };
    let is_config_map = reference.field("kind").is_none_or(|kind| kind.is_text("ConfigMap"));
    if !is_config_map {
        return false;
    }
    if settings.names_config_map(&request.namespace, &name) {
        return true;
    }
    findings.warn(
        &RULE,
        value,
        "this ConfigMap can make the load balancer public, and it is not judged before the Service",
        "Add it to the policy's setting gatewayConfigMaps, as namespace/name",
    );
    false
}
