//! What each operator calls the same thing.
//!
//! A rule asks for an [`Ask`]; a [`Shape`] says where an operator's kind writes it, counted from the kind's fields. What a
//! shape does not list, it cannot say. Places are written as in [`isolation::places`]; Crossplane's blocks are objects in
//! new versions and lists of one in the old one, which `[?]` goes through alike.

/// What a rule can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
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
pub type Shape = &'static [(Ask, &'static str)];

/// The places of `ask` in a shape.
pub fn places(shape: Shape, ask: Ask) -> impl Iterator<Item = &'static str> {
    shape.iter().filter(move |(known, _)| *known == ask).map(|(_, place)| *place)
}

/// The first of them, where a user would write it.
pub fn place(shape: Shape, ask: Ask) -> Option<&'static str> {
    places(shape, ask).next()
}

/// `ManagedCluster` of the Azure Service Operator, and with it CAPZ's patches.
pub const ASO_CLUSTER: Shape = &[
    (Ask::OutboundType, "networkProfile.outboundType"),
    (Ask::PrivateCluster, "apiServerAccessProfile.enablePrivateCluster"),
    (Ask::VnetIntegration, "apiServerAccessProfile.enableVnetIntegration"),
    (Ask::ApiServerSubnet, "apiServerAccessProfile.subnetReference"),
    (Ask::PublicFqdn, "apiServerAccessProfile.enablePrivateClusterPublicFQDN"),
    (Ask::PublicNetworkAccess, "publicNetworkAccess"),
    (Ask::ArtifactSource, "bootstrapProfile.artifactSource"),
    (Ask::Registry, "bootstrapProfile.containerRegistryReference"),
    (Ask::ServicePrincipal, "servicePrincipalProfile.clientId"),
    (Ask::NodeOsChannel, "autoUpgradeProfile.nodeOSUpgradeChannel"),
    (Ask::NetworkPlugin, "networkProfile.networkPlugin"),
    (Ask::ManagedOutboundIps, "networkProfile.loadBalancerProfile.managedOutboundIPs"),
    (Ask::OutboundIps, "networkProfile.loadBalancerProfile.outboundIPs"),
    (Ask::OutboundPrefixes, "networkProfile.loadBalancerProfile.outboundIPPrefixes"),
    (Ask::NatGateway, "networkProfile.natGatewayProfile"),
    (Ask::StaticEgress, "networkProfile.staticEgressGatewayProfile.enabled"),
    (Ask::WindowsProfile, "windowsProfile"),
    (Ask::Pools, "agentPoolProfiles[]"),
    (Ask::Addons, "addonProfiles{}"),
    (Ask::AppRouting, "ingressProfile.webAppRouting.enabled"),
    (Ask::AppRoutingDefault, "ingressProfile.webAppRouting.nginx.defaultIngressControllerType"),
    (Ask::DnsZones, "ingressProfile.webAppRouting.dnsZoneResourceReferences[]"),
    (Ask::DefaultDomain, "ingressProfile.webAppRouting.defaultDomain.enabled"),
    (Ask::IstioIngress, "serviceMeshProfile.istio.components.ingressGateways[]"),
    (Ask::ContainersGateway, "ingressProfile.applicationLoadBalancer.enabled"),
    (Ask::Version, "kubernetesVersion"),
    (Ask::Logs, "azureMonitorProfile.containerInsights.enabled"),
    (Ask::Metrics, "azureMonitorProfile.metrics.enabled"),
    (Ask::AppMonitoring, "azureMonitorProfile.appMonitoring.autoInstrumentation.enabled"),
    (Ask::Defender, "securityProfile.defender.securityMonitoring.enabled"),
    (Ask::CostAnalysis, "metricsProfile.costAnalysis.enabled"),
    (Ask::WorkloadIdentity, "securityProfile.workloadIdentity.enabled"),
];

/// `ManagedClustersAgentPool` of the Azure Service Operator, and the items of a cluster's `agentPoolProfiles`.
pub const ASO_POOL: Shape = &[
    (Ask::OsType, "osType"),
    (Ask::OsSku, "osSKU"),
    (Ask::WindowsProfile, "windowsProfile"),
    (Ask::NodePublicIp, "enableNodePublicIP"),
    (Ask::NodePublicIpPrefix, "nodePublicIPPrefixReference"),
    (Ask::NodePublicIpTags, "networkProfile.nodePublicIPTags"),
    (Ask::Mode, "mode"),
    (Ask::GatewayProfile, "gatewayProfile"),
    (Ask::Subnet, "vnetSubnetReference"),
    (Ask::Subnet, "podSubnetReference"),
    (Ask::PoolType, "type"),
    (Ask::Version, "orchestratorVersion"),
];

/// CAPZ's `AzureManagedControlPlane`. Most of what isolates a cluster it can only say in a patch.
pub const CAPZ_CLUSTER: Shape = &[
    (Ask::OutboundType, "outboundType"),
    (Ask::PrivateCluster, "apiServerAccessProfile.enablePrivateCluster"),
    (Ask::PublicFqdn, "apiServerAccessProfile.enablePrivateClusterPublicFQDN"),
    (Ask::NetworkPlugin, "networkPlugin"),
    (Ask::ManagedOutboundIps, "loadBalancerProfile.managedOutboundIPs"),
    (Ask::OutboundIps, "loadBalancerProfile.outboundIPs"),
    (Ask::OutboundPrefixes, "loadBalancerProfile.outboundIPPrefixes"),
    (Ask::Addons, "addonProfiles[]"),
    (Ask::Version, "version"),
    (Ask::Defender, "securityProfile.defender.securityMonitoring.enabled"),
    (Ask::WorkloadIdentity, "securityProfile.workloadIdentity.enabled"),
];

/// CAPZ's `AzureManagedMachinePool`.
pub const CAPZ_POOL: Shape = &[
    (Ask::OsType, "osType"),
    (Ask::NodePublicIp, "enableNodePublicIP"),
    (Ask::NodePublicIpPrefix, "nodePublicIPPrefixID"),
    (Ask::Mode, "mode"),
];

/// CAPZ's `AzureASOManagedControlPlane`: all but the version stands in the objects that it embeds.
pub const CAPZ_ASO_CONTROL_PLANE: Shape = &[(Ask::Version, "version")];

/// Crossplane's `KubernetesCluster`.
pub const CROSSPLANE_CLUSTER: Shape = &[
    (Ask::OutboundType, "networkProfile[?].outboundType"),
    (Ask::PrivateCluster, "privateClusterEnabled"),
    (Ask::VnetIntegration, "apiServerAccessProfile[?].virtualNetworkIntegrationEnabled"),
    (Ask::ApiServerSubnet, "apiServerAccessProfile[?].subnetId"),
    (Ask::PublicFqdn, "privateClusterPublicFqdnEnabled"),
    (Ask::ArtifactSource, "bootstrapProfile[?].artifactSource"),
    (Ask::Registry, "bootstrapProfile[?].containerRegistryId"),
    (Ask::ServicePrincipal, "servicePrincipal[?].clientId"),
    (Ask::NodeOsChannel, "nodeOsUpgradeChannel"),
    (Ask::NetworkPlugin, "networkProfile[?].networkPlugin"),
    (Ask::ManagedOutboundIps, "networkProfile[?].loadBalancerProfile[?].managedOutboundIpCount"),
    (Ask::ManagedOutboundIps, "networkProfile[?].loadBalancerProfile[?].managedOutboundIpv6Count"),
    (Ask::OutboundIps, "networkProfile[?].loadBalancerProfile[?].outboundIpAddressIds"),
    (Ask::OutboundPrefixes, "networkProfile[?].loadBalancerProfile[?].outboundIpPrefixIds"),
    (Ask::NatGateway, "networkProfile[?].natGatewayProfile[?]"),
    (Ask::WindowsProfile, "windowsProfile[?]"),
    (Ask::Pools, "defaultNodePool[?]"),
    (Ask::AppRouting, "webAppRouting[?]"),
    (Ask::AppRoutingDefault, "webAppRouting[?].defaultNginxController"),
    (Ask::DnsZones, "webAppRouting[?].dnsZoneIds[]"),
    (Ask::IstioExternal, "serviceMeshProfile[?].externalIngressGatewayEnabled"),
    (Ask::HttpRouting, "httpApplicationRoutingEnabled"),
    (Ask::ApplicationGateway, "ingressApplicationGateway[?]"),
    (Ask::Version, "kubernetesVersion"),
    (Ask::Logs, "omsAgent[?]"),
    (Ask::Metrics, "monitorMetrics[?]"),
    (Ask::Defender, "microsoftDefender[?]"),
    (Ask::KeyVault, "keyVaultSecretsProvider[?]"),
    (Ask::AzurePolicy, "azurePolicyEnabled"),
    (Ask::CostAnalysis, "costAnalysisEnabled"),
    (Ask::WorkloadIdentity, "workloadIdentityEnabled"),
    (Ask::VirtualNodes, "aciConnectorLinux[?]"),
];

/// Crossplane's `KubernetesClusterNodePool`, and a cluster's `defaultNodePool`.
///
/// The tags of public addresses stand in `nodeNetworkProfile`; that a node pool has it as the default pool does, and
/// the names of provider releases before azurerm 4 (`enableNodePublicIp`), are not in the current schema or not
/// confirmed. They are asked for all the same, since a field that does not exist says nothing.
pub const CROSSPLANE_POOL: Shape = &[
    (Ask::OsType, "osType"),
    (Ask::OsSku, "osSku"),
    (Ask::WindowsProfile, "windowsProfile[?]"),
    (Ask::NodePublicIp, "nodePublicIpEnabled"),
    (Ask::NodePublicIpPrefix, "nodePublicIpPrefixId"),
    (Ask::NodePublicIpTags, "nodeNetworkProfile[?].nodePublicIpTags"),
    (Ask::Mode, "mode"),
    (Ask::Subnet, "vnetSubnetId"),
    (Ask::Subnet, "podSubnetId"),
    (Ask::PoolType, "type"),
    (Ask::Version, "orchestratorVersion"),
];

/// `Registry` of the Azure Service Operator.
pub const ASO_REGISTRY: Shape = &[
    (Ask::Sku, "sku.name"),
    (Ask::PublicNetworkAccess, "publicNetworkAccess"),
    (Ask::ArmTokens, "policies.azureADAuthenticationAsArmPolicy.status"),
];

/// Crossplane's `Registry`.
pub const CROSSPLANE_REGISTRY: Shape = &[(Ask::Sku, "sku"), (Ask::PublicNetworkAccess, "publicNetworkAccessEnabled")];

/// `RegistryCacheRule` of the Azure Service Operator.
pub const ASO_CACHE_RULE: Shape = &[(Ask::CacheSource, "sourceRepository"), (Ask::CacheTarget, "targetRepository")];

/// Crossplane's `CacheRule`.
pub const CROSSPLANE_CACHE_RULE: Shape = &[(Ask::CacheSource, "sourceRepo"), (Ask::CacheTarget, "targetRepo")];

/// `LoadBalancer` of the Azure Service Operator.
pub const ASO_LOAD_BALANCER: Shape =
    &[(Ask::PublicFrontends, "frontendIPConfigurations[]"), (Ask::OutboundRules, "outboundRules")];

/// Crossplane's `LoadBalancer`.
pub const CROSSPLANE_LOAD_BALANCER: Shape =
    &[(Ask::PublicFrontends, "frontendIpConfiguration[]"), (Ask::BalancerAddress, "publicIpAddressId")];

/// `VirtualNetworksSubnet` of the Azure Service Operator.
pub const ASO_SUBNET: Shape = &[(Ask::DefaultOutbound, "defaultOutboundAccess"), (Ask::SubnetNatGateway, "natGateway")];

/// Crossplane's `Subnet`.
pub const CROSSPLANE_SUBNET: Shape = &[(Ask::DefaultOutbound, "defaultOutboundAccessEnabled")];
