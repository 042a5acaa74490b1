//! The report, as a document and as a page.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

mod page;
mod readiness;
mod support;
