//! Rejects claims whose class in the cluster is not private.
//!
//! ## Why it matters
//!
//! A class may be older than the policy, or may have been created while the policy was not installed. Its volumes are
//! public nevertheless.
//!
//! ## What it does
//!
//! With `lookup: true`, fetches the StorageClass and the VolumeAttributesClass that a claim names, judges them as if
//! they were being created, and rejects the claim with the first violation of the class. Each class is fetched once per
//! request.
//!
//! ## Fields
//!
//! `spec.storageClassName`, the annotation `volume.beta.kubernetes.io/storage-class` and
//! `spec.volumeAttributesClassName` of PersistentVolumeClaims, of `volumeClaimTemplates` and of
//! `volumes[].ephemeral.volumeClaimTemplate`; the fields of custom resources that become claims.
//!
//! ## Instead
//!
//! Name a class with `networkEndpointType: privateEndpoint`. The parameters of a class are immutable: to correct a
//! class, delete and recreate it. Existing volumes stay as they are.
//!
//! ## Settings
//!
//! `lookup` enables the rule. `defaultClass` is the class of a claim that names none.
//!
//! ## Not covered
//!
//! A class that is replaced after the claim was admitted and before its volume is created. AKS's own classes are known
//! by name and not fetched.
//!
//! ## References
//!
//! <https://kubernetes.io/docs/concepts/storage/storage-classes/>,
//! <https://docs.kubewarden.io/explanations/context-aware-policies>

use isolation::{FieldRef, Findings, Rule};

use crate::answers::ClassKind;

/// The rule.
pub const RULE: Rule = Rule { id: "NI310", name: "public-class", since: "0.1.0" };

/// Reports a claim whose class `name` the policy rejects.
pub fn report(kind: &ClassKind, name: &str, field: FieldRef<'_>, what: &str, fix: &str, findings: &mut Findings) {
    let (which, name) = if field.is_missing() { ("the default class ", name) } else { ("this ", kind.name) };
    let what = [which, name, " is not private: ", what].concat();
    let head = "Name another class, or recreate this one: ";
    let mut fix = [head, fix].concat();
    // The class's own fix goes on in this sentence.
    if let Some(first) = fix.get_mut(head.len()..=head.len()) {
        first.make_ascii_lowercase();
    }
    findings.deny(&RULE, field, what, fix);
}
