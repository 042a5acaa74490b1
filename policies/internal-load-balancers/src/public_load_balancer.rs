//! Rejects Services of type LoadBalancer that Azure gives a public IP address.
//!
//! ## What it does
//!
//! Demands the annotation `service.beta.kubernetes.io/azure-load-balancer-internal` with exactly the text `true` on every
//! Service of type LoadBalancer that has no `loadBalancerClass`. Creation and update are judged alike.
//!
//! ## Why it matters
//!
//! Without the annotation the cloud provider creates a public IP address for the Service: the cluster can be reached from
//! the internet, and the nodes behind the load balancer may send traffic out through the same address, although the
//! cluster's outbound type is `none`. Removing or altering the annotation of a running Service moves it from the internal
//! load balancer to a public one, without any error.
//!
//! The text is compared exactly where the address is made and without regard to case where the network security group is
//! written. `"True"` therefore gives a public address that part of Azure takes for an internal one.
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
//! Load balancers that somebody makes in Azure by hand. What is written through `services/status`: the cloud provider does
//! so, and whoever else may do it could change annotations there. Clusters in ServiceGateway mode, where every load balancer
//! is public and the annotation is an error: there this policy leaves no Service of type LoadBalancer at all, which is what
//! isolation demands.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/internal-lb>,
//! <https://cloud-provider-azure.sigs.k8s.io/topics/loadbalancer/>,
//! <https://learn.microsoft.com/azure/aks/concepts-network-isolated>

use isolation::{Findings, Request, Rule, Value};

use crate::annotations::{Annotations, Frontend};
use crate::origin;

/// The rule.
pub const RULE: Rule = Rule { id: "NI201", name: "public-load-balancer", since: "0.1.0" };

/// Judges the annotations of a Service that Azure makes a load balancer for; says whether that is internal.
pub fn check(
    request: &Request<'_>,
    service: Value<'_>,
    annotations: &Annotations<'_>,
    findings: &mut Findings,
) -> bool {
    match annotations.frontend() {
        Frontend::Private => true,
        Frontend::Public { spot, why } => {
            findings.deny(&RULE, spot, why, origin::cure(request, service));
            false
        }
    }
}
