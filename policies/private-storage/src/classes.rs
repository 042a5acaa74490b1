//! StorageClass, VolumeAttributesClass and VolumeSnapshotClass.

use isolation::{Findings, Value};

use crate::context::Context;
use crate::drivers::{self, Driver, driver, host_parameters};
use crate::exportable_disk::Class;
use crate::parameters::Parameters;
use crate::{
    Settings, built_in_class, colliding_parameters, exportable_disk, foreign_endpoint, in_tree_driver, open_account,
    overridden_class, public_endpoint, unproven_account,
};

/// Judges a StorageClass.
pub fn storage_class(object: Value<'_>, context: Context<'_>, findings: &mut Findings) {
    let settings = context.settings;
    let Some((provisioner, text)) = findings.text(object, "provisioner") else { return };
    if let Some(names) = host_parameters(&text) {
        let parameters = read(object, None, findings);
        return unproven_account::check_hosts(object, &parameters, names, settings, findings);
    }
    let Some(driver) = driver(&text) else { return };
    if is_built_in(object, driver, settings, findings) {
        return;
    }
    match driver {
        Driver::File | Driver::Blob => {
            let parameters = read(object, Some(driver), findings);
            public_endpoint::check(&parameters, driver, settings, findings);
            open_account::check(&parameters, driver, false, settings, findings);
            account(&parameters, driver, settings, findings);
            foreign_endpoint::check_mount_options(object, settings, findings);
        }
        Driver::InTreeFile => in_tree_driver::report(provisioner, findings),
        Driver::Disk => disks(object, Class::Storage, settings, findings),
    }
}

/// The parameters of a class of this driver.
fn read<'d>(object: Value<'d>, driver: Option<Driver>, findings: &mut Findings) -> Parameters<'d> {
    let parameters = Parameters::read(findings, object, "parameters");
    colliding_parameters::check(&parameters, driver, findings);
    parameters
}

/// Judges the account and the host in the parameters of a class.
fn account(parameters: &Parameters<'_>, driver: Driver, settings: &Settings<'_>, findings: &mut Findings) {
    foreign_endpoint::check(parameters, settings, findings);
    if !parameters.makes_nfs(driver) {
        foreign_endpoint::check_names(parameters, driver, findings);
    }
    let account = parameters.account().map(|account| &*account.text);
    foreign_endpoint::check_servers(parameters, account, false, settings, findings);
    unproven_account::check(parameters, driver, settings, findings);
}

fn disks(object: Value<'_>, class: Class, settings: &Settings<'_>, findings: &mut Findings) {
    if settings.private_disks {
        let parameters = read(object, Some(Driver::Disk), findings);
        exportable_disk::check(&parameters, class, findings);
    }
}

/// Whether this is one of AKS's own classes, which AKS would only recreate. A class that shares only the name is judged:
/// claims that name a built-in disk class are accepted by the name alone.
fn is_built_in(object: Value<'_>, driver: Driver, settings: &Settings<'_>, findings: &mut Findings) -> bool {
    let Some((name, text)) = findings.object(object, "metadata").and_then(|metadata| findings.text(metadata, "name"))
    else {
        return false;
    };
    // In old clusters AKS's class still has the in-tree driver.
    let driver = if driver == Driver::InTreeFile { Driver::File } else { driver };
    let Some(class) = drivers::built_in(&text).filter(|class| class.driver == driver) else { return false };
    if class.driver == Driver::Disk {
        disks(object, Class::Silent, settings, findings);
        return true;
    }
    // A class whose claims are accepted by name is judged like any other, so nothing hides behind the name.
    let refused = built_in_class::is_refused(class, settings);
    if refused {
        built_in_class::tell(name, findings);
    }
    refused
}

/// Judges a VolumeAttributesClass.
pub fn volume_attributes_class(object: Value<'_>, context: Context<'_>, findings: &mut Findings) {
    let settings = context.settings;
    let Some((_, text)) = findings.text(object, "driverName") else { return };
    match driver(&text) {
        Some(driver @ (Driver::File | Driver::Blob)) => {
            let parameters = read(object, Some(driver), findings);
            overridden_class::check(&parameters, settings, findings);
            open_account::check(&parameters, driver, true, settings, findings);
            account(&parameters, driver, settings, findings);
        }
        Some(Driver::Disk) => disks(object, Class::Silent, settings, findings),
        _ => {}
    }
}

/// Judges a VolumeSnapshotClass. A snapshot of a share stays in the share's account; a snapshot of a disk is a separate
/// resource.
pub fn volume_snapshot_class(object: Value<'_>, context: Context<'_>, findings: &mut Findings) {
    let Some((_, text)) = findings.text(object, "driver") else { return };
    if driver(&text) == Some(Driver::Disk) {
        disks(object, Class::Snapshot, context.settings, findings);
    }
}
