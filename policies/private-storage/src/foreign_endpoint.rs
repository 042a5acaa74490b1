//! Rejects volumes that are mounted from a host that is not an Azure storage account's.
//!
//! ## Why it matters
//!
//! The drivers build the host to mount from parameters, and check none of them. With
//! `storageEndpointSuffix: example.com` or `server: files.example.com`, the data goes to somebody else's host, whatever
//! `networkEndpointType` says. Where a PersistentVolume names no account, the driver uses the second part of its
//! `volumeHandle`.
//!
//! ## What it does
//!
//! Rejects a `storageEndpointSuffix` outside Azure Storage, a storage account that is not a valid account name, and a
//! `server` that is not the host of the volume's own account, unless the setting `servers` lists it. Also rejects mount
//! options that name a server (`addr`, `ip`, `mountaddr`, `mounthost`, `path`, `source`, `target`, `unc`) or redirect
//! blobfuse2 (`--config-file`, `--http-proxy`, `--https-proxy`).
//!
//! Rejects names that bring such options along. The Blob driver writes `containerName` and `volumeHandle` into one
//! command line, which is split at blanks: `containerName: "data --https-proxy=http://…"` is a name and a flag. With SMB,
//! `mount.cifs` writes the share, the folder and the client's id into the kernel's mount options, which are split at
//! commas: `shareName: "data,ip=…"` is a share and an address.
//!
//! ## Fields
//!
//! `storageEndpointSuffix`, `storageAccount`, `storageAccountName` and `server` in `parameters` of classes and in
//! `volumeAttributes` of PersistentVolumes and of volumes in pods; `volumeHandle` of PersistentVolumes; `mountOptions`
//! of all of them. Hosts are compared in any spelling: case, trailing dots, `//host/share`, `host:/path`, URLs, with
//! and without `privatelink`.
//!
//! Except with NFS, also `containerName` of Azure Blob, `clientID`, `folderName` and `shareName` of Azure Files, and
//! `azureFile.shareName`. The drivers replace `${pvc.metadata.name}`, `${pvc.metadata.namespace}` and
//! `${pv.metadata.name}` in them by `csi.storage.k8s.io/pvc/name`, `pvc/namespace` and `pv/name`, which must be names of
//! objects.
//!
//! ## Instead
//!
//! Omit `storageEndpointSuffix` and `server`, or write the account's own host, `contosofiles.file.core.windows.net`:
//! with a private endpoint it resolves to the private address. Azure advises against mounting by the `privatelink`
//! name.
//!
//! ## Settings
//!
//! `servers` lists further hosts, such as an SMB server in the cluster. `endpointSuffixes` replaces the known suffixes,
//! for other clouds: with only those of your own cloud, no volume leads to another one.
//!
//! ## Not covered
//!
//! - The address that a host resolves to.
//! - An account of the same name in another of Azure's clouds, which may be somebody else's: unless `endpointSuffixes` is
//!   set, the suffixes of several clouds are known, and `storageAccounts` lists names.
//! - The hosts for identity and key vault that the Blob driver accepts (`AzureStorageAADEndpoint`, `MSIEndpoint`,
//!   `keyVaultURL`): nothing is mounted from them.
//!
//! ## References
//!
//! <https://github.com/kubernetes-sigs/azurefile-csi-driver/blob/master/docs/driver-parameters.md>,
//! <https://learn.microsoft.com/azure/storage/common/storage-private-endpoints>,
//! <https://learn.microsoft.com/azure/storage/blobs/blobfuse2-commands-mountv1>,
//! <https://github.com/kubernetes-sigs/blob-csi-driver/blob/master/pkg/blobfuse-proxy/server/server.go>,
//! <https://git.samba.org/?p=cifs-utils.git;a=blob;f=mount.cifs.c>

use isolation::json::Kind;
use isolation::names::is_object_name;
use isolation::placeholder::{PLACEHOLDER, is_placeholder};
use isolation::{Findings, Rule, Value};

use crate::drivers::Driver;
use crate::parameters::Parameters;
use crate::{Settings, hosts};

/// The rule.
pub const RULE: Rule = Rule { id: "NI304", name: "foreign-endpoint", since: "0.1.0" };

const WRITE_ACCOUNT: &str = "Write a name of 3 to 24 lower-case letters and digits";

/// Judges suffix and account.
pub fn check(parameters: &Parameters<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    for suffix in parameters.given("storageEndpointSuffix").filter(|suffix| !settings.knows_suffix(&suffix.text)) {
        // To the drivers, blank is absent.
        if suffix.text.trim().is_empty() {
            continue;
        }
        let what =
            ["volumes would be mounted from a host outside Azure Storage, whose suffix is ", settings.first_suffix()]
                .concat();
        findings.deny(&RULE, suffix.value, what, "Omit storageEndpointSuffix: the driver knows its cloud's suffix");
    }
    for account in parameters.accounts().filter(|account| !hosts::is_account(&account.text)) {
        let what = if is_placeholder(&account.text) {
            PLACEHOLDER
        } else {
            "not the name of a storage account, and the driver builds the host to mount from it"
        };
        findings.deny(&RULE, account.value, what, WRITE_ACCOUNT);
    }
}

/// Judges the account in a volume's handle, where the driver uses it.
pub fn check_handle(handle: Value<'_>, account: &str, findings: &mut Findings) {
    if leads_elsewhere(account) {
        let what = "the second part is not an account's name, and the driver builds the host to mount from it";
        let fix = "Write the account's name there, or as volumeAttributes.storageAccount, which takes precedence";
        findings.deny(&RULE, handle, what, fix);
    }
}

/// Whether a text, used as an account, could turn `TEXT.file.core.windows.net` into another host. People invent handles, so
/// any other text is harmless, but proves nothing.
fn leads_elsewhere(account: &str) -> bool {
    let harmless = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'{' | b'}' | b'<' | b'>' | b'$');
    !account.bytes().all(harmless)
}

/// Judges the servers of a class or volume. `account` is its account, if known; if not, `any_account` accepts the host of any
/// account.
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
                "a host for an internet route or the second region, which the account's private endpoint does not serve",
                "Omit server, or write the account's own host",
            ),
            (Some(_), None) if any_account => continue,
            (Some(found), Some(account)) if found == account => continue,
            (Some(_), Some(_)) => (
                "the host of another storage account than the volume's own",
                "Write the host of the volume's own \
                  account",
            ),
            (Some(_), None) => (
                "the host of one storage account, but the driver creates another for the class",
                "Omit server, or name its account as storageAccount",
            ),
            (None, _) if is_placeholder(&server.text) => (PLACEHOLDER, "Omit server, or write the account's own host"),
            (None, _) => (
                "not the host of an Azure storage account, so volumes would be mounted from somewhere else",
                "Omit server; add hosts that are private to your network to the policy's setting servers",
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

/// The mount options that name a server: those of CIFS, which have several names in `mount.cifs` and the kernel, and those of
/// NFS.
const SERVER_OPTIONS: &[&str] = &["ip", "addr", "unc", "source", "target", "path", "mountaddr", "mounthost"];

/// The flags that redirect blobfuse2. The driver checks the flags only of volumes in pods; older releases check none.
const FLAGS: &[&str] = &[CONFIGURATION, "--http-proxy", "--https-proxy"];

/// The flag for a file with account, endpoint and proxy, which the policy cannot see.
const CONFIGURATION: &str = "--config-file";

/// Judges mount options, which `mount` separates by commas and blobfuse2 by spaces. Each name is reported once, since the
/// text is the same for all.
pub fn check_options(value: Value<'_>, options: &str, settings: &Settings<'_>, findings: &mut Findings) {
    for name in SERVER_OPTIONS {
        let names_a_stranger = given(options).any(|(option, server)| {
            option.eq_ignore_ascii_case(name) && server.is_some_and(|server| !hosts::is_listed(server, settings))
        });
        if names_a_stranger {
            let what = ["the mount option ", name, " overrides the storage account's address"].concat();
            let fix = "Remove the option; add addresses that are private to your network to the policy's setting \
                       servers";
            findings.deny(&RULE, value, what, fix);
        }
    }
    for flag in FLAGS {
        let sends_elsewhere = given(options).any(|(option, server)| {
            let is_listed = || *flag != CONFIGURATION && server.is_some_and(|server| settings.lists_server(server));
            option.eq_ignore_ascii_case(flag) && !is_listed()
        });
        if sends_elsewhere {
            let what = ["with ", flag, " blobfuse2 bypasses the account's private endpoint"].concat();
            let fix = if *flag == CONFIGURATION {
                "Remove the flag: the driver configures blobfuse2"
            } else {
                "Remove the flag; add proxies that are private to your network to the policy's setting servers"
            };
            findings.deny(&RULE, value, what, fix);
        }
    }
}

/// The names of claim and volume, which the drivers put into other names where those say `${pvc.metadata.name}` and the like.
const OBJECTS: &[&str] =
    &["csi.storage.k8s.io/pvc/name", "csi.storage.k8s.io/pvc/namespace", "csi.storage.k8s.io/pv/name"];

/// Judges the parameters that a driver writes into a command line or into mount options. NFS needs neither.
pub fn check_names(parameters: &Parameters<'_>, driver: Driver, findings: &mut Findings) {
    let names: &[&str] = match driver {
        Driver::Blob => &["containerName"],
        _ => &["clientID", "folderName", "server", "shareName"],
    };
    for given in names.iter().flat_map(|name| parameters.given(name)) {
        check_name(given.value, &given.text, driver, findings);
    }
    for name in OBJECTS.iter().flat_map(|key| parameters.given(key)).filter(|name| !is_object_name(&name.text)) {
        let what = "not the name of an object, and the driver writes it into the name that it mounts";
        findings.deny(&RULE, name.value, what, "Remove it: the driver writes it where it provisions a volume");
    }
}

/// Judges one text that is written into the command line of blobfuse2, or into the mount options of SMB.
pub fn check_name(value: Value<'_>, text: &str, driver: Driver, findings: &mut Findings) {
    let (what, fix) = if driver == Driver::Blob {
        // A variable may become a flag.
        if !text.split(|letter: char| letter.is_ascii_whitespace()).skip(1).any(|word| word.starts_with(['-', '$'])) {
            return;
        }
        (
            "what follows the blank becomes a flag of blobfuse2, which can bypass the account's private endpoint",
            "Write the name without what follows the blank",
        )
    } else {
        let names_server = |option: &str| {
            let Some((name, _)) = option.split_once('=') else { return false };
            name.contains("${") || SERVER_OPTIONS.iter().any(|known| known.eq_ignore_ascii_case(name))
        };
        if !text.split(',').skip(1).any(names_server) {
            return;
        }
        (
            "what follows the comma becomes a mount option, which overrides the storage account's address",
            "Write the name without what follows the comma",
        )
    };
    findings.deny(&RULE, value, what, fix);
}

/// The options in a text, each with its value if it has one. A flag of blobfuse2 may have its value after a space.
fn given(options: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    // The proxy of the Blob driver splits at what a regular expression of Go calls white space.
    let separates = |letter: char| letter == ',' || letter.is_ascii_whitespace();
    let mut words = options.split(separates).filter(|word| !word.is_empty()).peekable();
    std::iter::from_fn(move || {
        let word = words.next()?;
        Some(match word.split_once('=') {
            Some((option, value)) => (option, Some(value)),
            None if word.starts_with("--") => (word, words.peek().copied()),
            None => (word, None),
        })
    })
}

/// The first unlisted host of Azure Storage in mount options: for drivers that may mount from any server.
pub fn unproven_host<'t>(options: &'t str, settings: &Settings<'_>) -> Option<&'t str> {
    given(options).find_map(|(_, server)| server.filter(|server| hosts::is_unproven(server, settings)))
}
