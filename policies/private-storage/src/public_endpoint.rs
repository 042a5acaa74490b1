//! Rejects storage classes of Azure Files and Blob without a private endpoint.
//!
//! ## Why it matters
//!
//! Without `networkEndpointType: privateEndpoint` the driver creates a storage account without network rules, reached
//! over its public endpoint: in a network isolated cluster the mount hangs, and only a key protects the data on the
//! internet. A typo has the same effect; the Blob driver, and the Files driver before 1.35.7, do not report it.
//!
//! ## What it does
//!
//! Requires `networkEndpointType: privateEndpoint` in every StorageClass of `file.csi.azure.com` and
//! `blob.csi.azure.com`, read as the drivers read it: key and value in any case, neither trimmed.
//!
//! ## Fields
//!
//! `parameters.networkEndpointType` and, for NFS, `parameters.protocol` and `parameters.fsType`, either of which
//! selects NFS for Azure Files.
//!
//! ## Instead
//!
//! ```yaml
//! parameters:
//!   networkEndpointType: privateEndpoint
//! ```
//!
//! ## Settings
//!
//! `nfsServiceEndpoint: allow` accepts NFS classes without a private endpoint: the driver adds a service endpoint to
//! the subnet and admits only that subnet. A class with an existing `storageAccount` may omit the parameter if
//! `storageAccounts` lists the account, or with `staticVolumes: allow`.
//!
//! ## Not covered
//!
//! - Whether the driver succeeds in creating the private endpoint, its DNS zone and the link to the network, and then the
//!   share: with `useDataPlaneAPI: "true"` it needs the account's data plane, which its controller in AKS's network does
//!   not reach.
//! - With `existing: allow`, an old class that becomes the default class because another one ceases to be. `lookup: true`
//!   rejects the claims that would use it. That an update makes it the default class is rejected.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/concepts-network-isolated>,
//! <https://learn.microsoft.com/azure/aks/create-volume-azure-files>

use isolation::placeholder::{PLACEHOLDER, is_placeholder};
use isolation::{Findings, Fix, Level, Rule};

use crate::Settings;
use crate::drivers::Driver;
use crate::parameters::{Parameter, Parameters};

/// The rule.
pub const RULE: Rule = Rule { id: "NI301", name: "public-endpoint", since: "0.1.0" };

/// The value that makes a private endpoint.
const PRIVATE: &str = "privateEndpoint";

const WRITE: &str = "Write networkEndpointType: privateEndpoint";

const EXISTING: &str = "nothing shows that this storage account has a private endpoint";
const VOUCH: &str = "Write networkEndpointType: privateEndpoint, or list the account in the policy's setting \
                     storageAccounts once it has a private endpoint";

/// Whether the driver creates a private endpoint for this value.
pub fn is_private(parameter: &Parameter<'_>) -> bool {
    parameter.text.eq_ignore_ascii_case(PRIVATE)
}

/// Judges the parameters of a class.
pub fn check(parameters: &Parameters<'_>, driver: Driver, settings: &Settings<'_>, findings: &mut Findings) {
    // The driver does not change an existing account, so it depends on whether the account is trusted.
    let trusted = settings.static_volumes == Level::Allow && parameters.account().is_some();
    if parameters.lacks("networkEndpointType") && (trusted || settings.lists_account_of(parameters, driver)) {
        return;
    }
    let nfs = parameters.makes_nfs(driver);
    if parameters.all("networkEndpointType").next().is_none() {
        if parameters.lacks("networkEndpointType") && !(nfs && settings.nfs_service_endpoint) {
            let field = parameters.missing("networkEndpointType");
            if parameters.account().is_some() {
                findings.deny(&RULE, field, EXISTING, in_one_subnet(parameters, Fix::set(VOUCH, PRIVATE)));
            } else {
                findings.deny(&RULE, field, absent(nfs), in_one_subnet(parameters, instead(nfs)));
            }
        }
        return;
    }
    for parameter in parameters.all("networkEndpointType").filter(|parameter| !is_private(parameter)) {
        let service = driver == Driver::File && parameter.text.eq_ignore_ascii_case("serviceEndpoint");
        if nfs && settings.nfs_service_endpoint && (service || parameter.text.is_empty()) {
            continue;
        }
        let what = if parameter.text.is_empty() && nfs {
            "empty counts as absent: the share is reached over the subnet's service endpoint, not over a private \
             endpoint"
        } else if parameter.text.is_empty() {
            "empty counts as absent: the driver creates a storage account with a public endpoint"
        } else if service {
            "a service endpoint is not a private endpoint, which a network isolated cluster needs"
        } else if parameter.text.trim_ascii().eq_ignore_ascii_case("privateEndpoint") {
            "the driver does not trim spaces, so it does not know this value and may create an account with a public \
             endpoint"
        } else if is_placeholder(&parameter.text) {
            PLACEHOLDER
        } else if driver == Driver::File {
            "not a value that the driver knows: it creates no volume, and before 1.35.7 an account with a public \
             endpoint"
        } else {
            "not a value that the driver knows, so it silently creates an account with a public endpoint"
        };
        let fix = instead(nfs && (service || parameter.text.is_empty()));
        let fix = fix.safe_if(parameter.text.trim_ascii().eq_ignore_ascii_case(PRIVATE));
        findings.deny(&RULE, parameter.value, what, in_one_subnet(parameters, fix));
    }
}

/// The fix for a class with these parameters. The drivers take several subnets for service endpoints, but create a private
/// endpoint in one alone, and refuse a class that names more.
fn in_one_subnet(parameters: &Parameters<'_>, fix: Fix) -> Fix {
    if parameters.given("subnetName").any(|names| names.text.contains(',')) {
        [&fix.text, ". A private endpoint is in one subnet: name only one as subnetName"].concat().into()
    } else {
        fix
    }
}

fn absent(nfs: bool) -> &'static str {
    if nfs {
        "without it the share is reached over the subnet's service endpoint, not over a private endpoint"
    } else {
        "without it the driver creates a storage account with a public endpoint"
    }
}

fn instead(nfs: bool) -> Fix {
    let text = if nfs {
        "Write networkEndpointType: privateEndpoint, or admit service endpoints for NFS with the policy's setting \
         nfsServiceEndpoint: allow"
    } else {
        WRITE
    };
    Fix::set(text, PRIVATE)
}
