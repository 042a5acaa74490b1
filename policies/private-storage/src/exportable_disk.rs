//! Rejects disks and snapshots whose content can be exported over a public endpoint.
//!
//! ## Why it matters
//!
//! A disk is attached to its node and needs no network. But anyone who may read it in Azure can request a link to
//! download its content; `networkAccessPolicy` and `publicNetworkAccess` prevent that. Without them, drivers before
//! 1.33.3 leave disks exportable, and all drivers leave snapshots exportable.
//!
//! ## What it does
//!
//! With the setting `disks: private`, StorageClasses and VolumeSnapshotClasses of Azure Disk must set
//! `networkAccessPolicy` to `DenyAll` or `AllowPrivate` (with a `diskAccessID`), and `publicNetworkAccess` to
//! `Disabled`. A VolumeAttributesClass may omit both, but may not set other values.
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
//! `disks: private` enables the rule.
//!
//! ## Not covered
//!
//! - AKS's built-in disk classes, which AKS keeps as they are: they leave the choice to the driver, which prevents the
//!   export from 1.33.3 on.
//! - Existing disks.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/virtual-machines/disks-restrict-import-export-overview>,
//! <https://learn.microsoft.com/azure/aks/azure-csi-driver-volume-provisioning>

use isolation::{Findings, Fix, Rule};

use crate::parameters::Parameters;

/// The rule.
pub const RULE: Rule = Rule { id: "NI308", name: "exportable-disk", since: "0.1.0" };

/// Judges the parameters of a class of disks or snapshots. With `explicit` both must be there.
pub fn check(parameters: &Parameters<'_>, explicit: bool, findings: &mut Findings) {
    let policy = "networkAccessPolicy";
    let access = "publicNetworkAccess";
    if explicit && parameters.lacks(policy) {
        let what = "without it the content can be exported to any network";
        findings.deny(&RULE, parameters.missing(policy), what, Fix::set("Write networkAccessPolicy: DenyAll", "DenyAll"));
    }
    // The driver compares exactly.
    for given in parameters.given(policy) {
        match &*given.text {
            "DenyAll" => {}
            "AllowPrivate" => {
                if parameters.lacks("diskAccessID") {
                    let what = "AllowPrivate needs the disk access resource whose private endpoints are used";
                    let fix = "Write the resource ID of the disk access, or networkAccessPolicy: DenyAll";
                    findings.deny(&RULE, parameters.missing("diskAccessID"), what, fix);
                }
            }
            "AllowAll" => {
                let what = "the content can be exported to any network";
                findings.deny(&RULE, given.value, what, Fix::set("Write networkAccessPolicy: DenyAll", "DenyAll"));
            }
            _ => {
                let what = "not a known value: the driver is case-sensitive, and provisioning fails";
                findings.deny(&RULE, given.value, what, Fix::set("Write networkAccessPolicy: DenyAll", "DenyAll"));
            }
        }
    }
    if explicit && parameters.lacks(access) {
        let what = "without it the content can be exported over a public endpoint";
        findings.deny(&RULE, parameters.missing(access), what, Fix::set("Write publicNetworkAccess: Disabled", "Disabled"));
    }
    for given in parameters.given(access).filter(|given| given.text != "Disabled") {
        let what = "the content can be exported over a public endpoint";
        findings.deny(&RULE, given.value, what, Fix::set("Write publicNetworkAccess: Disabled", "Disabled"));
    }
}
