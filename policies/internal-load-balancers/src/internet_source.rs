//! Warns of internal load balancers whose network security group admits the internet.
//!
//! ## Why it matters
//!
//! Without source ranges the cloud provider writes no rule for an internal load balancer, and Azure's default rule
//! admits the virtual network. Ranges that cover the internet make it write a rule that allows traffic from the
//! internet to the load balancer's address. The address stays private, but anything that is later put in front of it
//! finds the network security group open.
//!
//! ## What it does
//!
//! Adds up the source ranges of an internal load balancer and warns where they cover half of all addresses or more:
//! `0.0.0.0/0` and `::/0`, but also `0.0.0.0/1` with `128.0.0.0/1`, which the cloud provider joins. Warns of the
//! service tag `Internet`.
//!
//! ## Fields
//!
//! `spec.loadBalancerSourceRanges`, `service.beta.kubernetes.io/azure-allowed-ip-ranges`,
//! `service.beta.kubernetes.io/load-balancer-source-ranges`, `service.beta.kubernetes.io/azure-allowed-service-tags`.
//!
//! ## Instead
//!
//! Name the ranges of the clients, such as `10.0.0.0/8`, or the tag `VirtualNetwork`. Without any range, only the
//! virtual network and its peers reach the load balancer.
//!
//! ## Settings
//!
//! None. The rule never rejects.
//!
//! ## Not covered
//!
//! - Rules written by hand into the network security group.
//! - Smaller public ranges, which may be a partner's.
//! - `service.beta.kubernetes.io/azure-disable-load-balancer-nsg-rule`, with which no rule is written at all.
//!
//! ## References
//!
//! <https://cloud-provider-azure.sigs.k8s.io/topics/loadbalancer/>,
//! <https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#default-security-rules>

use std::net::IpAddr;

use isolation::json::Kind;
use isolation::{Findings, Rule, Value};

use crate::annotations::Annotations;

/// The rule.
pub const RULE: Rule = Rule { id: "NI206", name: "internet-source", since: "0.1.0" };

const RANGES: &[&str] =
    &["service.beta.kubernetes.io/azure-allowed-ip-ranges", "service.beta.kubernetes.io/load-balancer-source-ranges"];
const SERVICE_TAGS: &str = "service.beta.kubernetes.io/azure-allowed-service-tags";

/// The fields that say who reaches a load balancer, as far as they are set.
pub fn sources<'d>(annotations: &Annotations<'d>, spec: Option<Value<'d>>) -> Vec<Value<'d>> {
    let keys = RANGES.iter().chain(&[SERVICE_TAGS]);
    let ranges = spec.and_then(|spec| spec.field("loadBalancerSourceRanges"));
    keys.filter_map(|key| annotations.get(key)).chain(ranges).collect()
}

/// Whether these sources let in nobody whom the old ones kept out: field by field, each is among the old ones.
pub fn are_within(sources: &[Value<'_>], old: &[Value<'_>]) -> bool {
    let same = |(new, old): (&Value<'_>, &Value<'_>)| {
        let (new_ones, mut old_ones) = (each(*new), each(*old));
        old_ones.sort_unstable();
        let is_old = |source: &&str| old_ones.binary_search(source).is_ok();
        new.key() == old.key() && !new_ones.is_empty() && new_ones.iter().all(is_old)
    };
    old.is_empty() || (sources.len() == old.len() && sources.iter().zip(old).all(same))
}

/// The sources in a list, or in a text between commas.
fn each(value: Value<'_>) -> Vec<&str> {
    let texts = value.items().chain([value]).filter_map(|value| value.text());
    texts.flat_map(|text| text.split(',')).map(str::trim).filter(|source| !source.is_empty()).collect()
}

/// Judges the annotations of an internal load balancer, and the spec that holds `loadBalancerSourceRanges`.
pub fn check(annotations: &Annotations<'_>, spec: Option<Value<'_>>, findings: &mut Findings) {
    let mut sources = Sources::default();
    for key in RANGES {
        if let Some((value, text)) = annotations.text(findings, key) {
            let mut open = false;
            for range in text.split(',') {
                open |= sources.add(range);
            }
            sources.hold(value, open, findings);
        }
    }
    if let Some((value, text)) = annotations.text(findings, SERVICE_TAGS)
        && text.split(',').any(|tag| tag.trim().eq_ignore_ascii_case("internet"))
    {
        report(value, "the network security group admits the internet", findings);
    }
    if let Some(spec) = spec {
        for range in findings.list(spec, "loadBalancerSourceRanges") {
            if findings.expect(range, Kind::String) {
                let open = range.as_str().is_some_and(|text| sources.add(&text));
                sources.hold(range, open, findings);
            }
        }
    }
    if let Some(value) = sources.first.filter(|_| !sources.reported && sources.are_wide()) {
        let what = "with the other ranges, the network security group admits half of the internet";
        report(value, what, findings);
    }
}

/// The source ranges of a load balancer, which the provider collects from all fields.
#[derive(Default)]
struct Sources<'d> {
    /// The first and last address of each range; IPv4 addresses are mapped to IPv6.
    ranges: Vec<(u128, u128)>,
    first: Option<Value<'d>>,
    reported: bool,
}

impl<'d> Sources<'d> {
    /// Adds a range as the provider reads it; returns whether it covers everything.
    fn add(&mut self, range: &str) -> bool {
        let Some((address, prefix)) = range.trim().split_once('/') else { return false };
        let (Ok(address), Ok(prefix)) = (address.parse::<IpAddr>(), prefix.parse::<u32>()) else { return false };
        let (bits, width) = match address {
            IpAddr::V4(address) => (u128::from(address.to_bits()) | V4, 32),
            IpAddr::V6(address) => (address.to_bits(), 128),
        };
        if prefix > width {
            return false;
        }
        let inside = u128::MAX.checked_shr(128 - (width - prefix)).unwrap_or(0);
        self.ranges.push((bits & !inside, bits | inside));
        prefix == 0
    }

    /// Notes the field of the last ranges, and reports it if it is open.
    fn hold(&mut self, value: Value<'d>, open: bool, findings: &mut Findings) {
        self.first = self.first.or(Some(value));
        self.reported |= open;
        if open {
            report(value, "the network security group admits the internet", findings);
        }
    }

    /// Whether the ranges cover at least half of all IPv4 addresses, or of the allocated IPv6 addresses.
    fn are_wide(&self) -> bool {
        self.covered(V4, V4 | 0xffff_ffff) >= 1 << 31 || self.covered(GIVEN_OUT.0, GIVEN_OUT.1) >= 1 << 124
    }

    /// How many addresses between two are in some range.
    fn covered(&self, first: u128, last: u128) -> u128 {
        let mut ranges = self.ranges.clone();
        ranges.sort_unstable();
        let (mut covered, mut next) = (0, first);
        for (start, end) in ranges {
            let (start, end) = (start.max(next), end.min(last));
            if start <= end {
                covered += end - start + 1;
                next = end + 1;
            }
        }
        covered
    }
}

/// Where IPv4 addresses are mapped to, `::ffff:0:0`.
const V4: u128 = 0xffff_0000_0000;
/// The allocated IPv6 addresses, `2000::/3`.
const GIVEN_OUT: (u128, u128) = (0x2 << 124, (0x4 << 124) - 1);

fn report(value: Value<'_>, what: &str, findings: &mut Findings) {
    findings.warn(&RULE, value, what, "Name the ranges of the clients, such as 10.0.0.0/8");
}
