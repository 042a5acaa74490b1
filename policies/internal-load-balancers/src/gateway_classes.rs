//! Gateway classes whose controllers are known.

/// The class of Gateways and Ingresses that it serves.
pub const FOR_CONTAINERS: &str = "azure-alb-external";

/// The classes for whose Gateways istiod creates a Service of type LoadBalancer: those of the mesh add-on and of application
/// routing, and those that istiod serves without a GatewayClass
/// (<https://github.com/istio/istio/blob/master/pilot/pkg/config/kube/gatewaycommon/classinfo.go>).
pub const ISTIO: &[&str] = &["istio", "approuting-istio", "istio-east-west", "istio-agentgateway"];

/// The classes for whose Gateways istiod creates a Service of type ClusterIP, unless an annotation says otherwise.
pub const WAYPOINTS: &[&str] = &["istio-waypoint", "istio-agentgateway-waypoint"];

/// The class of gateways in other clusters, for which istiod creates nothing.
pub const REMOTE: &str = "istio-remote";

/// Whether Gateways of this class are judged whatever the settings say.
pub fn is_known(class: &str) -> bool {
    class == FOR_CONTAINERS || is_of_istio(class)
}

/// Whether istiod serves this class whatever the settings say.
pub fn is_of_istio(class: &str) -> bool {
    ISTIO.contains(&class) || WAYPOINTS.contains(&class)
}
