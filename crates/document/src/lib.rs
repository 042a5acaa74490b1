//! The JSON of a request, read once and borrowed, and the paths of its fields.
//!
//! It is a crate of its own because it is where a call's time goes: it alone is built for speed, everything else of a
//! module for size. The shared core `isolation` gives it on as its own.

pub mod json;
pub mod order;
pub mod path;
