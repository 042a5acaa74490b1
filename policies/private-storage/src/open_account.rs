//! Rejects parameters that open a storage account to the public.
//!
//! ## What it does
//!
//! Rejects `allowBlobPublicAccess` that is true in any spelling a driver takes for true, and a `publicNetworkAccess` that
//! the drivers do not know. Warns of `publicNetworkAccess: Enabled` beside a private endpoint.
//!
//! ## Why it matters
//!
//! With `allowBlobPublicAccess` containers can be opened to readers without a key. `publicNetworkAccess` is weaker than it
//! looks: for a private endpoint the driver makes an account whose firewall denies by default, whatever this parameter
//! says, so `Enabled` is the same as leaving it out. But an exception in that firewall would then count, and whoever reads
//! the class is misled. `Disabled` closes the public endpoint for good.
//!
//! ## Fields
//!
//! `parameters.publicNetworkAccess`, `parameters.allowBlobPublicAccess` of classes of Azure Files and Blob. In a
//! VolumeAttributesClass `Enabled` is rejected: it takes the place of the StorageClass's `Disabled`.
//!
//! ## Instead
//!
//! Leave both out, or write `publicNetworkAccess: Disabled` and `allowBlobPublicAccess: "false"`.
//!
//! ## Settings
//!
//! None.
//!
//! ## Not covered
//!
//! What is set on the account itself. The driver applies these parameters only to accounts that it creates.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/create-volume-azure-files>,
//! <https://learn.microsoft.com/azure/storage/common/storage-network-security>

use isolation::booleans::may_be_true;
use isolation::placeholder::{PLACEHOLDER, is_placeholder};
use isolation::{Findings, Rule};

use crate::parameters::Parameters;

/// The rule.
pub const RULE: Rule = Rule { id: "NI303", name: "open-account", since: "0.1.0" };

const FIX: &str = "Write publicNetworkAccess: Disabled, or leave it out";

/// Judges the parameters of a class. With `overrides` they take the place of those of another.
pub fn check(parameters: &Parameters<'_>, overrides: bool, findings: &mut Findings) {
    for access in parameters.given("publicNetworkAccess") {
        // The drivers compare exactly.
        match &*access.text {
            "Disabled" | "SecuredByPerimeter" => {}
            "Enabled" if overrides => {
                let what = "takes the place of Disabled in a StorageClass, and leaves the account's public endpoint open";
                findings.deny(&RULE, access.value, what, FIX);
            }
            "Enabled" => {
                let what = "beside a private endpoint the same as leaving it out: only the account's firewall keeps the public endpoint \
                            closed";
                findings.warn(&RULE, access.value, what, FIX);
            }
            text if is_placeholder(text) => {
                findings.deny(&RULE, access.value, PLACEHOLDER, FIX);
            }
            _ => {
                let what = "not a value that the driver knows: it makes no volume, or leaves the public endpoint open";
                findings.deny(&RULE, access.value, what, FIX);
            }
        }
    }
    // Azure Files reads it with Go's `ParseBool`, Blob takes `true` in any casing.
    for blobs in parameters.given("allowBlobPublicAccess").filter(|blobs| may_be_true(&blobs.text)) {
        let what = "containers of the account could be opened to readers without a key";
        findings.deny(&RULE, blobs.value, what, "Write allowBlobPublicAccess: \"false\", or leave it out");
    }
}
