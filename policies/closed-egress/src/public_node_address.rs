//! Warns of nodes that have a public IP address.
//!
//! ## Why it matters
//!
//! A node with a public IP address sends traffic out through it, whatever the cluster's outbound type. The address
//! comes from the node pool's `enableNodePublicIP` in Azure; the cluster can only see it.
//!
//! ## What it does
//!
//! Reports Node objects whose status has an address of type ExternalIP. It never rejects: a node that cannot report its
//! status is worse than one that reports a public address.
//!
//! ## Fields
//!
//! `status.addresses[]` of Nodes.
//!
//! ## Instead
//!
//! Create a node pool without `--enable-node-public-ip`, move the workloads, and delete the old pool.
//!
//! ## Settings
//!
//! `privateRanges`.
//!
//! ## Not covered
//!
//! Changes through `nodes/status`: this policy does not register for them, because every node sends one every few
//! minutes. The audit scanner and the command line see the current nodes.
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

/// Judges a Node. Fields of the wrong type are left to the API server: this rule never rejects a node.
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
                "Replace its node pool with one without enableNodePublicIP",
            );
        }
    }
}
