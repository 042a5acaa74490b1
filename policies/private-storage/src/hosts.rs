//! Names of storage accounts and of the hosts that serve them.

use crate::Settings;

/// Whether this can be a storage account's name. The drivers put it in front of the endpoint suffix unread, so that a name
/// with a dot or a slash in it would be another host.
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

/// Whether an object can have this name: that of a host in lower case.
pub fn is_object_name(text: &str) -> bool {
    is_host(text) && !text.bytes().any(|b| b.is_ascii_uppercase())
}

/// The storage account whose host this is: `contoso` of `contoso.privatelink.file.core.windows.net`. The host proves
/// nothing else: with a private endpoint, private DNS serves the public-looking name as well.
pub fn account_of(host: &str, settings: &Settings<'_>) -> Option<String> {
    let front = settings.split_suffix(host)?.to_ascii_lowercase();
    let front = ["file", "blob", "dfs"].iter().find_map(|service| front.strip_suffix(service)?.strip_suffix('.'))?;
    let account = front.strip_suffix(".privatelink").unwrap_or(front);
    is_account(account).then(|| account.to_owned())
}

/// The host at the front of what is mounted: `contoso.file.core.windows.net` of `//contoso.file.core.windows.net/share`.
pub fn host_of(source: &str) -> &str {
    source.trim_start_matches('/').split('/').next().unwrap_or_default()
}

/// Whether the operator vouches for a host or for its account.
pub fn is_listed(host: &str, settings: &Settings<'_>) -> bool {
    settings.lists_server(host) || account_of(host, settings).is_some_and(|account| settings.lists_account(&account))
}

/// Whether this is the host of a storage account that nobody vouches for.
pub fn is_unproven(host: &str, settings: &Settings<'_>) -> bool {
    account_of(host, settings).is_some() && !is_listed(host, settings)
}

/// Whether this is a name that only private endpoints have.
pub fn is_private_link(host: &str) -> bool {
    host.split('.').any(|label| label.eq_ignore_ascii_case("privatelink"))
}
