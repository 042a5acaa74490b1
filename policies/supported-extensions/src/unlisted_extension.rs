//! Speaks of extensions that are not known to work on network isolated clusters, where the settings ask for it.
//!
//! ## What it does
//!
//! With the setting `unlisted` at `warn` or `deny`, warns of or rejects every extension that neither the setting `allow`
//! names nor this policy knows as supported. Azure Monitor's extensions are known, which are
//! `microsoft.azuremonitor.containers`, `microsoft.azuremonitor.containers.metrics` and
//! `microsoft.azuremonitor.appmonitoring`, and Azure Backup, `microsoft.dataprotection.kubernetes`.
//!
//! ## Why it matters
//!
//! The documentation names what is not supported and says nothing of the rest. Whoever wants to have looked at each
//! extension before it is installed turns the list around with this rule. Refusing all extensions would be wrong: Azure
//! is turning its monitoring add-ons into extensions, and recommends them for network isolated clusters.
//!
//! ## Fields
//!
//! The same as `unsupported-extension`.
//!
//! ## Instead
//!
//! Find out from where the extension pulls its images and what else it connects to. Where both are reached privately, put
//! its type into the setting `allow`.
//!
//! ## Settings
//!
//! `unlisted`, `allow`.
//!
//! ## Not covered
//!
//! What an extension that is allowed does.
//!
//! ## References
//!
//! - <https://learn.microsoft.com/azure/aks/cluster-extensions>
//! - <https://learn.microsoft.com/azure/aks/outbound-rules-control-egress>

use isolation::{Findings, Rule, Spot, Value};

use crate::{Settings, list};

/// The rule.
pub const RULE: Rule = Rule { id: "NI405", name: "unlisted-extension", since: "0.1.0" };

/// Judges an extension that is not on the list.
pub fn check(named_type: Value<'_>, lower: &str, settings: &Settings, findings: &mut Findings) {
    let Some(severity) = settings.unlisted.severity() else { return };
    if list::SUPPORTED.iter().any(|extension| extension.extension_type == lower) {
        return;
    }
    let what = "not known to work on network isolated clusters";
    let fix = "Find out where its images come from and what it connects to; if all of it is private, name the type in the policy's setting allow";
    findings.report(severity, &RULE, Spot::from(named_type), what.to_owned(), fix.to_owned());
}
