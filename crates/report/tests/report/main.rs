//! Reports and their forms.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

mod forms;
mod report;
