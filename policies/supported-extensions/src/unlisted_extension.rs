//! Reports extensions that are not known to work on network isolated clusters, where the settings ask for it.
//!
//! ## Why it matters
//!
//! The documentation names unsupported extensions and says nothing about the rest. With this rule, somebody reviews
//! each extension before it is installed. Rejecting all extensions would be wrong: Azure is turning its monitoring
//! add-ons into extensions, and recommends them for network isolated clusters.
//!
//! ## What it does
//!
//! With the setting `unlisted` at `warn` or `deny`, reports every extension that neither the setting `allow` nor this
//! policy knows as supported. The policy knows Azure Monitor's extensions, `microsoft.azuremonitor.containers`,
//! `microsoft.azuremonitor.containers.metrics` and `microsoft.azuremonitor.appmonitoring`, and Azure Backup,
//! `microsoft.dataprotection.kubernetes`.
//!
//! ## Fields
//!
//! Those of `unsupported-extension`.
//!
//! ## Instead
//!
//! Find out where the extension pulls its images from and what else it connects to. If the cluster reaches both
//! privately, add the type to the setting `allow`.
//!
//! ## Settings
//!
//! `unlisted`, `allow`.
//!
//! ## Not covered
//!
//! What an allowed extension does.
//!
//! ## References
//!
//! - <https://learn.microsoft.com/azure/aks/cluster-extensions>
//! - <https://learn.microsoft.com/azure/aks/outbound-rules-control-egress>

use isolation::{FieldRef, Findings, Rule, Value};

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
    let fix = "Find out where its images come from and what it connects to; if all of it is private, add the type to \
               the policy's setting allow";
    findings.report(severity, &RULE, FieldRef::from(named_type), what.to_owned(), fix.into());
}
