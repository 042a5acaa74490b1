//! Services: for which of them Azure creates a load balancer, and what is judged of them.

use isolation::{Findings, Request, Value};

use crate::annotations::Annotations;
use crate::{
    Settings, additional_public_ips, ineffective_public_ip, internet_source, node_port, other_load_balancer_class,
    private_link_service, public_load_balancer,
};

/// Judges a Service.
pub fn judge<'d>(request: &Request<'d>, service: Value<'d>, settings: &Settings<'_>, findings: &mut Findings) {
    let Some(spec) = findings.object(service, "spec") else { return };
    let Some((kind, text)) = findings.text(spec, "type") else { return };
    match text.as_ref() {
        "NodePort" => node_port::check(kind, settings, findings),
        // Azure's cloud provider ignores a Service with a class of its own.
        "LoadBalancer" if other_load_balancer_class::check(spec, settings, findings) => {}
        "LoadBalancer" => {
            let annotations = Annotations::read(findings, service, &["metadata", "annotations"]);
            if public_load_balancer::check(request, service, &annotations, findings) {
                internet_source::check(&annotations, Some(spec), findings);
                ineffective_public_ip::check(&annotations, Some(spec), findings);
            }
            judge_both(&annotations, settings, findings);
        }
        _ => {}
    }
}

/// Judges what applies to internal and public load balancers alike, wherever the annotations are.
pub fn judge_both(annotations: &Annotations<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    additional_public_ips::check(annotations, findings);
    private_link_service::check(annotations, settings, findings);
}
