//! Ingresses: which controller serves them.

use isolation::{Findings, Request, Value};

use crate::annotations::Annotations;
use crate::{Settings, application_gateway_for_containers, gateway_classes, public_application_gateway};

/// The annotation that names a class, older than the field.
const CLASS: &str = "kubernetes.io/ingress.class";

/// Judges an Ingress.
pub fn judge(_: &Request<'_>, ingress: Value<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    let annotations = Annotations::read(findings, ingress, &["metadata", "annotations"]);
    let spec = findings.object(ingress, "spec");
    let field = spec.and_then(|spec| findings.text(spec, "ingressClassName"));
    for (value, class) in annotations.text(findings, CLASS).into_iter().chain(field) {
        if class == gateway_classes::FOR_CONTAINERS {
            return application_gateway_for_containers::check_ingress(value, &annotations, settings, findings);
        }
        if public_application_gateway::serves(&class, settings) {
            return public_application_gateway::check(&annotations, settings, findings);
        }
    }
    public_application_gateway::check_unknown(&annotations, settings, findings);
}
