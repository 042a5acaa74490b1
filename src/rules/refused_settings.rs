//! Rejects every request to a policy whose settings are not valid.
//!
//! ## Why it matters
//!
//! Settings that do not mean what their author thinks leave a hole that nobody sees.
//!
//! ## What it does
//!
//! Reads the settings with each request, as when the policy was loaded, and rejects the request with every problem: unknown
//! keys, wrong types, and values that contradict each other or have no effect.
//!
//! ## Fields
//!
//! `spec.settings` of the policy.
//!
//! ## Instead
//!
//! Correct the settings as the message says. Kubewarden validates them when it loads the policy and does not serve a policy
//! with invalid settings, so requests meet this rule only where that check was skipped. Each policy has a JSON Schema, with
//! which editors report problems earlier.
//!
//! ## Settings
//!
//! All of them.
//!
//! ## Not covered
//!
//! Settings that are valid but not what was meant.
//!
//! ## References
//!
//! <https://docs.kubewarden.io/reference/spec/settings>

use crate::Rule;

/// The rule.
pub const RULE: Rule = Rule { id: "NI003", name: "refused-settings", since: "0.1.0" };
