//! Rejects patches that cannot be read.
//!
//! ## Why it matters
//!
//! A patch can set every field of the cluster, so an unreadable one could open it. If CAPZ cannot read it either, the
//! cluster is never created.
//!
//! ## What it does
//!
//! Reads every merge patch as CAPZ does: as JSON if it begins with a brace, otherwise as YAML. Rejects patches that are
//! neither, patches that are not an object, and YAML that parsers interpret differently, such as a duplicate key. Warns
//! of keys that differ from the API's only in case: CAPZ compares keys exactly, so such a key never reaches Azure.
//!
//! ## Fields
//!
//! `asoManagedClusterPatches` of CAPZ's `AzureManagedControlPlane`, `asoManagedClustersAgentPoolPatches` of its
//! `AzureManagedMachinePool`, and their templates.
//!
//! ## Instead
//!
//! Write the patch as JSON on one line.
//!
//! ## Settings
//!
//! None.
//!
//! ## Not covered
//!
//! Whether Azure knows the fields of the patch.
//!
//! ## References
//!
//! <https://capz.sigs.k8s.io/managed/managedcluster>, <https://datatracker.ietf.org/doc/html/rfc7386>

use isolation::{Findings, Rule, Value};

/// The rule.
pub const RULE: Rule = Rule { id: "NI616", name: "unreadable-patch", since: "0.1.0" };

/// Reports a patch.
pub fn report(patch: Value<'_>, problem: &str, findings: &mut Findings) {
    let what = ["a patch that cannot be read could change anything: ", problem].concat();
    let fix = r#"Write it as JSON, as in '{"spec":{"networkProfile":{"outboundType":"none"}}}'"#;
    findings.deny(&RULE, patch, what, fix);
}

/// Reports a key that differs from the API's in case. CAPZ decodes the merged object with the case-sensitive
/// `sigs.k8s.io/json`, so the key has no effect, and its author does not know.
pub fn report_key(value: Value<'_>, findings: &mut Findings) {
    let what = "a key that differs from the API's in case: CAPZ ignores it, and it changes nothing";
    findings.warn(&RULE, value, what, "Write the key as the API does, or remove it");
}
