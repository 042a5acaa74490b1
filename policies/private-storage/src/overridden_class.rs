//! Rejects volume attributes classes that override a StorageClass's private endpoint.
//!
//! ## Why it matters
//!
//! When the driver creates a volume, the parameters of a VolumeAttributesClass override those of the StorageClass. A
//! claim that names a private StorageClass and such a VolumeAttributesClass gets a public account. An empty value
//! overrides, too, and so may a key in another case: then either value may win.
//!
//! ## What it does
//!
//! Rejects a VolumeAttributesClass of Azure Files or Blob whose `networkEndpointType` is anything but
//! `privateEndpoint`. Where `nfsServiceEndpoint: allow` exempts NFS classes from private endpoints, it also rejects a
//! `protocol` other than NFS. Other rules judge its remaining parameters as in a StorageClass.
//!
//! ## Fields
//!
//! `parameters.networkEndpointType` and `parameters.protocol` of VolumeAttributesClass.
//!
//! ## Instead
//!
//! Leave both to the StorageClass. Set only `provisionedIOPS` and `provisionedBandwidth` here: the driver accepts no
//! other parameters when it changes a volume.
//!
//! ## Settings
//!
//! `nfsServiceEndpoint`.
//!
//! ## Not covered
//!
//! Parameters that do not change how storage is reached, such as `skuName`.
//!
//! ## References
//!
//! <https://kubernetes.io/docs/concepts/storage/volume-attributes-classes/>,
//! <https://github.com/kubernetes-sigs/azurefile-csi-driver/blob/master/docs/driver-parameters.md>

use isolation::{Findings, Fix, Rule};

use crate::Settings;
use crate::parameters::{Parameters, is_nfs};
use crate::public_endpoint::is_private;

/// The rule.
pub const RULE: Rule = Rule { id: "NI307", name: "overridden-class", since: "0.1.0" };

/// Judges the parameters of a VolumeAttributesClass.
pub fn check(parameters: &Parameters<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    // An empty value counts, too: it overrides the StorageClass's.
    let types = || parameters.all("networkEndpointType").filter(|parameter| !is_private(parameter));
    let protocols = || {
        let protocols = parameters.all("protocol").filter(|protocol| !is_nfs(protocol));
        protocols.take_while(|_| settings.nfs_service_endpoint)
    };
    // The API server refuses a class without parameters.
    let leaves_some = types().count() + protocols().count() < parameters.count();
    let fix = |text: &str| match leaves_some {
        true => Fix::remove(["Remove it", text].concat()),
        false => ["Delete the class, which may not be empty", text].concat().into(),
    };
    for parameter in types() {
        let what = "overrides the StorageClass's value, so a claim of a private class gets a public account";
        let fix = fix(": networkEndpointType: privateEndpoint belongs in the StorageClass");
        findings.deny(&RULE, parameter.value, what, fix);
    }
    for protocol in protocols() {
        let what = "overrides nfs in a StorageClass that needs no private endpoint for NFS, but needs one for this";
        findings.deny(&RULE, protocol.value, what, fix(", and set protocol in the StorageClass"));
    }
}
