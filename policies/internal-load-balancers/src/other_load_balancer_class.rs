//! Reports Services whose load balancer another controller creates.
//!
//! ## Why it matters
//!
//! Azure's cloud provider ignores a Service with a class, so Azure gives it no address. The controller of the class may
//! give it a public one, and this policy does not know that controller.
//!
//! ## What it does
//!
//! Reads `spec.loadBalancerClass` of Services of type LoadBalancer. Classes in the setting `privateLoadBalancerClasses`
//! pass; the setting `otherLoadBalancerClasses` decides about all others.
//!
//! ## Fields
//!
//! `spec.loadBalancerClass`.
//!
//! ## Instead
//!
//! Add the class to `privateLoadBalancerClasses` once you know that it is private, or remove the field and use Azure's
//! internal load balancer.
//!
//! ## Settings
//!
//! `privateLoadBalancerClasses`, `otherLoadBalancerClasses`.
//!
//! ## Not covered
//!
//! What the other controller does.
//!
//! ## References
//!
//! <https://kubernetes.io/docs/concepts/services-networking/service/#load-balancer-class>

use isolation::{Findings, Rule, Value};

use crate::Settings;

/// The rule.
pub const RULE: Rule = Rule { id: "NI204", name: "other-load-balancer-class", since: "0.1.0" };

/// Whether the settings list the class of a Service as private.
pub fn is_private(spec: Value<'_>, settings: &Settings<'_>) -> bool {
    let class = spec.field("loadBalancerClass").and_then(|class| class.as_str());
    class.is_some_and(|class| settings.private_classes.contains(&class))
}

/// Judges the class of a Service of type LoadBalancer; returns whether it has one.
pub fn check(spec: Value<'_>, settings: &Settings<'_>, findings: &mut Findings) -> bool {
    let Some((value, class)) = findings.text(spec, "loadBalancerClass") else { return false };
    if class.is_empty() {
        // The API server refuses an empty class.
        return false;
    }
    if !is_private(spec, settings) {
        settings.other_classes.report(
            &RULE,
            value,
            "Azure ignores this class; its controller may assign a public address",
            "If it never does, add the class to the policy's setting privateLoadBalancerClasses",
            findings,
        );
    }
    true
}
