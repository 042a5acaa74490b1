//! Rejects clusters whose outbound type is neither `none` nor `block`.
//!
//! ## What it does
//!
//! Reads the outbound type and accepts `none` and `block` only, in exactly this spelling. An outbound type that is
//! not set is rejected too.
//!
//! ## Why it matters
//!
//! With `loadBalancer` and the types of NAT gateways (`managedNATGateway`, `managedNATGatewayV2`,
//! `userAssignedNATGateway`) AKS gives nodes a way out. With `userDefinedRouting` it makes none, but demands a default
//! route, so that the cluster is as closed as the firewall behind that route. Not set means `loadBalancer`, and a managed
//! NAT gateway in AKS Automatic, whose documented types hold neither `none` nor `block`.
//!
//! ## Fields
//!
//! `spec.networkProfile.outboundType` of an ASO `ManagedCluster`; `outboundType` and the patches of a CAPZ
//! `AzureManagedControlPlane`; `networkProfile.outboundType` of a Crossplane `KubernetesCluster`.
//!
//! ## Instead
//!
//! Write `none`. CAPZ's own field cannot say it, so there it stands in a patch. `block` can be said in a patch only: the
//! enumerations of ASO and Crossplane do not hold it. Tools that demand `userDefinedRouting` of every cluster, as azqr does
//! in its check aks-012, are wrong about these.
//!
//! ## Settings
//!
//! `block`: outbound type `block` is a preview; by default it gives a warning.
//!
//! ## Not covered
//!
//! Routes and firewalls in the cluster's network, which may open a way out that AKS knows nothing of.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/concepts-network-isolated>,
//! <https://learn.microsoft.com/azure/aks/egress-outboundtype>

use isolation::{Findings, Rule};

use crate::Settings;
use crate::spec::Report;
use crate::model::Cluster;
use crate::fields::Field;

/// The rule.
pub const RULE: Rule = Rule { id: "NI601", name: "open-outbound-type", since: "0.1.0" };

/// Judges a cluster.
pub fn check(cluster: &Cluster<'_, '_>, settings: &Settings<'_>, findings: &mut Findings) {
    let spec = cluster.spec;
    let answer = spec.find(findings, Field::OutboundType);
    for found in &answer.found {
        let Some(text) = found.text(findings) else { continue };
        let fix = spec.instead(Some(found), Field::OutboundType, "\"none\"");
        match text.as_ref() {
            "none" => {}
            "block" => {
                if let Some(severity) = settings.block.severity() {
                    found.report(findings, severity, &RULE, "outbound type block is a preview, without support in production", &fix);
                }
            }
            _ if text.eq_ignore_ascii_case("none") || text.eq_ignore_ascii_case("block") => {
                found.deny(findings, &RULE, "not the spelling of Azure's outbound types", &fix);
            }
            "loadBalancer" => found.deny(findings, &RULE, "gives every node a way to the Internet through a public load balancer", &fix),
            "managedNATGateway" | "managedNATGatewayV2" | "userAssignedNATGateway" => {
                found.deny(findings, &RULE, "gives every node a way to the Internet through a NAT gateway", &fix);
            }
            "userDefinedRouting" => {
                found.deny(findings, &RULE, "leads out through a route of your own, so the cluster depends on a firewall and not on isolation", &fix);
            }
            _ => found.deny_text(findings, &RULE, "not an outbound type of a network isolated cluster", &fix),
        }
    }
    if answer.found.is_empty() && !cluster.inexpressible {
        let what = "without an outbound type AKS gives every node a way to the Internet through a public load balancer";
        spec.report_missing(findings, &answer, &Report::deny(&RULE, what, "\"none\""));
    }
}
