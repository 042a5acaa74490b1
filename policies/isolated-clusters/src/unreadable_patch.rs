//! Rejects patches that cannot be read.
//!
//! ## What it does
//!
//! Reads every merge patch as CAPZ does: what begins with a brace as JSON, everything else as YAML. It rejects what is
//! neither, what is no object, and what readers of YAML take for different things, such as a key that is given twice. A key
//! that differs from one of the API's in its casing alone gives a warning: CAPZ compares keys exactly, so that what it says
//! never reaches Azure.
//!
//! ## Why it matters
//!
//! A patch can set every field of the cluster. One that cannot be read could open it, and where CAPZ cannot read it
//! either, the cluster is never made.
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

/// Reports a key that is one of the API's in another casing. CAPZ decodes the merged object with `sigs.k8s.io/json`, which
/// tells cases apart, so that whoever wrote the key believes in something that does not happen.
pub fn report_key(value: Value<'_>, findings: &mut Findings) {
    let what = "a key in another casing than the API's: CAPZ passes over it, and it changes nothing";
    findings.warn(&RULE, value, what, "Write the key as the API does, or remove it");
}
