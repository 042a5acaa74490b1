//! Warns of new namespaces that unsupported extensions install into, where the settings ask for it.
//!
//! ## What it does
//!
//! With the setting `namespaces: true`, warns of a Namespace that has the name which an extension of the list gives to its
//! own. It never rejects.
//!
//! ## Why it matters
//!
//! Azure has moved the operator that installs extensions out of the cluster, so that no object of the cluster need speak
//! of an extension any more. The namespace is then the first that is seen of it.
//!
//! ## Fields
//!
//! `metadata.name` of a Namespace that is created.
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
//! Extensions that were given another namespace, and those that install into `kube-system`.
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
    let what = ["the unsupported extension ", extension.extension_type, " installs here"];
    let fix = "Remove the extension; if it is the open source version from your private registry, nothing is wrong";
    findings.warn(&RULE, value, what.concat(), fix);
}
