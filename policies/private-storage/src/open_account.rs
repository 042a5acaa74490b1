//! Rejects parameters that open a storage account to the public.
//!
//! ## What it does
//!
//! Rejects `publicNetworkAccess` other than `Disabled` or `SecuredByPerimeter`, and `allowBlobPublicAccess` that is true
//! in any spelling a driver takes for true.
//!
//! ## Why it matters
//!
//! A private endpoint does not close the public one. `publicNetworkAccess: Enabled` holds it open beside the private
//! endpoint; with `allowBlobPublicAccess` containers can be read there without a key.
//!
//! ## Fields
//!
//! `parameters.publicNetworkAccess`, `parameters.allowBlobPublicAccess` of classes of Azure Files and Blob.
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

use isolation::{Findings, Rule};

use crate::parameters::Parameters;

/// The rule.
pub const RULE: Rule = Rule { id: "NI303", name: "open-account", since: "0.1.0" };

/// Judges the parameters of a class.
pub fn check(parameters: &Parameters<'_>, findings: &mut Findings) {
    for access in parameters.given("publicNetworkAccess") {
        // The driver compares exactly, but what is not exact must not be let through for that.
        let what = match &*access.text {
            "Disabled" | "SecuredByPerimeter" => continue,
            text if text.eq_ignore_ascii_case("Enabled") => {
                "the account keeps its public endpoint beside the private one"
            }
            _ => "not a value that the driver knows, so the public endpoint may stay open",
        };
        findings.deny(&RULE, access.value, what, "Write publicNetworkAccess: Disabled, or leave it out");
    }
    for blobs in parameters.given("allowBlobPublicAccess").filter(|blobs| may_be_true(&blobs.text)) {
        let what = "containers of the account could be opened to readers without a key";
        findings.deny(&RULE, blobs.value, what, "Write allowBlobPublicAccess: \"false\", or leave it out");
    }
}

/// Whether one of the drivers takes this for true: Azure Files with Go's `ParseBool`, Blob with `true` in any case.
fn may_be_true(text: &str) -> bool {
    matches!(text, "1" | "t" | "T") || text.eq_ignore_ascii_case("true")
}
