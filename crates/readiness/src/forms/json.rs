//! For programs: the document itself.

use std::io::{self, Write};

use isolation_report::json::write_document;

use crate::document::{Readiness, VERSION};

/// Writes the document.
///
/// # Errors
///
/// What keeps `out` from being written to.
pub fn write(document: &Readiness, out: &mut dyn Write) -> io::Result<()> {
    write_document(document, out)
}

/// Reads a document back.
///
/// # Errors
///
/// What is not one, or is of a version that this program does not know: a clause.
pub fn read(text: &str) -> Result<Readiness, String> {
    let value: serde_json::Value = serde_json::from_str(text).map_err(|error| format!("it is not JSON: {error}"))?;
    match value.get("version").and_then(serde_json::Value::as_u64) {
        Some(version) if version == u64::from(VERSION) && value.get("verdict").is_some() => {}
        Some(version) if value.get("verdict").is_some() => {
            return Err(format!("it has version {version}, and this program reads version {VERSION}"));
        }
        _ => return Err("it is not what `isolation report --output json` writes".to_owned()),
    }
    serde_json::from_value(value)
        .map_err(|error| format!("it is not what `isolation report --output json` writes: {error}"))
}
