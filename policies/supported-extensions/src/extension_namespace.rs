//! Warns of new namespaces that unsupported extensions install into, where the settings ask for it.
//!
//! ## Why it matters
//!
//! Azure has moved the operator that installs extensions out of the cluster, so the cluster may have no object that
//! names an extension. The namespace is then its first trace.
//!
//! ## What it does
//!
//! With the setting `namespaces: true`, warns of a Namespace with the name that a listed extension gives its own. It
//! never rejects.
//!
//! ## Fields
//!
//! `metadata.name` of a new Namespace.
//!
//! ## Instead
//!
//! Nothing, if open source Dapr or Flux is installed there from the private registry. Otherwise remove the extension.
//!
//! ## Settings
//!
//! `namespaces`, `list`, `allow`.
//!
//! ## Not covered
//!
//! Extensions in a custom namespace, and those that install into `kube-system`.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/concepts-network-isolated>

use isolation::{Findings, Rule, Value};

use crate::Settings;

/// The rule.
pub const RULE: Rule = Rule { id: "NI406", name: "extension-namespace", since: "0.1.0" };

/// Judges a namespace.
pub fn check(object: Value<'_>, settings: &Settings, findings: &mut Findings) {
    if !settings.namespaces {
        return;
    }
    let Some(metadata) = findings.object(object, "metadata") else { return };
    let Some((value, name)) = findings.text(metadata, "name") else { return };
    let Some(extension) = settings.list().find(|extension| extension.namespace == name) else { return };
    if settings.allows(extension.extension_type) {
        return;
    }
    let what = [
        "the extension ",
        extension.extension_type,
        ", which network isolated clusters do not support, installs into a namespace of this name",
    ];
    let fix = "Do not install the extension; the open source version from your private registry may use this namespace";
    findings.warn(&RULE, value, what.concat(), fix);
}
