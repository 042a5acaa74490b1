//! Nothing in the cluster is given a public IP address.

mod annotations;
mod origin;
mod service;
mod settings;

use isolation::{Cluster, Findings, Policy, Request, Rule, Value};

pub use settings::Settings;

isolation::rules![
    public_load_balancer,
    additional_public_ips,
    private_link_service,
    other_load_balancer_class,
    ineffective_public_ip,
    internet_source,
    node_port,
];

/// The policy.
#[derive(Debug)]
pub struct InternalLoadBalancers;

isolation_guest::export!(InternalLoadBalancers);

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
        if let ("", "Service") = (request.group.as_ref(), request.kind.as_ref()) {
            service::judge(request, object, settings, findings);
        }
    }
}
