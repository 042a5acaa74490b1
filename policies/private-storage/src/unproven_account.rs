//! Warns of storage classes that use an existing storage account.
//!
//! ## Why it matters
//!
//! For an existing account the driver creates neither private endpoint nor DNS zone, even with
//! `networkEndpointType: privateEndpoint`: it expects them to exist. If they are missing, the mount uses the public
//! endpoint, or hangs.
//!
//! ## What it does
//!
//! Reports a StorageClass that names a `storageAccount` or a secret, unless the setting `storageAccounts` lists the
//! account. Also reports a StorageClass of Kubernetes' SMB and NFS drivers that names the host of an account.
//!
//! ## Fields
//!
//! `parameters.storageAccount` and `storageAccountName`, `parameters[csi.storage.k8s.io/provisioner-secret-name]` and
//! `parameters[csi.storage.k8s.io/node-stage-secret-name]`, for Azure Blob without NFS also `parameters.secretName`, from
//! which the driver reads the account to mount; `parameters.source` of `smb.csi.k8s.io`, `parameters.server` of
//! `nfs.csi.k8s.io`, and `mountOptions` of both.
//!
//! ## Instead
//!
//! Omit the account and let the driver create one. Or give the account a private endpoint in the cluster's network,
//! disable its public network access, and list it in `storageAccounts`.
//!
//! ## Settings
//!
//! `storageAccounts`; `staticVolumes` decides whether an unlisted account is a warning (the default), rejected or
//! accepted.
//!
//! ## Not covered
//!
//! Which account a secret contains: secrets are not read. Where a class names a listed account and a secret, the secret
//! counts as that account's, although the drivers mount the account that it names.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/create-volume-azure-files>,
//! <https://learn.microsoft.com/azure/storage/common/storage-private-endpoints>,
//! <https://github.com/kubernetes-sigs/blob-csi-driver/blob/master/pkg/blob/blob.go> (`GetAuthEnv`)

use isolation::json::Kind;
use isolation::{Findings, Rule, Value};

use crate::drivers::Driver;
use crate::parameters::Parameters;
use crate::{Settings, foreign_endpoint, hosts};

/// The rule.
pub const RULE: Rule = Rule { id: "NI305", name: "unproven-account", since: "0.1.0" };

/// The keys that name secrets: for creating a volume, and for mounting it. Reporting one of them is enough.
const SECRETS: &[&str] = &["csi.storage.k8s.io/provisioner-secret-name", "csi.storage.k8s.io/node-stage-secret-name"];

/// Judges the parameters of a class of this driver.
pub fn check(parameters: &Parameters<'_>, driver: Driver, settings: &Settings<'_>, findings: &mut Findings) {
    let mut listed = false;
    // Invalid names are reported by `foreign-endpoint`.
    for account in parameters.accounts().filter(|account| hosts::is_account(&account.text)) {
        if settings.lists_account(&account.text) {
            listed = true;
            continue;
        }
        let what = "for an existing account the driver creates no private endpoint";
        let fix = "Check that the account has a private endpoint in the cluster's network, then list it in the \
                   policy's setting storageAccounts";
        settings.static_volumes.report(&RULE, account.value, what, fix, findings);
    }
    if listed {
        return;
    }
    if let Some(secret) = SECRETS.iter().find_map(|key| parameters.given(key).next()) {
        let what = "the secret names the account, for which the driver creates no private endpoint";
        let fix = "Check that it has a private endpoint, and name it as storageAccount";
        settings.static_volumes.report(&RULE, secret.value, what, fix, findings);
    } else if driver == Driver::Blob
        && !parameters.makes_nfs(driver)
        && let Some(secret) = parameters.given("secretName").next()
    {
        // Azure Files mounts from the private endpoint that it created, whatever account the secret names. With NFS neither
        // driver reads the secret.
        let what = "the driver mounts the account that the secret names, and creates no private endpoint for it";
        let fix = "Omit secretName, or check that its account has a private endpoint, and name it as storageAccount";
        settings.static_volumes.report(&RULE, secret.value, what, fix, findings);
    }
}

const HOST: &str = "the host of an Azure storage account, which nothing here proves private";

/// Judges the hosts of a class of another driver: in the parameters of these names and in mount options.
pub fn check_hosts(
    class: Value<'_>,
    parameters: &Parameters<'_>,
    names: &[&str],
    settings: &Settings<'_>,
    findings: &mut Findings,
) {
    let sources = names.iter().flat_map(|name| parameters.given(name));
    for source in sources.filter(|source| hosts::is_unproven(&source.text, settings)) {
        let fix = hosts::how_to_vouch(&source.text, settings);
        settings.static_volumes.report(&RULE, source.value, HOST, fix, findings);
    }
    for options in findings.list(class, "mountOptions") {
        if findings.expect(options, Kind::String)
            && let Some(text) = options.as_str()
            && let Some(host) = foreign_endpoint::unproven_host(&text, settings)
        {
            settings.static_volumes.report(&RULE, options, HOST, hosts::how_to_vouch(host, settings), findings);
        }
    }
}
