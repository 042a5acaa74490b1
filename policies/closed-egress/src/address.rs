//! IP addresses: which of them are public.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What is said of a text that should be an address and cannot be read as one.
pub const UNUSUAL: &str = "not an IP address in its usual form, so it may be public";
/// How to mend it.
pub const USUAL: &str = "Write it as in 10.0.0.5, without leading zeros, or as in fd00::5";

/// A range of addresses: its first one, as bits from the top, and the length of the prefix.
#[derive(Clone, Copy, Debug)]
pub struct Range {
    first: IpAddr,
    prefix: u8,
}

const fn v4(first: [u8; 4], prefix: u8) -> Range {
    Range { first: IpAddr::V4(Ipv4Addr::new(first[0], first[1], first[2], first[3])), prefix }
}

const fn v6(first: [u16; 3], prefix: u8) -> Range {
    Range { first: IpAddr::V6(Ipv6Addr::new(first[0], first[1], first[2], 0, 0, 0, 0, 0)), prefix }
}

/// The ranges that are not reachable over the internet, from IANA's special-purpose address registries (RFC 6890).
const NOT_PUBLIC: &[Range] = &[
    v4([0, 0, 0, 0], 8),        // this network, RFC 791
    v4([10, 0, 0, 0], 8),       // private, RFC 1918
    v4([100, 64, 0, 0], 10),    // carrier-grade NAT, RFC 6598
    v4([127, 0, 0, 0], 8),      // loopback, RFC 1122
    v4([169, 254, 0, 0], 16),   // link-local, RFC 3927
    v4([172, 16, 0, 0], 12),    // private, RFC 1918
    v4([192, 0, 0, 0], 24),     // protocol assignments, RFC 6890
    v4([192, 0, 2, 0], 24),     // documentation, RFC 5737
    v4([192, 168, 0, 0], 16),   // private, RFC 1918
    v4([198, 18, 0, 0], 15),    // benchmarking, RFC 2544
    v4([198, 51, 100, 0], 24),  // documentation, RFC 5737
    v4([203, 0, 113, 0], 24),   // documentation, RFC 5737
    v4([224, 0, 0, 0], 4),      // multicast, RFC 5771
    v4([240, 0, 0, 0], 4),      // reserved, RFC 1112; holds the broadcast address
    v6([0x64, 0xff9b, 1], 48),  // local translation, RFC 8215
    v6([0x100, 0, 0], 64),      // discard only, RFC 6666
    v6([0x2001, 2, 0], 48),     // benchmarking, RFC 5180
    v6([0x2001, 0xdb8, 0], 32), // documentation, RFC 3849
    v6([0x3fff, 0, 0], 20),     // documentation, RFC 9637
    v6([0x5f00, 0, 0], 16),     // segment routing, RFC 9602
    v6([0xfc00, 0, 0], 7),      // unique local, RFC 4193
    v6([0xfe80, 0, 0], 10),     // link-local, RFC 4291
    v6([0xfec0, 0, 0], 10),     // site-local, RFC 3879
    v6([0xff00, 0, 0], 8),      // multicast, RFC 4291
];

/// The prefix behind which a translator finds an IPv4 address, RFC 6052.
const TRANSLATED: Range = v6([0x64, 0xff9b, 0], 96);

fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(address.to_bits()) << 96,
        IpAddr::V6(address) => address.to_bits(),
    }
}

fn first_octets(bits: u128) -> [u8; 4] {
    let [a, b, c, d, ..] = bits.to_be_bytes();
    [a, b, c, d]
}

impl Range {
    /// Reads `20.30.0.0/16` or `2a00:1::/32`: a range that the operator may have to himself.
    ///
    /// # Errors
    ///
    /// A text that is not a range, or means another one than it looks like, or more than anybody is given.
    pub fn read(text: &str) -> Result<Self, String> {
        const EXPECTED: &str = "expected a range such as 20.30.0.0/16";
        let (first, prefix) = text.split_once('/').ok_or(EXPECTED)?;
        let first: IpAddr = first.parse().map_err(|_| EXPECTED)?;
        let prefix: u8 = prefix.parse().map_err(|_| EXPECTED)?;
        let (width, widest) = if first.is_ipv4() { (32, 8) } else { (128, 12) };
        if prefix > width {
            return Err(EXPECTED.to_owned());
        }
        if prefix == 0 {
            let what = "this range contains every address, but only ranges routed inside your networks belong here";
            return Err(what.to_owned());
        }
        let start = bits(first) & (u128::MAX << (128 - u32::from(prefix)));
        if let (true, Some(v4), Some(prefix)) =
            (first.is_ipv6(), Ipv6Addr::from_bits(start).to_ipv4_mapped(), prefix.checked_sub(96))
        {
            let usual = format!("{v4}/{prefix}");
            return Err(match Self::read(&usual) {
                Ok(_) => format!("has no effect, since these are IPv4 addresses: write {usual}"),
                Err(why) => format!("means {usual}: {why}"),
            });
        }
        let range = Range { first, prefix };
        let is_private = NOT_PUBLIC.iter().any(|known| known.prefix <= prefix && known.holds(first));
        if prefix < widest && !is_private {
            return Err(format!("nobody is given more than a /{widest}, so others are reached in this range, too"));
        }
        if start != bits(first) {
            let shown = match first {
                IpAddr::V4(_) => Ipv4Addr::from_octets(first_octets(start)).to_string(),
                IpAddr::V6(_) => Ipv6Addr::from_bits(start).to_string(),
            };
            return Err(format!(
                "means {shown}/{prefix}, which is more than it looks like: write that, or a longer prefix"
            ));
        }
        Ok(range)
    }

    /// Whether the address is in the range.
    pub fn holds(&self, address: IpAddr) -> bool {
        let differing = bits(self.first) ^ bits(address);
        self.first.is_ipv4() == address.is_ipv4() && differing.leading_zeros() >= u32::from(self.prefix)
    }
}

/// Whether an address or range contains public addresses outside the `own` ranges. `None` for any other text.
pub fn holds_public(text: &str, own: &[Range]) -> Option<bool> {
    // Istio and Envoy accept an IPv6 address with a zone, and the zone of a global address changes nothing
    // (https://pkg.go.dev/net/netip#ParseAddr).
    let address = text.split_once('%').map_or(text, |(address, _)| address);
    if let Ok(address) = address.parse() {
        return Some(is_public(address, own));
    }
    let (first, prefix) = text.split_once('/')?;
    let (first, prefix): (IpAddr, u8) = (first.parse().ok()?, prefix.parse().ok()?);
    let inside = |range: &Range| range.prefix <= prefix && range.holds(first);
    Some(!NOT_PUBLIC.iter().chain(own).any(inside))
}

/// Whether an address is reachable over the internet. `own` ranges are not: they are routed only inside.
pub fn is_public(address: IpAddr, own: &[Range]) -> bool {
    if let IpAddr::V6(v6) = address {
        if v6.is_loopback() || v6.is_unspecified() {
            return false;
        }
        // An IPv4-mapped IPv6 address leads where the IPv4 address leads.
        if let Some(v4) = v6.to_ipv4_mapped() {
            return is_public(IpAddr::V4(v4), own);
        }
        if TRANSLATED.holds(address) {
            let [.., a, b, c, d] = v6.octets();
            return is_public(IpAddr::V4(Ipv4Addr::new(a, b, c, d)), own);
        }
    }
    !NOT_PUBLIC.iter().chain(own).any(|range| range.holds(address))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public(text: &str) -> bool {
        is_public(text.parse().unwrap(), &[Range::read("20.30.0.0/16").unwrap(), Range::read("2a00:1::/32").unwrap()])
    }

    #[test]
    fn the_first_and_last_addresses_of_ranges_are_told_from_their_neighbours() {
        for inside in ["10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255", "100.127.255.255", "fdff::1"] {
            assert!(!public(inside), "{inside}");
        }
        for outside in ["9.255.255.255", "11.0.0.0", "172.15.255.255", "172.32.0.0", "100.128.0.0", "fe00::1"] {
            assert!(public(outside), "{outside}");
        }
    }

    #[test]
    fn an_ipv4_address_inside_an_ipv6_one_counts() {
        assert!(public("::ffff:8.8.8.8") && public("64:ff9b::808:808"));
        assert!(!public("::ffff:10.0.0.1") && !public("64:ff9b::a00:1"));
    }

    #[test]
    fn a_range_is_public_unless_all_of_it_is_not() {
        let public = |text| holds_public(text, &[Range::read("20.30.0.0/16").unwrap()]);
        for inside in ["10.0.0.0/8", "10.1.0.0/16", "20.30.4.0/24", "fd00::/8", "240.240.0.0/16", "10.0.0.1"] {
            assert_eq!(public(inside), Some(false), "{inside}");
        }
        for outside in ["0.0.0.0/0", "10.0.0.0/7", "20.30.0.0/15", "::/0", "8.8.8.8/32", "8.8.8.8"] {
            assert_eq!(public(outside), Some(true), "{outside}");
        }
        assert_eq!(public("10.0.0.0/x").or(public("shop.internal")), None);
        assert_eq!((public("2001:4860::8888%1"), public("fe80::1%eth0")), (Some(true), Some(false)));
    }

    #[test]
    fn own_ranges_are_of_one_family() {
        assert!(!public("20.30.255.1") && public("20.31.0.1"));
        assert!(!public("2a00:1::1") && public("2a00:2::1"));
        assert!(
            Range::read("0.0.0.0/0").is_err() && Range::read("10.0.0.0/33").is_err() && Range::read("10.1").is_err()
        );
        // What is private anyway may be as wide as it is.
        assert!(
            Range::read("fc00::/7").is_ok() && Range::read("20.0.0.0/8").is_ok() && Range::read("2000::/12").is_ok()
        );
    }
}
