//! Pods and their templates.

use isolation::pods::Pod;
use isolation::{Findings, Request};

use crate::{
    Settings, node_choice, public_nameserver, service_egress_gateway, static_gateway_annotation, virtual_node_pod,
    windows_pod,
};

/// Judges a pod or the template of one.
pub fn judge(request: &Request<'_>, pod: &Pod<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    service_egress_gateway::check(pod, findings);
    static_gateway_annotation::check(request, pod, settings, findings);
    let Some(spec) = pod.spec else { return };
    public_nameserver::check(spec, settings, findings);
    let windows = settings.windows_pods_denied && !windows_pod::is_agent_of_aks(request);
    if windows {
        windows_pod::check_os(spec, findings);
    }
    if settings.virtual_nodes_denied {
        virtual_node_pod::check_placement(spec, findings);
    }
    // A preference alone leads nobody to a virtual node: its taint must be tolerated.
    let tolerates = settings.virtual_nodes_denied && virtual_node_pod::tolerates(spec);
    if tolerates {
        node_choice::for_each_preference(findings, spec, &mut |findings, preference| {
            virtual_node_pod::check_requirement(preference, &[], false, findings);
        });
    }
    node_choice::for_each_requirement(findings, spec, &mut |findings, requirement, term| {
        if windows {
            windows_pod::check_requirement(requirement, findings);
        }
        if settings.virtual_nodes_denied {
            virtual_node_pod::check_requirement(requirement, term, tolerates, findings);
        }
    });
}
