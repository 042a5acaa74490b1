//! The parts of a JSON text, which know where they stand in it.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

/// A part of a text.
#[derive(Clone, Copy, Debug)]
pub struct Part<'t> {
    /// The text of the part.
    pub text: &'t str,
    /// Where it begins in the whole.
    pub start: usize,
}

impl<'t> Part<'t> {
    /// The whole text, without what stands around its value.
    pub fn whole(text: &'t str) -> Self {
        let trimmed = text.strip_prefix('\u{feff}').unwrap_or(text).trim();
        Part { text: trimmed, start: (trimmed.as_ptr() as usize).saturating_sub(text.as_ptr() as usize) }
    }

    fn within(self, raw: &'t RawValue) -> Self {
        // Addresses are only compared: the part was cut out of this text.
        let offset = (raw.get().as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        Part { text: raw.get(), start: self.start + offset }
    }

    /// The items of a list; none where it is none.
    pub fn items(self) -> Option<Vec<Part<'t>>> {
        let items: Vec<&'t RawValue> = serde_json::from_str(self.text).ok()?;
        Some(items.into_iter().map(|raw| self.within(raw)).collect())
    }

    /// The members of an object; none where it is none.
    pub fn members(self) -> Option<BTreeMap<String, Part<'t>>> {
        let members: BTreeMap<String, &'t RawValue> = serde_json::from_str(self.text).ok()?;
        Some(members.into_iter().map(|(key, raw)| (key, self.within(raw))).collect())
    }
}
