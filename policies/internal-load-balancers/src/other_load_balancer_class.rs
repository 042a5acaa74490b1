//! Speaks of Services whose load balancer another controller makes.
//!
//! ## What it does
//!
//! Looks at Services of type LoadBalancer with `spec.loadBalancerClass`. Classes in the setting
//! `privateLoadBalancerClasses` pass; for others the setting `otherLoadBalancerClasses` says what happens.
//!
//! ## Why it matters
//!
//! Azure's cloud provider leaves a Service with a class alone, so it gets no address from Azure. The controller that
//! serves the class may give it one, and this policy does not know that controller.
//!
//! ## Fields
//!
//! `spec.loadBalancerClass`.
//!
//! ## Instead
//!
//! Name the class in `privateLoadBalancerClasses` once it is known to be private, or remove the field and use Azure's
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

/// Judges the class of a Service of type LoadBalancer; says whether it has one.
pub fn check(spec: Value<'_>, settings: &Settings<'_>, findings: &mut Findings) -> bool {
    let Some((value, class)) = findings.text(spec, "loadBalancerClass") else { return false };
    if class.is_empty() {
        // The API server refuses it; until then it is no class.
        return false;
    }
    if !settings.private_classes.contains(&class) {
        settings.other_classes.report(
            &RULE,
            value,
            "Azure ignores this class; its own controller may give out a public address",
            "If it never does, add the class to the setting privateLoadBalancerClasses",
            findings,
        );
    }
    true
}
