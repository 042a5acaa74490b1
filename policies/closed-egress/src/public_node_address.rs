//! Warns of nodes that have a public IP address.
//!
//! ## What it does
//!
//! Tells of Node objects whose status has an address of type ExternalIP. It never rejects: a node that may not report is
//! worse than one that reports a public address.
//!
//! ## Why it matters
//!
//! A node with a public IP address of its own sends traffic out through it, whatever the cluster's outbound type is. The
//! address was given in Azure, by the node pool's `enableNodePublicIP`; inside the cluster it can only be seen.
//!
//! ## Fields
//!
//! `status.addresses[]` of Nodes.
//!
//! ## Instead
//!
//! Make a node pool without `--enable-node-public-ip`, move the workloads, delete the old one.
//!
//! ## Settings
//!
//! `privateRanges`.
//!
//! ## Not covered
//!
//! Changes through `nodes/status`, which this policy does not ask to see, since every node sends one every few minutes. The
//! audit scanner and the command line see the nodes as they are.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/concepts-network-isolated>,
//! <https://learn.microsoft.com/azure/aks/use-node-public-ips>

use std::net::IpAddr;

use isolation::{Findings, Request, Rule, Value};

use crate::Settings;
use crate::address::is_public;

/// The rule.
pub const RULE: Rule = Rule { id: "NI508", name: "public-node-address", since: "0.1.0" };

/// Judges a Node. Fields of another type are left to the API server here: nothing about a node is rejected.
pub fn check(_: &Request<'_>, node: Value<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    let Some(addresses) = node.descend(&["status", "addresses"]) else { return };
    for entry in addresses.items() {
        let external = entry.field("type").is_some_and(|kind| kind.is_text("ExternalIP"));
        let Some(address) = entry.field("address").filter(|_| external) else { continue };
        let parsed = address.as_str().and_then(|text| text.parse::<IpAddr>().ok());
        if parsed.is_none_or(|ip| is_public(ip, &settings.private_ranges)) {
            findings.warn(
                &RULE,
                address,
                "a node with a public IP address sends traffic out through it, whatever the outbound type",
                "Replace its node pool by one without enableNodePublicIP",
            );
        }
    }
}
