//! Publishing and bundles, against a real registry and one that fails.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

mod archive;
mod failures;
mod push;
mod support;
