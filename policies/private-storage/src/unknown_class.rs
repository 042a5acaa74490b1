//! Rejects claims whose class cannot be looked up.
//!
//! ## Why it matters
//!
//! A class that the policy has not seen proves nothing, and it could be created after the claim.
//!
//! ## What it does
//!
//! With `lookup: true`, rejects a claim whose StorageClass or VolumeAttributesClass does not exist, or could not be
//! fetched by policy-server. The setting `unknownClass` can turn the rejection into a warning, or accept the claim.
//!
//! ## Fields
//!
//! Those of `public-class`.
//!
//! ## Instead
//!
//! Create the class before the claim. If policy-server may not read classes, grant it the right: the README has the
//! role and the grant.
//!
//! ## Settings
//!
//! `lookup: false` looks nothing up and accepts every class name except those of AKS's own public classes.
//! `unknownClass` decides about claims of unknown classes. `isolation check`, which sees no cluster, judges claims by
//! the classes in its input and ignores unknown ones, unless the settings contain `lookup`.
//!
//! ## Not covered
//!
//! At most 16 classes are fetched per request; this rule reports claims of further classes.
//!
//! ## References
//!
//! <https://docs.kubewarden.io/explanations/context-aware-policies>

use isolation::{FieldRef, Findings, Rule};

use crate::Settings;
use crate::answers::{Answer, ClassKind};

/// The rule.
pub const RULE: Rule = Rule { id: "NI311", name: "unknown-class", since: "0.1.0" };

/// The longest failure text in a message, in characters.
const REASON: usize = 300;

/// What is said where policy-server may not ask, or the policy may not ask policy-server.
const REFUSALS: &[&str] = &["forbidden", "not been granted"];

/// The prefix that policy-server adds to the API server's own words.
const PREFIX: &str = "Callback evaluation failure: ";

/// Where policy-server's client begins to repeat the API server's error in debug form.
const AGAIN: &[&str] = &[" (Status {", " (ErrorResponse {"];

/// Reports a claim whose class could not be judged, for the reason in `answer`.
pub fn report(
    kind: &ClassKind,
    field: FieldRef<'_>,
    answer: &Answer,
    settings: &Settings<'_>,
    findings: &mut Findings,
) {
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
            what.push_str("the object names more classes than the 16 that are looked up");
            fix.push_str("Spread the claims over several objects");
        }
        Answer::Unreadable(problem) => {
            what.push_str("the cluster's answer is not a readable class: ");
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
            if !REFUSALS.iter().any(|refusal| reason.contains(refusal)) {
                fix.push_str("Check that policy-server reaches the API server, then apply again");
            } else {
                fix.push_str("Let policy-server's service account get ");
                fix.push_str(kind.resource);
                fix.push_str(
                    ", and grant the policy kubernetes/get_resource and contextAwareResources of \
                          storage.k8s.io/v1 ",
                );
                fix.push_str(kind.name);
            }
        }
        Answer::Private | Answer::Public { .. } => return,
    }
    settings.unknown_class.report(&RULE, field, &what, fix, findings);
}
