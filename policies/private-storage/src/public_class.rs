//! Rejects claims whose class, as the cluster has it, is not private.
//!
//! ## What it does
//!
//! With `lookup: true`, fetches the StorageClass and the VolumeAttributesClass that a claim names, judges them as if they
//! were being created, and rejects the claim with the first reason against the class. A class is fetched once in a request.
//!
//! ## Why it matters
//!
//! A class may be older than the policy, or have been created while the policy was not there. Its volumes are public
//! nevertheless.
//!
//! ## Fields
//!
//! `spec.storageClassName`, the annotation `volume.beta.kubernetes.io/storage-class` and `spec.volumeAttributesClassName`
//! of PersistentVolumeClaims, of `volumeClaimTemplates` and of `volumes[].ephemeral.volumeClaimTemplate`; the places in
//! custom resources that become claims.
//!
//! ## Instead
//!
//! Name a class with `networkEndpointType: privateEndpoint`. The parameters of a class cannot be changed: to mend a class,
//! delete it and create it anew; volumes that exist stay as they are.
//!
//! ## Settings
//!
//! `lookup` switches the rule on. `defaultClass` is the class of a claim that names none.
//!
//! ## Not covered
//!
//! A class that is replaced after the claim was admitted and before its volume is made. AKS's own classes are known by
//! their names and not fetched.
//!
//! ## References
//!
//! <https://kubernetes.io/docs/concepts/storage/storage-classes/>,
//! <https://docs.kubewarden.io/explanations/context-aware-policies>

use isolation::{Findings, Rule, Spot};

use crate::answers::ClassKind;

/// The rule.
pub const RULE: Rule = Rule { id: "NI310", name: "public-class", since: "0.1.0" };

/// Reports a claim whose class `name` the policy rejects.
pub fn report(kind: &ClassKind, name: &str, spot: Spot<'_>, what: &str, fix: &str, findings: &mut Findings) {
    let (which, name) = if spot.is_missing() { ("the default class ", name) } else { ("this ", kind.name) };
    let what = [which, name, " is rejected itself: ", what].concat();
    let fix = ["Name another class, or create this one anew (", fix, ")"].concat();
    findings.deny(&RULE, spot, what, fix);
}
