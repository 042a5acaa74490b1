//! Rejects volume attributes classes that take the private endpoint away from a StorageClass.
//!
//! ## What it does
//!
//! Rejects a VolumeAttributesClass of Azure Files or Blob whose `networkEndpointType` is anything but `privateEndpoint`.
//! Where `nfsServiceEndpoint: allow` lets NFS classes do without, a `protocol` that is not NFS is rejected as well.
//! Everything else that it says is judged as in a StorageClass, by the rules for that.
//!
//! ## Why it matters
//!
//! When a volume is created, the driver lays these parameters over those of the StorageClass. A claim that names a private
//! StorageClass and such a VolumeAttributesClass gets what the latter says: a public account. An empty value counts too,
//! and so does one written in another case: then either of the two counts, by chance.
//!
//! ## Fields
//!
//! `parameters.networkEndpointType` and `parameters.protocol` of VolumeAttributesClass.
//!
//! ## Instead
//!
//! Leave both to the StorageClass, and keep to `provisionedIOPS` and `provisionedBandwidth` here: changing a volume later,
//! the driver takes no other.
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

use isolation::{Findings, Rule};

use crate::Settings;
use crate::parameters::{Parameters, is_nfs};
use crate::public_endpoint::is_private;

/// The rule.
pub const RULE: Rule = Rule { id: "NI307", name: "overridden-class", since: "0.1.0" };

/// Judges the parameters of a VolumeAttributesClass.
pub fn check(parameters: &Parameters<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    // An empty value counts as well: it takes the place of the StorageClass's.
    for parameter in parameters.all("networkEndpointType").filter(|parameter| !is_private(parameter)) {
        let what = "takes the place of the StorageClass's value, so a claim of a private class gets a public account";
        let fix = "Remove it: networkEndpointType: privateEndpoint belongs in the StorageClass";
        findings.deny(&RULE, parameter.value, what, fix);
    }
    if settings.nfs_service_endpoint {
        for protocol in parameters.all("protocol").filter(|protocol| !is_nfs(protocol)) {
            let what = "takes the place of nfs in a StorageClass that needs no private endpoint for NFS, but would for this";
            findings.deny(&RULE, protocol.value, what, "Remove it, and set protocol in the StorageClass");
        }
    }
}
