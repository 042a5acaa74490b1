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

use isolation::json::{Kind, in_order};
use isolation::{Findings, Rule, Value};

use crate::annotations::{Annotations, TRUE};

/// The rule.
pub const RULE: Rule = Rule { id: "NI206", name: "internet-source", since: "0.1.0" };

const RANGES: &[&str] =
    &["service.beta.kubernetes.io/azure-allowed-ip-ranges", "service.beta.kubernetes.io/load-balancer-source-ranges"];
const SERVICE_TAGS: &str = "service.beta.kubernetes.io/azure-allowed-service-tags";
const NO_RULE: &str = "service.beta.kubernetes.io/azure-disable-load-balancer-nsg-rule";

/// The fields that say who reaches a load balancer, as far as they are set.
pub fn sources<'d>(annotations: &Annotations<'d>, spec: Option<Value<'d>>) -> Vec<Value<'d>> {
    let keys = RANGES.iter().chain(&[SERVICE_TAGS]);
    let ranges = spec.and_then(|spec| spec.field("loadBalancerSourceRanges"));
    keys.filter_map(|key| annotations.get(key)).chain(ranges).collect()
}

/// The annotation with which the provider writes no rule of its own into the network security group, so that Azure's default
/// rules keep the internet out. The provider ignores its casing, and no blanks
/// (<https://github.com/kubernetes-sigs/cloud-provider-azure/blob/master/pkg/consts/helpers.go>).
pub fn no_rule<'d>(annotations: &Annotations<'d>) -> Option<Value<'d>> {
    let value = annotations.get(NO_RULE)?;
    value.text().is_some_and(|text| text.eq_ignore_ascii_case(TRUE)).then_some(value)
}

/// Whether these sources let in nobody whom the old ones kept out: field by field, each is among the old ones or in their
/// ranges.
pub fn are_within(sources: &[Value<'_>], old: &[Value<'_>]) -> bool {
    let within = |(new, old): (&Value<'_>, &Value<'_>)| {
        let (new_ones, old_ones) = (each(*new), in_order(each(*old)));
        let ranges = joined(old_ones.iter().filter_map(|source| exact(source)).collect());
        let is_in_range = |source: &str| {
            exact(source).is_some_and(|(is_ipv6, first, last)| {
                let next = ranges.partition_point(|known| (known.0, known.1) <= (is_ipv6, first));
                ranges.get(..next).and_then(<[_]>::last).is_some_and(|known| known.0 == is_ipv6 && last <= known.2)
            })
        };
        let is_old = |source: &&str| old_ones.binary_search(source).is_ok() || is_in_range(source);
        new.key() == old.key() && !new_ones.is_empty() && new_ones.iter().all(is_old)
    };
    old.is_empty() || (sources.len() == old.len() && sources.iter().zip(old).all(within))
}

/// Addresses: whether they are IPv6, and the first and last one as numbers.
type Range = (bool, u128, u128);

/// A range as every version of the provider reads it. `None` for what one refuses and another reads as something else, such as
/// bits below the prefix.
fn exact(source: &str) -> Option<Range> {
    let (address, inside) = read(source)?;
    let (_, prefix) = source.split_once('/')?;
    let is_exact = bits(address) & inside == 0 && (prefix == "0" || !prefix.starts_with(['0', '+']));
    is_exact.then(|| (address.is_ipv6(), bits(address), bits(address) | inside))
}

/// The address in front of a range's prefix, and the bits behind the prefix.
fn read(range: &str) -> Option<(IpAddr, u128)> {
    let (address, prefix) = range.split_once('/')?;
    let (address, prefix) = (address.parse::<IpAddr>().ok()?, prefix.parse::<u32>().ok()?);
    let width: u32 = if address.is_ipv4() { 32 } else { 128 };
    let inside = width.checked_sub(prefix)?;
    Some((address, u128::MAX.checked_shr(128 - inside).unwrap_or(0)))
}

fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_bits().into(),
        IpAddr::V6(address) => address.to_bits(),
    }
}

/// Ranges in order, as the provider joins them: those that touch or overlap are one.
fn joined(ranges: Vec<Range>) -> Vec<Range> {
    let mut ranges = in_order(ranges);
    ranges.dedup_by(|next, range| {
        let touches = next.0 == range.0 && next.1 <= range.2.saturating_add(1);
        if touches {
            range.2 = range.2.max(next.2);
        }
        touches
    });
    ranges
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
        let what = match sources.ranges.len() {
            1 => "the network security group admits half of the internet",
            _ => "with the other ranges, the network security group admits half of the internet",
        };
        report(value, what, findings);
    }
}

/// The source ranges of a load balancer, which the provider collects from all fields.
#[derive(Default)]
struct Sources<'d> {
    ranges: Vec<Range>,
    first: Option<Value<'d>>,
    reported: bool,
}

impl<'d> Sources<'d> {
    /// Adds a range as the provider reads it; returns whether it covers everything.
    fn add(&mut self, range: &str) -> bool {
        let Some((address, inside)) = read(range.trim()) else { return false };
        self.ranges.push((address.is_ipv6(), bits(address) & !inside, bits(address) | inside));
        inside == if address.is_ipv4() { u128::from(u32::MAX) } else { u128::MAX }
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
        let ranges = joined(self.ranges.clone());
        let covered = |is_ipv6, first: u128, last: u128| -> u128 {
            let ranges = ranges.iter().filter(|range| range.0 == is_ipv6);
            ranges.map(|range| (range.2.min(last) + 1).saturating_sub(range.1.max(first))).sum()
        };
        covered(false, 0, u32::MAX.into()) >= 1 << 31 || covered(true, GIVEN_OUT.0, GIVEN_OUT.1) >= 1 << 124
    }
}

/// The allocated IPv6 addresses, `2000::/3`.
const GIVEN_OUT: (u128, u128) = (0x2 << 124, (0x4 << 124) - 1);

fn report(value: Value<'_>, what: &str, findings: &mut Findings) {
    findings.warn(&RULE, value, what, "Name the ranges of the clients, such as 10.0.0.0/8");
}
