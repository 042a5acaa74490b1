//! For programs: the document itself.

use std::io::{self, Write};

use isolation::Path;
use isolation::json::{Mismatch, typed};
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
/// What is not one, or is of a version that this program does not know.
pub fn read(value: &serde_json::Value) -> Result<Readiness, Mismatch> {
    let wrong = |what: String| Mismatch { path: Path::root(), what };
    match value.get("version").and_then(serde_json::Value::as_u64) {
        Some(version) if version == u64::from(VERSION) && value.get("verdict").is_some() => {}
        Some(version) if value.get("verdict").is_some() => {
            return Err(wrong(format!("it has version {version}, and this program reads version {VERSION}")));
        }
        _ => return Err(wrong("expected the output of `isolation report --output json`".to_owned())),
    }
    typed(value)
}
