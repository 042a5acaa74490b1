//! What a policy answers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A policy's answer to `validate`.
#[derive(Clone, Debug, Default, Deserialize, Serialize, PartialEq)]
pub struct Answer {
    /// Whether the request is accepted.
    pub accepted: bool,
    /// Why it is not.
    pub message: Option<String>,
    /// The status code of a rejection.
    pub code: Option<u16>,
    /// The object after mutation, whole.
    pub mutated_object: Option<Value>,
    /// Entries for the API server's audit log.
    pub audit_annotations: Option<BTreeMap<String, String>>,
    /// Texts that the API server shows to the user.
    pub warnings: Option<Vec<String>>,
}

/// A policy's answer to `validate_settings`.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
pub struct SettingsAnswer {
    /// Whether the policy takes the settings.
    pub valid: bool,
    /// Why it does not.
    pub message: Option<String>,
}
