//! From a case to the bytes that a policy is called with.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use isolation::kinds::plural;

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
    let object = input.object.as_ref().or(input.old_object.as_ref()).context("the case has no object")?;
    let text = |key: &str| object.get(key).and_then(Value::as_str).with_context(|| format!("the object has no {key}"));
    let (api_version, kind) = (text("apiVersion")?, text("kind")?);
    let (group, version) = api_version.rsplit_once('/').unwrap_or(("", api_version));
    let default = match (&input.object, &input.old_object) {
        (Some(_), Some(_)) => "UPDATE",
        (None, Some(_)) => "DELETE",
        _ => "CREATE",
    };
    let mut request = json!({
        "uid": "705ab4f5-6393-11e8-b7cc-42010a800002",
        "kind": {"group": group, "version": version, "kind": kind},
        "resource": {"group": group, "version": version, "resource": plural(group, kind)},
        "operation": input.operation.as_deref().unwrap_or(default),
        "userInfo": {"username": input.user.as_deref().unwrap_or("alice"), "groups": ["system:authenticated"]},
        "dryRun": false,
    });
    for (key, value) in [("object", &input.object), ("oldObject", &input.old_object)] {
        if let Some(value) = value {
            request[key] = value.clone();
        }
    }
    if let Some(subresource) = &input.sub_resource {
        request["subResource"] = json!(subresource);
    }
    for key in ["name", "namespace"] {
        if let Some(value) = object["metadata"].get(key).and_then(Value::as_str) {
            request[key] = json!(value);
        }
    }
    Ok(request)
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
