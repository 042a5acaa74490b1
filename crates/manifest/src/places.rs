//! Where the values of an object are written, in bytes of its file.

use std::collections::BTreeMap;
use std::ops::Range;

use isolation_document::Value;

/// The places of an object's values. Those of YAML know their own; JSON is read without places, which are found here for the
/// whole object in one go, since to look for each would be to read the text once for each.
#[derive(Debug, Default)]
pub(crate) struct Places(Option<BTreeMap<u32, Place>>);

/// The place of one value.
#[derive(Debug)]
pub(crate) struct Place {
    /// Its key, with quotes; none of a list's item.
    pub key: Option<Range<usize>>,
    /// The value itself.
    pub value: Range<usize>,
}

impl Places {
    /// The places of values by their indices.
    pub fn found(places: BTreeMap<u32, Place>) -> Self {
        Places(Some(places))
    }

    /// Whether the object is written as JSON.
    pub fn are_of_json(&self) -> bool {
        self.0.is_some()
    }

    /// Where a value is written.
    pub fn span(&self, value: Value<'_>) -> Option<Range<usize>> {
        match &self.0 {
            None => value.span(),
            Some(places) => Some(places.get(&value.index())?.value.clone()),
        }
    }

    /// Where a value's key is written.
    pub fn key_span(&self, value: Value<'_>) -> Option<Range<usize>> {
        match &self.0 {
            None => value.key_span(),
            Some(places) => places.get(&value.index())?.key.clone(),
        }
    }
}
