//! Forms of output.

pub mod human;
pub mod json;
