//! What each operator calls the same field.
//!
//! A rule asks for a [`Field`]; a [`FieldMap`] says where an operator's kind writes it, counted from the kind's fields. What
//! a map does not list, the kind cannot say. Places are written as in [`isolation::places`]; Crossplane's blocks are objects
//! in new versions and lists of one in the old one, which `[?]` goes through alike.

/// What a rule can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// How nodes reach what is outside.
    OutboundType,
    /// The API server has a private endpoint only.
    PrivateCluster,
    /// The API server stands in the cluster's own virtual network.
    VnetIntegration,
    /// The private API server has a public name as well.
    PublicFqdn,
    /// `Enabled` or `Disabled`, or a boolean that says the same.
    PublicNetworkAccess,
    /// The subnet of the API server.
    ApiServerSubnet,
    /// Where nodes get what they start from.
    ArtifactSource,
    /// The operator's own registry: an object or an id.
    Registry,
    /// The client id of a service principal.
    ServicePrincipal,
    /// How the nodes' operating system is kept up to date.
    NodeOsChannel,
    /// The network plugin.
    NetworkPlugin,
    /// The number or object of managed outbound addresses of the load balancer, of either version of IP.
    ManagedOutboundIps,
    /// Outbound addresses of the load balancer.
    OutboundIps,
    /// Prefixes of outbound addresses of the load balancer.
    OutboundPrefixes,
    /// The profile of a managed NAT gateway.
    NatGateway,
    /// The gateway that gives pods static public addresses.
    StaticEgress,
    /// Credentials of Windows nodes, or a Windows pool's own settings.
    WindowsProfile,
    /// The agent pools that a cluster holds.
    Pools,
    /// Every add-on, or the list of them.
    Addons,
    /// Application routing: a boolean or a block.
    AppRouting,
    /// The type of application routing's default controller.
    AppRoutingDefault,
    /// Istio's ingress gateways.
    IstioIngress,
    /// Istio's external ingress gateway as a boolean.
    IstioExternal,
    /// The add-on that makes public ingresses in a public DNS zone, where it is no entry of the add-ons.
    HttpRouting,
    /// Application Gateway as ingress, where it is no entry of the add-ons.
    ApplicationGateway,
    /// Application Gateway for Containers.
    ContainersGateway,
    /// The version of Kubernetes.
    Version,
    /// Container insights.
    Logs,
    /// Managed Prometheus.
    Metrics,
    /// Application Insights.
    AppMonitoring,
    /// Defender for Containers.
    Defender,
    /// Secrets from Key Vault.
    KeyVault,
    /// Azure Policy.
    AzurePolicy,
    /// Cost analysis.
    CostAnalysis,
    /// Workload identity.
    WorkloadIdentity,
    /// Virtual nodes.
    VirtualNodes,
    /// Linux or Windows.
    OsType,
    /// The nodes' image.
    OsSku,
    /// Each node has a public address.
    NodePublicIp,
    /// The prefix that nodes' public addresses come from.
    NodePublicIpPrefix,
    /// Tags of nodes' public addresses.
    NodePublicIpTags,
    /// What a pool is for.
    Mode,
    /// The settings of a gateway pool.
    GatewayProfile,
    /// The subnets of a pool: of its nodes and of its pods.
    Subnet,
    /// What a pool is made of: `VirtualMachines` or `VirtualMachineScaleSets`.
    PoolType,
    /// The DNS zones into which application routing writes.
    DnsZones,
    /// The domain that application routing is given by AKS.
    DefaultDomain,
    /// The service tier of a registry.
    Sku,
    /// Whether a registry takes the tokens that Azure's own services have: `enabled`, `disabled`, or a boolean.
    ArmTokens,
    /// What a cache rule pulls.
    CacheSource,
    /// Where a cache rule keeps it.
    CacheTarget,
    /// The frontends of a load balancer that have a public address or prefix.
    PublicFrontends,
    /// A public address of the load balancer itself.
    BalancerAddress,
    /// A load balancer's outbound rules.
    OutboundRules,
    /// Whether machines in a subnet reach the Internet without anybody having said how.
    DefaultOutbound,
    /// The NAT gateway of a subnet.
    SubnetNatGateway,
}

/// What a kind calls what.
pub type FieldMap = &'static [(Field, &'static str)];

/// The places of `field` in a kind's fields.
pub fn places(field_map: FieldMap, field: Field) -> impl Iterator<Item = &'static str> {
    field_map.iter().filter(move |(known, _)| *known == field).map(|(_, place)| *place)
}

/// The first of them, where a user would write it.
pub fn place(field_map: FieldMap, field: Field) -> Option<&'static str> {
    places(field_map, field).next()
}

/// `ManagedCluster` of the Azure Service Operator, and with it CAPZ's patches.
pub const ASO_CLUSTER: FieldMap = &[
    (Field::OutboundType, "networkProfile.outboundType"),
    (Field::PrivateCluster, "apiServerAccessProfile.enablePrivateCluster"),
    (Field::VnetIntegration, "apiServerAccessProfile.enableVnetIntegration"),
    (Field::ApiServerSubnet, "apiServerAccessProfile.subnetReference"),
    (Field::PublicFqdn, "apiServerAccessProfile.enablePrivateClusterPublicFQDN"),
    (Field::PublicNetworkAccess, "publicNetworkAccess"),
    (Field::ArtifactSource, "bootstrapProfile.artifactSource"),
    (Field::Registry, "bootstrapProfile.containerRegistryReference"),
    (Field::ServicePrincipal, "servicePrincipalProfile.clientId"),
    (Field::NodeOsChannel, "autoUpgradeProfile.nodeOSUpgradeChannel"),
    (Field::NetworkPlugin, "networkProfile.networkPlugin"),
    (Field::ManagedOutboundIps, "networkProfile.loadBalancerProfile.managedOutboundIPs"),
    (Field::OutboundIps, "networkProfile.loadBalancerProfile.outboundIPs"),
    (Field::OutboundPrefixes, "networkProfile.loadBalancerProfile.outboundIPPrefixes"),
    (Field::NatGateway, "networkProfile.natGatewayProfile"),
    (Field::StaticEgress, "networkProfile.staticEgressGatewayProfile.enabled"),
    (Field::WindowsProfile, "windowsProfile"),
    (Field::Pools, "agentPoolProfiles[]"),
    (Field::Addons, "addonProfiles{}"),
    (Field::AppRouting, "ingressProfile.webAppRouting.enabled"),
    (Field::AppRoutingDefault, "ingressProfile.webAppRouting.nginx.defaultIngressControllerType"),
    (Field::DnsZones, "ingressProfile.webAppRouting.dnsZoneResourceReferences[]"),
    (Field::DefaultDomain, "ingressProfile.webAppRouting.defaultDomain.enabled"),
    (Field::IstioIngress, "serviceMeshProfile.istio.components.ingressGateways[]"),
    (Field::ContainersGateway, "ingressProfile.applicationLoadBalancer.enabled"),
    (Field::Version, "kubernetesVersion"),
    (Field::Logs, "azureMonitorProfile.containerInsights.enabled"),
    (Field::Metrics, "azureMonitorProfile.metrics.enabled"),
    (Field::AppMonitoring, "azureMonitorProfile.appMonitoring.autoInstrumentation.enabled"),
    (Field::Defender, "securityProfile.defender.securityMonitoring.enabled"),
    (Field::CostAnalysis, "metricsProfile.costAnalysis.enabled"),
    (Field::WorkloadIdentity, "securityProfile.workloadIdentity.enabled"),
];

/// `ManagedClustersAgentPool` of the Azure Service Operator, and the items of a cluster's `agentPoolProfiles`.
pub const ASO_POOL: FieldMap = &[
    (Field::OsType, "osType"),
    (Field::OsSku, "osSKU"),
    (Field::WindowsProfile, "windowsProfile"),
    (Field::NodePublicIp, "enableNodePublicIP"),
    (Field::NodePublicIpPrefix, "nodePublicIPPrefixReference"),
    (Field::NodePublicIpTags, "networkProfile.nodePublicIPTags"),
    (Field::Mode, "mode"),
    (Field::GatewayProfile, "gatewayProfile"),
    (Field::Subnet, "vnetSubnetReference"),
    (Field::Subnet, "podSubnetReference"),
    (Field::PoolType, "type"),
    (Field::Version, "orchestratorVersion"),
];

/// CAPZ's `AzureManagedControlPlane`. Most of what isolates a cluster it can only say in a patch.
pub const CAPZ_CLUSTER: FieldMap = &[
    (Field::OutboundType, "outboundType"),
    (Field::PrivateCluster, "apiServerAccessProfile.enablePrivateCluster"),
    (Field::PublicFqdn, "apiServerAccessProfile.enablePrivateClusterPublicFQDN"),
    (Field::NetworkPlugin, "networkPlugin"),
    (Field::ManagedOutboundIps, "loadBalancerProfile.managedOutboundIPs"),
    (Field::OutboundIps, "loadBalancerProfile.outboundIPs"),
    (Field::OutboundPrefixes, "loadBalancerProfile.outboundIPPrefixes"),
    (Field::Addons, "addonProfiles[]"),
    (Field::Version, "version"),
    (Field::Defender, "securityProfile.defender.securityMonitoring.enabled"),
    (Field::WorkloadIdentity, "securityProfile.workloadIdentity.enabled"),
];

/// CAPZ's `AzureManagedMachinePool`.
pub const CAPZ_POOL: FieldMap = &[
    (Field::OsType, "osType"),
    (Field::NodePublicIp, "enableNodePublicIP"),
    (Field::NodePublicIpPrefix, "nodePublicIPPrefixID"),
    (Field::Mode, "mode"),
];

/// CAPZ's `AzureASOManagedControlPlane`: all but the version stands in the objects that it embeds.
pub const CAPZ_ASO_CONTROL_PLANE: FieldMap = &[(Field::Version, "version")];

/// Crossplane's `KubernetesCluster`.
pub const CROSSPLANE_CLUSTER: FieldMap = &[
    (Field::OutboundType, "networkProfile[?].outboundType"),
    (Field::PrivateCluster, "privateClusterEnabled"),
    (Field::VnetIntegration, "apiServerAccessProfile[?].virtualNetworkIntegrationEnabled"),
    (Field::ApiServerSubnet, "apiServerAccessProfile[?].subnetId"),
    (Field::PublicFqdn, "privateClusterPublicFqdnEnabled"),
    (Field::ArtifactSource, "bootstrapProfile[?].artifactSource"),
    (Field::Registry, "bootstrapProfile[?].containerRegistryId"),
    (Field::ServicePrincipal, "servicePrincipal[?].clientId"),
    (Field::NodeOsChannel, "nodeOsUpgradeChannel"),
    (Field::NetworkPlugin, "networkProfile[?].networkPlugin"),
    (Field::ManagedOutboundIps, "networkProfile[?].loadBalancerProfile[?].managedOutboundIpCount"),
    (Field::ManagedOutboundIps, "networkProfile[?].loadBalancerProfile[?].managedOutboundIpv6Count"),
    (Field::OutboundIps, "networkProfile[?].loadBalancerProfile[?].outboundIpAddressIds"),
    (Field::OutboundPrefixes, "networkProfile[?].loadBalancerProfile[?].outboundIpPrefixIds"),
    (Field::NatGateway, "networkProfile[?].natGatewayProfile[?]"),
    (Field::WindowsProfile, "windowsProfile[?]"),
    (Field::Pools, "defaultNodePool[?]"),
    (Field::AppRouting, "webAppRouting[?]"),
    (Field::AppRoutingDefault, "webAppRouting[?].defaultNginxController"),
    (Field::DnsZones, "webAppRouting[?].dnsZoneIds[]"),
    (Field::IstioExternal, "serviceMeshProfile[?].externalIngressGatewayEnabled"),
    (Field::HttpRouting, "httpApplicationRoutingEnabled"),
    (Field::ApplicationGateway, "ingressApplicationGateway[?]"),
    (Field::Version, "kubernetesVersion"),
    (Field::Logs, "omsAgent[?]"),
    (Field::Metrics, "monitorMetrics[?]"),
    (Field::Defender, "microsoftDefender[?]"),
    (Field::KeyVault, "keyVaultSecretsProvider[?]"),
    (Field::AzurePolicy, "azurePolicyEnabled"),
    (Field::CostAnalysis, "costAnalysisEnabled"),
    (Field::WorkloadIdentity, "workloadIdentityEnabled"),
    (Field::VirtualNodes, "aciConnectorLinux[?]"),
];

/// Crossplane's `KubernetesClusterNodePool`, and a cluster's `defaultNodePool`.
///
/// The tags of public addresses stand in `nodeNetworkProfile`; that a node pool has it as the default pool does, and
/// the names of provider releases before azurerm 4 (`enableNodePublicIp`), are not in the current schema or not
/// confirmed. They are asked for all the same, since a field that does not exist says nothing.
pub const CROSSPLANE_POOL: FieldMap = &[
    (Field::OsType, "osType"),
    (Field::OsSku, "osSku"),
    (Field::WindowsProfile, "windowsProfile[?]"),
    (Field::NodePublicIp, "nodePublicIpEnabled"),
    (Field::NodePublicIpPrefix, "nodePublicIpPrefixId"),
    (Field::NodePublicIpTags, "nodeNetworkProfile[?].nodePublicIpTags"),
    (Field::Mode, "mode"),
    (Field::Subnet, "vnetSubnetId"),
    (Field::Subnet, "podSubnetId"),
    (Field::PoolType, "type"),
    (Field::Version, "orchestratorVersion"),
];

/// `Registry` of the Azure Service Operator.
pub const ASO_REGISTRY: FieldMap = &[
    (Field::Sku, "sku.name"),
    (Field::PublicNetworkAccess, "publicNetworkAccess"),
    (Field::ArmTokens, "policies.azureADAuthenticationAsArmPolicy.status"),
];

/// Crossplane's `Registry`.
pub const CROSSPLANE_REGISTRY: FieldMap =
    &[(Field::Sku, "sku"), (Field::PublicNetworkAccess, "publicNetworkAccessEnabled")];

/// `RegistryCacheRule` of the Azure Service Operator.
pub const ASO_CACHE_RULE: FieldMap =
    &[(Field::CacheSource, "sourceRepository"), (Field::CacheTarget, "targetRepository")];

/// Crossplane's `CacheRule`.
pub const CROSSPLANE_CACHE_RULE: FieldMap = &[(Field::CacheSource, "sourceRepo"), (Field::CacheTarget, "targetRepo")];

/// `LoadBalancer` of the Azure Service Operator.
pub const ASO_LOAD_BALANCER: FieldMap =
    &[(Field::PublicFrontends, "frontendIPConfigurations[]"), (Field::OutboundRules, "outboundRules")];

/// Crossplane's `LoadBalancer`.
pub const CROSSPLANE_LOAD_BALANCER: FieldMap =
    &[(Field::PublicFrontends, "frontendIpConfiguration[]"), (Field::BalancerAddress, "publicIpAddressId")];

/// `VirtualNetworksSubnet` of the Azure Service Operator.
pub const ASO_SUBNET: FieldMap =
    &[(Field::DefaultOutbound, "defaultOutboundAccess"), (Field::SubnetNatGateway, "natGateway")];

/// Crossplane's `Subnet`.
pub const CROSSPLANE_SUBNET: FieldMap = &[(Field::DefaultOutbound, "defaultOutboundAccessEnabled")];
