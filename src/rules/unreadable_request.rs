//! Rejects requests that are no AdmissionRequest or hold no object to judge.
//!
//! ## What it does
//!
//! Refuses a payload that is not JSON, a request without what the API server always sends (`operation`, `kind`), an object that is
//! missing, keys that are given twice where it matters which one counts, and nesting beyond what Kubernetes itself reads.
//!
//! ## Why it matters
//!
//! A policy that let through what it cannot read could be passed by sending something unreadable.
//!
//! ## Fields
//!
//! The request itself.
//!
//! ## Instead
//!
//! Nothing that goes through an API server meets this rule. Whoever calls a policy with a request of their own, as with `kwctl run`,
//! gives it an AdmissionRequest.
//!
//! ## Settings
//!
//! None. `enforcement: warn` does not soften it, since the settings come with the request.
//!
//! ## Not covered
//!
//! Deletions and connections are accepted without an object: there is nothing to judge in them.
//!
//! ## References
//!
//! <https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/>

use crate::Rule;

/// The rule.
pub const RULE: Rule = Rule { id: "NI002", name: "unreadable-request", since: "0.1.0" };
