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
//! `publicNetworkAccess` that the drivers do not know. Warns of `publicNetworkAccess: Enabled` with a private endpoint,
//! and of `Disabled` for NFS over a service endpoint, which it closes, too.
//!
//! ## Fields
//!
//! `parameters.publicNetworkAccess`, `parameters.allowBlobPublicAccess` of classes of Azure Files and Blob. In a
//! VolumeAttributesClass, `Enabled` is rejected: it overrides the StorageClass's `Disabled`.
//!
//! ## Instead
//!
//! Omit both, or write `allowBlobPublicAccess: "false"` and, with a private endpoint, `publicNetworkAccess: Disabled`.
//!
//! ## Settings
//!
//! `nfsServiceEndpoint: allow` accepts NFS classes without a private endpoint, which need the public one.
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

use crate::Settings;
use crate::drivers::Driver;
use crate::parameters::Parameters;
use crate::public_endpoint::is_private;

/// The rule.
pub const RULE: Rule = Rule { id: "NI303", name: "open-account", since: "0.1.0" };

const BLOBS: &str = "Write allowBlobPublicAccess: \"false\", or omit it";
const FIX: &str = "Write publicNetworkAccess: Disabled, or omit it";

/// Judges the parameters of a class of this driver. With `overrides` they override those of another.
pub fn check(
    parameters: &Parameters<'_>,
    driver: Driver,
    overrides: bool,
    settings: &Settings<'_>,
    findings: &mut Findings,
) {
    let is_private = parameters.all("networkEndpointType").any(is_private);
    // A service endpoint leads to the public endpoint, whose firewall admits the subnet.
    let by_service_endpoint =
        settings.nfs_service_endpoint && !is_private && (overrides || parameters.makes_nfs(driver));
    let fix = || match (by_service_endpoint, overrides) {
        (false, _) => Fix::set(FIX, "Disabled"),
        (true, false) => Fix::remove("Remove it: the account's firewall admits only the subnet"),
        (true, true) => "Leave publicNetworkAccess to the StorageClass".into(),
    };
    for access in parameters.given("publicNetworkAccess") {
        // The drivers compare exactly.
        match &*access.text {
            "Disabled" if by_service_endpoint && !overrides && parameters.account().is_none() => {
                let what = "closes the subnet's service endpoint, too, so the share cannot be mounted";
                findings.warn(&RULE, access.value, what, fix());
            }
            "Disabled" | "SecuredByPerimeter" => {}
            "Enabled" if overrides => {
                let what = "overrides Disabled in a StorageClass, and leaves the account's public endpoint open";
                findings.deny(&RULE, access.value, what, fix());
            }
            "Enabled" if is_private => {
                let what = "with a private endpoint the same as omitting it: only the account's firewall closes the \
                            public endpoint";
                findings.warn(&RULE, access.value, what, fix());
            }
            // Without a private endpoint the public one is needed, or `public-endpoint` rejects the class.
            "Enabled" => {}
            text if is_placeholder(text) => {
                findings.deny(&RULE, access.value, PLACEHOLDER, fix());
            }
            _ => {
                let what = "not a value that the driver knows: it creates no volume, or leaves the public endpoint \
                            open";
                findings.deny(&RULE, access.value, what, fix());
            }
        }
    }
    // Azure Files reads it with Go's `ParseBool`; Blob accepts `true` in any case.
    for blobs in parameters.given("allowBlobPublicAccess").filter(|blobs| may_be_true(&blobs.text)) {
        let what = "containers of the account can be opened to readers without a key";
        findings.deny(&RULE, blobs.value, what, Fix::set(BLOBS, "false"));
    }
}
