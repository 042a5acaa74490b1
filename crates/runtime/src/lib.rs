//! Runs policies' Wasm modules in-process, on the engine that policy-server uses and configured as it configures it.
//!
//! A [`Module`] is compiled once; every call gets a fresh instance, so that nothing survives a request. An epoch deadline
//! stops a module that loops, and host calls are answered as policy-server answers them.
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
mod error;
mod module;

pub use answer::{Answer, SettingsAnswer};
pub use capability::{Lookup, no_cluster, not_found};
pub use engine::{Engine, EngineOptions};
pub use error::{CallError, LoadError};
pub use module::Module;
