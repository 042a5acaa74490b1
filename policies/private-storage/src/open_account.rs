//! Rejects parameters that open a storage account to the public.
//!
//! ## Why it matters
//!
//! With `allowBlobPublicAccess`, containers can be opened to readers without a key. `publicNetworkAccess` does less
//! than it seems: for a private endpoint the driver creates an account whose firewall denies by default, whatever this
//! parameter says, so `Enabled` is the same as omitting it. But an exception in that firewall would then apply, and
//! readers of the class are misled. `Disabled` closes the public endpoint for good.
//!
//! ## What it does
//!
//! Rejects `allowBlobPublicAccess` that is true in any spelling that a driver accepts, and values of
//! `publicNetworkAccess` that the drivers do not know. Warns of `publicNetworkAccess: Enabled` with a private endpoint.
//!
//! ## Fields
//!
//! `parameters.publicNetworkAccess`, `parameters.allowBlobPublicAccess` of classes of Azure Files and Blob. In a
//! VolumeAttributesClass, `Enabled` is rejected: it overrides the StorageClass's `Disabled`.
//!
//! ## Instead
//!
//! Omit both, or write `publicNetworkAccess: Disabled` and `allowBlobPublicAccess: "false"`.
//!
//! ## Settings
//!
//! None.
//!
//! ## Not covered
//!
//! Settings of the account itself. The driver applies these parameters only to accounts that it creates.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/create-volume-azure-files>,
//! <https://learn.microsoft.com/azure/storage/common/storage-network-security>

use isolation::booleans::may_be_true;
use isolation::placeholder::{PLACEHOLDER, is_placeholder};
use isolation::{Findings, Fix, Rule};

use crate::parameters::Parameters;

/// The rule.
pub const RULE: Rule = Rule { id: "NI303", name: "open-account", since: "0.1.0" };

const BLOBS: &str = "Write allowBlobPublicAccess: \"false\", or omit it";
const FIX: &str = "Write publicNetworkAccess: Disabled, or omit it";

/// Judges the parameters of a class. With `overrides` they override those of another.
pub fn check(parameters: &Parameters<'_>, overrides: bool, findings: &mut Findings) {
    for access in parameters.given("publicNetworkAccess") {
        // The drivers compare exactly.
        match &*access.text {
            "Disabled" | "SecuredByPerimeter" => {}
            "Enabled" if overrides => {
                let what = "overrides Disabled in a StorageClass, and leaves the account's public endpoint open";
                findings.deny(&RULE, access.value, what, Fix::set(FIX, "Disabled"));
            }
            "Enabled" => {
                let what = "with a private endpoint the same as omitting it: only the account's firewall closes the \
                            public endpoint";
                findings.warn(&RULE, access.value, what, Fix::set(FIX, "Disabled"));
            }
            text if is_placeholder(text) => {
                findings.deny(&RULE, access.value, PLACEHOLDER, Fix::set(FIX, "Disabled"));
            }
            _ => {
                let what = "not a value that the driver knows: it creates no volume, or leaves the public endpoint \
                            open";
                findings.deny(&RULE, access.value, what, Fix::set(FIX, "Disabled"));
            }
        }
    }
    // Azure Files reads it with Go's `ParseBool`; Blob accepts `true` in any case.
    for blobs in parameters.given("allowBlobPublicAccess").filter(|blobs| may_be_true(&blobs.text)) {
        let what = "containers of the account can be opened to readers without a key";
        findings.deny(&RULE, blobs.value, what, Fix::set(BLOBS, "false"));
    }
}
