//! What is known of a cluster in Azure, as data.

use std::collections::BTreeSet;

/// What is known of a cluster and of what it starts from.
///
/// A list that was given and is empty is not the same as one that was not given: the first says that there is nothing, the
/// second says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// The cluster: `az aks show`.
    pub cluster: Option<Cluster>,
    /// Registries: `az acr show`.
    pub registries: Vec<Registry>,
    /// The cache rules of the registries: `az acr cache list`.
    pub cache_rules: Option<Vec<CacheRule>>,
    /// The private endpoint connections of the registries: `az acr private-endpoint-connection list`.
    pub connections: Option<Vec<Connection>>,
    /// Subnets: `az network vnet subnet show`.
    pub subnets: Vec<Subnet>,
    /// The extensions of the cluster: `az k8s-extension list`.
    pub extensions: Option<Vec<Extension>>,
}

/// One of the documents that a [`State`] is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// `az aks show`
    Cluster,
    /// `az acr show`
    Registry,
    /// `az acr cache list`
    CacheRules,
    /// `az acr private-endpoint-connection list`
    Connections,
    /// `az network vnet subnet show`
    Subnet,
    /// `az k8s-extension list`
    Extensions,
}

impl Part {
    /// Every part.
    pub const ALL: [Part; 6] =
        [Part::Cluster, Part::Registry, Part::CacheRules, Part::Connections, Part::Subnet, Part::Extensions];

    /// The type of its resources, in lower case.
    pub fn resource_type(self) -> &'static str {
        match self {
            Part::Cluster => "microsoft.containerservice/managedclusters",
            Part::Registry => "microsoft.containerregistry/registries",
            Part::CacheRules => "microsoft.containerregistry/registries/cacherules",
            Part::Connections => "microsoft.containerregistry/registries/privateendpointconnections",
            Part::Subnet => "microsoft.network/virtualnetworks/subnets",
            Part::Extensions => "microsoft.kubernetesconfiguration/extensions",
        }
    }

    /// The command that prints it.
    pub fn command(self) -> &'static str {
        match self {
            Part::Cluster => "az aks show",
            Part::Registry => "az acr show",
            Part::CacheRules => "az acr cache list",
            Part::Connections => "az acr private-endpoint-connection list",
            Part::Subnet => "az network vnet subnet show",
            Part::Extensions => "az k8s-extension list",
        }
    }
}

/// A cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cluster {
    /// Its resource id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The resource group that it is in.
    pub resource_group: String,
    /// The region.
    pub location: String,
    /// The version of Kubernetes.
    pub version: String,
    /// How nodes reach what is outside; empty where it is not said, which is `loadBalancer`.
    pub outbound_type: String,
    /// Where nodes get what they start from; empty where it is not said, which is `Direct`.
    pub artifact_source: String,
    /// The id of the registry that nodes start from, if one is named.
    pub registry_id: String,
    /// The resource group of what AKS makes for the cluster.
    pub node_resource_group: String,
    /// The object id of the identity with which nodes pull.
    pub kubelet_identity: String,
    /// Whether the API server is in the cluster's own virtual network.
    pub vnet_integration: bool,
    /// The pools.
    pub pools: Vec<Pool>,
}

/// A pool of nodes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pool {
    /// Its name.
    pub name: String,
    /// `Linux` or `Windows`.
    pub os_type: String,
    /// The id of the subnet of its nodes; empty where AKS made the network.
    pub subnet_id: String,
    /// The id of the subnet of its pods, where that is another one.
    pub pod_subnet_id: String,
    /// How many nodes it has.
    pub count: u64,
}

/// A registry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Registry {
    /// Its resource id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The resource group that it is in.
    pub resource_group: String,
    /// The host that images name.
    pub login_server: String,
    /// The region.
    pub location: String,
}

/// A cache rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CacheRule {
    /// Its name.
    pub name: String,
    /// The registry that holds it, by name; empty where the document does not say it.
    pub registry: String,
    /// What it pulls.
    pub source: String,
    /// Where it keeps it.
    pub target: String,
}

/// A private endpoint's connection to a registry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Connection {
    /// The registry, by name; empty where the document does not say it.
    pub registry: String,
    /// The id of the private endpoint.
    pub endpoint_id: String,
    /// `Approved`, `Pending`, `Rejected` or `Disconnected`.
    pub status: String,
}

/// A subnet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subnet {
    /// Its resource id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// A cluster extension.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extension {
    /// Its name.
    pub name: String,
    /// Its type.
    pub extension_type: String,
    /// The cluster that has it, by name; empty where the document does not say it.
    pub cluster: String,
}

impl Cluster {
    /// Whether nodes have no way out that AKS gives them.
    pub fn is_closed(&self) -> bool {
        matches!(self.outbound_type.as_str(), "none" | "block")
    }

    /// Whether nodes start from a private registry.
    pub fn is_cached(&self) -> bool {
        self.artifact_source == "Cache"
    }

    /// Whether the registry that nodes start from is one that AKS made and keeps.
    pub fn has_managed_registry(&self) -> bool {
        let group = format!("/resourceGroups/{}/", self.node_resource_group).to_ascii_lowercase();
        let in_node_group =
            !self.node_resource_group.is_empty() && self.registry_id.to_ascii_lowercase().contains(&group);
        self.is_cached() && (self.registry_id.is_empty() || in_node_group)
    }

    /// The name of the registry that nodes start from, if one is named.
    pub fn registry_name(&self) -> Option<&str> {
        self.registry_id.rsplit('/').next().filter(|name| !name.is_empty())
    }
}

impl State {
    /// Whether nothing was given.
    pub fn is_empty(&self) -> bool {
        *self == State::default()
    }

    /// Whether a part was given.
    pub fn has(&self, part: Part) -> bool {
        match part {
            Part::Cluster => self.cluster.is_some(),
            Part::Registry => !self.registries.is_empty(),
            Part::CacheRules => self.cache_rules.is_some(),
            Part::Connections => self.connections.is_some(),
            Part::Subnet => !self.subnets.is_empty(),
            Part::Extensions => self.extensions.is_some(),
        }
    }

    /// The name of the registry that nodes start from, or else of the one that was given.
    pub fn registry_name(&self) -> Option<&str> {
        let named = self.cluster.as_ref().and_then(Cluster::registry_name);
        named.or_else(|| self.registry().map(|registry| registry.name.as_str()))
    }

    /// Whether something of a registry, which its document names or not, is of the one that counts.
    pub fn is_of_registry(&self, name: &str) -> bool {
        name.is_empty() || self.registry_name().is_none_or(|known| known.eq_ignore_ascii_case(name))
    }

    /// The subnets of nodes and pods that are not among those that were given, by id.
    pub fn subnets_not_given(&self) -> BTreeSet<&str> {
        let pools = self.cluster.iter().flat_map(|cluster| &cluster.pools);
        let named = pools.flat_map(|pool| [pool.subnet_id.as_str(), pool.pod_subnet_id.as_str()]);
        let is_given = |id: &&str| self.subnets.iter().any(|subnet| subnet.id.eq_ignore_ascii_case(id));
        named.filter(|id| !id.is_empty() && !is_given(id)).collect()
    }

    /// The registry that nodes start from, or else the only one that was given.
    pub fn registry(&self) -> Option<&Registry> {
        let named = self.cluster.as_ref().and_then(Cluster::registry_name);
        let by_name = named.and_then(|name| self.registries.iter().find(|known| known.name.eq_ignore_ascii_case(name)));
        by_name.or(self.registries.first().filter(|_| named.is_none()))
    }
}
