//! What deploys the policies: the chart, kustomize and the schema of values.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

mod helm;
mod kustomize;
mod schema;
mod support;
