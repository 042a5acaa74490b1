//! Rejects parameters that differ only in the case of their key.
//!
//! ## Why it matters
//!
//! The drivers lower-case every key and read the parameters in random order. Of `networkEndpointType: privateEndpoint`
//! and `networkendpointtype: ""`, either may win, differently for each volume. A reader of the class sees the private one.
//!
//! ## What it does
//!
//! Compares the keys of all parameters in lower case and rejects the second of two equal ones. To Azure Blob,
//! `storageAccount` and `storageAccountName` are the same, too: they are rejected where they name two accounts.
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
//! Keys of other drivers, which may be case-sensitive.
//!
//! ## References
//!
//! <https://github.com/kubernetes-sigs/azurefile-csi-driver/blob/master/docs/driver-parameters.md>

use isolation::{Findings, Rule};

use crate::drivers::Driver;
use crate::parameters::{ACCOUNT_KEYS, Parameter, Parameters};

/// The rule.
pub const RULE: Rule = Rule { id: "NI302", name: "colliding-parameters", since: "0.1.0" };

/// Judges the keys of a class or volume of this driver, `None` if it is not one of Azure's.
pub fn check(parameters: &Parameters<'_>, driver: Option<Driver>, findings: &mut Findings) {
    for (first, second) in parameters.collisions() {
        report(first, second, findings);
    }
    let [first, second] = ACCOUNT_KEYS.map(|key| parameters.all(key).next());
    if driver == Some(Driver::Blob)
        && let (Some(first), Some(second)) = (first, second)
        && first.text != second.text
    {
        report(first, second, findings);
    }
}

/// Reports the second of two parameters that are the same to the driver.
fn report(first: &Parameter<'_>, second: &Parameter<'_>, findings: &mut Findings) {
    let what = [
        "to the driver this is the same parameter as ",
        &isolation::finding::printable(first.key()),
        ", and which one wins is undefined",
    ]
    .concat();
    findings.deny(&RULE, second.value, what, "Keep one of the two");
}
