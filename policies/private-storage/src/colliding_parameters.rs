//! Rejects parameters that differ only in the case of their key.
//!
//! ## What it does
//!
//! Compares the keys of all parameters in lower case and rejects the second of two that are then the same.
//!
//! ## Why it matters
//!
//! The drivers lower-case every key and read the parameters in random order, so of
//! `networkEndpointType: privateEndpoint` and `networkendpointtype: ""` either counts, at each volume anew. Whoever reads
//! the class sees the private one.
//!
//! ## Fields
//!
//! `parameters` of StorageClass, VolumeAttributesClass and VolumeSnapshotClass; `volumeAttributes` of PersistentVolumes
//! and of volumes in pods.
//!
//! ## Instead
//!
//! Write each parameter once.
//!
//! ## Settings
//!
//! None.
//!
//! ## Not covered
//!
//! Keys of other drivers, which may tell cases apart.
//!
//! ## References
//!
//! <https://github.com/kubernetes-sigs/azurefile-csi-driver/blob/master/docs/driver-parameters.md>

use isolation::{Findings, Rule};

use crate::parameters::Parameter;

/// The rule.
pub const RULE: Rule = Rule { id: "NI302", name: "colliding-parameters", since: "0.1.0" };

/// Reports the second of two parameters that the driver takes for the same.
pub fn report(first: &Parameter<'_>, second: &Parameter<'_>, findings: &mut Findings) {
    let what = [
        "to the driver this is the same parameter as ",
        &isolation::finding::shown(first.key()),
        ", and which of the two counts is chance",
    ]
    .concat();
    findings.deny(&RULE, second.value, what, "Keep one of the two");
}
