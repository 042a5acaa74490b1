//! Resources as YAML documents.

use serde::Serialize;
use serde_saphyr::{SerializeError, ser_options, to_string_with_options};

/// One document, written as people write them: lists indented, references whole on their line.
pub(crate) fn document<T: Serialize>(value: &T) -> Result<String, SerializeError> {
    to_string_with_options(value, ser_options! { compact_list_indent: false, folded_wrap_chars: 65_536 })
}
