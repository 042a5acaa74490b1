//! Rejects MultiClusterServices of Fleet that get a load balancer with a public IP address.
//!
//! ## Why it matters
//!
//! Fleet creates a Service of type LoadBalancer in `fleet-system` from each MultiClusterService. Only Fleet's own
//! annotation makes it internal; Fleet does not copy the one that Services have. Without it, a public IP address leads
//! to the pods of several clusters.
//!
//! ## What it does
//!
//! Requires the annotation `networking.fleet.azure.com/azure-load-balancer-internal` with a true value on
//! MultiClusterServices. Values are read as Fleet reads them: only `1`, `t`, `T`, `true`, `True` and `TRUE` are true.
//!
//! ## Fields
//!
//! `metadata.annotations` of MultiClusterService (`networking.fleet.azure.com`).
//!
//! ## Instead
//!
//! ```yaml
//! metadata:
//!   annotations:
//!     networking.fleet.azure.com/azure-load-balancer-internal: "true"
//! ```
//!
//! ## Settings
//!
//! None.
//!
//! ## Not covered
//!
//! Services exported to other clusters: they are judged in their own cluster. Traffic Manager, which `public-dns-zone`
//! judges.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/kubernetes-fleet/l4-load-balancing>,
//! <https://github.com/Azure/fleet-networking>

use isolation::booleans::parse_bool;
use isolation::json::Kind;
use isolation::{FieldRef, Findings, Fix, Request, Rule, Value};

use crate::Settings;
use crate::annotations::{Annotations, INTERNAL, TRUE, means_true};

/// The rule.
pub const RULE: Rule = Rule { id: "NI215", name: "public-multi-cluster-service", since: "0.2.0" };

/// Fleet's own key.
const KEY: &str = "networking.fleet.azure.com/azure-load-balancer-internal";

/// Judges a MultiClusterService.
pub fn check(_: &Request<'_>, service: Value<'_>, _: &Settings<'_>, findings: &mut Findings) {
    let annotations = Annotations::read(findings, service, &["metadata", "annotations"]);
    let value = annotations.get(KEY);
    if value.and_then(|value| parse_bool(&value.as_str()?)) == Some(true) {
        return;
    }
    let why = match value {
        Some(value) if value.kind() != Kind::String && !value.is_null() => {
            "without quotes it is not a string, so Fleet creates a public load balancer"
        }
        Some(value) if !value.is_null() => "Fleet creates a public load balancer, open to the internet",
        _ if annotations.get(INTERNAL).is_some_and(|other| other.is_text(TRUE)) => {
            "Fleet does not read the annotation of Services, so the load balancer gets a public IP address"
        }
        _ => "Fleet creates a public load balancer, open to the internet",
    };
    findings.deny(
        &RULE,
        value.map_or_else(|| annotations.missing(KEY), FieldRef::from),
        why,
        Fix::set(
            "Write networking.fleet.azure.com/azure-load-balancer-internal: \"true\" under metadata.annotations",
            TRUE,
        )
        .safe_if(value.is_some_and(means_true)),
    );
}
