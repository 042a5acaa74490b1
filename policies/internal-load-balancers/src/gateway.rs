//! Gateways: what the controller of each class creates from them.

use std::borrow::Cow;

use isolation::{Findings, Request, Value};

use crate::gateway_classes::{self, ISTIO, REMOTE, WAYPOINTS};
use crate::public_gateway::{Controller, Gateway};
use crate::{Settings, application_gateway_for_containers, public_gateway};

/// The annotation with the name of istiod's Service, instead of one from the Gateway's name and class
/// (<https://istio.io/latest/docs/reference/config/annotations/#GatewayNameOverride>).
const NAME: &str = "gateway.istio.io/name-override";

/// Judges a Gateway.
pub fn judge<'d>(request: &Request<'d>, gateway: Value<'d>, settings: &Settings<'_>, findings: &mut Findings) {
    let Some(spec) = findings.object(gateway, "spec") else { return };
    let Some((value, class)) = findings.text(spec, "gatewayClassName") else { return };
    let class = class.as_ref();
    let is_one_of = |classes: &[Cow<'_, str>]| classes.iter().any(|own| own == class);
    let maker = match class {
        gateway_classes::FOR_CONTAINERS => {
            return application_gateway_for_containers::check_gateway(gateway, spec, value, settings, findings);
        }
        _ if ISTIO.contains(&class) => Some(Controller::Istio { default: "LoadBalancer" }),
        _ if WAYPOINTS.contains(&class) => Some(Controller::Istio { default: "ClusterIP" }),
        // A class in both settings is judged as that of any controller, which exempts less.
        _ if is_one_of(&settings.gateway_classes) => Some(Controller::Other),
        _ if is_one_of(&settings.istio_gateway_classes) => Some(Controller::Istio { default: "LoadBalancer" }),
        REMOTE => return,
        _ if is_one_of(&settings.private_gateway_classes) => return,
        _ => None,
    };
    // Another class or name is another Service, and so another load balancer with another address.
    let name = gateway.descend(&["metadata", "annotations", NAME]);
    let name = name.filter(|_| matches!(maker, Some(Controller::Istio { .. })));
    let parts: Vec<_> = [Some(value), name].into_iter().flatten().collect();
    findings.as_part_of(&parts, |findings| match maker {
        Some(maker) => {
            public_gateway::check(request, &Gateway { object: gateway, spec, class, maker }, settings, findings);
        }
        None => public_gateway::check_unknown(request, gateway, class, settings, findings),
    });
}
