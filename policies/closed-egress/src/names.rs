//! DNS names: which of them lead out of the virtual network.

use crate::Settings;
use crate::address::holds_public;

/// Zones that do not exist on the internet: RFC 6761, RFC 6762 (which the cluster's own `cluster.local` is under),
/// RFC 8375, and `internal`, which ICANN has set apart for private use. `svc` is where names of Services end that the cluster's
/// search domains complete: `shop.web.svc`.
const NOWHERE: &[&str] = &["local", "localhost", "test", "invalid", "internal", "home.arpa", "svc"];

/// Zones of Azure that resolve only inside a virtual network: machines known to Azure's own resolver, and database servers in
/// a delegated subnet (<https://learn.microsoft.com/azure/postgresql/network/concepts-networking-private>). Only names below
/// them count: a server may itself be called `private`.
const INSIDE: &[&str] = &[
    "internal.cloudapp.net",
    "reddog.microsoft.com",
    "private.mysql.database.azure.com",
    "private.mysql.database.chinacloudapi.cn",
    "private.mysql.database.usgovcloudapi.net",
    "private.postgres.database.azure.com",
    "private.postgres.database.chinacloudapi.cn",
    "private.postgres.database.usgovcloudapi.net",
];

/// Azure's own address, which looks public: DNS and the platform's services in every virtual network, not reachable from elsewhere
/// (<https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16>).
const PLATFORM: &str = "168.63.129.16";

/// The zone of API servers in a virtual network, behind a region.
const API_SERVERS: (&str, &str) = ("private.", "azmk8s.io");

/// The domains below which Azure has `privatelink` zones, and how many labels may stand between: a region, a service
/// (<https://learn.microsoft.com/azure/private-link/private-endpoint-dns>).
const PRIVATE_LINK: &[(&str, usize)] = &[
    ("analysis.windows.net", 0),
    ("azconfig.azure.cn", 0),
    ("azconfig.azure.us", 0),
    ("azconfig.io", 0),
    ("azk8s.cn", 4),
    ("azmk8s.io", 1),
    ("azure-api.cn", 1),
    ("azure-api.net", 1),
    ("azure-api.us", 1),
    ("azure-automation.cn", 1),
    ("azure-automation.net", 1),
    ("azure-automation.us", 1),
    ("azure-devices-provisioning.cn", 0),
    ("azure-devices-provisioning.net", 0),
    ("azure-devices-provisioning.us", 0),
    ("azure-devices.cn", 0),
    ("azure-devices.net", 0),
    ("azure-devices.us", 0),
    ("azure.cn", 3),
    ("azure.com", 4),
    ("azure.net", 3),
    ("azure.us", 4),
    ("azurecontainerapps.io", 1),
    ("azurecr.cn", 0),
    ("azurecr.io", 0),
    ("azurecr.us", 0),
    ("azuredatabricks.net", 0),
    ("azurehdinsight.cn", 0),
    ("azurehdinsight.net", 0),
    ("azurehdinsight.us", 0),
    ("azurehealthcareapis.com", 1),
    ("azurehealthcareapis.us", 1),
    ("azureiotcentral.com", 0),
    ("azureml.ms", 2),
    ("azureml.us", 2),
    ("azurestaticapps.net", 1),
    ("azuresynapse.azure.cn", 1),
    ("azuresynapse.net", 1),
    ("azuresynapse.usgovcloudapi.net", 1),
    ("azurewebsites.net", 0),
    ("azurewebsites.us", 0),
    ("botframework.azure.us", 1),
    ("botframework.com", 1),
    ("chinacloudapi.cn", 4),
    ("chinacloudsites.cn", 0),
    ("databricks.azure.cn", 0),
    ("databricks.azure.us", 0),
    ("fabric.microsoft.com", 0),
    ("microsoft.com", 3),
    ("signalr.azure.cn", 1),
    ("signalr.net", 1),
    ("usgovcloudapi.net", 4),
    ("windows.cn", 2),
    ("windows.net", 3),
    ("windows.us", 1),
    ("windowsazure.cn", 3),
    ("windowsazure.com", 3),
    ("windowsazure.us", 3),
];

/// The zones below those in which customers choose names for machines that have public addresses.
const PUBLIC: &[&str] = &["cloudapp.azure.com", "cloudapp.chinacloudapi.cn", "cloudapp.usgovcloudapi.net"];

/// Whether a name or address lies outside the virtual network. A wildcard counts as a label.
pub fn leads_out(name: &str, settings: &Settings<'_>) -> bool {
    if let Some(public) = holds_public(name, &settings.private_ranges) {
        return public && name != PLATFORM;
    }
    let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    if name == "*" {
        return true;
    }
    // A name without a dot resolves only in the cluster's search domains. What has a colon is no name, but perhaps an address
    // that only others can read.
    name.contains(['.', ':'])
        && !NOWHERE.iter().any(|zone| is_below(&name, zone))
        && !settings.private_zones.iter().any(|zone| is_below(&name, zone))
        && !INSIDE.iter().any(|zone| is_below(&name, zone) && name != *zone)
        && !is_private_link(&name)
}

fn is_below(name: &str, zone: &str) -> bool {
    name.strip_suffix(zone).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Whether the name is in a `privatelink` zone of Azure: `db1.privatelink.database.windows.net`. As the first label,
/// `privatelink` is a name that a customer chose. API servers in a virtual network have `private` instead. Other domains may
/// have such a label, too, so only Azure's count.
fn is_private_link(name: &str) -> bool {
    let mut rest = name;
    while let Some((_, behind)) = rest.split_once('.') {
        rest = behind;
        let zone = ["privatelink.", "privatelink-global."].iter().find_map(|label| behind.strip_prefix(label));
        let region = behind.strip_prefix(API_SERVERS.0).and_then(|zone| zone.split_once('.'));
        if zone.is_some_and(is_zone) || region.is_some_and(|(_, domain)| domain == API_SERVERS.1) {
            return true;
        }
    }
    false
}

fn is_zone(zone: &str) -> bool {
    let between = |domain: &str| zone.strip_suffix(domain).filter(|rest| rest.is_empty() || rest.ends_with('.'));
    !PUBLIC.iter().any(|public| is_below(zone, public))
        && PRIVATE_LINK
            .iter()
            // No further than that many labels: a name may be `privatelink` again and again.
            .any(|(domain, most)| between(domain).is_some_and(|rest| rest.matches('.').nth(*most).is_none()))
}
