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

use crate::lookup::ClassKind;

/// The rule.
pub const RULE: Rule = Rule { id: "NI310", name: "public-class", since: "0.1.0" };

/// Reports a claim whose class the policy rejects.
pub fn report<'d>(kind: &ClassKind, spot: impl Into<Spot<'d>>, what: &str, fix: &str, findings: &mut Findings) {
    let what = ["this ", kind.name, " is rejected itself: ", what].concat();
    findings.deny(&RULE, spot, what, ["Name another class, or delete this one and create it anew. ", fix].concat());
}
