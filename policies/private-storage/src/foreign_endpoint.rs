//! Rejects volumes that are mounted from a host that is not an Azure storage account's.
//!
//! ## What it does
//!
//! Rejects a `storageEndpointSuffix` that is none of Azure Storage, a storage account that cannot be the name of one, and
//! a `server` that is not the host of the volume's own account, unless the setting `servers` lists it. Mount options that
//! name a server (`addr`, `ip`, `mountaddr`, `mounthost`, `path`, `source`, `target`, `unc`) or send blobfuse2 elsewhere
//! (`--config-file`, `--http-proxy`, `--https-proxy`) are rejected as well.
//!
//! ## Why it matters
//!
//! The drivers put these values together to the host that the node mounts from, and check none of them. With
//! `storageEndpointSuffix: example.com` or `server: files.example.com` data leaves for somebody else's host, whatever
//! `networkEndpointType` says. Where a PersistentVolume names no account, the driver takes the second part of its
//! `volumeHandle` for one.
//!
//! ## Fields
//!
//! `storageEndpointSuffix`, `storageAccount`, `storageAccountName` and `server` in `parameters` of classes and in
//! `volumeAttributes` of PersistentVolumes and of volumes in pods; `volumeHandle` of PersistentVolumes; `mountOptions` of
//! all of them. Hosts are compared in any spelling: case, dots at the end, `//host/share`, `host:/path`, URLs, with and
//! without `privatelink`.
//!
//! ## Instead
//!
//! Leave out `storageEndpointSuffix` and `server`, or write the account's own host, `contosofiles.file.core.windows.net`:
//! with a private endpoint it resolves to the private address. Azure advises against mounting by the name with
//! `privatelink`.
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
//! <https://learn.microsoft.com/azure/storage/common/storage-private-endpoints>,
//! <https://learn.microsoft.com/azure/storage/blobs/blobfuse2-commands-mountv1>

use isolation::json::Kind;
use isolation::placeholder::{PLACEHOLDER, is_placeholder};
use isolation::{Findings, Rule, Value};

use crate::parameters::Parameters;
use crate::{Settings, hosts};

/// The rule.
pub const RULE: Rule = Rule { id: "NI304", name: "foreign-endpoint", since: "0.1.0" };

const WRITE_ACCOUNT: &str = "Write a name of 3 to 24 lower-case letters and digits";

/// Judges suffix and account.
pub fn check(parameters: &Parameters<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    for suffix in parameters.given("storageEndpointSuffix").filter(|suffix| !settings.knows_suffix(&suffix.text)) {
        // The drivers take blanks for absent.
        if suffix.text.trim().is_empty() {
            continue;
        }
        let what = ["volumes would be mounted from a host outside Azure Storage, whose suffix is ", settings.first_suffix()]
            .concat();
        findings.deny(&RULE, suffix.value, what, "Leave storageEndpointSuffix out: the driver knows its cloud's suffix");
    }
    for account in parameters.accounts().filter(|account| !hosts::is_account(&account.text)) {
        let what = if is_placeholder(&account.text) {
            PLACEHOLDER
        } else {
            "not the name of a storage account, and the driver makes the host to mount from out of it"
        };
        findings.deny(&RULE, account.value, what, WRITE_ACCOUNT);
    }
}

/// Judges what a volume's handle has in the place of the account, where the driver takes it from there.
pub fn check_handle(handle: Value<'_>, account: &str, findings: &mut Findings) {
    if leads_elsewhere(account) {
        let what = "the second part is no storage account's name, and the driver makes the host to mount from out of it";
        let fix = "Write the account's name there, or as volumeAttributes.storageAccount, which counts before it";
        findings.deny(&RULE, handle, what, fix);
    }
}

/// Whether a text in the place of an account could make another host of `TEXT.file.core.windows.net`. Handles are made up by
/// people, so that a text which cannot is only no proof.
fn leads_elsewhere(account: &str) -> bool {
    let harmless = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'{' | b'}' | b'<' | b'>' | b'$');
    !account.bytes().all(harmless)
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
        if server.text.trim().is_empty() {
            continue;
        }
        let host = hosts::host_of(&server.text);
        let storage = hosts::storage_host(&host, settings).filter(|_| settings.trusts(&host)).unwrap_or_default();
        let (what, fix) = match (storage.account.as_deref(), account) {
            (Some(_), _) if storage.has_route => (
                "a host for one route over the internet, which the account's private endpoint does not serve",
                "Leave server out, or write the account's own host",
            ),
            (Some(_), None) if any_account => continue,
            (Some(found), Some(account)) if found == account => continue,
            (Some(_), Some(_)) => {
                ("the host of another storage account than the volume's own", "Write the host of the volume's own account")
            }
            (Some(_), None) => (
                "the host of one storage account, while the driver makes another one for the class",
                "Leave server out, or name its account as storageAccount",
            ),
            (None, _) if is_placeholder(&server.text) => {
                (PLACEHOLDER, "Leave server out, or write the account's own host")
            }
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

/// The mount options that name a server: those of CIFS, which `mount.cifs` and the kernel know by several names, and those
/// of NFS.
const SERVER_OPTIONS: &[&str] = &["ip", "addr", "unc", "source", "target", "path", "mountaddr", "mounthost"];

/// The flags by which blobfuse2 goes another way than the driver says. The driver looks at the flags of volumes in pods
/// only, and its older releases at none.
const FLAGS: &[&str] = &[CONFIGURATION, "--http-proxy", "--https-proxy"];

/// The flag whose file says account, endpoint and proxy, and is not to be seen here.
const CONFIGURATION: &str = "--config-file";

/// Judges mount options, which `mount` separates by commas and blobfuse2 by blanks. One of a name is told: the text is the
/// same for all.
pub fn check_options(value: Value<'_>, options: &str, settings: &Settings<'_>, findings: &mut Findings) {
    for name in SERVER_OPTIONS {
        let names_a_stranger = given(options).any(|(option, server)| {
            option.eq_ignore_ascii_case(name) && server.is_some_and(|server| !hosts::is_listed(server, settings))
        });
        if names_a_stranger {
            let what = ["the mount option ", name, " takes the place of the storage account's address"].concat();
            let fix = "Remove the option; an address that is private to your network goes into the policy's setting servers";
            findings.deny(&RULE, value, what, fix);
        }
    }
    for flag in FLAGS {
        let sends_elsewhere = given(options).any(|(option, server)| {
            let is_listed = || *flag != CONFIGURATION && server.is_some_and(|server| settings.lists_server(server));
            option.eq_ignore_ascii_case(flag) && !is_listed()
        });
        if sends_elsewhere {
            let what = ["with ", flag, " blobfuse2 goes another way than to the account's private endpoint"].concat();
            let fix = if *flag == CONFIGURATION {
                "Remove the flag: the driver gives blobfuse2 what it needs"
            } else {
                "Remove the flag; a proxy that is private to your network goes into the policy's setting servers"
            };
            findings.deny(&RULE, value, what, fix);
        }
    }
}

/// The options in a text, each with its value if it has one. A flag of blobfuse2 may have its value behind a blank.
fn given(options: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let mut words = options.split([',', ' ', '\t', '\n', '\r']).filter(|word| !word.is_empty()).peekable();
    std::iter::from_fn(move || {
        let word = words.next()?;
        Some(match word.split_once('=') {
            Some((option, value)) => (option, Some(value)),
            None if word.starts_with("--") => (word, words.peek().copied()),
            None => (word, None),
        })
    })
}

/// The first host of Azure Storage in mount options that nobody vouches for: for drivers whose server is free.
pub fn unproven_host<'t>(options: &'t str, settings: &Settings<'_>) -> Option<&'t str> {
    given(options).find_map(|(_, server)| server.filter(|server| hosts::is_unproven(server, settings)))
}
