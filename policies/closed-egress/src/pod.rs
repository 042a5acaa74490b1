//! Pods and pod templates.

use isolation::pods::Pod;
use isolation::{Findings, Request, Value};

use crate::node_selection::NodeSelection;
use crate::{
    Settings, node_selection, public_external_name, public_nameserver, service_egress_gateway,
    static_gateway_annotation, virtual_node_pod, windows_pod,
};

/// Judges a pod or a pod template.
pub fn judge(request: &Request<'_>, pod: &Pod<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    service_egress_gateway::check(pod, findings);
    static_gateway_annotation::check(request, pod, settings, findings);
    let Some(spec) = pod.spec else { return };
    public_nameserver::check(spec, settings, findings);
    public_external_name::check_host_aliases(spec, settings, findings);
    let windows = settings.windows_pods_denied && !windows_pod::is_agent_of_aks(request);
    if windows {
        windows_pod::check_os(spec, findings);
    }
    judge_placement(spec, windows, settings, findings);
}

/// Judges a RuntimeClass, whose node selector and tolerations the API server adds to those of every pod that names it.
pub fn judge_runtime_class(_: &Request<'_>, class: Value<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    if let Some(scheduling) = findings.object(class, "scheduling") {
        judge_placement(scheduling, settings.windows_pods_denied, settings, findings);
    }
}

/// Judges where a pod may run, by its spec or by what a RuntimeClass adds to it.
fn judge_placement(spec: Value<'_>, windows: bool, settings: &Settings<'_>, findings: &mut Findings) {
    if settings.virtual_nodes_denied {
        virtual_node_pod::check_placement(spec, findings);
    }
    // A preference alone does not put a pod on a virtual node: the pod must tolerate its taint.
    let tolerates = settings.virtual_nodes_denied && virtual_node_pod::tolerates(spec);
    if tolerates {
        node_selection::for_each_preference(findings, spec, &mut |findings, preference| {
            virtual_node_pod::check_term(std::slice::from_ref(preference), true, findings);
        });
    }
    let selection = NodeSelection::read(findings, spec);
    if windows {
        windows_pod::check_selection(&selection, findings);
    }
    if settings.virtual_nodes_denied {
        for term in selection.each() {
            virtual_node_pod::check_term(term, tolerates, findings);
        }
    }
}
