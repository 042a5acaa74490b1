//! Nothing in the cluster opens a way out.

mod address;
mod node_choice;
mod pod;
mod service;
mod settings;

use isolation::{Cluster, Findings, Policy, Request, Rule, Value, doc, images};

pub use settings::Settings;

isolation::rules![
    public_static_gateway,
    service_egress_gateway,
    static_gateway_annotation,
    public_external_ip,
    public_external_name,
    windows_pod,
    virtual_node_pod,
    public_node_address,
    foreign_node_subnet,
];

/// The policy.
#[derive(Debug)]
pub struct ClosedEgress;

isolation_guest::export!(ClosedEgress);

/// A kind that this policy judges besides the ones that hold pods.
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

const EGRESS_GATEWAY: &str = "egressgateway.kubernetes.azure.com";

/// Every kind that this policy judges besides the ones that hold pods.
pub const KINDS: &[Kind] = &[
    kind("", "Service", doc!("services"), service::judge),
    kind("", "Node", doc!("nodes"), public_node_address::check),
    kind(
        EGRESS_GATEWAY,
        "StaticGatewayConfiguration",
        doc!("staticgatewayconfigurations"),
        public_static_gateway::check,
    ),
    kind(EGRESS_GATEWAY, "GatewayLBConfiguration", doc!("gatewaylbconfigurations"), public_static_gateway::check),
    kind(EGRESS_GATEWAY, "GatewayVMConfiguration", doc!("gatewayvmconfigurations"), public_static_gateway::check),
    kind("networking.istio.io", "ServiceEntry", doc!("serviceentries"), public_external_name::check_service_entry),
    kind("networking.istio.io", "WorkloadEntry", doc!("workloadentries"), public_external_name::check_workload_entry),
    kind("karpenter.azure.com", "AKSNodeClass", doc!("aksnodeclasses"), foreign_node_subnet::check),
];

impl Policy for ClosedEgress {
    type Settings<'d> = Settings<'d>;
    const NAME: &'static str = "closed-egress";
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
        match KINDS.iter().find(|kind| request.is(kind.group, kind.kind)) {
            Some(kind) => (kind.judge)(request, object, settings, findings),
            None => images::for_each_pod(findings, request, object, &mut |findings, pod| {
                pod::judge(request, &pod, settings, findings);
            }),
        }
    }
}
