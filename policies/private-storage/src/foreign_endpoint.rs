//! Rejects volumes that are mounted from a host that is not an Azure storage account's.
//!
//! ## What it does
//!
//! Rejects a `storageEndpointSuffix` that is none of Azure Storage, a `storageAccount` that cannot be the name of one, and
//! a `server` that is not the host of the volume's own account, unless the setting `servers` lists it. The mount options
//! `ip`, `addr`, `unc` and `source` name a server as well.
//!
//! ## Why it matters
//!
//! The drivers put these values together to the host that the node mounts from, and check none of them. With
//! `storageEndpointSuffix: example.com` or `server: files.example.com` data leaves for somebody else's host, whatever
//! `networkEndpointType` says.
//!
//! ## Fields
//!
//! `storageEndpointSuffix`, `storageAccount` and `server` in `parameters` of classes and in `volumeAttributes` of
//! PersistentVolumes and of volumes in pods; `mountOptions` of all of them.
//!
//! ## Instead
//!
//! Leave out `storageEndpointSuffix` and `server`, or write the account's own host:
//! `contosofiles.privatelink.file.core.windows.net`.
//!
//! ## Settings
//!
//! `servers` lists further hosts, such as an SMB server in the cluster. `endpointSuffixes` replaces the known suffixes, for
//! other clouds.
//!
//! ## Not covered
//!
//! To which address a host resolves. The hosts of identity and key vault that the Blob driver can be pointed to
//! (`AzureStorageAADEndpoint`, `MSIEndpoint`, `keyVaultURL`), from which nothing is mounted.
//!
//! ## References
//!
//! <https://github.com/kubernetes-sigs/azurefile-csi-driver/blob/master/docs/driver-parameters.md>,
//! <https://learn.microsoft.com/azure/storage/common/storage-private-endpoints>

use isolation::json::Kind;
use isolation::{Findings, Rule, Value};

use crate::parameters::Parameters;
use crate::{Settings, hosts};

/// The rule.
pub const RULE: Rule = Rule { id: "NI304", name: "foreign-endpoint", since: "0.1.0" };

/// Judges suffix and account.
pub fn check(parameters: &Parameters<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    for suffix in parameters.given("storageEndpointSuffix").filter(|suffix| !settings.knows_suffix(&suffix.text)) {
        let what = ["volumes would be mounted from a host outside Azure Storage, whose suffix is ", settings.first_suffix()]
            .concat();
        findings.deny(&RULE, suffix.value, what, "Leave storageEndpointSuffix out: the driver knows its cloud's suffix");
    }
    for account in parameters.given("storageAccount").filter(|account| !hosts::is_account(&account.text)) {
        let what = "not the name of a storage account, and the driver makes the host to mount from out of it";
        findings.deny(&RULE, account.value, what, "Write a name of 3 to 24 lower-case letters and digits");
    }
}

/// Judges the servers of a class or volume whose account is `account`, where that is known. `any_account` accepts the host
/// of any account where it is not.
pub fn check_servers(
    parameters: &Parameters<'_>,
    account: Option<&str>,
    any_account: bool,
    settings: &Settings<'_>,
    findings: &mut Findings,
) {
    for server in parameters.given("server").filter(|server| !settings.lists_server(&server.text)) {
        let (what, fix) = match (hosts::account_of(&server.text, settings), account) {
            (Some(_), None) if any_account => continue,
            (Some(found), Some(account)) if found == account => continue,
            (Some(_), Some(_)) => {
                ("the host of another storage account than the volume's own", "Write the host of the volume's own account")
            }
            (Some(_), None) => (
                "the host of one storage account, while the driver makes another one for the class",
                "Leave server out, or name its account as storageAccount",
            ),
            (None, _) => (
                "not the host of an Azure storage account, so volumes would be mounted from somewhere else",
                "Leave server out; a host that is private to your network goes into the policy's setting servers",
            ),
        };
        findings.deny(&RULE, server.value, what, fix);
    }
}

/// Judges the `mountOptions` of a class or volume.
pub fn check_mount_options(holder: Value<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    for options in findings.list(holder, "mountOptions") {
        if findings.expect(options, Kind::String) {
            check_options(options, &options.as_str().unwrap_or_default(), settings, findings);
        }
    }
}

/// The mount options that name a server.
const SERVER_OPTIONS: &[&str] = &["ip", "addr", "unc", "source"];

/// Judges mount options, which `mount` separates by commas. One of a name is told: the text is the same for all.
pub fn check_options(value: Value<'_>, options: &str, settings: &Settings<'_>, findings: &mut Findings) {
    for name in SERVER_OPTIONS {
        let mut given = options.split(',').filter_map(|option| option.split_once('='));
        let names_a_stranger = given.any(|(option, server)| {
            option.trim_ascii().eq_ignore_ascii_case(name) && !settings.lists_server(server.trim_ascii())
        });
        if names_a_stranger {
            let what = ["the mount option ", name, " takes the place of the storage account's address"].concat();
            let fix = "Remove the option; an address that is private to your network goes into the policy's setting servers";
            findings.deny(&RULE, value, what, fix);
        }
    }
}
