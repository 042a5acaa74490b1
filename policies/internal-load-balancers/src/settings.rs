//! The settings of `internal-load-balancers`.

use std::borrow::Cow;

use isolation::doc;
use isolation::settings::{Reader, Setting, Shape};

/// Every setting of this policy.
pub const TABLE: &[Setting] = &[
    Setting::new(
        "privateLinkService",
        Shape::Choice(&["restricted", "deny", "allow"]),
        doc!(
            "Whether an internal load balancer may be offered to other virtual networks as a Private Link Service: \
             `restricted` refuses visibility `*` and automatic approval, `deny` refuses the service altogether."
        ),
    )
    .default("\"restricted\""),
    Setting::new(
        "privateLoadBalancerClasses",
        Shape::Texts,
        doc!("The values of `loadBalancerClass` whose load balancers are known to have private addresses only."),
    )
    .example("[\"example.com/internal\"]"),
    Setting::new(
        "otherLoadBalancerClasses",
        Shape::Choice(&["warn", "deny", "allow"]),
        doc!(
            "What becomes of a Service with another `loadBalancerClass`. Azure ignores such a Service; whether its own \
             controller gives it a public address cannot be seen here."
        ),
    )
    .default("\"warn\""),
    Setting::new(
        "nodePorts",
        Shape::Choice(&["allow", "deny"]),
        doc!(
            "Whether Services of type NodePort are allowed. A node port is reachable from the internet where nodes have \
             public IP addresses or a load balancer was made by hand."
        ),
    )
    .default("\"allow\""),
];

/// What to do about something that may or may not be a violation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Accept it.
    Allow,
    /// Accept it with a warning.
    Warn,
    /// Reject it.
    Deny,
}

/// The settings, read and checked.
#[derive(Debug)]
pub struct Settings<'d> {
    /// Private Link Services; [`Choice::Warn`] stands for `restricted`.
    pub private_link_service: Choice,
    /// The load balancer classes that are private.
    pub private_classes: Vec<Cow<'d, str>>,
    /// Other load balancer classes.
    pub other_classes: Choice,
    /// Services of type NodePort.
    pub node_ports: Choice,
}

fn choice(reader: &Reader<'_>, key: &str, default: Choice) -> Choice {
    match reader.text(key).as_deref() {
        Some("allow") => Choice::Allow,
        Some("deny") => Choice::Deny,
        Some(_) => Choice::Warn,
        None => default,
    }
}

impl<'d> Settings<'d> {
    /// Reads the settings.
    pub fn read(reader: &mut Reader<'d>) -> Self {
        Settings {
            private_link_service: choice(reader, "privateLinkService", Choice::Warn),
            private_classes: reader.texts("privateLoadBalancerClasses").into_iter().map(|(_, text)| text).collect(),
            other_classes: choice(reader, "otherLoadBalancerClasses", Choice::Warn),
            node_ports: choice(reader, "nodePorts", Choice::Allow),
        }
    }
}
