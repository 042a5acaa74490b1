//! JSON documents, whose positions are found on demand.
//!
//! `serde_json` does not report positions, but it returns the text of a value ([`RawValue`]), and a slice of text knows where
//! it is. So an object's own text is kept, and a field is looked for in it anew.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;
use std::sync::OnceLock;

use isolation_document::path::{Step, steps};
use isolation_document::{Builder, Document, Kind, Located, MAX_BYTES, Value};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::places::{Place, PlaceCache, Places};
use crate::problem::Problem;

/// Reads one value. Its texts are copied, so that the document owns them.
pub(crate) fn read(text: &str, start: usize) -> Result<Document<'static>, Problem> {
    if text.len() > MAX_BYTES {
        return Err(Problem::new(start..start, "the document is larger than 256 MiB", "Write several documents"));
    }
    let mut builder = Builder::copying(text.len(), false);
    match isolation_document::json::fill(text, &mut builder) {
        Ok(()) => Ok(builder.finish_for_long()),
        Err(error) => {
            let at = start + offset(text, error.line, error.column);
            let reason = error.problem.split(" at line ").next().unwrap_or(&error.problem).to_owned();
            let help = if reason.contains("twice") { "Parsers disagree about which one counts; keep one" } else { "" };
            Err(Problem::new(at..at, format!("not JSON: {reason}"), help))
        }
    }
}

/// Whether a text is one JSON value, apart from a byte order mark before it, which readers agree about.
///
/// # Errors
///
/// What is not JSON, a key that an object has twice, and what nests too deep; and where.
pub fn check(text: &str) -> Result<(), Problem> {
    let value = text.strip_prefix('\u{feff}').unwrap_or(text);
    read(value, text.len() - value.len()).map(|_| ())
}

/// The byte at a line and column, both counted from 1.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let mut at = (before + column.saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The members of an object, with the texts of keys and values.
struct Members<'t>(Vec<(Cow<'t, str>, &'t RawValue, &'t RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(key) = map.next_key::<&'de RawValue>()? {
                    let name = serde_json::from_str(key.get()).map_err(serde::de::Error::custom)?;
                    members.push((Cow::Owned(name), key, map.next_value()?));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

/// The place of the list below the key `items` of an object, and those of its items.
pub(crate) fn items(text: &str) -> Option<(Range<usize>, Vec<Range<usize>>)> {
    let Members(members) = serde_json::from_str(text).ok()?;
    let (.., list) = members.into_iter().find(|(name, ..)| name == "items")?;
    let items: Vec<&RawValue> = serde_json::from_str(list.get()).ok()?;
    Some((range(text, list), items.into_iter().map(|item| range(text, item)).collect()))
}

/// The position of a part of a text in it.
fn range(text: &str, part: &RawValue) -> Range<usize> {
    // Addresses are only compared: the part was cut out of this text.
    let start = (part.get().as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    start..start + part.get().len()
}

/// Where the values of a JSON text are written, in bytes of the file in which it begins at `start`; `value` is what was read
/// of it.
pub(crate) fn places(text: &str, start: usize, value: Value<'_>) -> Places {
    let mut found = Vec::new();
    if let Ok(raw) = serde_json::from_str(text) {
        let within = |part: &RawValue| {
            let span = range(text, part);
            start + span.start..start + span.end
        };
        places_in(None, raw, value, &within, &mut found);
    }
    Places::of_json(found)
}

fn places_in(
    key: Option<Range<usize>>,
    raw: &RawValue,
    value: Value<'_>,
    within: &impl Fn(&RawValue) -> Range<usize>,
    found: &mut Vec<Place>,
) {
    found.push(Place { index: value.index(), key, value: within(raw) });
    match value.kind() {
        Kind::List => {
            let items: Vec<&RawValue> = serde_json::from_str(raw.get()).unwrap_or_default();
            let items = items.into_iter().zip(value.items());
            items.for_each(|(raw, item)| places_in(None, raw, item, within, found));
        }
        Kind::Object => {
            let Ok(Members(members)) = serde_json::from_str(raw.get()) else { return };
            let members = members.into_iter().zip(value.entries());
            members.for_each(|((_, key, raw), (_, member))| places_in(Some(within(key)), raw, member, within, found));
        }
        _ => {}
    }
}

/// Says of JSON with comments that it has some: to a reader of YAML they are something else.
pub(crate) fn explain_comments(text: &str, problem: Problem) -> Problem {
    let is_comment = |line: &str| line.starts_with("//") || line.starts_with("/*");
    let mut lines = text.lines().map(str::trim_start).filter(|line| !line.is_empty());
    let is_json = lines.clone().find(|line| !is_comment(line)).is_some_and(|line| line.starts_with(['{', '[']));
    if !is_json || !lines.any(is_comment) {
        return problem;
    }
    let what = format!("JSON has no comments ({})", problem.what);
    Problem { what, help: "kubectl does not read them: delete them".to_owned(), ..problem }
}

/// What to point at for a field path in the text of one JSON value.
pub fn locate(text: &str, path: &str) -> Option<Located> {
    let mut here: &RawValue = serde_json::from_str(text).ok()?;
    let mut key: Option<&RawValue> = None;
    let mut exact = true;
    for step in steps(path) {
        let next = match step {
            Step::Key(wanted) => {
                let members: Option<Members<'_>> = serde_json::from_str(here.get()).ok();
                let found = members.and_then(|Members(all)| all.into_iter().find(|(name, ..)| *name == wanted));
                found.map(|(_, key, value)| (Some(key), value))
            }
            Step::Index(index) => {
                let items: Option<Vec<&RawValue>> = serde_json::from_str(here.get()).ok();
                items.and_then(|items| items.get(index).copied()).map(|item| (None, item))
            }
            Step::AnyIndex => None,
        };
        let Some((its_key, value)) = next else {
            exact = false;
            break;
        };
        (key, here) = (its_key, value);
    }
    let pointed = match key {
        Some(key) if here.get().starts_with(['{', '[']) => key,
        None if here.get().starts_with('{') => {
            let members: Members<'_> = serde_json::from_str(here.get()).ok()?;
            members.0.first().map_or(here, |(_, key, _)| *key)
        }
        _ => here,
    };
    Some(Located { span: range(text, pointed), exact })
}

/// The text of one JSON value that may be asked for many places. Most are asked for few; the others are read once for all.
#[derive(Debug)]
pub struct Locator {
    text: Arc<str>,
    asked: PlaceCache,
    read: OnceLock<Option<Document<'static>>>,
}

impl Locator {
    /// One for this text.
    pub fn new(text: &str) -> Self {
        Locator { text: text.into(), asked: PlaceCache::default(), read: OnceLock::new() }
    }

    /// How long the text is, in bytes.
    pub fn bytes(&self) -> usize {
        self.text.len()
    }

    /// What [`locate`] finds in the text.
    pub fn locate(&self, path: &str) -> Option<Located> {
        let document = || self.read.get_or_init(|| read(&self.text, 0).ok()).as_ref();
        let found = |document: &Document<'static>| places(&self.text, 0, document.root());
        match self.asked.places(|| document().map(found).unwrap_or_default()) {
            Some(all) => document().and_then(|document| all.locate(document.root(), path)),
            None => locate(&self.text, path),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_asked_often_answers_the_same() {
        let text = r#"{"a": [1, {"b": "c"}, [], {}], "d.e": {"f": null}, "g": {}}"#;
        let locator = Locator::new(text);
        for _ in 0..3 {
            for path in ["", "a", "a[0]", "a[1]", "a[1].b", "a[2]", "a[3]", "a[4].x", "[\"d.e\"].f", "g", "g.x", "x"] {
                assert_eq!(locator.locate(path), locate(text, path), "{path}");
            }
        }
        let empty = Locator::new("");
        assert!((0..20).all(|_| empty.locate("a").is_none()) && empty.bytes() == 0);
    }
}
