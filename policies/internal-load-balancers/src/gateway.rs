//! Gateways: what the controller of each class creates from them.

use std::borrow::Cow;

use isolation::{Findings, Request, Value};

use crate::public_gateway::{Gateway, Maker};
use crate::{Settings, application_gateway_for_containers, public_gateway};

/// The classes for whose Gateways istiod creates a Service of type LoadBalancer: those of the mesh add-on and of application
/// routing, and those that istiod serves without a GatewayClass
/// (<https://github.com/istio/istio/blob/master/pilot/pkg/config/kube/gatewaycommon/classinfo.go>).
const ISTIO: &[&str] = &["istio", "approuting-istio", "istio-east-west", "istio-agentgateway"];

/// The classes for whose Gateways istiod creates a Service of type ClusterIP, unless an annotation says otherwise.
const WAYPOINTS: &[&str] = &["istio-waypoint", "istio-agentgateway-waypoint"];

/// The class of gateways in other clusters, for which istiod creates nothing.
const REMOTE: &str = "istio-remote";

/// Whether Gateways of this class are judged whatever the settings say.
pub fn is_known(class: &str) -> bool {
    class == application_gateway_for_containers::CLASS || ISTIO.contains(&class) || WAYPOINTS.contains(&class)
}

/// Judges a Gateway.
pub fn judge<'d>(request: &Request<'d>, gateway: Value<'d>, settings: &Settings<'_>, findings: &mut Findings) {
    let Some(spec) = findings.object(gateway, "spec") else { return };
    let Some((value, class)) = findings.text(spec, "gatewayClassName") else { return };
    let class = class.as_ref();
    let is_one_of = |classes: &[Cow<'_, str>]| classes.iter().any(|own| own == class);
    let maker = match class {
        application_gateway_for_containers::CLASS => {
            return application_gateway_for_containers::check_gateway(gateway, spec, value, settings, findings);
        }
        _ if ISTIO.contains(&class) => Maker::Istio { default: "LoadBalancer" },
        _ if WAYPOINTS.contains(&class) => Maker::Istio { default: "ClusterIP" },
        // A class in both settings is judged as that of any controller, which exempts less.
        _ if is_one_of(&settings.gateway_classes) => Maker::Other,
        _ if is_one_of(&settings.istio_gateway_classes) => Maker::Istio { default: "LoadBalancer" },
        REMOTE => return,
        _ if is_one_of(&settings.private_gateway_classes) => return,
        _ => return public_gateway::check_unknown(gateway, class, settings, findings),
    };
    public_gateway::check(request, &Gateway { object: gateway, spec, class, maker }, settings, findings);
}
