//! The settings of `internal-load-balancers`.

use std::borrow::Cow;

use isolation::names::is_object_name;
use isolation::settings::{Reader, Setting, Shape};
use isolation::{Level, doc};

use crate::gateway_classes;

/// Every setting of this policy.
pub const TABLE: &[Setting] = &[
    Setting::new(
        "privateLinkService",
        Shape::Enum(&["restricted", "deny", "allow"]),
        doc!(
            "Which Private Link Services may offer an internal load balancer to other virtual networks. `restricted` \
             rejects visibility `*` and automatic approval, `deny` rejects all."
        ),
    )
    .default("\"restricted\""),
    Setting::new(
        "privateLoadBalancerClasses",
        Shape::Texts,
        doc!("Values of `loadBalancerClass` whose load balancers have only private addresses."),
    )
    .example("[\"example.com/internal\"]"),
    Setting::new(
        "otherLoadBalancerClasses",
        Shape::Enum(&["warn", "deny", "allow"]),
        doc!(
            "How to treat Services with any other `loadBalancerClass`, and Gateways of unknown classes. The policy \
             cannot see whether their controllers assign a public address."
        ),
    )
    .default("\"warn\""),
    Setting::new(
        "privateGatewayClasses",
        Shape::Texts,
        doc!("Gateway classes whose load balancers have only private addresses, or that create none."),
    )
    .example("[\"cilium\"]"),
    Setting::new(
        "operatorLoadBalancers",
        Shape::Enum(&["warn", "deny", "allow"]),
        doc!(
            "How to treat custom resources that request a load balancer from an operator and do not make it internal. \
             The operator's Service is rejected in any case."
        ),
    )
    .default("\"warn\""),
    Setting::new(
        "nodePorts",
        Shape::Enum(&["allow", "deny"]),
        doc!(
            "Whether Services of type NodePort are allowed. A node port is reachable from the internet where nodes \
             have public IP addresses or somebody created a load balancer by hand."
        ),
    )
    .default("\"allow\""),
    Setting::new(
        "defaultNginxController",
        Shape::Enum(&["warn", "deny"]),
        doc!(
            "How to treat the NginxIngressController `default`, if it is public. AKS rewrites this object every three \
             minutes from the cluster's property `ingressProfile.webAppRouting.nginx.defaultIngressControllerType`, \
             so change that property. Its Service is rejected in any case."
        ),
    )
    .default("\"warn\""),
    Setting::new(
        "gatewayClasses",
        Shape::Texts,
        doc!(
            "Further Gateway classes whose controllers create a LoadBalancer Service with \
             `spec.infrastructure.annotations`, besides those of Istio. Their Gateways must be internal; Istio's own \
             annotations and addresses change nothing."
        ),
    )
    .example("[\"eg\"]"),
    Setting::new(
        "istioGatewayClasses",
        Shape::Texts,
        doc!(
            "Further Gateway classes that istiod serves, by a GatewayClass with the controller \
             `istio.io/gateway-controller`, besides `istio`, `approuting-istio`, `istio-east-west` and \
             `istio-agentgateway`. Their Gateways are judged like those of `istio`."
        ),
    )
    .example("[\"istio-internal\"]"),
    Setting::new(
        "gatewayConfigMaps",
        Shape::Texts,
        doc!(
            "ConfigMaps that Gateways name in `spec.infrastructure.parametersRef`, as `namespace/name`. They must \
             make the load balancer internal; a Gateway that names one needs no annotation itself."
        ),
    )
    .example("[\"shop/gateway-internal\"]"),
    Setting::new(
        "internalGatewayClasses",
        Shape::Texts,
        doc!(
            "Gateway classes whose ConfigMap of defaults makes every load balancer internal, such as \
             `istio-gateway-class-defaults` in `aks-istio-system`. The policy then requires this of the ConfigMap, \
             and Gateways of the class need no annotation themselves. Only istiod merges such ConfigMaps: other classes than its \
             own must be in `istioGatewayClasses`."
        ),
    )
    .example("[\"istio\"]"),
    Setting::new(
        "applicationGatewayClasses",
        Shape::Texts,
        doc!(
            "Further Ingress classes of the Application Gateway ingress controller, besides \
              `azure-application-gateway`."
        ),
    )
    .example("[\"agw-intranet\"]"),
    Setting::new(
        "applicationGatewayUsesPrivateIp",
        Shape::Bool,
        doc!(
            "Whether the Application Gateway ingress controller runs with `USE_PRIVATE_IP: true`, or its gateway has \
             no public address. Its Ingresses then need no annotation."
        ),
    )
    .default("false"),
    Setting::new(
        "privateFrontends",
        Shape::Texts,
        doc!(
            "The resource IDs of frontends of Application Gateway for Containers that have `publicNetworkAccess: \
             Disabled`. Gateways and Ingresses may name them, by the annotation `alb.networking.azure.io/alb-id` and \
             the frontend's name."
        ),
    )
    .example(
        "[\"/subscriptions/0000/resourceGroups/net/providers/Microsoft.ServiceNetworking/trafficControllers/agc/frontends/intranet\"]",
    ),
    Setting::new(
        "publicDnsZones",
        Shape::Enum(&["warn", "deny", "allow"]),
        doc!(
            "How to treat ExternalDNS and ClusterExternalDNS objects that write names into public DNS zones, and \
             Fleet's TrafficManagerProfiles and TrafficManagerBackends."
        ),
    )
    .default("\"warn\""),
];

const KNOWN_CLASS: &str = "has no effect: what the controller of this class creates is known, and judged";

/// Which Private Link Services are allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrivateLink {
    /// Those that name their subscriptions and whose connections somebody approves.
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
    /// Further Gateway classes whose controllers create a Service, and are not known to be Istio.
    pub gateway_classes: Vec<Cow<'d, str>>,
    /// Further Gateway classes of Istio.
    pub istio_gateway_classes: Vec<Cow<'d, str>>,
    /// ConfigMaps of Gateways, as namespace and name.
    pub gateway_config_maps: Vec<(String, String)>,
    /// Gateway classes that are internal by their defaults.
    pub internal_gateway_classes: Vec<Cow<'d, str>>,
    /// Ingress classes of Application Gateway, besides the known one.
    pub application_gateway_classes: Vec<Cow<'d, str>>,
    /// Whether Application Gateway is private without an annotation.
    pub application_gateway_is_private: bool,
    /// The frontends of Application Gateway for Containers that are private.
    pub private_frontends: Vec<Cow<'d, str>>,
    /// Names in public zones.
    pub public_dns_zones: Level,
}

impl<'d> Settings<'d> {
    /// Reads the settings.
    pub fn read(reader: &mut Reader<'d>) -> Self {
        let mut gateway_config_maps = Vec::new();
        for (value, text) in reader.texts("gatewayConfigMaps") {
            match text.split_once('/') {
                Some((namespace, name)) if is_object_name(namespace) && is_object_name(name) => {
                    gateway_config_maps.push((namespace.to_owned(), name.to_owned()));
                }
                _ => {
                    reader.problem(value, "expected the namespace and name of a ConfigMap, as in shop/gateway-internal")
                }
            }
        }
        let mut private_frontends = Vec::new();
        for (value, text) in reader.texts("privateFrontends") {
            if is_frontend(&text) {
                private_frontends.push(text);
            } else {
                reader.problem(
                    value,
                    "expected the resource ID of a frontend, as in /subscriptions/…/trafficControllers/agc/frontends/intranet",
                );
            }
        }
        let judged = ["gatewayClasses", "istioGatewayClasses"].map(|key| (key, reader.texts(key)));
        for (value, class) in reader.texts("privateGatewayClasses") {
            let contrary = judged.iter().find(|(_, classes)| classes.iter().any(|(_, other)| *other == class));
            if let Some((key, _)) = contrary {
                reader.problem(value, &["contradicts `", key, "`, whose Gateways are judged"].concat());
            } else if gateway_classes::is_known(&class) {
                reader.problem(value, KNOWN_CLASS);
            }
        }
        let [(_, of_any), (_, of_istio)] = judged;
        let lists = |classes: &[(_, Cow<'_, str>)], class: &str| classes.iter().any(|(_, other)| other == class);
        for (value, class) in &of_istio {
            if gateway_classes::is_known(class) {
                reader.problem(*value, KNOWN_CLASS);
            }
        }
        for (value, class) in reader.texts("internalGatewayClasses") {
            let is_istio = lists(&of_istio, &class) && !lists(&of_any, &class);
            if !is_istio && !gateway_classes::is_of_istio(&class) {
                reader.problem(
                    value,
                    "has no effect: only istiod merges such a ConfigMap, so the class must be in istioGatewayClasses, \
                     and not in gatewayClasses",
                );
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
            istio_gateway_classes: texts("istioGatewayClasses"),
            gateway_config_maps,
            internal_gateway_classes: texts("internalGatewayClasses"),
            application_gateway_classes: texts("applicationGatewayClasses"),
            application_gateway_is_private: reader.bool("applicationGatewayUsesPrivateIp"),
            private_frontends,
            public_dns_zones: reader.level("publicDnsZones"),
        }
    }
}

impl Settings<'_> {
    /// Whether Gateways rely on the ConfigMap of this namespace and name.
    pub fn names_config_map(&self, namespace: &str, name: &str) -> bool {
        self.gateway_config_maps.iter().any(|(of, map)| of == namespace && map == name)
    }
}

/// Whether this is the resource ID of a frontend of Application Gateway for Containers. Azure compares IDs ignoring case.
fn is_frontend(text: &str) -> bool {
    const ID: &str =
        "/subscriptions/*/resourceGroups/*/providers/Microsoft.ServiceNetworking/trafficControllers/*/frontends/*";
    let fits =
        |(part, known): (&str, &str)| if known == "*" { !part.is_empty() } else { part.eq_ignore_ascii_case(known) };
    text.split('/').count() == ID.split('/').count() && text.split('/').zip(ID.split('/')).all(fits)
}
