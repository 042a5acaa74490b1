//! Rejects objects in which a field that a rule reads has another type than the API defines.
//!
//! ## Why it matters
//!
//! A field of the wrong type is not absent. A rule that skipped it would accept what it has not read, and a more lenient
//! controller might act on it.
//!
//! ## What it does
//!
//! Reports a field where a rule expects a string, a list or an object and finds something else. `null` counts as absent, as it
//! does for the API server.
//!
//! ## Fields
//!
//! Every field that a rule of the policy reads.
//!
//! ## Instead
//!
//! Write the type that the message names. The API server rejects wrong types in its own kinds, so this rule matters for custom
//! resources whose CRD leaves a field open, and for manifests that are checked before they are applied.
//!
//! ## Settings
//!
//! None. With `enforcement: warn` it is a warning, like any other violation.
//!
//! ## Not covered
//!
//! Fields that no rule reads.
//!
//! ## References
//!
//! <https://kubernetes.io/docs/reference/using-api/api-concepts/>

use crate::Rule;

/// The rule.
pub const RULE: Rule = crate::finding::UNREADABLE;
