//! Ingresses: which controller serves them.

use isolation::{Findings, Request, Value};

use crate::annotations::Annotations;
use crate::{Settings, application_gateway_for_containers, gateway_classes, public_application_gateway};

/// The annotation that names a class, older than the field.
const CLASS: &str = "kubernetes.io/ingress.class";

/// Judges an Ingress, or a MultiClusterIngress, which the controller of Application Gateway turns into one
/// (<https://github.com/Azure/application-gateway-kubernetes-ingress/blob/master/pkg/k8scontext/convert/conversion_ingress.go>).
pub fn judge(request: &Request<'_>, ingress: Value<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    let annotations = Annotations::read(findings, ingress, &["metadata", "annotations"]);
    let keys: &[&str] = if request.kind == "Ingress" { &["spec"] } else { &["spec", "template"] };
    let field = findings.descend(ingress, keys).and_then(|spec| findings.text(spec, "ingressClassName"));
    // An update may set both, to different classes: the API server compares them only in a new Ingress
    // (https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/networking/validation/validation.go).
    let classes: Vec<_> = annotations.text(findings, CLASS).into_iter().chain(field).collect();
    let for_containers = classes.iter().find(|(_, class)| class == gateway_classes::FOR_CONTAINERS);
    if let Some((value, _)) = for_containers {
        application_gateway_for_containers::check_ingress(*value, &annotations, settings, findings);
    }
    let served: Vec<_> =
        classes.iter().filter(|(_, class)| public_application_gateway::serves(class, settings)).collect();
    if !served.is_empty() {
        // The class of another controller is another gateway.
        let others = served.iter().filter(|(_, class)| !public_application_gateway::is_first(class));
        let others: Vec<_> = others.map(|(value, _)| *value).collect();
        findings.as_part_of(&others, |findings| public_application_gateway::check(&annotations, settings, findings));
    } else if for_containers.is_none() {
        public_application_gateway::check_unknown(&annotations, settings, findings);
    }
}
