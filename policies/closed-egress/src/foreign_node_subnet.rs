//! Rejects node classes that put nodes into a subnet that the settings do not name.
//!
//! ## Why it matters
//!
//! Node auto-provisioning puts nodes where the class says. The routes and security rules that keep a network isolated
//! cluster closed belong to a subnet. Nodes in another subnet may have a way out, and no path to the registry's private
//! endpoint.
//!
//! ## What it does
//!
//! With the setting `nodeSubnets`, compares `spec.vnetSubnetID` of an AKSNodeClass with it. Case does not matter, as in
//! Azure.
//!
//! ## Fields
//!
//! `spec.vnetSubnetID` of AKSNodeClass (`karpenter.azure.com`).
//!
//! ## Instead
//!
//! Name a subnet from the list, or omit the field to use the cluster's own.
//!
//! ## Settings
//!
//! `nodeSubnets`.
//!
//! ## Not covered
//!
//! The routes and rules of the subnets. Node pools created in Azure.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/node-auto-provisioning>

use isolation::{Findings, Request, Rule, Value};

use crate::Settings;

/// The rule.
pub const RULE: Rule = Rule { id: "NI509", name: "foreign-node-subnet", since: "0.1.0" };

/// Judges an AKSNodeClass.
pub fn check(_: &Request<'_>, class: Value<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    if settings.node_subnets.is_empty() {
        return;
    }
    let Some(spec) = findings.object(class, "spec") else { return };
    if let Some((value, subnet)) = findings.text(spec, "vnetSubnetID")
        && !settings.node_subnets.iter().any(|allowed| allowed.eq_ignore_ascii_case(&subnet))
    {
        findings.deny(
            &RULE,
            value,
            "puts nodes into a subnet that is not allowed: its routes and security rules may let them out, whatever \
             the cluster's outbound type",
            "Name a subnet from the policy's setting nodeSubnets, or remove the field to use the cluster's own subnet",
        );
    }
}
