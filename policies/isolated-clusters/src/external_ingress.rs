//! Rejects ingress that AKS makes public.
//!
//! ## Why it matters
//!
//! Application routing, Istio's ingress gateways and Application Gateway create a load balancer or gateway with a
//! public address as soon as they are enabled, and a public load balancer may also serve as a way out. A public DNS
//! zone opens nothing, but publishes the names and private addresses of your workloads. Writing to it also requires
//! access to Azure's API.
//!
//! ## What it does
//!
//! Judges the ingress that AKS installs: application routing, Istio's ingress gateways, the HTTP application routing
//! add-on, Application Gateway and its successor for containers. Warns of public DNS zones and of AKS's default domain,
//! into which application routing would write the names of the cluster.
//!
//! ## Fields
//!
//! `spec.ingressProfile.webAppRouting` with `nginx.defaultIngressControllerType`, `dnsZoneResourceReferences[]` and
//! `defaultDomain.enabled`, `spec.serviceMeshProfile.istio.components.ingressGateways[]`,
//! `spec.ingressProfile.applicationLoadBalancer.enabled` and the add-ons `httpApplicationRouting` and
//! `ingressApplicationGateway` of an ASO `ManagedCluster`; add-ons and patches of CAPZ's `AzureManagedControlPlane`;
//! `webAppRouting` (with `dnsZoneIds[]`), `serviceMeshProfile`, `httpApplicationRoutingEnabled` and
//! `ingressApplicationGateway` of a Crossplane `KubernetesCluster`.
//!
//! ## Instead
//!
//! - Application routing: use its Gateway API implementation, class `approuting-istio`, with an internal Gateway, and
//!   `defaultIngressControllerType: None`. `Internal` is accepted, too, but AKS supports application routing's NGINX
//!   only through November 2026.
//! - Istio: `mode: Internal`.
//! - DNS: private zones.
//!
//! ## Settings
//!
//! None.
//!
//! ## Not covered
//!
//! - Objects created later in the cluster, such as an `NginxIngressController` or a `Gateway`:
//!   `internal-load-balancers` judges them.
//! - Whether an Application Gateway, or its successor for containers, is private: the description does not show it, so it
//!   gets a warning.
//! - A Bastion, through which only administrators come in: `public-address` reports it.
//! - AKS Automatic's default ingress.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/app-routing-gateway-api>,
//! <https://learn.microsoft.com/azure/aks/app-routing-nginx-configuration>,
//! <https://learn.microsoft.com/azure/aks/istio-deploy-ingress>

use isolation::json::Kind;
use isolation::{Findings, Rule};

use crate::addons::{APPLICATION_GATEWAY, Addon, HTTP_ROUTING};
use crate::fields::Field;
use crate::model::Cluster;
use crate::spec::{Cure, Found, Report};

/// The rule.
pub const RULE: Rule = Rule { id: "NI613", name: "external-ingress", since: "0.1.0" };

const ROUTING: Report<'_> = Report::deny(
    &RULE,
    "application routing gets a public load balancer",
    "Write None, or Internal while AKS supports NGINX",
)
.with(Cure::Text("None"));
const PUBLIC: Report<'_> = Report::deny(&RULE, "opens a public way into the cluster", "Write false").with(Cure::False);
const ZONE: Report<'_> = Report::warn(
    &RULE,
    "application routing writes the names of your workloads into a public DNS zone",
    "Name a private DNS zone",
);
const DOMAIN: Report<'_> = Report::warn(
    &RULE,
    "application routing gives your workloads names in a public domain of AKS",
    "Write false and name a private DNS zone",
);
const GATEWAY: Report<'_> = Report::warn(
    &RULE,
    "Application Gateway has a public address unless its frontend is made private",
    "Give it only a private frontend, or omit it",
);

/// Judges a cluster.
pub fn check(cluster: &Cluster<'_, '_>, addons: &[Addon<'_, '_>], findings: &mut Findings) {
    let spec = cluster.spec;
    let mut routing = false;
    for found in &spec.find(findings, Field::AppRouting).found {
        // A switch in ASO, a block that is there or not in Crossplane.
        routing |= found.value.kind() == Kind::Object || found.is_true(findings);
    }
    if routing {
        let is_public = |text: &str| !text.eq_ignore_ascii_case("Internal") && !text.eq_ignore_ascii_case("None");
        spec.report_texts(findings, Field::AppRoutingDefault, &is_public, &ROUTING);
        let controller = spec.find(findings, Field::AppRoutingDefault);
        if controller.found.is_empty() {
            let what = "the default controller of application routing has a public load balancer \
                        (AnnotationControlled)";
            spec.report_missing(findings, &controller, &Report::deny(&RULE, what, "\"None\""));
        }
    }
    if routing {
        for zone in &spec.find(findings, Field::DnsZones).found {
            if is_public_zone(zone, findings) {
                zone.say(findings, &ZONE);
            }
        }
        spec.report_true(findings, Field::DefaultDomain, &DOMAIN);
    }
    for gateway in &spec.find(findings, Field::IstioIngress).found {
        let (enabled, mode) = (gateway.member(findings, "enabled"), gateway.member(findings, "mode"));
        let (Some(enabled), Some(mode)) = (enabled, mode) else { continue };
        let external = mode.text(findings).is_some_and(|text| text.eq_ignore_ascii_case("External"));
        if enabled.is_true(findings) && external {
            let fix = mode.set("Write Internal", "Internal".into());
            mode.deny(findings, &RULE, "the ingress gateway of Istio gets a public load balancer", fix);
        }
    }
    for field in [Field::IstioExternal, Field::HttpRouting] {
        spec.report_true(findings, field, &PUBLIC);
    }
    spec.report_true(findings, Field::ContainersGateway, &GATEWAY);
    spec.report_filled(findings, Field::ApplicationGateway, &GATEWAY);
    for addon in addons {
        let report = match addon.name.as_str() {
            HTTP_ROUTING => &PUBLIC,
            APPLICATION_GATEWAY => &GATEWAY,
            _ => continue,
        };
        addon.enabled.say(findings, report);
    }
}

/// Whether an id, or a reference to an object, names a public DNS zone.
fn is_public_zone(zone: &Found<'_, '_>, findings: &mut Findings) -> bool {
    let id = if zone.value.kind() == Kind::Object {
        match zone.member(findings, "armId") {
            Some(id) => id,
            None => return zone.member(findings, "kind").is_some_and(|kind| kind.value.is_text("DnsZone")),
        }
    } else {
        *zone
    };
    // …/providers/Microsoft.Network/dnsZones/contoso.com
    let text = id.text(findings).unwrap_or_default();
    let mut parts = text.split('/');
    parts.any(|part| part.eq_ignore_ascii_case("dnsZones"))
}
