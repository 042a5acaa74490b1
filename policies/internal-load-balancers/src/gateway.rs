//! Gateways: which class makes what of them.

use isolation::{Findings, Request, Value};

use crate::{Settings, application_gateway_for_containers, public_gateway};

/// The classes whose Gateways become a Service of type LoadBalancer, as Istio makes it: the mesh add-on's and application
/// routing's.
const ISTIO: &[&str] = &["istio", "approuting-istio"];

/// Judges a Gateway.
pub fn judge(request: &Request<'_>, gateway: Value<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    let Some(spec) = findings.object(gateway, "spec") else { return };
    let Some((value, class)) = findings.text(spec, "gatewayClassName") else { return };
    if class == application_gateway_for_containers::CLASS {
        application_gateway_for_containers::check_class(value, findings);
    } else if ISTIO.contains(&class.as_ref()) || settings.gateway_classes.contains(&class) {
        public_gateway::check(request, gateway, spec, &class, settings, findings);
    }
}
