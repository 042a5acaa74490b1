//! Warns of extensions from the Azure Marketplace, whose images are in a registry that the cluster cannot reach.
//!
//! ## Why it matters
//!
//! The images of Marketplace extensions come from `arcmktplaceprod.azurecr.io`. A network isolated cluster pulls from
//! its private registry, which caches `mcr.microsoft.com` but not that host, so the extension's pods stay in
//! `ImagePullBackOff`. The default is a warning because a network may have a private path to that host.
//!
//! ## What it does
//!
//! Reports every extension that has a `plan`, or whose type does not begin with `microsoft.`: another publisher sells
//! it in the Marketplace. The setting `marketplace` decides between a warning, a rejection and nothing.
//!
//! ## Fields
//!
//! `plan` beside the `extensionType`, and the type itself, in the objects of `unsupported-extension`.
//!
//! ## Instead
//!
//! Import the images into the private registry and install the application's Helm chart from there.
//!
//! ## Settings
//!
//! `marketplace`, `allow`.
//!
//! ## Not covered
//!
//! The images of the extension. A type that begins with `microsoft.` whose `plan` is not in the object, as in an
//! `ExtensionConfig`.
//!
//! ## References
//!
//! - <https://learn.microsoft.com/azure/aks/deploy-marketplace>
//! - <https://learn.microsoft.com/azure/aks/outbound-rules-control-egress>

use isolation::{FieldRef, Findings, Rule, Value};

use crate::Settings;

/// The rule.
pub const RULE: Rule = Rule { id: "NI404", name: "marketplace-extension", since: "0.1.0" };

/// Judges an extension that is not on the list.
pub fn check(holder: Value<'_>, named_type: Value<'_>, lower: &str, settings: &Settings, findings: &mut Findings) {
    let Some(severity) = settings.marketplace.severity() else { return };
    let plan = holder.field("plan").filter(|plan| !plan.is_empty_container());
    let at = match plan {
        Some(plan) => plan,
        None if !lower.starts_with("microsoft.") => named_type,
        None => return,
    };
    let what = "Marketplace images come from arcmktplaceprod.azurecr.io, which the private registry does not cache";
    let fix = "Install its chart from the private registry, or add the type to the policy's setting allow";
    findings.report(severity, &RULE, FieldRef::from(at), what.to_owned(), fix.into());
}
