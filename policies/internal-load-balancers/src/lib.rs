//! Rejects objects that would get a public IP address.

#![warn(clippy::indexing_slicing, clippy::string_slice)]

mod additional_public_ips;
mod annotations;
mod application_gateway_for_containers;
mod gateway;
mod gateway_classes;
mod gateway_parameters;
mod ineffective_public_ip;
mod ingress;
mod internet_source;
mod node_port;
mod operator_load_balancer;
pub mod operators;
mod origin;
mod other_load_balancer_class;
mod private_link_service;
mod public_application_gateway;
mod public_dns_zone;
mod public_gateway;
mod public_load_balancer;
mod public_multi_cluster_service;
mod public_nginx_controller;
mod renamed_class;
mod service;
mod settings;

use isolation::{Cluster, Dispatch, Findings, Policy, Request, Rule, Value};

pub use settings::Settings;

isolation::rules![
    public_load_balancer,
    additional_public_ips,
    private_link_service,
    other_load_balancer_class,
    ineffective_public_ip,
    internet_source,
    node_port,
    public_nginx_controller,
    public_gateway,
    public_application_gateway,
    application_gateway_for_containers,
    renamed_class,
    public_dns_zone,
    gateway_parameters,
    public_multi_cluster_service,
    operator_load_balancer,
];

/// The policy.
#[derive(Debug)]
pub struct InternalLoadBalancers;

#[cfg(target_os = "wasi")]
isolation_guest::export!(InternalLoadBalancers);

/// The function that judges the objects of a kind.
pub type Judge = fn(&Request<'_>, Value<'_>, &Settings<'_>, &mut Findings);

const APP_ROUTING: &str = "approuting.kubernetes.azure.com";
const FLEET: &str = "networking.fleet.azure.com";

/// Every kind with a rule of its own; [`operators::OPERATORS`] lists the others.
pub const KINDS: &[Dispatch<Judge>] = &[
    Dispatch::new("", "Service", service::judge),
    Dispatch::new("", "ConfigMap", gateway_parameters::check),
    Dispatch::new("networking.k8s.io", "Ingress", ingress::judge),
    Dispatch::new("networking.k8s.io", "IngressClass", renamed_class::check),
    Dispatch::new("gateway.networking.k8s.io", "Gateway", gateway::judge),
    Dispatch::new("gateway.networking.k8s.io", "GatewayClass", renamed_class::check),
    Dispatch::new(APP_ROUTING, "NginxIngressController", public_nginx_controller::check),
    Dispatch::new(APP_ROUTING, "ExternalDNS", public_dns_zone::check),
    Dispatch::new(APP_ROUTING, "ClusterExternalDNS", public_dns_zone::check),
    Dispatch::new(
        "alb.networking.azure.io",
        "ApplicationLoadBalancer",
        application_gateway_for_containers::check_load_balancer,
    ),
    Dispatch::new("networking.aks.io", "MultiClusterIngress", ingress::judge),
    Dispatch::new("networking.istio.io", "Gateway", public_application_gateway::check_istio),
    Dispatch::new(FLEET, "MultiClusterService", public_multi_cluster_service::check),
    Dispatch::new(FLEET, "TrafficManagerBackend", public_dns_zone::check_traffic_manager),
    Dispatch::new(FLEET, "TrafficManagerProfile", public_dns_zone::check_traffic_manager),
];

impl Policy for InternalLoadBalancers {
    type Settings<'d> = Settings<'d>;
    const NAME: &'static str = "internal-load-balancers";
    const RULES: &'static [&'static Rule] = RULES;
    const SETTINGS: &'static [isolation::settings::Setting] = settings::TABLE;

    fn settings<'d>(reader: &mut isolation::settings::Reader<'d>) -> Settings<'d> {
        Settings::read(reader)
    }

    fn judge(
        request: &Request<'_>,
        object: Value<'_>,
        settings: &Settings<'_>,
        _: &dyn Cluster,
        findings: &mut Findings,
    ) {
        if let Some(judge) = Dispatch::find(KINDS, &request.group, &request.kind) {
            judge(request, object, settings, findings);
        } else {
            operator_load_balancer::check(request, object, settings, findings);
        }
    }
}
