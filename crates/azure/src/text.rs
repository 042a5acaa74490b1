//! The parts of a JSON text, which know where they stand in it.

use std::collections::BTreeMap;

use serde_json::Value;
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

/// The members of an object of a template, whose keys Azure takes in any case if there is none in the right one.
#[derive(Debug, Default)]
pub struct Fields<'t>(BTreeMap<String, Part<'t>>);

impl<'t> Fields<'t> {
    /// Those of a part; none of one that is no object.
    pub fn of(part: Part<'t>) -> Self {
        Fields(part.members().unwrap_or_default())
    }

    /// A member.
    pub fn get(&self, key: &str) -> Option<Part<'t>> {
        let other = || self.0.iter().find(|(other, _)| other.eq_ignore_ascii_case(key)).map(|(_, part)| part);
        self.0.get(key).or_else(other).copied()
    }

    /// The value of a member.
    pub fn value(&self, key: &str) -> Option<Value> {
        serde_json::from_str(self.get(key)?.text).ok()
    }

    /// The text of a member that is one, else nothing.
    pub fn string(&self, key: &str) -> String {
        self.get(key).and_then(|part| serde_json::from_str(part.text).ok()).unwrap_or_default()
    }

    /// Whether two keys differ only in their case: readers disagree about which of them counts.
    pub fn clash(&self) -> bool {
        let mut keys: Vec<String> = self.0.keys().map(|key| key.to_ascii_lowercase()).collect();
        keys.sort_unstable();
        keys.windows(2).any(|pair| pair.first() == pair.last())
    }
}

/// A member of an object of a template, by the same rule.
pub fn member<'v>(value: &'v Value, key: &str) -> Option<&'v Value> {
    let members = value.as_object()?;
    members
        .get(key)
        .or_else(|| members.iter().find(|(other, _)| other.eq_ignore_ascii_case(key)).map(|(_, value)| value))
}

/// Whether two keys of an object anywhere in a value differ only in their case.
pub fn clashes(value: &Value) -> bool {
    match value {
        Value::Object(members) => {
            let mut keys: Vec<String> = members.keys().map(|key| key.to_ascii_lowercase()).collect();
            keys.sort_unstable();
            keys.windows(2).any(|pair| pair.first() == pair.last()) || members.values().any(clashes)
        }
        Value::Array(items) => items.iter().any(clashes),
        _ => false,
    }
}
