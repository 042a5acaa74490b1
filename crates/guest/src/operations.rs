//! The operations that every policy has: `validate`, `validate_settings` and `protocol_version`.

use std::collections::HashMap;

use isolation::cluster::{Cluster, NoCluster};
use isolation::verdict::{Answer, CODE};
use isolation::{Policy, policy};
use kubewarden_policy_sdk::protocol_version_guest;
use kubewarden_policy_sdk::response::ValidationResponse;
use kubewarden_policy_sdk::settings::SettingsValidationResponse;
use kubewarden_policy_sdk::wapc_guest::{CallResult, register_function};

use crate::cluster::HostCluster;

/// Registers the operations of a policy.
pub fn register<P: Policy>() {
    register_function("validate", validate::<P>);
    register_function("validate_settings", validate_settings::<P>);
    register_function("protocol_version", protocol_version_guest);
}

/// What cannot be read is an answer too, and never an error: an engine reports an error as a failure of its own.
fn validate<P: Policy>(payload: &[u8]) -> CallResult {
    let cluster: &dyn Cluster = if P::LOOKS_UP { &HostCluster } else { &NoCluster };
    Ok(serde_json::to_vec(&response(policy::validate::<P>(payload, cluster)))?)
}

fn validate_settings<P: Policy>(payload: &[u8]) -> CallResult {
    Ok(serde_json::to_vec(&settings_response(policy::validate_settings::<P>(payload)))?)
}

/// The answer to a request as engines read it.
pub fn response(answer: Answer) -> ValidationResponse {
    let annotations: HashMap<String, String> = answer.annotations().collect();
    ValidationResponse {
        accepted: answer.rejection.is_none(),
        code: answer.rejection.as_ref().map(|_| CODE),
        message: answer.rejection,
        mutated_object: answer.rewritten,
        audit_annotations: Some(annotations).filter(|annotations| !annotations.is_empty()),
        warnings: Some(answer.warnings).filter(|warnings| !warnings.is_empty()),
    }
}

/// The answer to settings as engines read it.
pub fn settings_response(problems: Result<(), String>) -> SettingsValidationResponse {
    SettingsValidationResponse { valid: problems.is_ok(), message: problems.err() }
}
