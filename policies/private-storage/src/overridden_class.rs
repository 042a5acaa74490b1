//! Rejects volume attributes classes that decide how storage is reached.
//!
//! ## What it does
//!
//! Rejects a VolumeAttributesClass of Azure Files or Blob with a parameter that belongs in the StorageClass:
//! `networkEndpointType`, `storageAccount`, `server`, `storageEndpointSuffix`, `publicNetworkAccess` and
//! `allowBlobPublicAccess`, with whatever value.
//!
//! ## Why it matters
//!
//! When a volume is created, the driver lays these parameters over those of the StorageClass. A claim that names a private
//! StorageClass and such a VolumeAttributesClass gets what the latter says: a public account, or an existing one without
//! endpoint. Written in another case than in the StorageClass, either of the two counts, by chance. Changing a volume
//! later, the driver takes `provisionedIOPS` and `provisionedBandwidth` alone.
//!
//! ## Fields
//!
//! `parameters` of VolumeAttributesClass.
//!
//! ## Instead
//!
//! Put the parameter into the StorageClass, and keep to `provisionedIOPS` and `provisionedBandwidth` here.
//!
//! ## Settings
//!
//! None.
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

use crate::parameters::Parameters;

/// The rule.
pub const RULE: Rule = Rule { id: "NI307", name: "overridden-class", since: "0.1.0" };

/// The parameters that say how storage is reached.
const REACH: &[&str] = &[
    "networkEndpointType",
    "storageAccount",
    "server",
    "storageEndpointSuffix",
    "publicNetworkAccess",
    "allowBlobPublicAccess",
];

/// Judges the parameters of a VolumeAttributesClass.
pub fn check(parameters: &Parameters<'_>, findings: &mut Findings) {
    for name in REACH {
        // An empty value counts as well: it takes the place of the StorageClass's.
        for parameter in parameters.all(name) {
            let what = "takes the place of what the StorageClass of a claim says, so a private class may become a public one";
            let fix = ["Remove it here, and set ", name, " in the StorageClass"].concat();
            findings.deny(&RULE, parameter.value, what, fix);
        }
    }
}
