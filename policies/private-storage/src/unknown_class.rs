//! Rejects claims whose class cannot be looked at.
//!
//! ## What it does
//!
//! With `lookup: true`, rejects a claim whose StorageClass or VolumeAttributesClass does not exist, or that policy-server
//! could not fetch. The setting `unknownClass` makes a warning of that, or nothing.
//!
//! ## Why it matters
//!
//! A class that nobody has seen proves nothing, and it could be created after the claim.
//!
//! ## Fields
//!
//! The same as `public-class`.
//!
//! ## Instead
//!
//! Create the class before the claim. If policy-server may not read classes, let it: the README has the role and the grant.
//!
//! ## Settings
//!
//! `lookup: false` asks for nothing and accepts every class name but those of AKS's own public classes. `unknownClass` says
//! what a claim of an unknown class comes to. `isolation check`, which sees no cluster, judges claims by the classes in its
//! input and says nothing of others, unless the settings have `lookup`.
//!
//! ## Not covered
//!
//! In one request at most 16 classes are fetched; for those beyond this rule speaks.
//!
//! ## References
//!
//! <https://docs.kubewarden.io/explanations/context-aware-policies>

use isolation::{Findings, Rule, Spot};

use crate::Settings;
use crate::answers::{Answer, ClassKind};

/// The rule.
pub const RULE: Rule = Rule { id: "NI311", name: "unknown-class", since: "0.1.0" };

/// The longest text of a failure that is passed on, in characters.
const REASON: usize = 300;

/// What policy-server puts in front of the API server's own words.
const PREFIX: &str = "Callback evaluation failure: ";

/// Where policy-server's client begins to print an error of the API server a second time, as programmers read it.
const AGAIN: &[&str] = &[" (Status {", " (ErrorResponse {"];

/// Reports a claim of whose class nothing is known, which is what `answer` says.
pub fn report(kind: &ClassKind, spot: Spot<'_>, answer: &Answer, settings: &Settings<'_>, findings: &mut Findings) {
    let mut what = String::new();
    let mut fix = String::new();
    match answer {
        Answer::Missing => {
            what.push_str("the cluster has no ");
            what.push_str(kind.name);
            what.push_str(" of this name, so nothing proves that its volumes are private");
            fix.push_str("Create it before the claim, or correct the name");
        }
        Answer::TooMany => {
            what.push_str("one object names more classes than are looked up for it, which is 16");
            fix.push_str("Spread the claims over several objects");
        }
        Answer::Unreadable(problem) => {
            what.push_str("the cluster's answer is not a class that can be judged: ");
            what.push_str(problem);
            fix.push_str("Look at it with kubectl get ");
            fix.push_str(kind.resource);
            fix.push_str(" --output yaml");
        }
        Answer::Failed(reason) => {
            what.push_str("the ");
            what.push_str(kind.name);
            what.push_str(" could not be fetched (");
            let reason = reason.strip_prefix(PREFIX).unwrap_or(reason);
            let again = AGAIN.iter().find_map(|again| reason.find(again));
            let reason = reason.get(..again.unwrap_or(reason.len())).unwrap_or(reason);
            let reason = reason.strip_suffix('.').unwrap_or(reason);
            for letter in reason.chars().take(REASON).filter(|letter| !letter.is_control()) {
                what.push(letter);
            }
            what.push(')');
            fix.push_str("Let policy-server's service account get ");
            fix.push_str(kind.resource);
            fix.push_str(", and grant the policy kubernetes/get_resource and contextAwareResources of storage.k8s.io/v1 ");
            fix.push_str(kind.name);
        }
        Answer::Private | Answer::Public { .. } => return,
    }
    settings.unknown_class.report(&RULE, spot, &what, &fix, findings);
}
