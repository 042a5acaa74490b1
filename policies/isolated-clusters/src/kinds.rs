//! The judged kinds, as data: their operator, what they describe, and where their fields are.

use isolation::management::{CAPZ, crossplane_service};
use isolation::{Findings, Value};

use crate::fields::{self, FieldMap};
use crate::patches;
use crate::spec::{Layer, Layers, Spec};

/// What a kind describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Model {
    /// A cluster.
    Cluster,
    /// A separate agent pool.
    Pool,
    /// The part of a cluster outside the objects that describe it: the version.
    ControlPlane,
    /// A registry.
    Registry,
    /// A cache rule of a registry.
    CacheRule,
    /// A resource that is a public way in or out by its existence.
    PublicAddress,
    /// A load balancer.
    LoadBalancer,
    /// A subnet.
    Subnet,
    /// A resource whose existence gives a subnet a NAT gateway.
    SubnetGateway,
}

/// The operator of a kind, which decides where its fields are.
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
pub struct KindEntry {
    /// Its operator.
    pub operator: Operator,
    /// Its name.
    pub kind: &'static str,
    /// What it describes.
    pub model: Model,
    /// The names of its fields.
    pub field_map: FieldMap,
}

macro_rules! kinds {
    ($($operator:expr, $kind:literal, $model:ident, $field_map:expr;)+) => {
        &[$(KindEntry {
            operator: $operator,
            kind: $kind,
            model: Model::$model,
            field_map: $field_map,
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
pub const KINDS: &[KindEntry] = kinds![
    CONTAINER_SERVICE, "ManagedCluster", Cluster, fields::ASO_CLUSTER;
    CONTAINER_SERVICE, "ManagedClustersAgentPool", Pool, fields::ASO_POOL;
    CONTAINER_REGISTRY, "Registry", Registry, fields::ASO_REGISTRY;
    CONTAINER_REGISTRY, "RegistryCacheRule", CacheRule, fields::ASO_CACHE_RULE;
    NETWORK, "PublicIPAddress", PublicAddress, &[];
    NETWORK, "PublicIPPrefix", PublicAddress, &[];
    NETWORK, "NatGateway", PublicAddress, &[];
    NETWORK, "LoadBalancer", LoadBalancer, fields::ASO_LOAD_BALANCER;
    NETWORK, "VirtualNetworksSubnet", Subnet, fields::ASO_SUBNET;
    Operator::Capz(CLUSTER_PATCHES), "AzureManagedControlPlane", Cluster, fields::CAPZ_CLUSTER;
    Operator::CapzTemplate(CLUSTER_PATCHES), "AzureManagedControlPlaneTemplate", Cluster, fields::CAPZ_CLUSTER;
    Operator::Capz(POOL_PATCHES), "AzureManagedMachinePool", Pool, fields::CAPZ_POOL;
    Operator::CapzTemplate(POOL_PATCHES), "AzureManagedMachinePoolTemplate", Pool, fields::CAPZ_POOL;
    Operator::Capz(None), "AzureASOManagedControlPlane", ControlPlane, fields::CAPZ_ASO_CONTROL_PLANE;
    Operator::CapzTemplate(None), "AzureASOManagedControlPlaneTemplate", ControlPlane, fields::CAPZ_ASO_CONTROL_PLANE;
    Operator::Crossplane("containerservice"), "KubernetesCluster", Cluster, fields::CROSSPLANE_CLUSTER;
    Operator::Crossplane("containerservice"), "KubernetesClusterNodePool", Pool, fields::CROSSPLANE_POOL;
    Operator::Crossplane("containerregistry"), "Registry", Registry, fields::CROSSPLANE_REGISTRY;
    Operator::Crossplane("containerregistry"), "CacheRule", CacheRule, fields::CROSSPLANE_CACHE_RULE;
    Operator::Crossplane("network"), "PublicIP", PublicAddress, &[];
    Operator::Crossplane("network"), "PublicIPPrefix", PublicAddress, &[];
    Operator::Crossplane("network"), "NATGateway", PublicAddress, &[];
    Operator::Crossplane("network"), "NATGatewayPublicIPAssociation", PublicAddress, &[];
    Operator::Crossplane("network"), "NATGatewayPublicIPPrefixAssociation", PublicAddress, &[];
    Operator::Crossplane("network"), "SubnetNATGatewayAssociation", SubnetGateway, &[];
    Operator::Crossplane("network"), "LoadBalancerOutboundRule", PublicAddress, &[];
    Operator::Crossplane("network"), "LoadBalancer", LoadBalancer, fields::CROSSPLANE_LOAD_BALANCER;
    Operator::Crossplane("network"), "Subnet", Subnet, fields::CROSSPLANE_SUBNET;
];

/// The kind of this group and name, if it is judged.
pub fn find(group: &str, kind: &str) -> Option<&'static KindEntry> {
    KINDS.iter().find(|known| {
        known.kind == kind
            && match known.operator {
                Operator::Aso(its) => its == group,
                Operator::Capz(_) | Operator::CapzTemplate(_) => group == CAPZ,
                Operator::Crossplane(service) => crossplane_service(group) == Some(service),
            }
    })
}

impl KindEntry {
    fn layer<'d>(&self, root: Value<'d>, at: &'static [&'static str], fields: Option<Value<'d>>) -> Layer<'d> {
        Layer { field_map: self.field_map, root, at, fields, patch: None }
    }

    /// Reads the resource that `object`, which is of this kind, describes, and calls `act` with it.
    pub fn describe(&self, findings: &mut Findings, object: Value<'_>, act: &mut dyn FnMut(&mut Findings, &Spec<'_>)) {
        let (at, patches): (&'static [&'static str], _) = match self.operator {
            Operator::Crossplane(_) => {
                let spec = findings.object(object, "spec");
                let mut tree = |at, key| self.layer(object, at, spec.and_then(|spec| findings.object(spec, key)));
                let layers = vec![
                    tree(&["spec", "forProvider"], "forProvider"),
                    tree(&["spec", "initProvider"], "initProvider"),
                ];
                return act(findings, &Spec::new(layers, Layers::Add));
            }
            Operator::Aso(_) => (&["spec"], None),
            Operator::Capz(patches) => (&["spec"], patches),
            Operator::CapzTemplate(patches) => (&["spec", "template", "spec"], patches),
        };
        let own = self.layer(object, at, findings.descend(object, at));
        match patches {
            Some(key) => {
                let field_map = if self.model == Model::Cluster { fields::ASO_CLUSTER } else { fields::ASO_POOL };
                patches::over(findings, own, key, field_map, act);
            }
            None => act(findings, &Spec::new(vec![own], Layers::Override)),
        }
    }
}
