//! Rejects claims whose class cannot be looked at.
//!
//! ## What it does
//!
//! With `lookup: true`, rejects a claim whose StorageClass or VolumeAttributesClass does not exist, or that policy-server
//! could not fetch.
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
//! `lookup: false` asks for nothing and accepts every class name but those of AKS's own public classes.
//!
//! ## Not covered
//!
//! In one request at most 16 classes are fetched; an object that names more is rejected.
//!
//! ## References
//!
//! <https://docs.kubewarden.io/explanations/context-aware-policies>

use isolation::{Findings, Rule, Spot};

use crate::lookup::{Answer, ClassKind};

/// The rule.
pub const RULE: Rule = Rule { id: "NI311", name: "unknown-class", since: "0.1.0" };

/// The longest text of a failure that is passed on, in characters.
const REASON: usize = 300;

/// Reports a claim of whose class nothing is known, which is what `answer` says.
pub fn report<'d>(kind: &ClassKind, spot: impl Into<Spot<'d>>, answer: &Answer, findings: &mut Findings) {
    let (what, fix) = match answer {
        Answer::Missing => (
            ["the cluster has no ", kind.name, " of this name, so nothing proves that its volumes are private"].concat(),
            ["Create the ", kind.name, " before the claim, or correct the name"].concat(),
        ),
        Answer::TooMany => (
            "one object names more classes than are looked up in a request, which is 16".to_owned(),
            "Spread the claims over several objects".to_owned(),
        ),
        Answer::Failed(reason) => {
            let reason: String = reason.chars().filter(|letter| !letter.is_control()).take(REASON).collect();
            let reason = reason.trim_end_matches('.');
            (
                ["the ", kind.name, " could not be fetched (", reason, ")"].concat(),
                [
                    "Give policy-server's service account the right to get, list and watch ",
                    kind.resource,
                    ", and the policy contextAwareResources for storage.k8s.io/v1 ",
                    kind.name,
                ]
                .concat(),
            )
        }
        Answer::Private | Answer::Public { .. } => return,
    };
    findings.deny(&RULE, spot, what, fix);
}
