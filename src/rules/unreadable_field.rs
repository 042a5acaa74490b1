//! Rejects objects in which a field that a rule reads has another type than the API defines.
//!
//! ## What it does
//!
//! Where a rule expects a text, a list or an object and finds something else, it reports the field. `null` counts as absent, as it
//! does for the API server.
//!
//! ## Why it matters
//!
//! A field of the wrong type is not an absent one. A rule that passed over it would accept what it has not read, and a controller
//! that is more lenient might act on it.
//!
//! ## Fields
//!
//! Every field that a rule of the policy reads.
//!
//! ## Instead
//!
//! Write the type that the message names. The API server refuses such fields of its own kinds anyway, so that this is seen in custom
//! resources whose definition leaves a field open, and in manifests that are checked before they are applied.
//!
//! ## Settings
//!
//! None. With `enforcement: warn` it is a warning like any other.
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
