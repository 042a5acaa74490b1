//! The hosts of Azure Container Registry: the login server, which image references name, and the names behind it.

/// The suffixes of Azure Container Registry's hosts.
const ACR: &[&str] = &["azurecr.io", "azurecr.cn", "azurecr.us", "azurecr.de"];

/// The first label of the host of an Azure Container Registry, and what stands between it and the suffix.
fn acr_parts(host: &str) -> Option<(&str, &str)> {
    let labels = ACR.iter().find_map(|suffix| host.strip_suffix(suffix)?.strip_suffix('.'))?;
    Some(labels.split_once('.').unwrap_or((labels, "")))
}

/// Whether a host, in lower case, is one of Azure Container Registry's.
pub(super) fn is_registry_of_azure(host: &str) -> bool {
    acr_parts(host).is_some()
}

/// The login server of the registry whose data endpoint, or whose name in the private DNS zone, `host` is: clients name
/// none of these, they resolve the login server to them.
pub fn login_server(host: &str) -> Option<String> {
    let (name, between) = acr_parts(host)?;
    let suffix = ACR.iter().find(|suffix| host.ends_with(**suffix))?;
    let inner = between == "privatelink" || between == "data" || between.ends_with(".data");
    (inner && !name.is_empty()).then(|| [name, ".", suffix].concat())
}

/// The name of the registry whose login server `host` is, as Azure's resources call it. A hyphen, which no name has in it,
/// stands before a domain name label: `myacr-abc123.azurecr.io`.
pub fn registry_name(host: &str) -> Option<&str> {
    let (label, between) = acr_parts(host)?;
    let name = label.split('-').next().unwrap_or_default();
    (between.is_empty() && !name.is_empty()).then_some(name)
}

/// Why a host of Azure's is not one that an image reference names: a clause. `None` for every other host.
pub fn not_a_login_server(host: &str) -> Option<&'static str> {
    if ACR.contains(&host) {
        return Some("the suffix of every Azure Container Registry: write your login server, such as myacr.azurecr.io");
    }
    let (name, between) = acr_parts(host)?;
    if name == "privatelink" || between == "privatelink" {
        Some("a private DNS name, which no image reference uses: write the login server, such as myacr.azurecr.io")
    } else if between == "data" || between.ends_with(".data") {
        Some("a data endpoint, which no image reference uses: write the login server, such as myacr.azurecr.io")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_server_is_told_from_the_names_behind_it() {
        assert_eq!(login_server("myacr.eastus.data.azurecr.io").as_deref(), Some("myacr.azurecr.io"));
        assert_eq!(login_server("myacr.privatelink.azurecr.cn").as_deref(), Some("myacr.azurecr.cn"));
        assert_eq!(login_server("myacr.eastus.geo.azurecr.io"), None);
        assert!(not_a_login_server("myacr.eastus.data.azurecr.io").is_some());
        assert!(not_a_login_server("myacr.privatelink.azurecr.io").is_some());
        assert!(not_a_login_server("azurecr.io").is_some());
        assert_eq!(not_a_login_server("myacr.eastus.geo.azurecr.io"), None);
        assert_eq!(not_a_login_server("registry.example:5000"), None);
        assert_eq!(login_server("myacr-abc123.azurecr.io"), None);
    }

    #[test]
    fn a_login_server_names_its_registry() {
        assert_eq!(registry_name("myacr.azurecr.io"), Some("myacr"));
        assert_eq!(registry_name("myacr-abc123.azurecr.cn"), Some("myacr"));
        for other in ["azurecr.io", "-abc.azurecr.io", "myacr.privatelink.azurecr.io", "registry.example", "myacr"] {
            assert_eq!(registry_name(other), None, "{other}");
        }
    }
}
