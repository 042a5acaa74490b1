//! Rejects Services that claim public IP addresses in `externalIPs`.
//!
//! ## Why it matters
//!
//! Every node accepts traffic for these addresses and sends it to the Service, whatever its type. With a public address
//! here, somebody routes it to the nodes from outside, or the Service intercepts the traffic of other pods to that
//! address (CVE-2020-8554). An isolated cluster needs neither.
//!
//! ## What it does
//!
//! Rejects `externalIPs` that are reachable over the internet. Private, shared (carrier-grade NAT), link-local, unique
//! local and documentation ranges pass, and so do the ranges in the setting `privateRanges`.
//!
//! ## Fields
//!
//! `spec.externalIPs` of Services of every type.
//!
//! ## Instead
//!
//! A Service of type LoadBalancer with the annotation for an internal load balancer, or a private address.
//!
//! ## Settings
//!
//! `privateRanges`.
//!
//! ## Not covered
//!
//! Private addresses, which can intercept traffic, too. Azure's built-in policy "Kubernetes cluster services should
//! only use allowed external IPs" allows addresses one by one.
//!
//! ## References
//!
//! <https://kubernetes.io/docs/concepts/services-networking/service/#external-ips>,
//! <https://www.iana.org/assignments/iana-ipv4-special-registry>

use std::net::IpAddr;

use isolation::json::Kind;
use isolation::{Findings, Rule, Value};

use crate::Settings;
use crate::address::{UNUSUAL, USUAL, is_public};

/// The rule.
pub const RULE: Rule = Rule { id: "NI504", name: "public-external-ip", since: "0.1.0" };

/// Judges the spec of a Service.
pub fn check(spec: Value<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    for value in findings.list(spec, "externalIPs") {
        if !findings.expect(value, Kind::String) {
            continue;
        }
        match value.as_str().unwrap_or_default().parse::<IpAddr>() {
            Ok(address) if is_public(address, &settings.private_ranges) => findings.deny(
                &RULE,
                value,
                "every node accepts traffic for this public IP address, from outside and from pods",
                "Name a private address, or use an internal load balancer",
            ),
            Ok(_) => {}
            // The API server accepts some of these, such as 010.0.0.1, and parsers disagree about their meaning.
            Err(_) => findings.deny(&RULE, value, UNUSUAL, USUAL),
        }
    }
}
