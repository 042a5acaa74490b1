//! The object from which a controller creates the Service: change that one, because the controller rewrites the Service.

use std::borrow::Cow;

use isolation::finding::printable;
use isolation::{Fix, Request, Value};

use crate::annotations::Annotations;

/// The fix for a Service of this origin: a sentence without a full stop.
pub fn cure(request: &Request<'_>, service: Value<'_>, annotations: &Annotations<'_>) -> Fix {
    let label = |key: &str| service.descend(&["metadata", "labels", key]).and_then(|value| value.as_str());
    if request.namespace == "aks-istio-ingress" && request.name == "aks-istio-ingressgateway-external" {
        return "This is the external gateway of the Istio add-on: run az aks mesh disable-ingress-gateway \
                --ingress-gateway-type external, and enable the one of type internal"
            .into();
    }
    if label("app.kubernetes.io/managed-by").as_deref() == Some("aks-app-routing-operator") {
        return "This Service belongs to the application routing add-on: write \
                service.beta.kubernetes.io/azure-load-balancer-internal: \"true\" under spec.loadBalancerAnnotations \
                of its NginxIngressController; for the one called default, run az aks approuting update --nginx \
                Internal"
            .into();
    }
    if let Some(gateway) = label("gateway.networking.k8s.io/gateway-name") {
        return [
            "This Service comes from Gateway ",
            &printable(&gateway),
            ": write service.beta.kubernetes.io/azure-load-balancer-internal: \"true\" under its \
             spec.infrastructure.annotations",
        ]
        .concat()
        .into();
    }
    let owner = controller(service).map_or_else(String::new, |(kind, name)| {
        let (kind, name) = (printable(&kind), printable(&name));
        [", where the controller of its owner, ", &kind, " ", &name, ", reads annotations"].concat()
    });
    let text = ["Write service.beta.kubernetes.io/azure-load-balancer-internal: \"true\"", &owner].concat();
    // What its controller writes again is not changed here.
    if owner.is_empty() { annotations.make_internal(text) } else { text.into() }
}

/// The kind and name of the object whose controller writes the Service.
fn controller<'d>(service: Value<'d>) -> Option<(Cow<'d, str>, Cow<'d, str>)> {
    let owners = service.descend(&["metadata", "ownerReferences"])?;
    let owner = owners.items().find(|owner| owner.field("controller").and_then(|is| is.as_bool()) == Some(true))?;
    Some((owner.field("kind")?.as_str()?, owner.field("name")?.as_str()?))
}
