//! Warns of internal load balancers whose network security group lets the internet in.
//!
//! ## What it does
//!
//! Looks for `0.0.0.0/0` and `::/0` among the source ranges of an internal load balancer, and for the service tag
//! `Internet`.
//!
//! ## Why it matters
//!
//! For an internal load balancer the cloud provider opens the network security group to the virtual network only. These
//! ranges make it write a rule that allows the whole internet to the load balancer's address. The address stays private,
//! but whatever is put in front of it later meets an open door.
//!
//! ## Fields
//!
//! `spec.loadBalancerSourceRanges`, `service.beta.kubernetes.io/azure-allowed-ip-ranges`,
//! `service.beta.kubernetes.io/load-balancer-source-ranges`, `service.beta.kubernetes.io/azure-allowed-service-tags`.
//!
//! ## Instead
//!
//! Name the ranges of the clients: `10.0.0.0/8`, or the tag `VirtualNetwork`. Without any range the virtual network is
//! allowed.
//!
//! ## Settings
//!
//! None. The rule never rejects.
//!
//! ## Not covered
//!
//! Rules that somebody writes into the network security group by hand. Large public ranges other than the whole internet.
//!
//! ## References
//!
//! <https://cloud-provider-azure.sigs.k8s.io/topics/loadbalancer/>

use isolation::json::Kind;
use isolation::{Findings, Rule, Value};

use crate::annotations::Annotations;

/// The rule.
pub const RULE: Rule = Rule { id: "NI206", name: "internet-source", since: "0.1.0" };

const RANGES: &[&str] = &[
    "service.beta.kubernetes.io/azure-allowed-ip-ranges",
    "service.beta.kubernetes.io/load-balancer-source-ranges",
];
const SERVICE_TAGS: &str = "service.beta.kubernetes.io/azure-allowed-service-tags";

/// Judges the annotations of an internal load balancer, and the spec that holds `loadBalancerSourceRanges`.
pub fn check(annotations: &Annotations<'_>, spec: Option<Value<'_>>, findings: &mut Findings) {
    for key in RANGES {
        if let Some((value, text)) = annotations.text(findings, key)
            && text.split(',').any(is_everything)
        {
            report(value, findings);
        }
    }
    if let Some((value, text)) = annotations.text(findings, SERVICE_TAGS)
        && text.split(',').any(|tag| tag.trim().eq_ignore_ascii_case("internet"))
    {
        report(value, findings);
    }
    let Some(spec) = spec else { return };
    for range in findings.list(spec, "loadBalancerSourceRanges") {
        if findings.expect(range, Kind::String) && range.as_str().is_some_and(|text| is_everything(&text)) {
            report(range, findings);
        }
    }
}

/// Whether a range is the whole internet: whatever address it is written with, a prefix of no bits holds all of them.
fn is_everything(range: &str) -> bool {
    range.trim().ends_with("/0")
}

fn report(value: Value<'_>, findings: &mut Findings) {
    findings.warn(
        &RULE,
        value,
        "the network security group lets the internet in",
        "Name the ranges of the clients, such as 10.0.0.0/8",
    );
}
