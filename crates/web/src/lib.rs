//! What the page in a browser calls: texts and JSON in, JSON out.
//!
//! | function | answer |
//! | --- | --- |
//! | [`judge`] | the report of `isolation check` over a text, exceptions included, with places as an editor counts them |
//! | [`fixes`] | for each finding, the change of the text that mends it, where it is a simple one |
//! | [`mend`] | the text as `isolation check --fix` would write it, with `--unsafe-fixes` or without |
//! | [`requests`] | the AdmissionRequest of every object, for a module that the page runs itself |
//! | [`locate`] | where a field of an object stands |
//! | [`settings`] | a policy's settings, as `isolation.yaml` gives them |
//! | [`value`] | what a YAML text says, as JSON |
//! | [`request`], [`validate`], [`validate_settings`] | a bare call of a policy, to compare a module with |
//!
//! The policies are linked in. Nothing here knows a browser: natively the same functions are tested.

mod call;
mod fix;
mod judge;
mod run;
mod units;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen::prelude::wasm_bindgen;

use run::Texts;

/// Judges the objects of a text by the policies that `isolation.yaml` configures. `today` is the day, as in `2027-03-31`.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen)]
pub fn judge(settings: &str, manifests: &str, namespace: &str, today: &str) -> String {
    json(&judge::judge(Texts { settings, manifests, namespace, today }))
}

/// For each finding of [`judge`], the change of the text that mends it; null where there is no simple one.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen)]
pub fn fixes(settings: &str, manifests: &str, namespace: &str, today: &str) -> String {
    json(&fix::edits(Texts { settings, manifests, namespace, today }))
}

/// The text with all safe fixes made, or with all fixes, or why it cannot be.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen)]
pub fn mend(settings: &str, manifests: &str, namespace: &str, today: &str, all: bool) -> String {
    json(&fix::mend(Texts { settings, manifests, namespace, today }, all))
}

/// The AdmissionRequest of every object in a text, and what could not be read.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen)]
pub fn requests(manifests: &str, namespace: &str) -> String {
    json(&call::requests(manifests, namespace))
}

/// Where a field of the object with this number stands in its text, or the nearest one above it that is there.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen)]
pub fn locate(manifests: &str, object: usize, path: &str) -> String {
    json(&call::locate(manifests, object, path))
}

/// The settings that `isolation.yaml` gives to a policy.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen)]
pub fn settings(configuration: &str, policy: &str) -> String {
    json(&call::settings(configuration, policy))
}

/// What a text of YAML says.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen)]
pub fn value(text: &str) -> String {
    json(&call::value(text))
}

/// The AdmissionRequest about `{"object", "oldObject", "operation", "subResource", "user"}`.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen)]
pub fn request(about: &str) -> String {
    json(&call::request(about))
}

/// The linked policy's answer to the bytes of a call. `cluster` is a list of objects that answer look-ups.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen)]
pub fn validate(policy: &str, payload: &str, cluster: &str) -> String {
    json(&call::validate(policy, payload, cluster))
}

/// The linked policy's answer about its settings.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen)]
pub fn validate_settings(policy: &str, settings: &str) -> String {
    json(&call::validate_settings(policy, settings))
}

/// The names of the linked policies, their version, and nothing that a text has to say.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen)]
pub fn about() -> String {
    json(&call::about())
}

/// Every value here is one that JSON can hold.
fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
