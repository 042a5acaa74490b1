//! Rejects registries that are open to the internet or cannot be closed.
//!
//! ## Why it matters
//!
//! Nodes pull all their bootstrap images from the cluster's registry. Only Premium has private endpoints, and public
//! network access is enabled by default.
//!
//! ## What it does
//!
//! Requires the service tier `Premium` and explicitly disabled public network access.
//!
//! ## Fields
//!
//! `spec.sku.name` and `spec.publicNetworkAccess` of an ASO `Registry`, `sku` and `publicNetworkAccessEnabled` of a
//! Crossplane `Registry`.
//!
//! ## Instead
//!
//! Write `sku: {name: Premium}` and `publicNetworkAccess: Disabled`.
//!
//! ## Settings
//!
//! `registries`: if set, only these registries are judged, and those whose name may turn out to be one of them: it is a
//! placeholder, or only the deployment of a template or plan knows it.
//!
//! ## Not covered
//!
//! - The private endpoint and its private DNS zone, which are separate objects.
//! - Templates and requests in a version of Azure's API that does not know `publicNetworkAccess`: it counts as set.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/network-isolated>,
//! <https://learn.microsoft.com/azure/container-registry/container-registry-private-link>

use isolation::{Findings, Rule};

use crate::fields::{CROSSPLANE_REGISTRY, Field};
use crate::spec::{Cure, Report, Spec};

/// The rule.
pub const RULE: Rule = Rule { id: "NI617", name: "exposed-registry", since: "0.1.0" };

/// Judges a registry.
pub fn check(registry: &Spec<'_>, findings: &mut Findings) {
    let tier = registry.find(findings, Field::Sku);
    let what = "only the tier Premium has private endpoints, from which nodes pull";
    let is_other = |tier: &str| !tier.eq_ignore_ascii_case("Premium");
    registry.report_texts(
        findings,
        Field::Sku,
        &is_other,
        &Report::deny(&RULE, what, "Write Premium").with(Cure::Text("Premium")),
    );
    if tier.found.is_empty() {
        registry.report_missing(findings, &tier, &Report::deny(&RULE, what, "\"Premium\""));
    }
    let access = registry.find(findings, Field::PublicNetworkAccess);
    let what = "the registry answers the whole internet unless public network access is disabled";
    let crossplane = registry.own().is_some_and(|layer| layer.field_map == CROSSPLANE_REGISTRY);
    let closed = if crossplane { "false" } else { "\"Disabled\"" };
    if crossplane {
        registry.report_true(
            findings,
            Field::PublicNetworkAccess,
            &Report::deny(&RULE, what, "Write false").with(Cure::False),
        );
    } else {
        let is_open = |access: &str| !access.eq_ignore_ascii_case("Disabled");
        let report = Report::deny(&RULE, what, "Write Disabled").with(Cure::Text("Disabled"));
        registry.report_texts(findings, Field::PublicNetworkAccess, &is_open, &report);
    }
    if access.found.is_empty() {
        registry.report_missing(findings, &access, &Report::deny(&RULE, what, closed));
    }
}
