//! The waPC operations around a policy, on `wapc-guest` and Kubewarden's SDK, and nothing else.
//!
//! A policy's `src/lib.rs` calls [`export!`]; in a module for WASI that registers the operations. Natively it defines nothing,
//! so that all policies can be linked into one program.

#![warn(clippy::indexing_slicing, clippy::string_slice)]

mod cluster;
mod operations;

pub use cluster::GetResource;
pub use operations::{register, response, settings_response};

/// Registers a policy's operations when an engine starts its module.
#[macro_export]
macro_rules! export {
    ($policy:ty) => {
        /// Called by the engine once, before any operation.
        // The name is what the engines look for; the module defines it once.
        #[cfg(target_os = "wasi")]
        #[allow(unsafe_code)]
        #[unsafe(no_mangle)]
        pub extern "C" fn wapc_init() {
            $crate::register::<$policy>();
        }
    };
}
