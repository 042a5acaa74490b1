//! Hosts, however they are written, and the storage accounts that they serve.
//!
//! A host has many spellings: `\\host\share`, `//host/share`, `host:/path`, a URL, any case, trailing dots. The mount
//! programs accept all of them, so [`host_of`] brings a text to one form before it is compared. All of them read a text
//! from its front, but each ends the host elsewhere: SMB at a slash, NFS at a colon, blobfuse2 where a URL does. A text
//! that they read differently has no host that could be trusted; [`is_unproven`] looks for one in all of its parts.
//! <https://git.samba.org/?p=cifs-utils.git;a=blob;f=mount.cifs.c> (`parse_unc`),
//! <https://github.com/torvalds/linux/blob/master/fs/nfs/super.c> (`nfs_parse_simple_hostname`),
//! <https://github.com/Azure/azure-storage-fuse/blob/main/component/azstorage/config.go> (`formatEndpointProtocol`)
//!
//! An account has many hosts, too: one per service, with or without `privatelink`, in its own DNS zone
//! (`contoso.z12.file.storage.azure.net`), for its second region, for a route.
//! <https://learn.microsoft.com/azure/storage/common/storage-account-overview#storage-account-endpoints>

use crate::Settings;

/// The storage domains of Azure's clouds. Every name below them is a host of Azure Storage, whatever the setting
/// `endpointSuffixes` trusts.
const DOMAINS: &[&str] = &[
    "core.windows.net",
    "storage.azure.net",
    "core.chinacloudapi.cn",
    "core.usgovcloudapi.net",
    "core.cloudapi.de",
    "core.eaglex.ic.gov",
    "core.microsoft.scloud",
    "core.sovcloud-api.de",
    "core.sovcloud-api.fr",
    "core.sovcloud-api.sg",
];

/// The services of an account, as its hosts name them.
const SERVICES: &[&str] = &["blob", "dfs", "file", "queue", "table", "web"];

/// The label of the DNS zones of private endpoints.
const PRIVATE_LINK: &str = "privatelink";

/// The suffixes of an account's name in hosts for an internet route or protocol, which no private endpoint serves, and for its second
/// region, which needs a private endpoint of its own.
/// <https://learn.microsoft.com/azure/storage/common/network-routing-preference>,
/// <https://learn.microsoft.com/azure/storage/common/storage-private-endpoints>
const ROUTES: &[&str] = &["-internetrouting", "-microsoftrouting", "-dualstack", "-ipv6", "-secondary"];

/// Whether this can be a storage account's name. The drivers put it before the endpoint suffix unchecked, so a name with a dot
/// or a slash would be another host.
pub fn is_account(name: &str) -> bool {
    (3..=24).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
}

/// Whether this can be a host: labels of letters, digits and dashes.
pub fn is_host(text: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= 253 && text.split('.').all(is_label)
}

/// The schemes of URLs that name a host to mount from or a proxy.
const SCHEMES: &[&str] = &["cifs", "http", "https", "nfs", "smb"];

/// The host in a text that says where to mount from, as a resolver compares hosts: in lower case, without trailing dots. If
/// programs read the text differently, this is no host at all.
pub fn host_of(text: &str) -> String {
    let text = text.trim().replace('\\', "/");
    let (is_url, text) = match text.split_once("://") {
        Some((scheme, rest)) if SCHEMES.iter().any(|known| known.eq_ignore_ascii_case(scheme)) => (true, rest),
        // A URL to some programs, a host and a path to others.
        Some((scheme, _)) if !scheme.contains('/') => return String::new(),
        _ => (false, text.as_str()),
    };
    let ends: &[char] = if is_url { &['/', '?', '#'] } else { &['/'] };
    let text = text.trim_start_matches('/').split(ends).next().unwrap_or_default();
    let text = match text.rsplit_once('@') {
        Some((_, host)) if is_url => host,
        // To NFS the host of `a:b@c` is a, to blobfuse2 it is c.
        Some(_) => return String::new(),
        None => text,
    };
    text.split(':').next().unwrap_or_default().trim_end_matches('.').to_ascii_lowercase()
}

/// Everything that some program might read as the host of a text: the words before its first slash, also behind a scheme of
/// any kind.
fn hosts_in(text: &str) -> impl Iterator<Item = &str> {
    let behind = text.split_once("://").map(|(_, rest)| rest);
    [Some(text), behind].into_iter().flatten().flat_map(|text| {
        let front = text.trim().split(['/', '\\']).find(|part| !part.is_empty()).unwrap_or_default();
        front.split(|letter: char| !letter.is_ascii_alphanumeric() && !matches!(letter, '-' | '_' | '.'))
    })
}

/// A host of Azure Storage.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct StorageHost {
    /// The account that it serves, if the host is of a known form.
    pub account: Option<String>,
    /// Whether it is a host for a route over the internet or the second region, which the account's private endpoint does not serve.
    pub has_route: bool,
    /// Whether it is a name that only private endpoints have.
    pub is_private_link: bool,
}

/// The account, route and zone that a host of Azure Storage, in the form of [`host_of`], names; `None` for other hosts. This
/// does not prove that it is private: with a private endpoint, private DNS serves the public-looking name, too.
pub fn storage_host(host: &str, settings: &Settings<'_>) -> Option<StorageHost> {
    let domains = DOMAINS.iter().copied().chain(settings.suffixes());
    let front = domains.filter_map(|domain| below(host, domain)).min_by_key(|front| front.len())?;
    let mut labels = front.split('.');
    let mut name = labels.next().unwrap_or_default();
    let mut read = StorageHost::default();
    let mut services = 0;
    let mut is_known = true;
    for label in labels {
        services += usize::from(SERVICES.contains(&label));
        read.is_private_link |= label == PRIVATE_LINK;
        is_known &= label == PRIVATE_LINK || is_zone(label) || SERVICES.contains(&label);
    }
    while let Some(shorter) = ROUTES.iter().find_map(|route| name.strip_suffix(route)) {
        read.has_route = true;
        name = shorter;
    }
    read.account = (is_known && services == 1 && is_account(name)).then(|| name.to_owned());
    Some(read)
}

/// The part of a host before the domain.
fn below<'h>(host: &'h str, domain: &str) -> Option<&'h str> {
    let at = host.len().checked_sub(domain.len() + 1)?;
    let (front, end) = host.split_at_checked(at)?;
    end.strip_prefix('.')?.eq_ignore_ascii_case(domain).then_some(front)
}

/// Whether a host is below a domain.
pub fn is_below(host: &str, domain: &str) -> bool {
    below(host, domain).is_some()
}

/// Whether a label is the DNS zone of an account, `z00` to `z99`; a website's zone may have one digit.
fn is_zone(label: &str) -> bool {
    let digits = label.strip_prefix('z').unwrap_or_default();
    matches!(digits.len(), 1 | 2) && digits.bytes().all(|b| b.is_ascii_digit())
}

/// The same host without `privatelink`: with a private endpoint both names lead to it, and Azure recommends to mount by this
/// one.
pub fn canonical(text: &str, settings: &Settings<'_>) -> String {
    let host = host_of(text);
    if !storage_host(&host, settings).is_some_and(|storage| storage.is_private_link) {
        return host;
    }
    let mut canonical = String::with_capacity(host.len());
    for (position, label) in host.split('.').enumerate() {
        if position > 0 && label != PRIVATE_LINK {
            canonical.push('.');
        }
        if position == 0 || label != PRIVATE_LINK {
            canonical.push_str(label);
        }
    }
    canonical
}

/// Whether the settings list the host in a text, or its account, as private.
pub fn is_listed(text: &str, settings: &Settings<'_>) -> bool {
    settings.lists_server(text)
        || storage_host(&host_of(text), settings).is_some_and(|storage| {
            !storage.has_route && storage.account.is_some_and(|account| settings.lists_account(&account))
        })
}

/// Whether a text names an unlisted host of Azure Storage, in any way to read it.
pub fn is_unproven(text: &str, settings: &Settings<'_>) -> bool {
    hosts_in(text).any(|host| storage_host(host.trim_end_matches('.'), settings).is_some())
        && !is_listed(text, settings)
}

/// How to list the host of Azure Storage in a text as private: a sentence.
pub fn how_to_vouch(text: &str, settings: &Settings<'_>) -> &'static str {
    let Some(storage) = storage_host(&host_of(text), settings) else {
        return "Write the host without what programs read differently, and list its account in the policy's setting \
                storageAccounts once it has a private endpoint";
    };
    if storage.account.is_none() {
        "List the host in the policy's setting servers once it resolves to a private address"
    } else if is_second_region(text) {
        "Write the account's own host, or list this one in the policy's setting servers once it has a private endpoint of \
         its own"
    } else if storage.has_route {
        "Write the account's own host: its private endpoint does not serve this one. List the account in the policy's \
         setting storageAccounts once it has a private endpoint"
    } else {
        "List its account in the policy's setting storageAccounts once it has a private endpoint"
    }
}

/// Whether a text names an account's host in the second region, for which a private endpoint of its own can be created, but
/// not for files.
/// <https://learn.microsoft.com/azure/storage/common/storage-private-endpoints#creating-a-private-endpoint>
fn is_second_region(text: &str) -> bool {
    let host = host_of(text);
    host.split_once("-secondary.").is_some_and(|(name, rest)| is_account(name) && !rest.contains("file."))
}

/// Whether the host in a text is a name that only a private endpoint has.
pub fn is_private_link(text: &str, settings: &Settings<'_>) -> bool {
    storage_host(&host_of(text), settings).is_some_and(|storage| storage.is_private_link && storage.account.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use isolation::Document;
    use isolation::settings::Reader;

    fn with_settings(settings: &str, check: impl FnOnce(&Settings<'_>)) {
        let document = Document::read(settings.as_bytes()).unwrap();
        let mut reader = Reader::new(Some(document.root()), &[crate::settings::TABLE]);
        let settings = Settings::read(&mut reader);
        reader.finish().unwrap();
        check(&settings);
    }

    #[test]
    fn every_spelling_of_a_host_is_one_host() {
        for spelling in [
            "contoso.file.core.windows.net",
            "Contoso.FILE.core.windows.NET",
            "contoso.file.core.windows.net.",
            "contoso.file.core.windows.net..",
            " contoso.file.core.windows.net\n",
            "//contoso.file.core.windows.net/share",
            r"\\contoso.file.core.windows.net\share\below",
            r"\\contoso.file.core.windows.net./share",
            "contoso.file.core.windows.net:/contoso/share",
            "contoso.file.core.windows.net:445",
            "smb://user:word@contoso.file.core.windows.net:445/share",
            "https://contoso.file.core.windows.net?sv=1",
            "HTTPS://contoso.file.core.windows.net.:443#x",
            "/contoso.file.core.windows.net/share",
        ] {
            assert_eq!(host_of(spelling), "contoso.file.core.windows.net", "{spelling:?}");
        }
        assert_eq!(host_of("//"), "");
    }

    #[test]
    fn what_programs_read_differently_is_trusted_by_none() {
        with_settings(r#"{"storageAccounts": ["contoso"], "servers": ["files.contoso.example"]}"#, |settings| {
            for text in [
                "evil.example.com/x://contoso.file.core.windows.net",
                r"evil.example.com\x://contoso.file.core.windows.net",
                "evil.example.com://contoso.file.core.windows.net",
                "evil.example.com://files.contoso.example",
                "files.contoso.example://evil.example.com",
                "evil.example.com:x@contoso.file.core.windows.net",
                "contoso.file.core.windows.net:x@evil.example.com",
                "contoso.file.core.windows.net@evil.example.com",
                "contoso.file.core.windows.net,.evil.example.com",
                "contoso.file.core.windows.net?.evil.example.com",
                "contoso.file.core.windows.net#.evil.example.com",
                "[contoso.file.core.windows.net].evil.example.com",
                "[2001:db8::1]:/x",
            ] {
                assert!(!is_listed(text, settings), "{text}");
            }
            assert!(is_listed("https://user:word@contoso.blob.core.windows.net:443/x", settings));
            assert!(is_listed("contoso.file.core.windows.net:/contoso/share/a@b://c", settings));
        });
    }

    #[test]
    fn a_host_of_azure_is_seen_in_whatever_surrounds_it() {
        with_settings("{}", |settings| {
            for text in [
                "contoso.file.core.windows.net:/contoso/share/a://b",
                "//contoso.file.core.windows.net/share/a://b",
                "contoso.file.core.windows.net://b",
                "contoso.file.core.windows.net:x@example.com",
                "example.com:x@contoso.file.core.windows.net.",
                "contoso.file.core.windows.net,other:/contoso/share",
                "[contoso.file.core.windows.net]:/contoso/share",
                "abfss://container@contoso.dfs.core.windows.net/folder",
                "es-0abc.z12.blob.storage.azure.net:3260,1",
            ] {
                assert!(is_unproven(text, settings), "{text}");
            }
            assert!(!is_unproven("//files.contoso.example/contoso.file.core.windows.net", settings));
        });
    }

    #[test]
    fn an_account_has_many_hosts() {
        with_settings("{}", |settings| {
            let read = |host: &str| storage_host(host, settings);
            for host in [
                "contoso.file.core.windows.net",
                "contoso.privatelink.blob.core.chinacloudapi.cn",
                "contoso.dfs.core.cloudapi.de",
                "contoso.z12.file.storage.azure.net",
                "contoso.z12.privatelink.file.storage.azure.net",
                "contoso.privatelink.z12.file.storage.azure.net",
                "contoso.z6.web.core.sovcloud-api.fr",
            ] {
                assert_eq!(read(host).unwrap().account.as_deref(), Some("contoso"), "{host}");
            }
            for host in [
                "contoso-internetrouting.file.core.windows.net",
                "contoso-secondary.blob.core.windows.net",
                "contoso-secondary-ipv6.blob.core.windows.net",
            ] {
                let storage = read(host).unwrap();
                assert_eq!((storage.account.as_deref(), storage.has_route), (Some("contoso"), true), "{host}");
            }
            for host in [
                "fs-abc.z41.file.storage.azure.net",
                "contoso.b.file.core.windows.net",
                "contoso.z.file.core.windows.net",
                "contoso.zab.file.core.windows.net",
                "contoso.z123.file.core.windows.net",
                "contoso.core.windows.net",
            ] {
                assert_eq!(read(host).unwrap().account, None, "{host}");
            }
            for host in ["core.windows.net", "contosocore.windows.net", "contoso.file.core.windows.net.example.com", ""]
            {
                assert_eq!(read(host), None, "{host}");
            }
        });
    }

    #[test]
    fn every_cloud_has_storage() {
        with_settings("{}", |settings| {
            for (suffix, trusted) in [
                ("core.windows.net", true),
                ("z01.file.storage.azure.net", true),
                ("core.chinacloudapi.cn", true),
                ("core.usgovcloudapi.net", true),
                ("core.cloudapi.de", false),
                ("core.eaglex.ic.gov", false),
                ("core.microsoft.scloud", false),
                ("core.sovcloud-api.de", false),
                ("core.sovcloud-api.fr", false),
                ("core.sovcloud-api.sg", false),
            ] {
                let host = if suffix.starts_with('z') {
                    format!("contoso.{suffix}")
                } else {
                    format!("contoso.file.{suffix}")
                };
                assert!(is_unproven(&host, settings), "{host}");
                assert_eq!(settings.trusts(&host), trusted, "{host}");
            }
        });
    }

    #[test]
    fn what_is_recognised_does_not_depend_on_what_is_trusted() {
        with_settings(r#"{"endpointSuffixes": ["core.contoso.example"]}"#, |settings| {
            assert!(is_unproven("//acct1.file.core.windows.net/share", settings));
            assert!(is_unproven(r"\\acct1.file.core.contoso.example\share", settings));
            assert!(!is_unproven("//files.contoso.example/share", settings));
        });
    }

    #[test]
    fn the_name_of_a_private_link_is_the_same_host() {
        with_settings(r#"{"servers": ["Contoso.privatelink.file.core.windows.net"]}"#, |settings| {
            assert!(is_listed("//contoso.file.core.windows.net./share", settings));
            assert!(is_listed("contoso.privatelink.file.core.windows.net", settings));
            assert!(!is_listed("contoso.blob.core.windows.net", settings));
            assert!(!is_listed("contoso-internetrouting.file.core.windows.net", settings));
            assert!(!is_listed("contoso-secondary.file.core.windows.net", settings));
        });
    }
}
