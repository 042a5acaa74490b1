//! Strings of a file, rewritten in place: comments, layout and quotes stay as they are.
//!
//! A file that people keep is not parsed and printed again: only the bytes of the strings that change are replaced. What was
//! written is then read back, and every object of the file must equal what it was to become: an unforeseen corner of YAML
//! ends in an error and never in a file that says something else.

mod change;
mod scalar;

use std::collections::BTreeMap;
use std::ops::Range;

use isolation_document::{Kind, Value};
use isolation_yaml::{Alias, aliases};
use serde_json::Value as Json;

use crate::object::Object;
use crate::places::Places;
use crate::stream::{Format, parts};
pub use change::{Change, apply};
use change::{Edit, Layout};
use scalar::Style;

/// A file after the changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rewritten {
    /// Its text.
    pub text: String,
    /// How many places hold something else.
    pub places: usize,
    /// The changes that cannot be written, by their object.
    pub left_out: Vec<(usize, Change)>,
}

/// What an object is to be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The object, where it differs in the texts of strings.
    pub object: Option<Json>,
    /// What becomes of single fields then.
    pub changes: Vec<Change>,
}

impl From<Json> for Wanted {
    fn from(object: Json) -> Self {
        Wanted { object: Some(object), changes: Vec::new() }
    }
}

/// What stands in place of something.
#[derive(Clone, Debug, PartialEq, Eq)]
enum New {
    /// The text that a string is to hold, written as it was.
    Text(String),
    /// What is to be written.
    Raw(String),
}

/// Why a file cannot be rewritten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditError {
    /// The bytes to point at.
    pub span: Range<usize>,
    /// What is wrong: a clause.
    pub what: String,
    /// What to do: a sentence without full stop.
    pub help: &'static str,
}

const BY_HAND: &str = "Change the file by hand";

impl EditError {
    fn new(span: Range<usize>, what: &str, help: &'static str) -> Self {
        EditError { span, what: what.to_owned(), help }
    }
}

/// The text of a file in which some of its objects, counted from 0, are what `wanted` says.
///
/// # Errors
///
/// An object that is to change in more than the texts of strings and single fields, and a text that cannot be written so that
/// everything else stays as it is.
pub fn rewrite(text: &str, wanted: &BTreeMap<usize, Wanted>) -> Result<Rewritten, EditError> {
    let together = all_at_once(text, wanted);
    let changes = wanted.values().map(|wanted| wanted.changes.len()).sum::<usize>();
    match together {
        // Changes that meet, such as two first fields of one object.
        Err(error) if (2..=ONE_BY_ONE).contains(&changes) => one_by_one(text, wanted).map_err(|_| error),
        together => together,
    }
}

/// How many changes of one file are tried one by one where they cannot be made together: each reads the file again.
const ONE_BY_ONE: usize = 32;

fn one_by_one(text: &str, wanted: &BTreeMap<usize, Wanted>) -> Result<Rewritten, EditError> {
    let objects = wanted.iter().map(|(at, wanted)| (*at, Wanted { changes: Vec::new(), ..wanted.clone() })).collect();
    let mut done = all_at_once(text, &objects)?;
    for (at, Wanted { changes, .. }) in wanted {
        let mut changes: Vec<_> = changes.iter().collect();
        changes.sort_by_key(|change| change.order());
        for change in changes {
            let single = Wanted { object: None, changes: vec![change.clone()] };
            match all_at_once(&done.text, &BTreeMap::from([(*at, single)])) {
                Ok(next) => {
                    done.text = next.text;
                    done.places += next.places;
                    done.left_out.extend(next.left_out);
                }
                Err(_) => done.left_out.push((*at, change.clone())),
            }
        }
    }
    Ok(done)
}

fn all_at_once(text: &str, wanted: &BTreeMap<usize, Wanted>) -> Result<Rewritten, EditError> {
    let before = crate::read(text).found;
    let objects: Vec<&Object> = before.iter().filter_map(|found| found.as_ref().ok()).collect();
    let mut edits = Edits::default();
    let mut left_out = Vec::new();
    let mut intended: Vec<Json> = Vec::with_capacity(objects.len());
    for (at, object) in objects.iter().enumerate() {
        let mut json = object.to_json();
        let Some(wanted) = wanted.get(&at) else {
            intended.push(json);
            continue;
        };
        let places = object.places(text);
        if let Some(wanted) = &wanted.object
            && !edits.compare(&places, object.value(), wanted, &mut json)
        {
            let span = object.locate(text, "kind").span;
            return Err(EditError::new(span, "the policy changes more than texts of strings in the object", BY_HAND));
        }
        let layout = Layout { text, places: &places };
        let mut changes: Vec<_> = wanted.changes.iter().collect();
        changes.sort_by_key(|change| change.order());
        for change in changes {
            match layout.edit(object.value(), change).filter(|_| apply(&mut json, change)) {
                Some(Edit::Text(span, new)) => edits.put(span, New::Text(new)),
                Some(Edit::Raw(span, new)) => edits.put(span, New::Raw(new)),
                None => left_out.push((at, change.clone())),
            }
        }
        intended.push(json);
    }
    if let Some(span) = edits.contradiction {
        let help = "Replace the anchor's aliases by their texts";
        return Err(EditError::new(
            span,
            "the changes would give one place different texts, such as that of an anchor with several aliases",
            help,
        ));
    }
    let first = edits.wanted.keys().next().map_or(0..0, |(start, end)| *start..*end);
    let places = edits.wanted.len();
    // An alias may refer to the changed value by accident: first it is kept, then its text is written out.
    for writes_aliases_out in [false, true] {
        let mut edits = edits.wanted.clone();
        if writes_aliases_out && !write_out(text, &mut edits) {
            break;
        }
        let Some(new) = splice(text, &edits) else { break };
        if is_as_intended(&before, &intended, &new) {
            return Ok(Rewritten { text: new, places, left_out });
        }
    }
    let what = if text.contains('*') && text.contains('&') {
        "an anchor is used in several places, and only some of them would change"
    } else {
        "the new text cannot be written in this place"
    };
    Err(EditError::new(first, what, BY_HAND))
}

/// What is to stand in place of something, by where that is written.
#[derive(Default)]
struct Edits {
    wanted: BTreeMap<(usize, usize), New>,
    contradiction: Option<Range<usize>>,
}

impl Edits {
    /// Notes where `value` and what it is to be differ, and makes the same changes in `intended`; whether nothing but strings
    /// does.
    fn compare(&mut self, places: &Places, value: Value<'_>, wanted: &Json, intended: &mut Json) -> bool {
        match (value.kind(), wanted, intended) {
            (Kind::String, Json::String(new), intended) => {
                if value.text() != Some(new) {
                    let Some(span) = places.span(value) else { return false };
                    self.put(span, New::Text(new.clone()));
                    *intended = wanted.clone();
                }
                true
            }
            (Kind::List, Json::Array(new), Json::Array(intended)) => {
                value.items().count() == new.len()
                    && (value.items().zip(new).zip(intended))
                        .all(|((value, new), intended)| self.compare(places, value, new, intended))
            }
            (Kind::Object, Json::Object(new), Json::Object(intended)) => {
                // What a list gives its items is not written in them.
                new.len() == intended.len()
                    && value.entries().all(|(key, value)| {
                        match (new.get(key.as_ref()), intended.get_mut(key.as_ref())) {
                            (Some(new), Some(intended)) => self.compare(places, value, new, intended),
                            _ => false,
                        }
                    })
            }
            (Kind::Number, Json::Number(new), Json::Number(old)) => old == new || old.as_f64() == new.as_f64(),
            (_, new, old) => *old == *new,
        }
    }

    fn put(&mut self, span: Range<usize>, new: New) {
        match (self.wanted.get_mut(&(span.start, span.end)), new) {
            // Lines that are added in one place follow each other.
            (Some(New::Raw(lines)), New::Raw(more)) if span.is_empty() => lines.push_str(&more),
            (Some(other), new) if *other != new => self.contradiction = Some(span),
            (_, new) => drop(self.wanted.insert((span.start, span.end), new)),
        }
    }
}

/// Adds the aliases of strings that change with what these strings hold now; whether there are any.
fn write_out(text: &str, edits: &mut BTreeMap<(usize, usize), New>) -> bool {
    let mut any = false;
    for part in parts(text).into_iter().flatten().filter(|part| part.format == Format::Yaml) {
        let start = part.span.start;
        for Alias { original, text: old, span } in aliases(&text[part.span.clone()]).unwrap_or_default() {
            let alias = (start + span.start, start + span.end);
            let changes = edits.contains_key(&(start + original.start, start + original.end));
            if changes && !edits.contains_key(&alias) {
                edits.insert(alias, New::Text(old));
                any = true;
            }
        }
    }
    any
}

/// The text with every edit made; `None` where a text cannot be written in the style of what was there.
fn splice(text: &str, edits: &BTreeMap<(usize, usize), New>) -> Option<String> {
    let mut out = String::with_capacity(text.len() + 32 * edits.len());
    let mut at = 0;
    for ((start, end), value) in edits {
        let written = text.get(*start..*end)?;
        out.push_str(text.get(at..*start)?);
        let value = match value {
            New::Text(value) => value,
            New::Raw(new) => {
                out.push_str(new);
                at = *end;
                continue;
            }
        };
        match Style::of(text.get(..*start)?, written) {
            Style::Block => {
                // The header says how a block is read, so one line stands for all; the line breaks behind it stay.
                let breaks = written.len() - written.trim_end().len();
                let line = value.trim_end_matches('\n');
                out.push_str(scalar::is_printable_line(line).then_some(line)?);
                out.push_str(written.get(written.len() - breaks..)?);
            }
            style => out.push_str(&scalar::written(value, style)),
        }
        at = *end;
    }
    out.push_str(text.get(at..)?);
    Some(out)
}

/// Whether a text reads as the objects that are intended, and has no other problems than it had.
fn is_as_intended(before: &[Result<Object, crate::Problem>], intended: &[Json], new: &str) -> bool {
    let after = crate::read(new).found;
    let mut intended = intended.iter();
    before.len() == after.len()
        && before.iter().zip(&after).all(|(before, after)| match (before, after) {
            (Ok(_), Ok(after)) => intended.next().is_some_and(|intended| after.to_json() == *intended),
            (Err(before), Err(after)) => before.what == after.what,
            _ => false,
        })
}

#[cfg(test)]
mod tests;
