//! Runs policies' Wasm modules in-process, on the engine that policy-server uses and configured as it configures it.
//!
//! A [`Module`] is compiled once; every call gets a fresh instance, so that nothing survives a request. An epoch deadline
//! stops a module that loops. What the answer becomes (patch, status, warnings) follows policy-server's rules.
//!
//! ```no_run
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use isolation_runtime::{Engine, EngineOptions, Module, no_cluster};
//!
//! let engine = Engine::new(EngineOptions::default())?;
//! let module = Module::compile(&engine, &std::fs::read("dist/private-images.wasm")?)?;
//! let request = serde_json::json!({});
//! let settings = serde_json::json!({"registries": ["myacr.azurecr.io"]});
//! let answer = module.validate(&request, &settings, &no_cluster())?;
//! # let _ = answer; Ok(()) }
//! ```

mod answer;
mod capability;
mod engine;
mod metadata;
mod module;

pub use answer::{AdmissionResponse, Answer, SettingsAnswer, Status, admission_response};
pub use capability::{Lookup, Snapshot, no_cluster};
pub use engine::{Engine, EngineOptions};
pub use metadata::{ContextAwareResource, Metadata, RuleWithOperations, SECTION, metadata_of};
pub use module::{CallError, LoadError, Module};
