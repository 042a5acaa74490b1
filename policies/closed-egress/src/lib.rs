//! Rejects objects that open a way out of the cluster.

#![warn(clippy::indexing_slicing, clippy::string_slice)]

pub mod address;
mod foreign_node_subnet;
mod names;
mod node_selection;
mod pod;
mod public_endpoint_address;
mod public_external_ip;
mod public_external_name;
mod public_nameserver;
mod public_node_address;
mod public_static_gateway;
mod service;
mod service_egress_gateway;
mod settings;
mod static_gateway_annotation;
mod virtual_node_pod;
mod windows_pod;

use isolation::management::CAPZ;
use isolation::{Cluster, Dispatch, Findings, Policy, Request, Rule, Value, images};

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
    public_endpoint_address,
    public_nameserver,
];

/// The policy.
#[derive(Debug)]
pub struct ClosedEgress;

#[cfg(target_os = "wasi")]
isolation_guest::export!(ClosedEgress);

/// The function that judges the objects of a kind.
pub type Judge = fn(&Request<'_>, Value<'_>, &Settings<'_>, &mut Findings);

const EGRESS_GATEWAY: &str = "egressgateway.kubernetes.azure.com";

/// Every kind that this policy judges, apart from kinds with pods.
pub const KINDS: &[Dispatch<Judge>] = &[
    Dispatch::new("", "Service", service::judge),
    Dispatch::new("", "Node", public_node_address::check),
    Dispatch::new("node.k8s.io", "RuntimeClass", pod::judge_runtime_class),
    Dispatch::new(EGRESS_GATEWAY, "StaticGatewayConfiguration", public_static_gateway::check),
    Dispatch::new(EGRESS_GATEWAY, "GatewayLBConfiguration", public_static_gateway::check),
    Dispatch::new(EGRESS_GATEWAY, "GatewayVMConfiguration", public_static_gateway::check),
    Dispatch::new("networking.istio.io", "ServiceEntry", public_external_name::check_service_entry),
    Dispatch::new("networking.istio.io", "WorkloadEntry", public_external_name::check_workload_entry),
    Dispatch::new("gateway.envoyproxy.io", "Backend", public_external_name::check_backend),
    Dispatch::new("gateway.kgateway.dev", "Backend", public_external_name::check_backend),
    Dispatch::new("kuma.io", "MeshExternalService", public_external_name::check_backend),
    Dispatch::new("apisix.apache.org", "ApisixUpstream", public_external_name::check_backend),
    Dispatch::new("", "Endpoints", public_endpoint_address::check_endpoints),
    Dispatch::new("discovery.k8s.io", "EndpointSlice", public_endpoint_address::check_slice),
    Dispatch::new("virtualdaemonsets.aci.azure.microsoft.com", "VirtualDaemonSet", virtual_node_pod::check_daemon_set),
    Dispatch::new("clusterconfig.azure.com", "ExtensionConfig", virtual_node_pod::check_extension),
    Dispatch::new("kubernetesconfiguration.azure.com", "Extension", virtual_node_pod::check_extension),
    Dispatch::new("containerservice.azure.upbound.io", "KubernetesClusterExtension", virtual_node_pod::check_extension),
    Dispatch::new(
        "containerservice.azure.m.upbound.io",
        "KubernetesClusterExtension",
        virtual_node_pod::check_extension,
    ),
    Dispatch::new(CAPZ, "AzureManagedControlPlane", virtual_node_pod::check_extension),
    Dispatch::new(CAPZ, "AzureManagedControlPlaneTemplate", virtual_node_pod::check_extension),
    Dispatch::new(CAPZ, "AzureASOManagedCluster", virtual_node_pod::check_extension),
    Dispatch::new(CAPZ, "AzureASOManagedClusterTemplate", virtual_node_pod::check_extension),
    Dispatch::new(CAPZ, "AzureASOManagedControlPlane", virtual_node_pod::check_extension),
    Dispatch::new(CAPZ, "AzureASOManagedControlPlaneTemplate", virtual_node_pod::check_extension),
    Dispatch::new(CAPZ, "AzureASOManagedMachinePool", virtual_node_pod::check_extension),
    Dispatch::new(CAPZ, "AzureASOManagedMachinePoolTemplate", virtual_node_pod::check_extension),
    Dispatch::new("karpenter.azure.com", "AKSNodeClass", foreign_node_subnet::check),
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
        match Dispatch::find(KINDS, &request.group, &request.kind) {
            Some(judge) => judge(request, object, settings, findings),
            None => images::for_each_pod(findings, request, object, &mut |findings, pod| {
                pod::judge(request, &pod, settings, findings);
            }),
        }
    }
}
