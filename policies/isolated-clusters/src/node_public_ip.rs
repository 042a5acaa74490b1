//! Rejects nodes with a public address.
//!
//! ## Why it matters
//!
//! A node with a public address reaches the internet whatever the cluster's outbound type, and the internet reaches the
//! node.
//!
//! ## What it does
//!
//! Rejects the switch that gives each node a public address, the prefixes of these addresses, their tags, and public
//! addresses of further network interfaces, which pass by the load balancer.
//!
//! ## Fields
//!
//! `enableNodePublicIP`, `nodePublicIPPrefixReference`, `networkProfile.nodePublicIPTags`,
//! `networkProfile.nodePublicIPPrefixIDs` and
//! `networkProfile.secondaryNetworkInterfaces[].publicIPAddressConfiguration` of an ASO `ManagedClustersAgentPool` and of
//! `agentPoolProfiles[]`; `enableNodePublicIP`, `nodePublicIPPrefixID` and the
//! patches of CAPZ's `AzureManagedMachinePool`; `nodePublicIpEnabled` or, in older releases, `enableNodePublicIp`,
//! `nodePublicIpPrefixId` and `nodeNetworkProfile.nodePublicIpTags` of Crossplane's node pools. In Azure's own definitions also
//! `network.enableNodePublicIP`, `network.nodePublicIPPrefixID` and `network.nodePublicIPTags` of
//! `managedClusters/agentPools/machines`.
//!
//! ## Instead
//!
//! Omit them, or write `enableNodePublicIP: false`.
//!
//! ## Settings
//!
//! None.
//!
//! ## Not covered
//!
//! Addresses that somebody attaches to a node's network interface in Azure.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/concepts-network-isolated>,
//! <https://learn.microsoft.com/azure/aks/use-node-public-ips>,
//! <https://learn.microsoft.com/dotnet/api/azure.resourcemanager.containerservice.models>

use isolation::{Findings, Rule};

use crate::fields::Field;
use crate::spec::{Cure, Report, Spec};

/// The rule.
pub const RULE: Rule = Rule { id: "NI610", name: "node-public-ip", since: "0.1.0" };

const SWITCH: Report<'_> = Report::deny(
    &RULE,
    "each node gets a public address and reaches the internet, whatever the outbound type",
    "Write false",
)
.with(Cure::False);
const ADDRESSES: Report<'_> =
    Report::deny(&RULE, "gives every node a public IP address, through which it reaches the internet", "Omit it")
        .with(Cure::Omit);

/// Judges an agent pool.
pub fn check(pool: &Spec<'_>, findings: &mut Findings) {
    pool.report_true(findings, Field::NodePublicIp, &SWITCH);
    pool.report_filled(findings, Field::NodePublicIpPrefix, &ADDRESSES);
    pool.report_filled(findings, Field::NodePublicIpTags, &ADDRESSES);
    pool.report_filled(findings, Field::NodePublicIpPrefixes, &ADDRESSES);
    pool.report_filled(findings, Field::SecondaryPublicIp, &ADDRESSES);
}
