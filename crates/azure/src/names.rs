//! What a field of Azure's API is called in the form that the policies judge.
//!
//! That form is the one of the Azure Service Operator, which keeps the API's names but for ids: what is `vnetSubnetID` there is
//! `vnetSubnetReference` here, with the id in `armId`. Which names there are follows from the policy's own tables, so that a
//! field that a rule begins to read is found without anything being written here.

use std::collections::HashMap;
use std::sync::LazyLock;

use isolated_clusters::fields::{
    ASO_CACHE_RULE, ASO_CLUSTER, ASO_LOAD_BALANCER, ASO_POOL, ASO_REGISTRY, ASO_SUBNET, CROSSPLANE_CACHE_RULE,
    CROSSPLANE_CLUSTER, CROSSPLANE_LOAD_BALANCER, CROSSPLANE_POOL, CROSSPLANE_REGISTRY, CROSSPLANE_SUBNET, Field,
    FieldMap,
};

use crate::automatic::AUTOMATIC;

/// What a field is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    /// The same, in this casing.
    Same(&'static str),
    /// A reference that holds the id.
    Reference(&'static str),
    /// A list of references that hold the ids.
    References(&'static str),
}

const MAPS: &[FieldMap] = &[ASO_CLUSTER, ASO_POOL, ASO_REGISTRY, ASO_CACHE_RULE, ASO_LOAD_BALANCER, ASO_SUBNET];

/// Keys that a rule reads without the table: in addons, gateways and frontends, and the type of an extension.
const OTHERS: &[&str] =
    &["enabled", "mode", "publicIPAddress", "publicIPPrefix", "extensionType", "plan", "name", "scope"];

static NAMES: LazyLock<HashMap<String, Name>> = LazyLock::new(|| {
    let places = MAPS.iter().flat_map(|map| map.iter()).map(|(_, place)| *place);
    let keys = places.flat_map(|place| place.split(['.', '[', ']', '{', '}', '?'])).filter(|key| !key.is_empty());
    let mut names = HashMap::new();
    for key in keys.chain(OTHERS.iter().copied()) {
        if let Some(stem) = key.strip_suffix("References") {
            names.insert(format!("{stem}ids").to_ascii_lowercase(), Name::References(key));
        } else if let Some(stem) = key.strip_suffix("Reference") {
            names.insert(format!("{stem}id").to_ascii_lowercase(), Name::Reference(key));
        } else {
            names.insert(key.to_ascii_lowercase(), Name::Same(key));
        }
    }
    names
});

/// What the field is called that Azure calls `key`, in whatever casing; none if no rule reads it.
pub fn name_of(key: &str) -> Option<&'static Name> {
    NAMES.get(&key.to_ascii_lowercase())
}

/// What Azure calls a field of the judged form.
pub fn azure_name(key: &str) -> String {
    match (key.strip_suffix("References"), key.strip_suffix("Reference")) {
        (Some(stem), _) => format!("{stem}Ids"),
        (_, Some(stem)) if stem == "vnetSubnet" || stem == "podSubnet" || stem == "nodePublicIPPrefix" => {
            format!("{stem}ID")
        }
        (_, Some(stem)) => format!("{stem}Id"),
        _ => key.to_owned(),
    }
}

/// The type of a machine of a pool, which is judged as a pool of one.
const MACHINE: &str = "microsoft.containerservice/managedclusters/agentpools/machines";

/// Whether a resource is one.
pub fn is_machine(of_type: &str) -> bool {
    of_type.eq_ignore_ascii_case(MACHINE)
}

/// Whether a pool has the fields of this object of a machine beside its others.
/// <https://learn.microsoft.com/rest/api/aks/machines/create-or-update>
pub fn is_part_of_machine(key: &str) -> bool {
    ["network", "operatingSystem", "kubernetes"].iter().any(|part| part.eq_ignore_ascii_case(key))
}

/// What a pool has in another object, though a machine has it in `network`, and that object.
pub const OF_NETWORK: (&str, &str) = ("nodePublicIPTags", "networkProfile");

/// Where a pool has the field with these keys of a machine.
pub fn keys_in_pool(keys: Vec<String>) -> Vec<String> {
    match keys.as_slice() {
        [first, key, ..] if is_part_of_machine(first) && key == OF_NETWORK.0 => {
            Some(OF_NETWORK.1.to_owned()).into_iter().chain(keys.into_iter().skip(1)).collect()
        }
        [first, ..] if is_part_of_machine(first) => keys.into_iter().skip(1).collect(),
        _ => keys,
    }
}

/// The kinds that resources are judged as: the type in lower case, the group and the kind.
pub const KINDS: &[(&str, &str, &str)] = &[
    ("microsoft.containerservice/managedclusters", "containerservice.azure.com", "ManagedCluster"),
    ("microsoft.containerservice/managedclusters/agentpools", "containerservice.azure.com", "ManagedClustersAgentPool"),
    (MACHINE, "containerservice.azure.com", "ManagedClustersAgentPool"),
    ("microsoft.containerregistry/registries", "containerregistry.azure.com", "Registry"),
    ("microsoft.containerregistry/registries/cacherules", "containerregistry.azure.com", "RegistryCacheRule"),
    ("microsoft.network/loadbalancers", "network.azure.com", "LoadBalancer"),
    ("microsoft.network/natgateways", "network.azure.com", "NatGateway"),
    ("microsoft.network/publicipaddresses", "network.azure.com", "PublicIPAddress"),
    ("microsoft.network/publicipprefixes", "network.azure.com", "PublicIPPrefix"),
    ("microsoft.network/virtualnetworks/subnets", "network.azure.com", "VirtualNetworksSubnet"),
    ("microsoft.kubernetesconfiguration/extensions", "kubernetesconfiguration.azure.com", "Extension"),
    ("microsoft.kubernetesconfiguration/fluxconfigurations", "kubernetesconfiguration.azure.com", "FluxConfiguration"),
    // The same as templates write them with the cluster in type and name.
    (
        "microsoft.containerservice/managedclusters/providers/extensions",
        "kubernetesconfiguration.azure.com",
        "Extension",
    ),
    (
        "microsoft.containerservice/managedclusters/providers/fluxconfigurations",
        "kubernetesconfiguration.azure.com",
        "FluxConfiguration",
    ),
];

/// The kinds that resources of Terraform's provider azurerm are judged as: the type, the service of Crossplane's provider, whose
/// fields are those of azurerm, and the kind.
pub const AZURERM: &[(&str, &str, &str)] = &[
    ("azurerm_container_registry", "containerregistry", "Registry"),
    ("azurerm_container_registry_cache_rule", "containerregistry", "CacheRule"),
    (AUTOMATIC, "containerservice", "KubernetesCluster"),
    ("azurerm_kubernetes_cluster", "containerservice", "KubernetesCluster"),
    ("azurerm_kubernetes_cluster_extension", "containerservice", "KubernetesClusterExtension"),
    // Crossplane has none: the kind of the Azure Service Operator, of which only the existence is judged.
    ("azurerm_kubernetes_flux_configuration", "kubernetesconfiguration.azure.com", "FluxConfiguration"),
    ("azurerm_kubernetes_cluster_node_pool", "containerservice", "KubernetesClusterNodePool"),
    ("azurerm_lb", "network", "LoadBalancer"),
    ("azurerm_lb_outbound_rule", "network", "LoadBalancerOutboundRule"),
    ("azurerm_nat_gateway", "network", "NATGateway"),
    ("azurerm_nat_gateway_public_ip_association", "network", "NATGatewayPublicIPAssociation"),
    ("azurerm_nat_gateway_public_ip_prefix_association", "network", "NATGatewayPublicIPPrefixAssociation"),
    ("azurerm_public_ip", "network", "PublicIP"),
    ("azurerm_public_ip_prefix", "network", "PublicIPPrefix"),
    ("azurerm_subnet", "network", "Subnet"),
    ("azurerm_subnet_nat_gateway_association", "network", "SubnetNATGatewayAssociation"),
];

/// The tables of a kind, each with the key of the list that its fields stand in.
fn maps_of(kind: &str) -> &'static [(&'static str, FieldMap)] {
    match kind {
        "ManagedCluster" => &[("", ASO_CLUSTER), ("agentPoolProfiles", ASO_POOL)],
        "ManagedClustersAgentPool" => &[("", ASO_POOL)],
        "Registry" => &[("", ASO_REGISTRY), ("", CROSSPLANE_REGISTRY)],
        "RegistryCacheRule" => &[("", ASO_CACHE_RULE)],
        "CacheRule" => &[("", CROSSPLANE_CACHE_RULE)],
        "LoadBalancer" => &[("", ASO_LOAD_BALANCER), ("", CROSSPLANE_LOAD_BALANCER)],
        "VirtualNetworksSubnet" => &[("", ASO_SUBNET)],
        "Subnet" => &[("", CROSSPLANE_SUBNET)],
        "KubernetesCluster" => &[("", CROSSPLANE_CLUSTER), ("defaultNodePool", CROSSPLANE_POOL)],
        "KubernetesClusterNodePool" => &[("", CROSSPLANE_POOL)],
        _ => &[],
    }
}

/// What rules read of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// Nothing.
    Nothing,
    /// That it is there: what it stands in counts if it is not empty.
    Presence,
    /// Its value.
    Value,
}

/// The fields below a place that rules read there, where they do not only see whether it is empty. An add-on has a name above its
/// switch.
fn is_read_below(field: Field, keys: &[&str]) -> bool {
    match (field, keys) {
        (Field::Addons, [_] | [_, "enabled"]) | (Field::IstioIngress, ["enabled" | "mode"]) => true,
        (Field::PublicFrontends, [key]) => {
            matches!(*key, "publicIPAddress" | "publicIPPrefix" | "publicIpAddressId" | "publicIpPrefixId")
        }
        _ => false,
    }
}

/// What rules read of the field with these keys of a kind, or of what is in it.
pub fn reads(kind: &str, keys: &[String]) -> Reads {
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    if matches!(kind, "Extension" | "KubernetesClusterExtension") {
        let is_read = keys.is_empty() || keys.first() == Some(&"extensionType");
        return if is_read { Reads::Value } else { Reads::Nothing };
    }
    let mut reads = Reads::Nothing;
    for (holder, map) in maps_of(kind) {
        for (field, place) in *map {
            let place = place.split(['.', '[', ']', '{', '}', '?']).filter(|key| !key.is_empty());
            let place: Vec<&str> = Some(*holder).into_iter().filter(|key| !key.is_empty()).chain(place).collect();
            let common = place.iter().zip(&keys).take_while(|(a, b)| a == b).count();
            // What stands in a list of pools is told apart by the pools' own table.
            let is_holder = place.len() == 1 && maps_of(kind).iter().any(|(holder, _)| place.first() == Some(holder));
            if common < place.len().min(keys.len()) || (keys.len() > place.len() && is_holder) {
                continue;
            }
            match keys.get(place.len()..) {
                // A proxy is one, whatever its address is.
                Some([]) if *field == Field::HttpProxy => reads = Reads::Presence,
                None | Some([]) => return Reads::Value,
                Some(below) if is_read_below(*field, below) => return Reads::Value,
                Some(_) => reads = Reads::Presence,
            }
        }
    }
    reads
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_become_references_in_whatever_casing() {
        for key in ["vnetSubnetID", "vnetSubnetId", "VNETSUBNETID"] {
            assert_eq!(name_of(key), Some(&Name::Reference("vnetSubnetReference")), "{key}");
        }
        assert_eq!(name_of("containerRegistryId"), Some(&Name::Reference("containerRegistryReference")));
        assert_eq!(name_of("dnsZoneResourceIds"), Some(&Name::References("dnsZoneResourceReferences")));
        assert_eq!(name_of("nodeOsUpgradeChannel"), Some(&Name::Same("nodeOSUpgradeChannel")));
        assert_eq!(name_of("azureAdAuthenticationAsArmPolicy"), Some(&Name::Same("azureADAuthenticationAsArmPolicy")));
        assert_eq!(name_of("tags"), None);
        assert_eq!(azure_name("vnetSubnetReference"), "vnetSubnetID");
        assert_eq!(azure_name("containerRegistryReference"), "containerRegistryId");
        assert_eq!(azure_name("outboundType"), "outboundType");
    }

    #[test]
    fn a_field_is_read_with_what_stands_around_it() {
        let reads =
            |kind: &str, keys: &[&str]| reads(kind, &keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>());
        let is_read = |kind: &str, keys: &[&str]| reads(kind, keys) == Reads::Value;
        assert_eq!(reads("ManagedCluster", &["addonProfiles", "omsagent", "config"]), Reads::Presence);
        assert_eq!(reads("LoadBalancer", &["frontendIPConfigurations", "publicIPAddress", "id"]), Reads::Presence);
        assert!(is_read("LoadBalancer", &["frontendIpConfiguration", "publicIpAddressId"]));
        assert!(is_read("ManagedCluster", &["addonProfiles", "omsagent"]));
        assert!(
            is_read("ManagedCluster", &["networkProfile", "outboundType"])
                && is_read("ManagedCluster", &["networkProfile"])
        );
        assert!(
            is_read("ManagedCluster", &["agentPoolProfiles", "osType"])
                && is_read("ManagedCluster", &["agentPoolProfiles"])
        );
        assert!(is_read("ManagedCluster", &["addonProfiles", "omsagent", "enabled"]));
        assert!(
            !is_read("ManagedCluster", &["dnsPrefix"]) && !is_read("ManagedCluster", &["agentPoolProfiles", "count"])
        );
        assert!(
            is_read("KubernetesCluster", &["defaultNodePool", "osSku"])
                && !is_read("KubernetesCluster", &["kubeConfig"])
        );
    }

    #[test]
    fn every_kind_of_azurerm_is_one_that_a_policy_judges() {
        for (_, service, kind) in AZURERM {
            let group = format!("{service}.azure.upbound.io");
            assert!(
                isolated_clusters::kinds::find(&group, kind).is_some()
                    || matches!(*kind, "KubernetesClusterExtension" | "FluxConfiguration"),
                "{kind}"
            );
        }
    }

    #[test]
    fn every_kind_is_one_that_a_policy_judges() {
        for (_, group, kind) in KINDS {
            let judged =
                isolated_clusters::kinds::find(group, kind).is_some() || *group == "kubernetesconfiguration.azure.com";
            assert!(judged, "{group} {kind}");
        }
    }
}
