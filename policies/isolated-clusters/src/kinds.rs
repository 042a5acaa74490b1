//! The kinds that are judged, as data: whose they are, what they describe, and where their fields stand.

use isolation::management::{CAPZ, crossplane_service};
use isolation::{Findings, Value};

use crate::described::{Described, Layer, Layers};
use crate::patches;
use crate::shapes::{self, Shape};

/// What a kind describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Model {
    /// A cluster.
    Cluster,
    /// An agent pool of its own.
    Pool,
    /// What of a cluster stands beside the objects that describe it: the version.
    ControlPlane,
    /// A registry.
    Registry,
    /// A cache rule of a registry.
    CacheRule,
    /// Something that is a public way in or out by being there.
    PublicAddress,
    /// A load balancer.
    LoadBalancer,
    /// A subnet.
    Subnet,
    /// What gives a subnet a NAT gateway by being there.
    SubnetGateway,
}

/// Whose a kind is, which says where its fields stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// The Azure Service Operator, by group.
    Aso(&'static str),
    /// Cluster API for Azure; its field of patches, if the kind has one.
    Capz(Option<&'static str>),
    /// Cluster API for Azure, a template of the above.
    CapzTemplate(Option<&'static str>),
    /// Crossplane, by service; each has a group with cluster-scoped and one with namespaced kinds.
    Crossplane(&'static str),
}

/// One kind.
#[derive(Debug)]
pub struct Known {
    /// Whose it is.
    pub operator: Operator,
    /// Its name.
    pub kind: &'static str,
    /// What it describes.
    pub model: Model,
    /// What its fields are called.
    pub shape: Shape,
}

macro_rules! kinds {
    ($($operator:expr, $kind:literal, $model:ident, $shape:expr;)+) => {
        &[$(Known {
            operator: $operator,
            kind: $kind,
            model: Model::$model,
            shape: $shape,
        }),+]
    };
}

const CONTAINER_SERVICE: Operator = Operator::Aso("containerservice.azure.com");
const CONTAINER_REGISTRY: Operator = Operator::Aso("containerregistry.azure.com");
const NETWORK: Operator = Operator::Aso("network.azure.com");
const CLUSTER_PATCHES: Option<&str> = Some("asoManagedClusterPatches");
const POOL_PATCHES: Option<&str> = Some("asoManagedClustersAgentPoolPatches");

/// Every kind.
#[rustfmt::skip]
pub const KINDS: &[Known] = kinds![
    CONTAINER_SERVICE, "ManagedCluster", Cluster, shapes::ASO_CLUSTER;
    CONTAINER_SERVICE, "ManagedClustersAgentPool", Pool, shapes::ASO_POOL;
    CONTAINER_REGISTRY, "Registry", Registry, shapes::ASO_REGISTRY;
    CONTAINER_REGISTRY, "RegistryCacheRule", CacheRule, shapes::ASO_CACHE_RULE;
    NETWORK, "PublicIPAddress", PublicAddress, &[];
    NETWORK, "PublicIPPrefix", PublicAddress, &[];
    NETWORK, "NatGateway", PublicAddress, &[];
    NETWORK, "LoadBalancer", LoadBalancer, shapes::ASO_LOAD_BALANCER;
    NETWORK, "VirtualNetworksSubnet", Subnet, shapes::ASO_SUBNET;
    Operator::Capz(CLUSTER_PATCHES), "AzureManagedControlPlane", Cluster, shapes::CAPZ_CLUSTER;
    Operator::CapzTemplate(CLUSTER_PATCHES), "AzureManagedControlPlaneTemplate", Cluster, shapes::CAPZ_CLUSTER;
    Operator::Capz(POOL_PATCHES), "AzureManagedMachinePool", Pool, shapes::CAPZ_POOL;
    Operator::CapzTemplate(POOL_PATCHES), "AzureManagedMachinePoolTemplate", Pool, shapes::CAPZ_POOL;
    Operator::Capz(None), "AzureASOManagedControlPlane", ControlPlane, shapes::CAPZ_ASO_CONTROL_PLANE;
    Operator::CapzTemplate(None), "AzureASOManagedControlPlaneTemplate", ControlPlane, shapes::CAPZ_ASO_CONTROL_PLANE;
    Operator::Crossplane("containerservice"), "KubernetesCluster", Cluster, shapes::CROSSPLANE_CLUSTER;
    Operator::Crossplane("containerservice"), "KubernetesClusterNodePool", Pool, shapes::CROSSPLANE_POOL;
    Operator::Crossplane("containerregistry"), "Registry", Registry, shapes::CROSSPLANE_REGISTRY;
    Operator::Crossplane("containerregistry"), "CacheRule", CacheRule, shapes::CROSSPLANE_CACHE_RULE;
    Operator::Crossplane("network"), "PublicIP", PublicAddress, &[];
    Operator::Crossplane("network"), "PublicIPPrefix", PublicAddress, &[];
    Operator::Crossplane("network"), "NATGateway", PublicAddress, &[];
    Operator::Crossplane("network"), "NATGatewayPublicIPAssociation", PublicAddress, &[];
    Operator::Crossplane("network"), "NATGatewayPublicIPPrefixAssociation", PublicAddress, &[];
    Operator::Crossplane("network"), "SubnetNATGatewayAssociation", SubnetGateway, &[];
    Operator::Crossplane("network"), "LoadBalancerOutboundRule", PublicAddress, &[];
    Operator::Crossplane("network"), "LoadBalancer", LoadBalancer, shapes::CROSSPLANE_LOAD_BALANCER;
    Operator::Crossplane("network"), "Subnet", Subnet, shapes::CROSSPLANE_SUBNET;
];

/// The kind of this group and name, if it is judged.
pub fn find(group: &str, kind: &str) -> Option<&'static Known> {
    KINDS.iter().find(|known| {
        known.kind == kind
            && match known.operator {
                Operator::Aso(its) => its == group,
                Operator::Capz(_) | Operator::CapzTemplate(_) => group == CAPZ,
                Operator::Crossplane(service) => crossplane_service(group) == Some(service),
            }
    })
}

impl Known {
    fn layer<'d>(&self, root: Value<'d>, at: &'static [&'static str], fields: Option<Value<'d>>) -> Layer<'d> {
        Layer { shape: self.shape, root, at, fields, patch: None }
    }

    /// Reads what `object`, which is of this kind, says of its resource, and calls `act` with it.
    pub fn describe(
        &self,
        findings: &mut Findings,
        object: Value<'_>,
        act: &mut dyn FnMut(&mut Findings, &Described<'_>),
    ) {
        let (at, patches): (&'static [&'static str], _) = match self.operator {
            Operator::Crossplane(_) => {
                let spec = findings.object(object, "spec");
                let mut tree = |at, key| self.layer(object, at, spec.and_then(|spec| findings.object(spec, key)));
                let layers = vec![
                    tree(&["spec", "forProvider"], "forProvider"),
                    tree(&["spec", "initProvider"], "initProvider"),
                ];
                return act(findings, &Described::new(layers, Layers::Add));
            }
            Operator::Aso(_) => (&["spec"], None),
            Operator::Capz(patches) => (&["spec"], patches),
            Operator::CapzTemplate(patches) => (&["spec", "template", "spec"], patches),
        };
        let own = self.layer(object, at, findings.descend(object, at));
        match patches {
            Some(key) => {
                let shape = if self.model == Model::Cluster { shapes::ASO_CLUSTER } else { shapes::ASO_POOL };
                patches::over(findings, own, key, shape, act);
            }
            None => act(findings, &Described::new(vec![own], Layers::Override)),
        }
    }
}
