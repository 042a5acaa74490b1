//! What a policy answers, and what policy-server makes of it.

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

/// The `response` of an AdmissionReview, as policy-server sends it.
#[derive(Clone, Debug, Serialize, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct AdmissionResponse {
    /// The request's.
    pub uid: String,
    /// Whether the API server goes on.
    pub allowed: bool,
    /// The changes to the object, as a JSON patch; `None` where nothing changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patch: Option<json_patch::Patch>,
    /// Why not, and its code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// Entries for the audit log.
    pub audit_annotations: Option<BTreeMap<String, String>>,
    /// Texts for the user.
    pub warnings: Option<Vec<String>>,
}

/// The status of a rejection.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Status {
    /// Why.
    pub message: Option<String>,
    /// The HTTP status code.
    pub code: Option<u16>,
}

/// What policy-server makes of an answer.
pub fn admission_response(request: &Value, answer: Answer) -> AdmissionResponse {
    let uid = request["uid"].as_str().unwrap_or_default().to_owned();
    let rejected = |message: &str, code| AdmissionResponse {
        uid: uid.clone(),
        allowed: false,
        patch: None,
        status: Some(Status { message: Some(message.to_owned()), code }),
        audit_annotations: None,
        warnings: None,
    };
    let patch = match (&answer.mutated_object, request.get("object")) {
        (None, _) => None,
        (Some(_), None | Some(Value::Null)) => {
            return rejected(
                "Incoming object is null, which happens only with DELETE operations, but the policy is attempting a \
                 mutation. This is not allowed",
                None,
            );
        }
        (Some(mutated), Some(object)) => Some(json_patch::diff(object, mutated)).filter(|patch| !patch.0.is_empty()),
    };
    let status = (answer.message.is_some() || answer.code.is_some())
        .then_some(Status { message: answer.message, code: answer.code });
    AdmissionResponse {
        uid,
        allowed: answer.accepted,
        patch,
        status,
        audit_annotations: answer.audit_annotations,
        warnings: answer.warnings,
    }
}
