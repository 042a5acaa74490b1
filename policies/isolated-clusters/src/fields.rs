//! The names of the same field in each operator.
//!
//! A rule reads a [`Field`]; a [`FieldMap`] gives its path in an operator's kind, from the kind's fields. A kind lacks the
//! fields that its map does not list. Paths are written as in [`isolation::places`]; Crossplane's blocks are objects in new
//! versions and lists of one item in the old one, and `[?]` goes through both.

/// A field that a rule can read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// How nodes reach hosts outside the cluster.
    OutboundType,
    /// The API server has a private endpoint only.
    PrivateCluster,
    /// The API server is in the cluster's own virtual network.
    VnetIntegration,
    /// The private API server has a public name as well.
    PublicFqdn,
    /// `Enabled` or `Disabled`, or a boolean that says the same.
    PublicNetworkAccess,
    /// The subnet of the API server, and those of nodes that AKS hosts.
    ApiServerSubnet,
    /// Where nodes pull their bootstrap images from.
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
    /// AKS creates a Bastion.
    Bastion,
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
    /// The add-on for public ingresses in a public DNS zone, where it is not an entry of the add-ons.
    HttpRouting,
    /// Application Gateway as ingress, where it is not an entry of the add-ons.
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
    /// The addresses of the proxy that nodes and pods use.
    HttpProxy,
    /// Whether they use it.
    HttpProxyEnabled,
    /// Linux or Windows.
    OsType,
    /// The nodes' image.
    OsSku,
    /// Each node has a public address.
    NodePublicIp,
    /// The prefix of nodes' public addresses.
    NodePublicIpPrefix,
    /// Tags of nodes' public addresses.
    NodePublicIpTags,
    /// The prefixes of these addresses, of either version of IP.
    NodePublicIpPrefixes,
    /// The public address of a further network interface of each node.
    SecondaryPublicIp,
    /// The mode of a pool.
    Mode,
    /// The settings of a gateway pool.
    GatewayProfile,
    /// The subnets of a pool: of its nodes and of its pods.
    Subnet,
    /// The type of a pool: `VirtualMachines` or `VirtualMachineScaleSets`.
    PoolType,
    /// The DNS zones into which application routing writes.
    DnsZones,
    /// The domain that AKS gives application routing.
    DefaultDomain,
    /// The service tier of a registry.
    Sku,
    /// Whether a registry accepts the tokens of Azure's own services: `enabled`, `disabled`, or a boolean.
    ArmTokens,
    /// The source of a cache rule.
    CacheSource,
    /// The target of a cache rule.
    CacheTarget,
    /// The frontends of a load balancer that have a public address or prefix.
    PublicFrontends,
    /// A public address of the load balancer itself.
    BalancerAddress,
    /// A load balancer's outbound rules.
    OutboundRules,
    /// Whether machines in a subnet have default outbound access to the internet.
    DefaultOutbound,
    /// The NAT gateway of a subnet.
    SubnetNatGateway,
    /// The services that a subnet is delegated to.
    Delegations,
}

/// The fields of a kind and their paths.
pub type FieldMap = &'static [(Field, &'static str)];

/// The paths of `field` in a kind's fields.
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
    (Field::ApiServerSubnet, "hostedSystemProfile.nodeSubnetReference"),
    (Field::ApiServerSubnet, "hostedSystemProfile.systemNodeSubnetReference"),
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
    (Field::Bastion, "networkProfile.bastionProfile.enabled"),
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
    (Field::Defender, "securityProfile.defender.securityGating.enabled"),
    (Field::CostAnalysis, "metricsProfile.costAnalysis.enabled"),
    (Field::WorkloadIdentity, "securityProfile.workloadIdentity.enabled"),
    (Field::HttpProxy, "httpProxyConfig.httpProxy"),
    (Field::HttpProxy, "httpProxyConfig.httpsProxy"),
    (Field::HttpProxyEnabled, "httpProxyConfig.enabled"),
];

/// `ManagedClustersAgentPool` of the Azure Service Operator, and the items of a cluster's `agentPoolProfiles`.
pub const ASO_POOL: FieldMap = &[
    (Field::OsType, "osType"),
    (Field::OsSku, "osSKU"),
    (Field::WindowsProfile, "windowsProfile"),
    (Field::NodePublicIp, "enableNodePublicIP"),
    (Field::NodePublicIpPrefix, "nodePublicIPPrefixReference"),
    (Field::NodePublicIpTags, "networkProfile.nodePublicIPTags"),
    (Field::NodePublicIpPrefixes, "networkProfile.nodePublicIPPrefixIDs"),
    (Field::SecondaryPublicIp, "networkProfile.secondaryNetworkInterfaces[].publicIPAddressConfiguration"),
    (Field::Mode, "mode"),
    (Field::GatewayProfile, "gatewayProfile"),
    (Field::Subnet, "vnetSubnetReference"),
    (Field::Subnet, "podSubnetReference"),
    (Field::PoolType, "type"),
    (Field::Version, "orchestratorVersion"),
];

/// CAPZ's `AzureManagedControlPlane`. It can set most of what isolates a cluster only in a patch.
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
    (Field::HttpProxy, "httpProxyConfig.httpProxy"),
    (Field::HttpProxy, "httpProxyConfig.httpsProxy"),
];

/// CAPZ's `AzureManagedMachinePool`.
pub const CAPZ_POOL: FieldMap = &[
    (Field::OsType, "osType"),
    (Field::NodePublicIp, "enableNodePublicIP"),
    (Field::NodePublicIpPrefix, "nodePublicIPPrefixID"),
    (Field::Mode, "mode"),
];

/// CAPZ's `AzureASOManagedControlPlane`: everything but the version is in the objects that it embeds.
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
    (Field::HttpProxy, "httpProxyConfig[?].httpProxy"),
    (Field::HttpProxy, "httpProxyConfig[?].httpsProxy"),
];

/// Crossplane's `KubernetesClusterNodePool`, and a cluster's `defaultNodePool`.
///
/// The tags of public addresses are in `nodeNetworkProfile`. It is not confirmed that a node pool has this block as the
/// default pool does. Reading it nevertheless is safe: a field that does not exist finds nothing.
pub const CROSSPLANE_POOL: FieldMap = &[
    (Field::OsType, "osType"),
    (Field::OsSku, "osSku"),
    (Field::WindowsProfile, "windowsProfile[?]"),
    (Field::NodePublicIp, "nodePublicIpEnabled"),
    // Its name before azurerm 4.0, and in every release 1 of Crossplane's provider.
    (Field::NodePublicIp, "enableNodePublicIp"),
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
pub const CROSSPLANE_REGISTRY: FieldMap = &[
    (Field::Sku, "sku"),
    (Field::PublicNetworkAccess, "publicNetworkAccessEnabled"),
    (Field::ArmTokens, "azureadAuthenticationAsArmPolicyEnabled"),
];

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
pub const ASO_SUBNET: FieldMap = &[
    (Field::DefaultOutbound, "defaultOutboundAccess"),
    (Field::SubnetNatGateway, "natGateway"),
    (Field::Delegations, "delegations[]"),
];

/// Crossplane's `Subnet`.
pub const CROSSPLANE_SUBNET: FieldMap =
    &[(Field::DefaultOutbound, "defaultOutboundAccessEnabled"), (Field::Delegations, "delegation[]")];
