//! What is generated, what it must agree with, and what the documents say.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

mod generated;
mod kwctl;
mod links;
mod package;
mod released;
mod schemas;
mod workflows;
