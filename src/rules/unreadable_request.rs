//! Rejects requests that are not an AdmissionRequest or contain no object to judge.
//!
//! ## Why it matters
//!
//! If a policy accepted what it cannot read, anyone could pass it with an unreadable request.
//!
//! ## What it does
//!
//! Rejects a payload that is not JSON, a request without what the API server always sends (`operation`, `kind`), a missing
//! object, duplicate keys where it matters which one counts, and nesting deeper than Kubernetes itself reads.
//!
//! ## Fields
//!
//! The request itself.
//!
//! ## Instead
//!
//! Requests from an API server never meet this rule. If you call a policy with your own request, as with `kwctl run`, pass an
//! AdmissionRequest.
//!
//! ## Settings
//!
//! None. `enforcement: warn` does not apply, because the settings come with the request.
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
