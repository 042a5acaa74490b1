//! Warns of annotations for public IP addresses on internal load balancers, where Azure ignores them.
//!
//! ## Why it matters
//!
//! The annotations have no effect while the load balancer is internal. They show that somebody expects a public
//! address, and they take effect as soon as the annotation that makes it internal is removed.
//!
//! ## What it does
//!
//! Warns of annotations that name or configure a public IP address while the load balancer is internal. Also warns of
//! a public address that is requested for an internal load balancer: Azure creates it only with an address of its
//! subnet, so it gets none.
//!
//! ## Fields
//!
//! `service.beta.kubernetes.io/azure-pip-name`, `-pip-name-ipv6`, `-pip-prefix-id`, `-pip-prefix-id-ipv6`, `-pip-tags`,
//! `-pip-ip-tags` and `-dns-label-name`; `azure-load-balancer-ipv4`, `-ipv6`, `spec.loadBalancerIP` and, of Istio's Gateways,
//! `spec.addresses[].value`, if the address is outside the private ranges.
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
//! - Public load balancers, which `public-load-balancer` rejects.
//! - Whether the subnet has the address. A virtual network with a public range of its own gets a warning, too.
//!
//! ## References
//!
//! <https://cloud-provider-azure.sigs.k8s.io/topics/loadbalancer/>

use std::net::IpAddr;

use isolation::{Findings, Fix, Rule, Value};

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

/// The annotations that request an address. `spec.loadBalancerIP` does, too, and istiod writes it from `spec.addresses` of a
/// Gateway (<https://github.com/istio/istio/blob/master/manifests/charts/istio-control/istio-discovery/files/kube-gateway.yaml>).
const ADDRESSES: &[&str] =
    &["service.beta.kubernetes.io/azure-load-balancer-ipv4", "service.beta.kubernetes.io/azure-load-balancer-ipv6"];

/// The annotation with the resource group of the public address: elsewhere, the same name is another address.
const GROUP: &str = "service.beta.kubernetes.io/azure-load-balancer-resource-group";

/// The fields that choose the address of a public load balancer, as far as they are set.
pub fn frontends<'d>(annotations: &Annotations<'d>, spec: Option<Value<'d>>) -> Vec<Value<'d>> {
    let in_spec = spec.into_iter().flat_map(|spec| ["loadBalancerIP", "addresses"].map(|key| spec.field(key)));
    KEYS.iter().chain(ADDRESSES).chain([&GROUP]).map(|key| annotations.get(key)).chain(in_spec).flatten().collect()
}

/// The public addresses that a load balancer requests by annotations or by the spec of its Service or Gateway.
pub fn public_addresses<'d>(
    annotations: &Annotations<'d>,
    spec: Option<Value<'d>>,
    findings: &mut Findings,
) -> Vec<Value<'d>> {
    let mut named: Vec<_> = ADDRESSES.iter().filter_map(|key| annotations.text(findings, key)).collect();
    named.extend(spec.and_then(|spec| findings.text(spec, "loadBalancerIP")));
    let addresses = spec.and_then(|spec| spec.field("addresses")).into_iter().flat_map(|list| list.items());
    named.extend(addresses.filter_map(|address| findings.text(address, "value")));
    let public = |text: &str| match text.parse() {
        Ok(IpAddr::V4(address)) => {
            let [a, b, ..] = address.octets();
            !(address.is_private() || address.is_loopback() || address.is_link_local() || (a == 100 && b & 0xC0 == 64))
        }
        Ok(IpAddr::V6(address)) => address.segments()[0] & 0xE000 == 0x2000,
        Err(_) => false,
    };
    named.into_iter().filter(|(_, text)| public(text)).map(|(value, _)| value).collect()
}

/// Judges the annotations of an internal load balancer, and the spec of its Service or Gateway.
pub fn check(annotations: &Annotations<'_>, spec: Option<Value<'_>>, findings: &mut Findings) {
    for address in public_addresses(annotations, spec, findings) {
        findings.warn(
            &RULE,
            address,
            "a public address, but Azure creates an internal load balancer only with an address of its subnet",
            "Write an address of the subnet, or remove it",
        );
    }
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
