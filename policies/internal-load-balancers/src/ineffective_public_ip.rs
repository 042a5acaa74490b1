//! Warns of annotations for public IP addresses on internal load balancers, where Azure ignores them.
//!
//! ## Why it matters
//!
//! The annotations have no effect while the load balancer is internal. They show that somebody expects a public
//! address, and they take effect as soon as the annotation that makes it internal is removed.
//!
//! ## What it does
//!
//! Warns of annotations that name or configure a public IP address while the load balancer is internal.
//!
//! ## Fields
//!
//! `service.beta.kubernetes.io/azure-pip-name`, `-pip-name-ipv6`, `-pip-prefix-id`, `-pip-prefix-id-ipv6`, `-pip-tags`,
//! `-pip-ip-tags` and `-dns-label-name`.
//!
//! ## Instead
//!
//! Remove them. Set the address of an internal load balancer with `azure-load-balancer-ipv4` and
//! `azure-load-balancer-internal-subnet`, and its name in a private DNS zone.
//!
//! ## Settings
//!
//! None. The rule never rejects.
//!
//! ## Not covered
//!
//! Public load balancers, which `public-load-balancer` rejects.
//!
//! ## References
//!
//! <https://cloud-provider-azure.sigs.k8s.io/topics/loadbalancer/>

use isolation::{Findings, Fix, Rule};

use crate::annotations::Annotations;

/// The rule.
pub const RULE: Rule = Rule { id: "NI205", name: "ineffective-public-ip", since: "0.1.0" };

const KEYS: &[&str] = &[
    "service.beta.kubernetes.io/azure-pip-name",
    "service.beta.kubernetes.io/azure-pip-name-ipv6",
    "service.beta.kubernetes.io/azure-pip-prefix-id",
    "service.beta.kubernetes.io/azure-pip-prefix-id-ipv6",
    "service.beta.kubernetes.io/azure-pip-tags",
    "service.beta.kubernetes.io/azure-pip-ip-tags",
    "service.beta.kubernetes.io/azure-dns-label-name",
];

/// Judges the annotations of an internal load balancer.
pub fn check(annotations: &Annotations<'_>, findings: &mut Findings) {
    for key in KEYS {
        if let Some((value, _)) = annotations.filled(findings, key) {
            findings.warn(
                &RULE,
                value,
                "ignored while the load balancer is internal, effective as soon as it is not",
                Fix::remove("Remove the annotation").safe_if(true),
            );
        }
    }
}
