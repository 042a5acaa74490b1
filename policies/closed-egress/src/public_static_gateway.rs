//! Rejects static egress gateways that send traffic out through public IP addresses.
//!
//! ## Why it matters
//!
//! With outbound type `none` or `block` the cluster has no way to the internet. A static egress gateway creates one: by
//! default it gets a prefix of public IP addresses, and pods send their traffic out through them. The default of
//! `provisionPublicIps` is `true`, even where the field is not set.
//!
//! ## What it does
//!
//! Requires `provisionPublicIps: false` and rejects `publicIpPrefixId`.
//!
//! ## Fields
//!
//! `spec.provisionPublicIps` and `spec.publicIpPrefixId` of StaticGatewayConfiguration, and of GatewayLBConfiguration
//! and GatewayVMConfiguration, which its controller creates.
//!
//! ## Instead
//!
//! ```yaml
//! spec:
//!   gatewayNodepoolName: gateways
//!   provisionPublicIps: false
//! ```
//!
//! The gateway then uses private addresses of its node pool's subnet, and its traffic needs a route of yours, such as
//! one to a firewall. Microsoft documents this as a preview, for Kubernetes 1.34 or later and for a gateway pool of
//! type `VirtualMachines`, whose nodes have no public addresses by default.
//!
//! ## Settings
//!
//! None.
//!
//! ## Not covered
//!
//! - Public addresses of the gateway's node pool in Azure, and its type: `isolated-clusters` judges both.
//! - Where the traffic goes after the gateway.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/configure-static-egress-gateway>

use isolation::{FieldRef, Findings, Fix, Request, Rule, Value};

use crate::Settings;

/// The rule.
pub const RULE: Rule = Rule { id: "NI501", name: "public-static-gateway", since: "0.1.0" };

const FIX: &str = "Write provisionPublicIps: false";

/// Judges a configuration of the static egress gateway.
pub fn check(_: &Request<'_>, gateway: Value<'_>, _: &Settings<'_>, findings: &mut Findings) {
    let spec = findings.object(gateway, "spec");
    let provision = spec.and_then(|spec| spec.field("provisionPublicIps"));
    match (provision.map(|value| (value, value.as_bool())), spec) {
        (Some((_, Some(false))), _) => {}
        (Some((value, Some(true))), _) => {
            findings.deny(
                &RULE,
                value,
                "the gateway gets public IP addresses and is a way out of a cluster with outbound type none or block",
                Fix::set(FIX, false),
            );
        }
        (Some((value, None)), _) => {
            findings.expect(value, isolation::json::Kind::Bool);
        }
        (None, _) => findings.deny(
            &RULE,
            FieldRef::missing(gateway, &["spec", "provisionPublicIps"]),
            "the default is true: the gateway gets public IP addresses and is a way out of a cluster with outbound \
             type none or block",
            Fix::set(FIX, false),
        ),
    }
    if let Some(spec) = spec
        && let Some((value, prefix)) = findings.text(spec, "publicIpPrefixId")
        && !prefix.is_empty()
    {
        findings.deny(
            &RULE,
            value,
            "the gateway sends traffic out through the addresses of this public prefix",
            Fix::remove("Remove the field"),
        );
    }
}
