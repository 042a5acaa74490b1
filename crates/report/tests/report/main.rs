//! Reports and their formats.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

mod formats;
mod report;
