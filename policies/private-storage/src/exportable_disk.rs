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
//! `networkAccessPolicy` to `DenyAll`, or in a StorageClass to `AllowPrivate` with a `diskAccessID`, and
//! `publicNetworkAccess` to `Disabled`. A VolumeAttributesClass may omit both, but may not set other values.
//!
//! Warns of a `diskAccessID` beside `DenyAll` and in a VolumeSnapshotClass, where the driver refuses it.
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
//! <https://learn.microsoft.com/azure/aks/azure-csi-driver-volume-provisioning>,
//! <https://github.com/kubernetes-sigs/azuredisk-csi-driver/blob/master/docs/driver-parameters.md>

use isolation::{Findings, Fix, Rule};

use crate::parameters::Parameters;

/// The rule.
pub const RULE: Rule = Rule { id: "NI308", name: "exportable-disk", since: "0.1.0" };

/// A class of disks or snapshots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A StorageClass, which must say both.
    Storage,
    /// A VolumeSnapshotClass, which must say both. The driver knows no `diskAccessID` there.
    Snapshot,
    /// A class that may leave the choice to the StorageClass or the driver.
    Silent,
}

/// Judges the parameters of a class.
pub fn check(parameters: &Parameters<'_>, class: Class, findings: &mut Findings) {
    let policy = "networkAccessPolicy";
    let access = "publicNetworkAccess";
    let by_private_endpoint = class != Class::Snapshot && !parameters.lacks("diskAccessID");
    // The driver refuses any other policy beside a disk access.
    let write = || match by_private_endpoint {
        true => Fix::set("Write networkAccessPolicy: AllowPrivate", "AllowPrivate"),
        false => Fix::set("Write networkAccessPolicy: DenyAll", "DenyAll"),
    };
    if class != Class::Silent && parameters.lacks(policy) {
        let what = "without it the content can be exported to any network";
        findings.deny(&RULE, parameters.missing(policy), what, write());
    }
    // The driver compares exactly.
    for given in parameters.given(policy) {
        match &*given.text {
            "DenyAll" if by_private_endpoint => {
                let what = "the driver creates no disk: it accepts a diskAccessID only with AllowPrivate";
                let fix = "Write networkAccessPolicy: AllowPrivate, or remove diskAccessID";
                findings.warn(&RULE, given.value, what, fix);
            }
            "DenyAll" => {}
            "AllowPrivate" if class == Class::Snapshot => {
                let what = "needs a disk access resource, which the driver accepts only in a StorageClass";
                findings.deny(&RULE, given.value, what, write());
            }
            "AllowPrivate" => {
                if !by_private_endpoint {
                    let what = "AllowPrivate needs the disk access resource whose private endpoints are used";
                    let fix = "Write the resource ID of the disk access, or networkAccessPolicy: DenyAll";
                    findings.deny(&RULE, parameters.missing("diskAccessID"), what, fix);
                }
            }
            "AllowAll" => {
                let what = "the content can be exported to any network";
                findings.deny(&RULE, given.value, what, write());
            }
            _ => {
                let what = "not a known value: the driver is case-sensitive, and provisioning fails";
                findings.deny(&RULE, given.value, what, write());
            }
        }
    }
    if class == Class::Snapshot {
        for given in parameters.given("diskAccessID") {
            let what = "the driver creates no snapshot: it accepts a diskAccessID only in a StorageClass";
            findings.warn(&RULE, given.value, what, Fix::remove("Remove it"));
        }
    }
    if class != Class::Silent && parameters.lacks(access) {
        let what = "without it the content can be exported over a public endpoint";
        findings.deny(
            &RULE,
            parameters.missing(access),
            what,
            Fix::set("Write publicNetworkAccess: Disabled", "Disabled"),
        );
    }
    for given in parameters.given(access).filter(|given| given.text != "Disabled") {
        let what = "the content can be exported over a public endpoint";
        findings.deny(&RULE, given.value, what, Fix::set("Write publicNetworkAccess: Disabled", "Disabled"));
    }
}
