//! Rejects load balancers that are offered beyond the virtual network more widely than the settings allow.
//!
//! ## What it does
//!
//! Judges the annotations that make a Private Link Service of an internal load balancer. `restricted` refuses visibility
//! `*`, which lets every Azure subscription ask for a connection, and automatic approval, which grants it without anybody
//! looking. `deny` refuses the Private Link Service itself.
//!
//! ## Why it matters
//!
//! A Private Link Service is a door into the cluster for other virtual networks, of other tenants too. It has no public
//! IP address, but with `*` and automatic approval it is open to whoever knows its alias.
//!
//! ## Fields
//!
//! `service.beta.kubernetes.io/azure-pls-create`, `-pls-visibility` and `-pls-auto-approval`, wherever annotations of a load
//! balancer stand.
//!
//! ## Instead
//!
//! Name the subscriptions in `azure-pls-visibility`, separated by blanks, and approve each connection by hand.
//!
//! ## Settings
//!
//! `privateLinkService`.
//!
//! ## Not covered
//!
//! Private Link Services that somebody makes in Azure by hand. Whose the named subscriptions are.
//!
//! ## References
//!
//! <https://cloud-provider-azure.sigs.k8s.io/topics/pls-integration/>

use isolation::{Findings, Rule};

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
        findings.deny(
            &RULE,
            value,
            "makes a Private Link Service, which other virtual networks can connect to",
            "Remove the annotation; the setting privateLinkService is deny",
        );
        return;
    }
    if let Some((value, text)) = annotations.filled(findings, VISIBILITY)
        && text.split(' ').any(|word| word.trim() == "*")
    {
        findings.deny(
            &RULE,
            value,
            "every Azure subscription can ask for a connection to this Private Link Service",
            "Name the subscriptions that may see it, separated by blanks, in place of *",
        );
    }
    if let Some((value, _)) = annotations.filled(findings, AUTO_APPROVAL) {
        findings.deny(
            &RULE,
            value,
            "connections from these subscriptions to the Private Link Service are granted without anybody approving them",
            "Remove the annotation and approve each connection by hand",
        );
    }
}
