//! Nothing in the cluster is given a public IP address.

mod annotations;
mod gateway;
mod ingress;
mod origin;
mod service;
mod settings;

use isolation::{Cluster, Findings, Policy, Request, Rule, Value, doc};

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
];

/// The policy.
#[derive(Debug)]
pub struct InternalLoadBalancers;

isolation_guest::export!(InternalLoadBalancers);

/// A kind that this policy judges.
#[derive(Debug)]
pub struct Kind {
    /// The API group; empty for the core group.
    pub group: &'static str,
    /// The kind.
    pub kind: &'static str,
    /// Its name in `metadata.yml` and `custom-resources.yml`. Empty in a module.
    pub resource: &'static str,
    judge: Judge,
}

type Judge = fn(&Request<'_>, Value<'_>, &Settings<'_>, &mut Findings);

const fn kind(group: &'static str, kind: &'static str, resource: &'static str, judge: Judge) -> Kind {
    Kind { group, kind, resource, judge }
}

const APP_ROUTING: &str = "approuting.kubernetes.azure.com";

/// Every kind that this policy judges.
pub const KINDS: &[Kind] = &[
    kind("", "Service", doc!("services"), service::judge),
    kind("", "ConfigMap", doc!("configmaps"), gateway_parameters::check),
    kind("networking.k8s.io", "Ingress", doc!("ingresses"), ingress::judge),
    kind("networking.k8s.io", "IngressClass", doc!("ingressclasses"), renamed_class::check),
    kind("gateway.networking.k8s.io", "Gateway", doc!("gateways"), gateway::judge),
    kind("gateway.networking.k8s.io", "GatewayClass", doc!("gatewayclasses"), renamed_class::check),
    kind(APP_ROUTING, "NginxIngressController", doc!("nginxingresscontrollers"), public_nginx_controller::check),
    kind(APP_ROUTING, "ExternalDNS", doc!("externaldnses"), public_dns_zone::check),
    kind(APP_ROUTING, "ClusterExternalDNS", doc!("clusterexternaldnses"), public_dns_zone::check),
    kind(
        "alb.networking.azure.io",
        "ApplicationLoadBalancer",
        doc!("applicationloadbalancers"),
        application_gateway_for_containers::check_load_balancer,
    ),
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
        if let Some(kind) = KINDS.iter().find(|kind| request.is(kind.group, kind.kind)) {
            (kind.judge)(request, object, settings, findings);
        }
    }
}
