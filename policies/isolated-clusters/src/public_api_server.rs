//! Rejects clusters whose nodes reach their API server over a public address.
//!
//! ## Why it matters
//!
//! Traffic between nodes and API server must stay in the virtual network. Without a private cluster or API Server VNet
//! Integration, the API server has a public endpoint, and nodes without a way out cannot even join.
//!
//! ## What it does
//!
//! Requires a private cluster or API Server VNet Integration. Warns of public names and of explicitly enabled public
//! network access.
//!
//! ## Fields
//!
//! `spec.apiServerAccessProfile.enablePrivateCluster`, `.enableVnetIntegration`, `.enablePrivateClusterPublicFQDN` and
//! `spec.publicNetworkAccess` of an ASO `ManagedCluster`, and their counterparts in CAPZ and Crossplane.
//!
//! ## Instead
//!
//! Write `enablePrivateCluster: true`.
//!
//! ## Settings
//!
//! `vnetIntegration`: VNet integration alone keeps the traffic of nodes private, but leaves clients a public address.
//!
//! ## Not covered
//!
//! - Which networks may resolve the private name.
//! - The public name that AKS itself chooses: where ASO, CAPZ and ARM say nothing of `enablePrivateClusterPublicFQDN`, a
//!   private cluster gets one, as in Microsoft's instructions for network isolated clusters. So it does with
//!   `privateDNSZone: none`, which leaves it no other name.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/concepts-network-isolated>,
//! <https://learn.microsoft.com/azure/aks/private-clusters>

use isolation::{Findings, Rule, Severity};

use crate::Settings;
use crate::fields::Field;
use crate::model::Cluster;
use crate::spec::{Cure, Report};

/// The rule.
pub const RULE: Rule = Rule { id: "NI603", name: "public-api-server", since: "0.1.0" };

const FQDN: Report<'_> = Report::warn(
    &RULE,
    "the private address of the API server gets a name that the whole internet can resolve",
    "Write false",
)
.with(Cure::False);
const ACCESS: Report<'_> =
    Report::warn(&RULE, "public network access to the cluster is not disabled", "Write Disabled")
        .with(Cure::Text("Disabled"));

/// Judges a cluster.
pub fn check(cluster: &Cluster<'_, '_>, settings: &Settings<'_>, findings: &mut Findings) {
    let spec = cluster.spec;
    let private = spec.find(findings, Field::PrivateCluster);
    let integration = spec.find(findings, Field::VnetIntegration);
    let is_private = private.all_true(findings);
    let is_integrated = integration.all_true(findings);
    if !is_private {
        let severity = if is_integrated { settings.vnet_integration.severity() } else { Some(Severity::Deny) };
        let what = if is_integrated {
            "with API Server VNet Integration alone, clients use a public address of the API server"
        } else {
            "the API server has a public endpoint, and nodes without a way out cannot reach it"
        };
        if let Some(severity) = severity {
            for found in private.found.iter().filter(|found| found.value.as_bool() == Some(false)) {
                found.report(findings, severity, &RULE, what, spec.instead(Some(found), Field::PrivateCluster, "true"));
            }
            if private.found.is_empty() {
                spec.report_missing(
                    findings,
                    &private,
                    &Report { severity, rule: &RULE, what, fix: "true", cure: Cure::Open },
                );
            }
        }
    }
    spec.report_true(findings, Field::PublicFqdn, &FQDN);
    let is_open = |access: &str| !access.eq_ignore_ascii_case("Disabled");
    spec.report_texts(findings, Field::PublicNetworkAccess, &is_open, &ACCESS);
}
