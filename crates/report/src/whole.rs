//! A value that is too long to be shown.

use std::sync::OnceLock;

use serde_json::Value;

use crate::identity::digest;

/// A value that is too long to be shown. There may be many findings in the document that one string holds, so whatever reads all
/// of it is done once for all of them.
#[derive(Debug)]
pub struct Whole {
    value: Value,
    digest: OnceLock<String>,
}

impl Whole {
    /// One for this value.
    pub fn new(value: Value) -> Self {
        Whole { value, digest: OnceLock::new() }
    }

    /// The value, if it is a text.
    pub fn text(&self) -> Option<&str> {
        self.value.as_str()
    }

    /// A digest of it as JSON, the same on every machine.
    pub fn digest(&self) -> &str {
        self.digest.get_or_init(|| digest(&self.value.to_string()))
    }
}
