//! Rejects clusters whose outbound type is neither `none` nor `block`.
//!
//! ## Why it matters
//!
//! With `loadBalancer` and the NAT gateway types (`managedNATGateway`, `managedNATGatewayV2`,
//! `userAssignedNATGateway`), AKS gives nodes a way out. With `userDefinedRouting` it creates none, but requires a
//! default route, so the cluster is only as closed as the firewall behind that route. The default is `loadBalancer`,
//! and a managed NAT gateway in AKS Automatic, whose documented types include neither `none` nor `block`.
//!
//! ## What it does
//!
//! Accepts only the outbound types `none` and `block`, spelled exactly so. A missing outbound type is rejected, too, and so
//! is Terraform's `azurerm_kubernetes_automatic_cluster`, which has no such field.
//!
//! ## Fields
//!
//! `spec.networkProfile.outboundType` of an ASO `ManagedCluster`; `outboundType` and the patches of a CAPZ
//! `AzureManagedControlPlane`; `networkProfile.outboundType` of a Crossplane `KubernetesCluster`.
//!
//! ## Instead
//!
//! Write `none`. CAPZ's own field does not accept it, so write it in a patch there. `block` is possible only in a
//! patch: the enumerations of ASO and Crossplane do not contain it. Tools that require `userDefinedRouting` of every
//! cluster, such as azqr in its check aks-012, are wrong about network isolated clusters.
//!
//! ## Settings
//!
//! `block`: outbound type `block` is a preview; by default it gets a warning.
//!
//! ## Not covered
//!
//! - Routes and firewalls in the cluster's network, which may open a way out that AKS does not know. `egress-feature` warns
//!   of a proxy in `httpProxyConfig`.
//! - What Azure does not accept beside the type, such as `sku.name: Automatic` or `loadBalancerSku: basic`: there is no cluster
//!   then.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/concepts-network-isolated>,
//! <https://learn.microsoft.com/azure/aks/egress-outboundtype>

use isolation::{Findings, Rule};

use crate::Settings;
use crate::fields::Field;
use crate::model::Cluster;
use crate::spec::Report;

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
                    found.report(
                        findings,
                        severity,
                        &RULE,
                        "outbound type block is a preview, without support in production",
                        &fix,
                    );
                }
            }
            _ if text.eq_ignore_ascii_case("none") || text.eq_ignore_ascii_case("block") => {
                found.deny(findings, &RULE, "not the spelling of Azure's outbound types", &fix);
            }
            "loadBalancer" => found.deny(
                findings,
                &RULE,
                "gives every node a way to the internet through a public load balancer",
                &fix,
            ),
            "managedNATGateway" | "managedNATGatewayV2" | "userAssignedNATGateway" => {
                found.deny(findings, &RULE, "gives every node a way to the internet through a NAT gateway", &fix);
            }
            "userDefinedRouting" => {
                found.deny(
                    findings,
                    &RULE,
                    "routes egress through your own route table, so the cluster depends on a firewall, not on isolation",
                    &fix,
                );
            }
            _ => found.deny_text(findings, &RULE, "not an outbound type of a network isolated cluster", &fix),
        }
    }
    if answer.found.is_empty() && !cluster.inexpressible {
        let what = "without an outbound type AKS gives every node a way to the internet through a public load balancer";
        spec.report_missing(findings, &answer, &Report::deny(&RULE, what, "\"none\""));
    }
}
