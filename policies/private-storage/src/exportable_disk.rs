//! Rejects disks and snapshots whose content can be exported over a public endpoint.
//!
//! ## What it does
//!
//! With the setting `disks: private`, demands of StorageClasses and VolumeSnapshotClasses of Azure Disk that
//! `networkAccessPolicy` is `DenyAll` or `AllowPrivate` (with a `diskAccessID`) and that `publicNetworkAccess` is
//! `Disabled`. A VolumeAttributesClass may leave them out, but not say anything else.
//!
//! ## Why it matters
//!
//! A disk is attached to its node and needs no network. But whoever may read it in Azure can ask for a link under which
//! its content is downloaded; these two parameters close that. For disks, drivers before 1.33.3 leave it open where the
//! class says nothing, and for snapshots every driver does.
//!
//! ## Fields
//!
//! `parameters.networkAccessPolicy`, `parameters.publicNetworkAccess`, `parameters.diskAccessID`.
//!
//! ## Instead
//!
//! ```yaml
//! parameters:
//!   networkAccessPolicy: DenyAll
//!   publicNetworkAccess: Disabled
//! ```
//!
//! ## Settings
//!
//! `disks: private` switches the rule on.
//!
//! ## Not covered
//!
//! AKS's built-in disk classes, which AKS keeps as they are: they leave the choice to the driver, which closes the export
//! from 1.33.3 on. Disks that exist already.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/virtual-machines/disks-restrict-import-export-overview>,
//! <https://learn.microsoft.com/azure/aks/azure-csi-driver-volume-provisioning>

use isolation::{Findings, Rule};

use crate::parameters::Parameters;

/// The rule.
pub const RULE: Rule = Rule { id: "NI308", name: "exportable-disk", since: "0.1.0" };

/// Judges the parameters of a class of disks or snapshots. With `explicit` both must be there.
pub fn check(parameters: &Parameters<'_>, explicit: bool, findings: &mut Findings) {
    let policy = "networkAccessPolicy";
    let access = "publicNetworkAccess";
    if explicit && parameters.lacks(policy) {
        let what = "without it the content may be exported to any network";
        findings.deny(&RULE, parameters.missing(policy), what, "Write networkAccessPolicy: DenyAll");
    }
    // The driver compares exactly.
    for given in parameters.given(policy) {
        match &*given.text {
            "DenyAll" => {}
            "AllowPrivate" => {
                if parameters.lacks("diskAccessID") {
                    let what = "AllowPrivate needs the disk access resource whose private endpoints may export";
                    let fix = "Write the resource id of the disk access, or networkAccessPolicy: DenyAll";
                    findings.deny(&RULE, parameters.missing("diskAccessID"), what, fix);
                }
            }
            "AllowAll" => {
                let what = "the content may be exported to any network";
                findings.deny(&RULE, given.value, what, "Write networkAccessPolicy: DenyAll");
            }
            _ => {
                let what = "not a value that the driver knows: it compares exactly, and makes no disk";
                findings.deny(&RULE, given.value, what, "Write networkAccessPolicy: DenyAll");
            }
        }
    }
    if explicit && parameters.lacks(access) {
        let what = "without it the content may be exported over a public endpoint";
        findings.deny(&RULE, parameters.missing(access), what, "Write publicNetworkAccess: Disabled");
    }
    for given in parameters.given(access).filter(|given| given.text != "Disabled") {
        let what = "the content may be exported over a public endpoint";
        findings.deny(&RULE, given.value, what, "Write publicNetworkAccess: Disabled");
    }
}
