//! All that a document is made of.

use isolation_azure::State as Azure;
use isolation_report::Report;

use crate::cache::{CacheRule, PLACEHOLDER_REGISTRY};
use crate::document::{ClusterInfo, InputInfo, NotSeen, Readiness};
use crate::found::Found;

/// All that a document is made of.
#[derive(Debug)]
pub struct Survey<'s> {
    /// The objects, and what the policies found in them.
    pub found: Found,
    /// What they said besides. Its findings and what it allows are not read.
    pub report: &'s Report,
    /// What Azure says of the cluster.
    pub azure: &'s Azure,
    /// What was read.
    pub input: Vec<InputInfo>,
    /// What the objects are called together where no cluster of Azure is given.
    pub name: String,
    /// The registries that images may come from; empty where none was named.
    pub registries: Vec<String>,
    /// The cache rules that are known: [`crate::known_cache_rules`].
    pub cache_rules: Vec<CacheRule>,
    /// What was not seen, by whoever read.
    pub unseen: Vec<NotSeen>,
    /// Whether some of the cluster's objects are known not to have been read.
    pub incomplete: bool,
    /// The program, with its version.
    pub tool: String,
    /// The time, by RFC 3339.
    pub created: String,
    /// An earlier document.
    pub since: Option<Readiness>,
}

impl Survey<'_> {
    /// The login server that commands name.
    pub(crate) fn registry(&self) -> String {
        let of_azure = self.azure.registry().map(|registry| registry.login_server.clone());
        let named = self.registries.first().map(|registry| registry.split('/').next().unwrap_or_default().to_owned());
        let of_cluster = || {
            let cluster = self.azure.cluster.as_ref().filter(|cluster| !cluster.has_managed_registry())?;
            Some(format!("{}.azurecr.io", cluster.registry_name()?.to_ascii_lowercase()))
        };
        let found = named.or(of_azure).or_else(of_cluster).filter(|host| !host.is_empty());
        found.unwrap_or_else(|| PLACEHOLDER_REGISTRY.to_owned())
    }

    pub(crate) fn cluster(&self) -> ClusterInfo {
        let registry = self.registry();
        let registry = Some(registry).filter(|host| host != PLACEHOLDER_REGISTRY);
        let Some(cluster) = &self.azure.cluster else {
            return ClusterInfo { name: self.name.clone(), registry, ..ClusterInfo::default() };
        };
        let said = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        ClusterInfo {
            name: cluster.name.clone(),
            resource_group: said(&cluster.resource_group),
            location: said(&cluster.location),
            kubernetes_version: said(&cluster.version),
            outbound_type: said(&cluster.outbound_type),
            artifact_source: said(&cluster.artifact_source),
            registry,
            pools: Some(cluster.pools.len()),
            nodes: Some(cluster.pools.iter().map(|pool| pool.count).sum()),
        }
    }
}
