//! From a case to the bytes that a policy is called with.

use anyhow::Result;
use isolation_request::AdmissionRequest;
use serde_json::{Value, json};

use crate::case::Case;

/// The AdmissionRequest of a case, as the API server would build it.
///
/// # Errors
///
/// An object without `apiVersion` or `kind`.
pub fn admission_request(case: &Case) -> Result<Value> {
    let input = &case.input;
    if let Some(request) = &input.request {
        return Ok(request.clone());
    }
    let request = AdmissionRequest {
        object: input.object.as_ref(),
        old_object: input.old_object.as_ref(),
        operation: input.operation.as_deref(),
        subresource: input.sub_resource.as_deref(),
        namespace: None,
        user: Some(input.user.as_deref().unwrap_or("alice")),
    };
    Ok(request.build()?)
}

/// The settings of a case as an engine hands them to a policy: always an object.
pub fn settings(case: &Case) -> Value {
    match &case.input.settings {
        Value::Null => json!({}),
        settings => settings.clone(),
    }
}

/// The bytes that the operation `validate` is called with. Keys are in order, as policy-server has them.
///
/// # Errors
///
/// See [`admission_request`].
pub fn payload(case: &Case) -> Result<String> {
    if let Some(payload) = &case.input.payload {
        return Ok(payload.clone());
    }
    Ok(json!({"request": admission_request(case)?, "settings": settings(case)}).to_string())
}
