//! Rejects Private Link Services that are open to more subscriptions than the settings allow.
//!
//! ## Why it matters
//!
//! A Private Link Service lets other virtual networks into the cluster, even those of other tenants. It has no public
//! IP address, but with `*` and automatic approval it is open to anyone who knows its alias.
//!
//! ## What it does
//!
//! Judges the annotations that create a Private Link Service for a load balancer. `restricted` rejects visibility `*`,
//! which lets every Azure subscription request a connection, and automatic approval, which grants connections unseen.
//! `deny` rejects every Private Link Service; with `existing: allow`, one that was there passes while its visibility and
//! automatic approval stay as they are. Its name, resource group and subnet let nobody else in.
//!
//! ## Fields
//!
//! `service.beta.kubernetes.io/azure-pls-create`, `-pls-visibility` and `-pls-auto-approval`, wherever an object holds
//! annotations of a load balancer.
//!
//! ## Instead
//!
//! Name the subscriptions in `azure-pls-visibility`, separated by spaces, and approve each connection by hand.
//!
//! ## Settings
//!
//! `privateLinkService`.
//!
//! ## Not covered
//!
//! Private Link Services created by hand in Azure. Who owns the named subscriptions.
//!
//! ## References
//!
//! <https://cloud-provider-azure.sigs.k8s.io/topics/pls-integration/>

use isolation::{Findings, Fix, Rule};

use crate::Settings;
use crate::annotations::Annotations;
use crate::settings::PrivateLink;

/// The rule.
pub const RULE: Rule = Rule { id: "NI203", name: "private-link-service", since: "0.1.0" };

const CREATE: &str = "service.beta.kubernetes.io/azure-pls-create";
const VISIBILITY: &str = "service.beta.kubernetes.io/azure-pls-visibility";
const AUTO_APPROVAL: &str = "service.beta.kubernetes.io/azure-pls-auto-approval";

/// Judges annotations, internal or not: a public load balancer can carry a Private Link Service as well.
pub fn check(annotations: &Annotations<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    if settings.private_link_service == PrivateLink::Allow || !annotations.is_on(findings, CREATE) {
        return;
    }
    if let (PrivateLink::Deny, Some(value)) = (settings.private_link_service, annotations.get(CREATE)) {
        // One that was there is another one when it is open to others.
        let open_to: Vec<_> = [VISIBILITY, AUTO_APPROVAL].iter().filter_map(|key| annotations.get(key)).collect();
        findings.as_part_of(&open_to, |findings| {
            findings.deny(
                &RULE,
                value,
                "creates a Private Link Service, open to other virtual networks",
                Fix::remove("Remove the annotation"),
            );
        });
        return;
    }
    if let Some((value, text)) = annotations.filled(findings, VISIBILITY)
        && text.split(' ').any(|word| word.trim() == "*")
    {
        findings.deny(
            &RULE,
            value,
            "every Azure subscription can request a connection to this Private Link Service",
            "Name the allowed subscriptions, separated by spaces, instead of *",
        );
    }
    if let Some((value, _)) = annotations.filled(findings, AUTO_APPROVAL) {
        findings.deny(
            &RULE,
            value,
            "connections from these subscriptions to the Private Link Service are granted without approval",
            Fix::remove("Remove the annotation and approve each connection by hand"),
        );
    }
}
