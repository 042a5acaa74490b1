//! The settings of `closed-egress`.

use std::borrow::Cow;

use isolation::names::is_object_name;
use isolation::settings::{Reader, Setting, Shape};
use isolation::{Level, doc};

use crate::address::Range;

/// Every setting of this policy.
pub const TABLE: &[Setting] = &[
    Setting::new(
        "staticGateways",
        Shape::Texts,
        doc!(
            "The static egress gateways that pods may use: the name of a StaticGatewayConfiguration, or its namespace \
             and name, as in `shop/to-firewall`. Their addresses must still be private."
        ),
    )
    .example("[\"shop/to-firewall\"]"),
    Setting::new(
        "privateRanges",
        Shape::Texts,
        doc!(
            "Ranges of public IP addresses that are routed only inside your networks, as in `20.30.0.0/16`. Services \
             may use them in `externalIPs`, ServiceEntries and endpoints as destinations, pods as name servers."
        ),
    )
    .example("[\"20.30.0.0/16\"]"),
    Setting::new(
        "externalNames",
        Shape::Enum(&["deny", "warn", "allow"]),
        doc!(
            "How to treat Services of type ExternalName, Istio's ServiceEntries and WorkloadEntries, backends of other \
             gateways and meshes, endpoints, and host aliases of pods that lead to a public name or address."
        ),
    )
    .default("\"deny\""),
    Setting::new(
        "privateDnsZones",
        Shape::Texts,
        doc!(
            "DNS names that, with everything below them, resolve to private addresses: your own zones, or Azure's \
             where a private DNS zone is linked to the cluster's network, such as `database.windows.net`. The policy \
             already knows zones that begin with `privatelink.`, and those that Azure resolves only inside a virtual \
             network."
        ),
    )
    .example("[\"corp.contoso.com\"]"),
    Setting::new(
        "windowsPods",
        Shape::Enum(&["deny", "allow"]),
        doc!("Whether pods may require Windows nodes, which a network isolated cluster does not support."),
    )
    .default("\"deny\""),
    Setting::new(
        "virtualNodes",
        Shape::Enum(&["deny", "allow"]),
        doc!(
            "Whether pods may run on virtual nodes, which pull images without the nodes' redirect and have their own \
              way out."
        ),
    )
    .default("\"deny\""),
    Setting::new(
        "nodeSubnets",
        Shape::Texts,
        doc!("The resource IDs of the subnets that node auto-provisioning may use. If unset, every subnet is allowed."),
    )
    .example(
        "[\"/subscriptions/0000/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/aks/subnets/nodes\"]",
    ),
];

/// The settings, read and checked.
#[derive(Debug)]
pub struct Settings<'d> {
    /// The static egress gateways that pods may use.
    pub static_gateways: Vec<Cow<'d, str>>,
    /// Public ranges that are routed only inside.
    pub private_ranges: Vec<Range>,
    /// Names that lead out.
    pub external_names: Level,
    /// Zones that resolve inside, in lower case, without dots at their ends.
    pub private_zones: Vec<String>,
    /// Whether pods that require Windows are rejected.
    pub windows_pods_denied: bool,
    /// Whether pods on virtual nodes are rejected.
    pub virtual_nodes_denied: bool,
    /// The subnets that nodes may use; none means any.
    pub node_subnets: Vec<Cow<'d, str>>,
}

impl<'d> Settings<'d> {
    /// Reads the settings.
    pub fn read(reader: &mut Reader<'d>) -> Self {
        let mut private_ranges = Vec::new();
        for (value, text) in reader.texts("privateRanges") {
            match Range::read(&text) {
                Ok(range) => private_ranges.push(range),
                Err(problem) => reader.problem(value, &problem),
            }
        }
        let mut private_zones = Vec::new();
        for (value, text) in reader.texts("privateDnsZones") {
            let zone = text.trim_matches('.').to_ascii_lowercase();
            if zone.is_empty()
                || zone.contains("..")
                || !zone.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.' || b == b'_')
            {
                reader.problem(value, "expected a DNS name such as corp.contoso.com");
            } else if !zone.contains('.') {
                reader.problem(value, "a name without a dot would admit a whole top-level domain");
            } else {
                private_zones.push(zone);
            }
        }
        let mut static_gateways = Vec::new();
        for (value, text) in reader.texts("staticGateways") {
            let (namespace, name) = text.split_once('/').unwrap_or(("a", &text));
            if !is_object_name(namespace) || !is_object_name(name) {
                reader.problem(value, "expected the name of a StaticGatewayConfiguration, or its namespace and name, as in shop/to-firewall");
            }
            static_gateways.push(text);
        }
        let mut node_subnets = Vec::new();
        for (value, text) in reader.texts("nodeSubnets") {
            if is_subnet(&text) {
                node_subnets.push(text);
            } else {
                reader.problem(
                    value,
                    "expected the resource ID of a subnet, as in /subscriptions/…/virtualNetworks/aks/subnets/nodes",
                );
            }
        }
        Settings {
            static_gateways,
            private_ranges,
            external_names: reader.level("externalNames"),
            private_zones,
            windows_pods_denied: reader.is("windowsPods", "deny"),
            virtual_nodes_denied: reader.is("virtualNodes", "deny"),
            node_subnets,
        }
    }
}

/// Whether this is the resource id of a subnet. Azure compares ids without case.
fn is_subnet(text: &str) -> bool {
    const ID: [&str; 11] = [
        "",
        "subscriptions",
        "*",
        "resourceGroups",
        "*",
        "providers",
        "Microsoft.Network",
        "virtualNetworks",
        "*",
        "subnets",
        "*",
    ];
    let parts: Vec<&str> = text.split('/').collect();
    let fits =
        |(part, known): (&&str, &&str)| if *known == "*" { !part.is_empty() } else { part.eq_ignore_ascii_case(known) };
    parts.len() == ID.len() && parts.iter().zip(&ID).all(fits)
}
