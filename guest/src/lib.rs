//! The three waPC operations around a policy, and nothing else.
//!
//! A policy's `src/lib.rs` calls [`export!`]; in a module for WASI that defines what the engines look for. Natively it
//! defines nothing, so that all policies can be linked into one program to be tested.

use isolation::cluster::{Cluster, LookupError};
use isolation::json::Writer;
use isolation::{Policy, policy};

/// The protocol that policy-server speaks with a policy, as JSON.
pub const PROTOCOL_VERSION: &[u8] = b"\"v1\"";

/// Defines the exports of a policy's module.
#[macro_export]
macro_rules! export {
    ($policy:ty) => {
        /// Called once by the engine before any operation.
        // The name is what the engine looks for; the module defines it once.
        #[cfg(target_os = "wasi")]
        #[allow(unsafe_code)]
        #[unsafe(no_mangle)]
        pub extern "C" fn wapc_init() {
            $crate::register::<$policy>();
        }
    };
}

/// Registers the three operations.
pub fn register<P: Policy>() {
    wapc_guest::register_function("validate", validate::<P>);
    wapc_guest::register_function("validate_settings", validate_settings::<P>);
    wapc_guest::register_function("protocol_version", protocol_version);
}

// None of the operations fails: an engine reports a handler's error as an internal error of its own.

fn validate<P: Policy>(payload: &[u8]) -> wapc_guest::CallResult {
    Ok(policy::validate::<P>(payload, &HostCluster).into_bytes())
}

fn validate_settings<P: Policy>(payload: &[u8]) -> wapc_guest::CallResult {
    Ok(policy::validate_settings::<P>(payload).into_bytes())
}

fn protocol_version(_: &[u8]) -> wapc_guest::CallResult {
    Ok(PROTOCOL_VERSION.to_vec())
}

/// The cluster, asked through the host capability `kubernetes/get_resource`.
struct HostCluster;

impl Cluster for HostCluster {
    fn get(&self, api_version: &str, kind: &str, name: &str) -> Result<Vec<u8>, LookupError> {
        let mut question = Writer::new();
        question.open_object();
        question.key("api_version").text(api_version);
        question.key("kind").text(kind);
        question.key("name").text(name);
        question.key("namespace").null();
        question.key("disable_cache").bool(false);
        question.close_object();
        wapc_guest::host_call("kubewarden", "kubernetes", "get_resource", question.finish().as_bytes()).map_err(
            |error| {
                let text = error.to_string();
                // The engines give no status code: only this sentence tells a missing object from a refused question.
                if text.contains("Cannot find") { LookupError::NotFound } else { LookupError::Failed(text) }
            },
        )
    }
}
