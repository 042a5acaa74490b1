//! Rejects Services of type LoadBalancer that Azure gives a public IP address.
//!
//! ## Why it matters
//!
//! Without the annotation for an internal load balancer, the cloud provider creates a public IP address for the
//! Service. The internet can then reach the cluster, and the nodes behind the load balancer may send traffic out
//! through the same address, although the cluster's outbound type is `none`. Removing or changing the annotation of a
//! running Service moves it from the internal load balancer to a public one, without any error.
//!
//! The cloud provider compares the text exactly where it creates the address, but ignores case where it writes the
//! network security group. `"True"` therefore gives a public address with the rules of an internal one.
//!
//! ## What it does
//!
//! Requires the annotation `service.beta.kubernetes.io/azure-load-balancer-internal` with exactly the text `true` on
//! every Service of type LoadBalancer without a `loadBalancerClass`, on creation and on update.
//!
//! ## Fields
//!
//! `spec.type`, `spec.loadBalancerClass`, `metadata.annotations`.
//!
//! ## Instead
//!
//! ```yaml
//! metadata:
//!   annotations:
//!     service.beta.kubernetes.io/azure-load-balancer-internal: "true"
//! ```
//!
//! or `type: ClusterIP` with an internal ingress in front.
//!
//! ## Settings
//!
//! None.
//!
//! ## Not covered
//!
//! - Load balancers created by hand in Azure.
//! - Changes through `services/status`: the cloud provider writes it, and anyone else who may write it could change
//!   annotations there.
//! - Clusters in ServiceGateway mode, where every load balancer is public and the annotation is an error. There this
//!   policy rejects every Service of type LoadBalancer, as isolation requires.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/internal-lb>,
//! <https://cloud-provider-azure.sigs.k8s.io/topics/loadbalancer/>,
//! <https://learn.microsoft.com/azure/aks/concepts-network-isolated>

use isolation::{Findings, Request, Rule, Value};

use crate::annotations::{Annotations, Frontend};
use crate::{ineffective_public_ip, internet_source, origin};

/// The rule.
pub const RULE: Rule = Rule { id: "NI201", name: "public-load-balancer", since: "0.1.0" };

/// Judges the annotations of a Service for which Azure creates a load balancer; returns whether it is internal.
pub fn check<'d>(
    request: &Request<'d>,
    service: Value<'d>,
    annotations: &Annotations<'d>,
    findings: &mut Findings,
) -> bool {
    match annotations.frontend() {
        Frontend::Private => true,
        Frontend::Public { spot, why } => {
            let mut cure = origin::cure(request, service, annotations);
            // Made internal with this address, the load balancer would get none.
            if !ineffective_public_ip::public_addresses(annotations, service.field("spec"), findings).is_empty() {
                cure = [&cure.text, ", and remove the public address that it requests"].concat().into();
            }
            findings.as_part_of(&exposure(request, annotations), |findings| findings.deny(&RULE, spot, why, cure));
            false
        }
    }
}

/// What makes of a public load balancer another way in: who reaches it, and which address. An update that only keeps some out
/// does not.
pub fn exposure<'d>(request: &Request<'d>, annotations: &Annotations<'d>) -> Vec<Value<'d>> {
    let of = |annotations: &Annotations<'d>| {
        let spec = annotations.holder().field("spec");
        (internet_source::sources(annotations, spec), ineffective_public_ip::frontends(annotations, spec))
    };
    let (mut sources, frontends) = of(annotations);
    if let Some(old) = request.old_object {
        let (before, _) = of(&annotations.of(old));
        if internet_source::are_within(&sources, &before) {
            sources = before;
        }
    }
    sources.extend(frontends);
    sources
}
