//! Resources as YAML documents.

use serde::Serialize;
use serde_saphyr::{SerializeError, ser_options, to_string_with_options};

/// Each resource as a document, the way `kubectl apply -f` takes them.
///
/// # Errors
///
/// A value that YAML cannot write, of which there is none among resources.
pub fn documents<T: Serialize>(resources: impl IntoIterator<Item = T>) -> Result<String, SerializeError> {
    let mut text = String::new();
    for (index, resource) in resources.into_iter().enumerate() {
        if index > 0 {
            text.push_str("---\n");
        }
        text.push_str(&document(&resource)?);
    }
    Ok(text)
}

/// One document, written as people write them: lists indented, references whole on their line.
pub(crate) fn document<T: Serialize>(value: &T) -> Result<String, SerializeError> {
    to_string_with_options(value, ser_options! { compact_list_indent: false, folded_wrap_chars: 65_536 })
}
