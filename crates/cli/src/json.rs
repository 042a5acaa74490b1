//! Files of JSON that options name: what is wrong with one is told with its place.

use anyhow::{Error, Result, anyhow};
use isolation_document::Mismatch;
use isolation_report::{Position, Source};
use serde_json::Value;

/// Reads the text as JSON.
///
/// # Errors
///
/// What is not JSON, with its place.
pub fn parse(source: &Source) -> Result<Value> {
    serde_json::from_str(&source.text).map_err(|error| not_json(source, &error))
}

/// What is not JSON, with its place.
pub fn not_json(source: &Source, error: &serde_json::Error) -> Error {
    match isolation_manifest::check_json(&source.text) {
        Err(problem) => anyhow!("{}: {}", place(source, problem.span.start), problem.what),
        Ok(()) => anyhow!("{}: not JSON: {error}", source.name),
    }
}

/// What is JSON of another form, with its place. `what` says what is wrong, in full.
pub fn mismatch(source: &Source, Mismatch { path, .. }: &Mismatch, what: impl std::fmt::Display) -> Error {
    match isolation_manifest::locate(&source.text, path.as_str()) {
        Some(located) => anyhow!("{}: {what}", place(source, located.span.start)),
        None => anyhow!("{}: {what}", source.name),
    }
}

/// `FILE:LINE:COLUMN`
pub fn place(source: &Source, at: usize) -> String {
    let Position { line, column } = source.position(at);
    format!("{}:{line}:{column}", source.name)
}
