//! Rejects every request of a policy whose settings are not valid.
//!
//! ## What it does
//!
//! Reads the settings with the request, as they were read when the policy was loaded, and refuses the request with every problem that
//! they have: unknown keys, wrong types, values that contradict each other or say nothing.
//!
//! ## Why it matters
//!
//! Settings that mean something else than whoever wrote them thinks leave a hole that nobody sees.
//!
//! ## Fields
//!
//! `spec.settings` of the policy.
//!
//! ## Instead
//!
//! Mend the settings as the message says. Kubewarden asks the policy when it is loaded and does not serve one whose settings are
//! refused, so that requests meet this rule only where that was left out. The JSON Schema beside each policy lets an editor say
//! it before that.
//!
//! ## Settings
//!
//! All of them.
//!
//! ## Not covered
//!
//! Settings that are valid and not what was meant.
//!
//! ## References
//!
//! <https://docs.kubewarden.io/reference/spec/settings>

use crate::Rule;

/// The rule.
pub const RULE: Rule = Rule { id: "NI003", name: "refused-settings", since: "0.1.0" };
