//! Rejects Services of type NodePort, where the settings say so.
//!
//! ## Why it matters
//!
//! A node port is open on every node. Where nodes have public IP addresses, or somebody creates a load balancer in
//! Azure by hand, it is open to the internet without any Service of type LoadBalancer.
//!
//! ## What it does
//!
//! With `nodePorts: deny`, rejects Services of type NodePort.
//!
//! ## Fields
//!
//! `spec.type`.
//!
//! ## Instead
//!
//! `type: ClusterIP`, or `type: LoadBalancer` with the annotation for an internal load balancer.
//!
//! ## Settings
//!
//! `nodePorts`.
//!
//! ## Not covered
//!
//! The node ports of a Service of type LoadBalancer. Host ports and host networking of pods.
//!
//! ## References
//!
//! <https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport>

use isolation::{Findings, Fix, Level, Rule, Value};

use crate::Settings;

/// The rule.
pub const RULE: Rule = Rule { id: "NI207", name: "node-port", since: "0.1.0" };

/// Judges the type of a Service that is `NodePort`.
pub fn check(kind: Value<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    if settings.node_ports == Level::Deny {
        findings.deny(
            &RULE,
            kind,
            "opens a port on every node, reachable from the internet where a node has a public IP address",
            Fix::set("Write ClusterIP", "ClusterIP"),
        );
    }
}
