//! The settings of `private-storage`.

use std::borrow::Cow;

use isolation::names::is_object_name;
use isolation::settings::{Reader, Setting, Shape};
use isolation::{Level, doc};

use crate::drivers::Driver;
use crate::hosts;
use crate::parameters::Parameters;

/// Every setting of this policy.
pub const TABLE: &[Setting] = &[
    Setting::new(
        "lookup",
        Shape::Bool,
        doc!(
            "Whether the policy fetches the StorageClass and the VolumeAttributesClass that a claim names from the \
             cluster, and judges them. It needs the right to read them; `unknownClass` decides about claims whose \
             class cannot be fetched. Without look-ups, claims are judged only by the names of AKS's own classes; \
             `isolation check` also judges them by the classes in its input."
        ),
    )
    .default("false")
    .offline("true"),
    Setting::new(
        "unknownClass",
        Shape::Enum(&["deny", "warn", "allow"]),
        doc!(
            "With `lookup: true`, how to treat a claim whose class does not exist or could not be fetched. `allow` \
             accepts it."
        ),
    )
    .default("\"deny\"")
    .offline("\"allow\""),
    Setting::new(
        "defaultClass",
        Shape::Text,
        doc!(
            "The cluster's default StorageClass, which a claim without a class name gets. If unset, AKS's own, a disk \
             class. A class of your own is judged only with `lookup: true`."
        ),
    )
    .example("\"azurefile-private\""),
    Setting::new(
        "nfsServiceEndpoint",
        Shape::Enum(&["deny", "allow"]),
        doc!(
            "Whether NFS shares are allowed without a private endpoint. The drivers then reach them over the subnet's \
             service endpoint: not over the internet, but not as AKS requires for network isolated clusters, either."
        ),
    )
    .default("\"deny\""),
    Setting::new(
        "staticVolumes",
        Shape::Enum(&["warn", "deny", "allow"]),
        doc!(
            "How to treat a PersistentVolume or StorageClass of an existing storage account that `storageAccounts` and \
             `servers` do not list. Nothing in it can prove that the account has a private endpoint."
        ),
    )
    .default("\"warn\""),
    Setting::new(
        "inlineVolumes",
        Shape::Enum(&["deny", "warn", "allow"]),
        doc!(
            "How to treat Azure Files and Blob volumes that a pod names directly, without a claim. Anyone who may \
             create a pod may write them."
        ),
    )
    .default("\"deny\""),
    Setting::new(
        "storageAccounts",
        Shape::Texts,
        doc!("Existing storage accounts with a private endpoint in the cluster's network."),
    )
    .example("[\"contosofiles\"]"),
    Setting::new(
        "servers",
        Shape::Texts,
        doc!(
            "Hosts from which volumes may be mounted: names that resolve to a private address in the cluster's \
             network. A host of Azure Storage is the same with and without `privatelink`."
        ),
    )
    .example("[\"files.contoso.internal\"]"),
    Setting::new(
        "endpointSuffixes",
        Shape::Texts,
        doc!(
            "The endpoint suffixes of Azure Storage that `storageEndpointSuffix` and `server` may end in. Hosts of \
             Azure Storage in other volumes are recognised in every cloud, whatever this setting says."
        ),
    )
    .default("[\"core.windows.net\", \"storage.azure.net\", \"core.chinacloudapi.cn\", \"core.usgovcloudapi.net\"]"),
    Setting::new(
        "disks",
        Shape::Enum(&["any", "private"]),
        doc!(
            "`private` requires StorageClasses and VolumeSnapshotClasses of Azure Disk to prevent the export of a \
             disk's content over a public endpoint, with `networkAccessPolicy` and `publicNetworkAccess`."
        ),
    )
    .default("\"any\""),
];

const SUFFIXES: &[&str] = &["core.windows.net", "storage.azure.net", "core.chinacloudapi.cn", "core.usgovcloudapi.net"];

/// The settings, read and checked.
#[derive(Debug)]
pub struct Settings<'d> {
    /// Whether classes are looked up.
    pub lookup: bool,
    /// How to treat claims of classes that cannot be looked up.
    pub unknown_class: Level,
    /// The class of claims that name none; empty for AKS's own.
    pub default_class: Cow<'d, str>,
    /// Whether NFS may use a service endpoint.
    pub nfs_service_endpoint: bool,
    /// How to treat volumes of existing accounts that are not listed.
    pub static_volumes: Level,
    /// How to treat volumes in pods that are not listed.
    pub inline_volumes: Level,
    /// Whether disks must not be exported.
    pub private_disks: bool,
    storage_accounts: Vec<Cow<'d, str>>,
    /// In the form of [`hosts::canonical`].
    servers: Vec<String>,
    suffixes: Vec<Cow<'d, str>>,
}

impl<'d> Settings<'d> {
    /// Reads the settings.
    pub fn read(reader: &mut Reader<'d>) -> Self {
        let account = "expected the name of a storage account: 3 to 24 lower-case letters and digits";
        let host = "expected a host, such as files.contoso.internal";
        let suffix = "expected an endpoint suffix, such as core.windows.net";
        let mut settings = Settings {
            lookup: reader.bool("lookup"),
            unknown_class: reader.level("unknownClass"),
            default_class: reader.text("defaultClass").unwrap_or_default(),
            nfs_service_endpoint: reader.is("nfsServiceEndpoint", "allow"),
            static_volumes: reader.level("staticVolumes"),
            inline_volumes: reader.level("inlineVolumes"),
            private_disks: reader.is("disks", "private"),
            storage_accounts: list(reader, "storageAccounts", hosts::is_account, account),
            servers: Vec::new(),
            // Without a dot it would admit a whole top-level domain.
            suffixes: list(reader, "endpointSuffixes", |text| hosts::is_host(text) && text.contains('.'), suffix),
        };
        if settings.suffixes.is_empty() {
            settings.suffixes = SUFFIXES.iter().map(|suffix| Cow::Borrowed(*suffix)).collect();
        }
        let servers =
            list(reader, "servers", |server| hosts::is_host(server.strip_suffix('.').unwrap_or(server)), host);
        settings.servers = servers.iter().map(|server| hosts::canonical(server, &settings)).collect();
        if let Some(class) = reader.get("defaultClass")
            && !is_object_name(&settings.default_class)
        {
            reader.problem(class, "expected the name of a StorageClass, such as azurefile-private");
        }
        if let Some(level) = reader.get("unknownClass")
            && !settings.lookup
            && settings.unknown_class != Level::Deny
        {
            reader.problem(level, "has no effect without `lookup: true`");
        }
        settings
    }

    /// Whether the settings list this account as private.
    pub fn lists_account(&self, account: &str) -> bool {
        self.storage_accounts.iter().any(|listed| listed == account)
    }

    /// Whether the parameters name an account, and the settings list every one of them.
    pub fn lists_account_of(&self, parameters: &Parameters<'_>, driver: Driver) -> bool {
        // Azure Files does not know the second key, so it proves nothing there.
        let named =
            if driver == Driver::Blob { parameters.account() } else { parameters.given("storageAccount").next() };
        named.is_some() && parameters.accounts().all(|account| self.lists_account(&account.text))
    }

    /// Whether the settings list the host in this text as private.
    pub fn lists_server(&self, text: &str) -> bool {
        !self.servers.is_empty() && self.servers.contains(&hosts::canonical(text, self))
    }

    /// The endpoint suffixes that are trusted.
    pub fn suffixes(&self) -> impl Iterator<Item = &str> {
        self.suffixes.iter().map(|suffix| &**suffix)
    }

    /// Whether a host ends in an endpoint suffix that is trusted.
    pub fn trusts(&self, host: &str) -> bool {
        self.suffixes().any(|suffix| hosts::is_below(host, suffix))
    }

    /// Whether this is an endpoint suffix that is trusted.
    pub fn knows_suffix(&self, text: &str) -> bool {
        self.suffixes().any(|known| known.eq_ignore_ascii_case(text.trim().trim_end_matches('.')))
    }

    /// A suffix of Azure Storage, for a message.
    pub fn first_suffix(&self) -> &str {
        self.suffixes.first().map_or("", |suffix| suffix)
    }
}

fn list<'d>(
    reader: &mut Reader<'d>,
    key: &str,
    is_right: fn(&str) -> bool,
    expected: &'static str,
) -> Vec<Cow<'d, str>> {
    let mut list = Vec::new();
    for (value, text) in reader.texts(key) {
        if is_right(&text) {
            list.push(text);
        } else {
            reader.problem(value, expected);
        }
    }
    list
}
