//! The waPC protocol, as far as a policy speaks it.

use isolation::cluster::{Cluster, LookupError};
use isolation::json::Writer;
use isolation::{Policy, policy};

use crate::{PROTOCOL_VERSION, arena};

/// What an engine provides to every module. All addresses are in the module's memory; all lengths are in bytes.
// The functions are the engine's; they read and write what they are pointed at and nothing else.
#[allow(unsafe_code)]
mod host {
    #[link(wasm_import_module = "wapc")]
    unsafe extern "C" {
        pub fn __guest_request(operation: *mut u8, payload: *mut u8);
        pub fn __guest_response(answer: *const u8, len: usize);
        pub fn __guest_error(text: *const u8, len: usize);
        pub fn __host_call(
            binding: *const u8,
            binding_len: usize,
            namespace: *const u8,
            namespace_len: usize,
            operation: *const u8,
            operation_len: usize,
            payload: *const u8,
            payload_len: usize,
        ) -> usize;
        pub fn __host_response(answer: *mut u8);
        pub fn __host_response_len() -> usize;
        pub fn __host_error(text: *mut u8);
        pub fn __host_error_len() -> usize;
    }
}

/// Answers one call: 1 if there is an answer, 0 if the operation is not known. No operation fails: an engine reports a
/// failure as an internal error of its own.
// The engine writes as many bytes as it announced, into buffers of that size.
#[allow(unsafe_code)]
pub fn guest_call<P: Policy>(operation_len: usize, payload_len: usize) -> i32 {
    arena::reset();
    let mut operation = vec![0; operation_len];
    let mut payload = vec![0; payload_len];
    unsafe { host::__guest_request(operation.as_mut_ptr(), payload.as_mut_ptr()) };
    let answer = match operation.as_slice() {
        b"validate" => policy::validate::<P>(&payload, &HostCluster),
        b"validate_settings" => policy::validate_settings::<P>(&payload),
        b"protocol_version" => PROTOCOL_VERSION.to_owned(),
        _ => {
            const UNKNOWN: &str = "there are the operations validate, validate_settings and protocol_version";
            unsafe { host::__guest_error(UNKNOWN.as_ptr(), UNKNOWN.len()) };
            return 0;
        }
    };
    unsafe { host::__guest_response(answer.as_ptr(), answer.len()) };
    1
}

/// Asks the engine. `Err` holds its text.
// The engine writes as many bytes as it announces, into buffers of that size.
#[allow(unsafe_code)]
fn host_call(namespace: &str, operation: &str, payload: &str) -> Result<Vec<u8>, String> {
    const BINDING: &str = "kubewarden";
    unsafe {
        let answered = host::__host_call(
            BINDING.as_ptr(),
            BINDING.len(),
            namespace.as_ptr(),
            namespace.len(),
            operation.as_ptr(),
            operation.len(),
            payload.as_ptr(),
            payload.len(),
        );
        if answered == 1 {
            let mut answer = vec![0; host::__host_response_len()];
            host::__host_response(answer.as_mut_ptr());
            Ok(answer)
        } else {
            let mut text = vec![0; host::__host_error_len()];
            host::__host_error(text.as_mut_ptr());
            Err(String::from_utf8(text).unwrap_or_default())
        }
    }
}

/// The cluster, asked through the host capability `kubernetes/get_resource`.
struct HostCluster;

impl Cluster for HostCluster {
    fn get(&self, api_version: &str, kind: &str, name: &str, members: &[&str]) -> Result<Vec<u8>, LookupError> {
        let mut question = Writer::new();
        question.open_object();
        question.key("api_version").text(api_version);
        question.key("kind").text(kind);
        question.key("name").text(name);
        question.key("namespace").null();
        question.key("disable_cache").bool(false);
        // Hosts from before the summer of 2026 do not know the key and send the whole object.
        question.key("field_masks").open_list();
        for member in members {
            question.text(member);
        }
        question.close_list();
        question.close_object();
        host_call("kubernetes", "get_resource", &question.finish()).map_err(|text| {
            // The engines give no status code: only this sentence tells a missing object from a refused question. It is
            // looked for as bytes, since the search in a `str` is one that a module would carry for this place alone.
            let missing = b"Cannot find";
            let is_missing = text.as_bytes().windows(missing.len()).any(|part| part == missing);
            if is_missing { LookupError::NotFound } else { LookupError::Failed(text) }
        })
    }
}
