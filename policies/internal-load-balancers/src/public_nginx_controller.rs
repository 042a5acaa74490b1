//! Rejects NGINX ingress controllers of application routing that get a public IP address.
//!
//! ## What it does
//!
//! Judges `spec.loadBalancerAnnotations` of a NginxIngressController as the annotations of the Service that comes of it.
//! The object `default`, which AKS writes itself, is a case of its own: see the setting.
//!
//! ## Why it matters
//!
//! The add-on copies the annotations to a Service of type LoadBalancer in `app-routing-system`. Without the one for an
//! internal load balancer the ingress controller is open to the internet. The Service would be rejected too, but then the
//! controller is refused and the user sees only an object that never becomes ready.
//!
//! ## Fields
//!
//! `spec.loadBalancerAnnotations` of NginxIngressController (`approuting.kubernetes.azure.com`).
//!
//! ## Instead
//!
//! ```yaml
//! spec:
//!   loadBalancerAnnotations:
//!     service.beta.kubernetes.io/azure-load-balancer-internal: "true"
//! ```
//!
//! For the object `default`: `az aks approuting update --nginx Internal`, or `None`.
//!
//! ## Settings
//!
//! `defaultNginxController`.
//!
//! ## Not covered
//!
//! What the cluster's property `ingressProfile.webAppRouting.nginx.defaultIngressControllerType` is; `isolated-clusters`
//! judges that.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/app-routing-nginx-configuration>

use isolation::{Findings, Level, Request, Rule, Value};

use crate::annotations::{Annotations, Frontend};
use crate::{Settings, ineffective_public_ip, internet_source, service};

/// The rule.
pub const RULE: Rule = Rule { id: "NI208", name: "public-nginx-controller", since: "0.1.0" };

/// The object that AKS writes again every three minutes.
const DEFAULT: &str = "default";

/// Judges a NginxIngressController.
pub fn check(request: &Request<'_>, controller: Value<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    let annotations = Annotations::read(findings, controller, &["spec", "loadBalancerAnnotations"]);
    service::judge_both(&annotations, settings, findings);
    let (spot, why) = match annotations.frontend() {
        Frontend::Private => {
            internet_source::check(&annotations, findings.object(controller, "spec"), findings);
            ineffective_public_ip::check(&annotations, findings);
            return;
        }
        Frontend::Public { spot, why } => (spot, why),
    };
    if request.name != DEFAULT {
        findings.deny(
            &RULE,
            spot,
            why,
            "Write service.beta.kubernetes.io/azure-load-balancer-internal: \"true\" under spec.loadBalancerAnnotations",
        );
    } else if settings.default_nginx_controller == Level::Deny {
        findings.deny(
            &RULE,
            spot,
            why,
            "AKS writes this object again: set the cluster's property \
             ingressProfile.webAppRouting.nginx.defaultIngressControllerType with az aks approuting update --nginx Internal",
        );
    } else {
        findings.warn(
            &RULE,
            spot,
            "AKS's own controller gets a public IP address",
            "Set defaultIngressControllerType: az aks approuting update --nginx Internal",
        );
    }
}
