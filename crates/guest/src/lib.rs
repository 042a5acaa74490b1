//! The three waPC operations around a policy, and nothing else.
//!
//! A policy's `src/lib.rs` calls [`export!`]; in a module for WASI that defines what the engines look for. Natively it
//! defines nothing, so that all policies can be linked into one program to be tested.
//!
//! The glue is our own and not `wapc-guest`'s: that keeps handlers in a hash map behind a lock, which costs a module
//! 8 KB and four imports for three names that never change. The benchmark's floor is built on `wapc-guest`.

#[cfg(target_os = "wasi")]
mod arena;
#[cfg(target_os = "wasi")]
mod malloc;
#[cfg(target_os = "wasi")]
mod wapc;

#[cfg(target_os = "wasi")]
pub use wapc::guest_call;

/// The protocol that policy-server speaks with a policy, as JSON.
pub const PROTOCOL_VERSION: &str = "\"v1\"";

/// Defines the exports of a policy's module.
#[macro_export]
macro_rules! export {
    ($policy:ty) => {
        /// Called by the engine for every operation, with the lengths of its name and of its payload.
        // The name is what the engines look for; the module defines it once.
        #[cfg(target_os = "wasi")]
        #[allow(unsafe_code)]
        #[unsafe(no_mangle)]
        pub extern "C" fn __guest_call(operation_len: usize, payload_len: usize) -> i32 {
            $crate::guest_call::<$policy>(operation_len, payload_len)
        }
    };
}
