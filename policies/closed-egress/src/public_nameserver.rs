//! Warns of pods that use a public name server.
//!
//! ## Why it matters
//!
//! In a network isolated cluster such a server does not answer: the pod waits for every name until it times out. Where
//! it does answer, there is a way out, and DNS queries can carry data like any other packet.
//!
//! ## What it does
//!
//! Warns of name servers with a public IP address in the `dnsConfig` of pods and pod templates, and of addresses in an
//! unusual form, such as `010.8.8.8`: Kubernetes accepts some, and programs disagree about their meaning.
//!
//! ## Fields
//!
//! `spec.dnsConfig.nameservers[]`.
//!
//! ## Instead
//!
//! Omit `dnsConfig`, so that the pod uses the cluster's own DNS, or name a server in your networks.
//!
//! ## Settings
//!
//! `privateRanges`.
//!
//! ## Not covered
//!
//! Servers that a program queries itself, and those to which CoreDNS forwards.
//!
//! ## References
//!
//! <https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-dns-config>,
//! <https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16>

use std::net::IpAddr;

use isolation::json::Kind;
use isolation::{Findings, Rule, Value, places};

use crate::Settings;
use crate::address::{UNUSUAL, USUAL};
use crate::names::leads_out;

/// The rule.
pub const RULE: Rule = Rule { id: "NI511", name: "public-nameserver", since: "0.2.0" };

/// Judges the spec of a pod.
pub fn check(spec: Value<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    places::visit(findings, spec, "dnsConfig.nameservers[]", &mut |findings, value| {
        if !findings.expect(value, Kind::String) {
            return;
        }
        let text = value.as_str().unwrap_or_default();
        let (what, fix) = match text.parse::<IpAddr>() {
            Ok(_) if leads_out(&text, settings) => (
                "a public name server, which pods of a network isolated cluster cannot reach",
                "Use the cluster's own DNS, or a name server in your networks",
            ),
            Ok(_) => return,
            Err(_) => (UNUSUAL, USUAL),
        };
        findings.warn(&RULE, value, what, fix);
    });
}
