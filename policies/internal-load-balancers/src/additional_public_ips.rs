//! Rejects Services that name additional public IP addresses.
//!
//! ## Why it matters
//!
//! The cloud provider adds the addresses to the Service's status and to the rules of the network security group, even
//! where the load balancer is internal. The nodes then accept traffic for these addresses, such as that of a
//! cross-region load balancer with a public frontend.
//!
//! ## What it does
//!
//! Rejects the annotation `service.beta.kubernetes.io/azure-additional-public-ips`, on internal load balancers too.
//!
//! ## Fields
//!
//! The annotations of a Service of type LoadBalancer, of a NginxIngressController's `spec.loadBalancerAnnotations`, of
//! a Gateway's `spec.infrastructure.annotations` and of the `service` in a Gateway's ConfigMap.
//!
//! ## Instead
//!
//! Remove the annotation. Clients reach the internal load balancer at its private address, over peering, a VPN or a
//! private endpoint.
//!
//! ## Settings
//!
//! None.
//!
//! ## Not covered
//!
//! Public addresses in `spec.externalIPs`, which `closed-egress` judges.
//!
//! ## References
//!
//! <https://cloud-provider-azure.sigs.k8s.io/topics/loadbalancer/>

use isolation::{Findings, Fix, Rule};

use crate::annotations::Annotations;

/// The rule.
pub const RULE: Rule = Rule { id: "NI202", name: "additional-public-ips", since: "0.1.0" };

const KEY: &str = "service.beta.kubernetes.io/azure-additional-public-ips";

/// Judges annotations, internal or not.
pub fn check(annotations: &Annotations<'_>, findings: &mut Findings) {
    if let Some((value, _)) = annotations.filled(findings, KEY) {
        findings.deny(
            &RULE,
            value,
            "the nodes accept traffic for these public IP addresses, even where the load balancer is internal",
            Fix::remove("Remove the annotation"),
        );
    }
}
