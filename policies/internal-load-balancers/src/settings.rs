//! The settings of `internal-load-balancers`.

use std::borrow::Cow;

use isolation::settings::{Reader, Setting, Shape};
use isolation::{Level, doc};

/// Every setting of this policy.
pub const TABLE: &[Setting] = &[
    Setting::new(
        "privateLinkService",
        Shape::Choice(&["restricted", "deny", "allow"]),
        doc!(
            "Whether an internal load balancer may be offered to other virtual networks as a Private Link Service: \
             `restricted` refuses visibility `*` and automatic approval, `deny` refuses the service altogether."
        ),
    )
    .default("\"restricted\""),
    Setting::new(
        "privateLoadBalancerClasses",
        Shape::Texts,
        doc!("The values of `loadBalancerClass` whose load balancers are known to have private addresses only."),
    )
    .example("[\"example.com/internal\"]"),
    Setting::new(
        "otherLoadBalancerClasses",
        Shape::Choice(&["warn", "deny", "allow"]),
        doc!(
            "What becomes of a Service with another `loadBalancerClass`, and of a Gateway of a class that the policy does not \
             know. Whether their own controllers give them a public address cannot be seen here."
        ),
    )
    .default("\"warn\""),
    Setting::new(
        "privateGatewayClasses",
        Shape::Texts,
        doc!("Gateway classes whose load balancers are known to have private addresses only, or that make none."),
    )
    .example("[\"cilium\"]"),
    Setting::new(
        "operatorLoadBalancers",
        Shape::Choice(&["warn", "deny", "allow"]),
        doc!(
            "What becomes of custom resources that ask an operator for a load balancer and do not make it internal. The \
             Service that comes of them is rejected all the same."
        ),
    )
    .default("\"warn\""),
    Setting::new(
        "nodePorts",
        Shape::Choice(&["allow", "deny"]),
        doc!(
            "Whether Services of type NodePort are allowed. A node port is reachable from the internet where nodes have \
             public IP addresses or a load balancer was made by hand."
        ),
    )
    .default("\"allow\""),
    Setting::new(
        "defaultNginxController",
        Shape::Choice(&["warn", "deny"]),
        doc!(
            "What becomes of the NginxIngressController `default`, if it is public. AKS writes this object again every three \
             minutes after the cluster's property `ingressProfile.webAppRouting.nginx.defaultIngressControllerType`, so that \
             the property is what must change; the Service that comes of it is rejected all the same."
        ),
    )
    .default("\"warn\""),
    Setting::new(
        "gatewayClasses",
        Shape::Texts,
        doc!(
            "Further Gateway classes that make a LoadBalancer Service with `spec.infrastructure.annotations`, besides `istio`, \
             `approuting-istio`, `istio-east-west` and `istio-agentgateway`: their Gateways must be internal."
        ),
    )
    .example("[\"istio-internal\"]"),
    Setting::new(
        "gatewayConfigMaps",
        Shape::Texts,
        doc!(
            "ConfigMaps that Gateways name in `spec.infrastructure.parametersRef`, as `namespace/name`. They must make the \
             load balancer internal, and a Gateway that names one needs no annotation of its own."
        ),
    )
    .example("[\"shop/gateway-internal\"]"),
    Setting::new(
        "internalGatewayClasses",
        Shape::Texts,
        doc!(
            "Gateway classes whose ConfigMap of defaults makes every load balancer internal, such as \
             `istio-gateway-class-defaults` in `aks-istio-system`. That ConfigMap must then do so, and Gateways of the class \
             need no annotation of their own."
        ),
    )
    .example("[\"istio\"]"),
    Setting::new(
        "applicationGatewayClasses",
        Shape::Texts,
        doc!("Further Ingress classes of the Application Gateway ingress controller, besides `azure-application-gateway`."),
    )
    .example("[\"agw-intranet\"]"),
    Setting::new(
        "applicationGatewayUsesPrivateIp",
        Shape::Bool,
        doc!(
            "Whether the Application Gateway ingress controller runs with `USE_PRIVATE_IP: true` or with a gateway that has \
             no public address. Its Ingresses then need no annotation."
        ),
    )
    .default("false"),
    Setting::new(
        "publicDnsZones",
        Shape::Choice(&["warn", "deny", "allow"]),
        doc!(
            "What becomes of ExternalDNS and ClusterExternalDNS objects that write names into public DNS zones, and of Fleet's \
             TrafficManagerProfiles and TrafficManagerBackends."
        ),
    )
    .default("\"warn\""),
];

/// Which Private Link Services there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrivateLink {
    /// Those that are not open to every subscription, and whose connections somebody approves.
    Restricted,
    /// None.
    Deny,
    /// All.
    Allow,
}

/// The settings, read and checked.
#[derive(Debug)]
pub struct Settings<'d> {
    /// Private Link Services.
    pub private_link_service: PrivateLink,
    /// The load balancer classes that are private.
    pub private_classes: Vec<Cow<'d, str>>,
    /// Other classes of load balancers and Gateways.
    pub other_classes: Level,
    /// Gateway classes that are private.
    pub private_gateway_classes: Vec<Cow<'d, str>>,
    /// Custom resources that ask for a public load balancer.
    pub operator_load_balancers: Level,
    /// Services of type NodePort.
    pub node_ports: Level,
    /// The NginxIngressController that AKS writes.
    pub default_nginx_controller: Level,
    /// Gateway classes that make a Service as Istio does, besides the known ones.
    pub gateway_classes: Vec<Cow<'d, str>>,
    /// ConfigMaps of Gateways, as namespace and name.
    pub gateway_config_maps: Vec<(String, String)>,
    /// Gateway classes that are internal by their defaults.
    pub internal_gateway_classes: Vec<Cow<'d, str>>,
    /// Ingress classes of Application Gateway, besides the known one.
    pub application_gateway_classes: Vec<Cow<'d, str>>,
    /// Whether Application Gateway is private without an annotation.
    pub application_gateway_is_private: bool,
    /// Names in public zones.
    pub public_dns_zones: Level,
}

impl<'d> Settings<'d> {
    /// Reads the settings.
    pub fn read(reader: &mut Reader<'d>) -> Self {
        let mut gateway_config_maps = Vec::new();
        for (value, text) in reader.texts("gatewayConfigMaps") {
            match text.split_once('/') {
                Some((namespace, name)) if !namespace.is_empty() && !name.is_empty() => {
                    gateway_config_maps.push((namespace.to_owned(), name.to_owned()));
                }
                _ => {
                    reader.problem(value, "expected the namespace and name of a ConfigMap, as in shop/gateway-internal")
                }
            }
        }
        let texts = |key| reader.texts(key).into_iter().map(|(_, text)| text).collect();
        Settings {
            private_link_service: match reader.word("privateLinkService").as_ref() {
                "allow" => PrivateLink::Allow,
                "deny" => PrivateLink::Deny,
                _ => PrivateLink::Restricted,
            },
            private_classes: texts("privateLoadBalancerClasses"),
            other_classes: reader.level("otherLoadBalancerClasses"),
            private_gateway_classes: texts("privateGatewayClasses"),
            operator_load_balancers: reader.level("operatorLoadBalancers"),
            node_ports: reader.level("nodePorts"),
            default_nginx_controller: reader.level("defaultNginxController"),
            gateway_classes: texts("gatewayClasses"),
            gateway_config_maps,
            internal_gateway_classes: texts("internalGatewayClasses"),
            application_gateway_classes: texts("applicationGatewayClasses"),
            application_gateway_is_private: reader.bool("applicationGatewayUsesPrivateIp"),
            public_dns_zones: reader.level("publicDnsZones"),
        }
    }
}

impl Settings<'_> {
    /// Whether the ConfigMap of this namespace and name is one that Gateways rely on.
    pub fn names_config_map(&self, namespace: &str, name: &str) -> bool {
        self.gateway_config_maps.iter().any(|(of, map)| of == namespace && map == name)
    }
}
