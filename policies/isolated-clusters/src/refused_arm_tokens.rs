//! Rejects registries that refuse the tokens of Azure Resource Manager.
//!
//! ## Why it matters
//!
//! AKS does not support your own registry with authentication-as-arm disabled: the nodes' managed identity gets such a
//! token, and pulls with it fail.
//!
//! ## What it does
//!
//! Rejects a registry with the policy authentication-as-arm disabled.
//!
//! ## Fields
//!
//! `spec.policies.azureADAuthenticationAsArmPolicy.status` of an ASO `Registry`; in plans of Terraform
//! `azuread_authentication_as_arm_policy_enabled`.
//!
//! ## Instead
//!
//! Write `enabled`, or omit the policy.
//!
//! ## Settings
//!
//! `registries`: if set, only these registries are judged, and those whose name may turn out to be one of them: it is a
//! placeholder, or only the deployment of a template or plan knows it.
//!
//! ## Not covered
//!
//! Crossplane's `Registry` of releases that have no such field.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/concepts-network-isolated>

use isolation::fix::Fix;
use isolation::{Findings, Rule};

use crate::fields::Field;
use crate::spec::{Cure, Report, Spec};

/// The rule.
pub const RULE: Rule = Rule { id: "NI618", name: "refused-arm-tokens", since: "0.1.0" };

const REPORT: Report<'_> = Report::deny(
    &RULE,
    "the nodes of a network isolated cluster cannot pull from a registry with authentication-as-arm disabled",
    "Write enabled",
)
.with(Cure::Text("enabled"));

/// Judges a registry.
pub fn check(registry: &Spec<'_>, findings: &mut Findings) {
    let is_disabled = |status: &str| status.eq_ignore_ascii_case("disabled");
    for found in &registry.find(findings, Field::ArmTokens).found {
        // A word in Azure's API, a switch in Crossplane.
        match found.value.as_bool() {
            Some(false) => found.deny(findings, &RULE, REPORT.what, Fix::set("Write true", true)),
            Some(true) => {}
            None if found.text(findings).is_some_and(|status| is_disabled(&status)) => found.say(findings, &REPORT),
            None => {}
        }
    }
}
