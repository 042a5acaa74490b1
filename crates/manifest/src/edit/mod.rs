//! Strings of a file, rewritten in place: comments, layout and quotes stay as they are.
//!
//! A file that people keep is not parsed and printed again: only the bytes of the strings that change are replaced. What was
//! written is then read back, and every object of the file must equal what it was to become: an unforeseen corner of YAML
//! ends in an error and never in a file that says something else.

mod change;
mod scalar;

use std::collections::{BTreeMap, BTreeSet};
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
    /// The changes that cannot be written.
    pub skipped: Vec<SkippedChange>,
}

/// A change that cannot be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkippedChange {
    /// The position of its object.
    pub object: usize,
    /// The change.
    pub change: Change,
    /// Why: a clause.
    pub why: String,
}

/// What an object is to be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObjectChange {
    /// The object, where it differs in the texts of strings.
    pub object: Option<Json>,
    /// What becomes of single fields then.
    pub changes: Vec<Change>,
}

impl From<Json> for ObjectChange {
    fn from(object: Json) -> Self {
        ObjectChange { object: Some(object), changes: Vec::new() }
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

/// How much text may be read to find out which changes cannot be made together, in bytes, and how often it is read in any case.
/// What is not tried any more is not made.
const TRIED: usize = 64 << 20;
const TRIES: usize = 32;

/// The text of a file in which some of its objects, counted from 0, are what `wanted` says. A change of a single field that
/// cannot be written so that everything else stays as it is is left out.
///
/// # Errors
///
/// An object that is to change in more than the texts of strings and single fields, or whose strings cannot be written so that
/// everything else stays as it is.
pub fn rewrite(text: &str, wanted: &BTreeMap<usize, ObjectChange>) -> Result<Rewritten, EditError> {
    let failed = match all_at_once(text, wanted) {
        Ok(done) => return Ok(done),
        Err(failed) => failed,
    };
    let objects: BTreeMap<_, _> = (wanted.iter().filter(|(_, wanted)| wanted.object.is_some()))
        .map(|(at, wanted)| (*at, ObjectChange { changes: Vec::new(), ..wanted.clone() }))
        .collect();
    let mut changes = Vec::new();
    for (at, wanted) in wanted {
        let mut of_one: Vec<_> = wanted.changes.iter().collect();
        of_one.sort_by_key(|change| change.order());
        changes.extend(of_one.into_iter().enumerate().map(|(turn, change)| (turn, *at, change.clone())));
    }
    if changes.is_empty() {
        return Err(failed.error);
    }
    // First one of every object, then the next: halves of that are changes that do not meet, such as two first fields of one
    // object do.
    changes.sort_by_key(|(turn, at, _)| (*turn, *at));
    let mut done = all_at_once(text, &objects).map_err(|_| failed.error)?;
    let mut tries = TRIES.max(TRIED / text.len().max(1));
    let changes = changes.into_iter().map(|(_, at, change)| (at, change)).collect();
    make_those_that_can(&mut done, changes, &mut tries);
    Ok(done)
}

fn make_those_that_can(done: &mut Rewritten, changes: Vec<(usize, Change)>, tries: &mut usize) {
    if changes.is_empty() {
        return;
    }
    let leave_out = |changes: Vec<(usize, Change)>, why: &str| {
        let all = changes.into_iter();
        all.map(|(object, change)| SkippedChange { object, change, why: why.to_owned() }).collect::<Vec<_>>()
    };
    let Some(left) = tries.checked_sub(1) else {
        return done.skipped.extend(leave_out(changes, "the file has too many changes that cannot be made together"));
    };
    *tries = left;
    let mut wanted: BTreeMap<usize, ObjectChange> = BTreeMap::new();
    for (at, change) in &changes {
        wanted.entry(*at).or_default().changes.push(change.clone());
    }
    match all_at_once(&done.text, &wanted) {
        Ok(next) => {
            done.text = next.text;
            done.places += next.places;
            done.skipped.extend(next.skipped);
        }
        Err(failed) if changes.len() == 1 => done.skipped.extend(leave_out(changes, &failed.error.what)),
        Err(failed) => {
            let (one, other) = split(changes, |(at, _)| failed.wrong.contains(at));
            make_those_that_can(done, one, tries);
            make_those_that_can(done, other, tries);
        }
    }
}

/// What nothing is wrong with, and the rest; halves where that does not tell them apart.
fn split<T>(all: Vec<T>, is_wrong: impl Fn(&T) -> bool) -> (Vec<T>, Vec<T>) {
    let (wrong, mut right): (Vec<T>, Vec<T>) = all.into_iter().partition(is_wrong);
    if right.is_empty() || wrong.is_empty() {
        right.extend(wrong);
        let half = right.split_off(right.len() / 2);
        return (right, half);
    }
    (right, wrong)
}

/// Why changes cannot be made together.
struct Failed {
    error: EditError,
    /// The objects that would not be what was meant, where that is known.
    wrong: BTreeSet<usize>,
}

impl From<EditError> for Failed {
    fn from(error: EditError) -> Self {
        Failed { error, wrong: BTreeSet::new() }
    }
}

fn all_at_once(text: &str, wanted: &BTreeMap<usize, ObjectChange>) -> Result<Rewritten, Failed> {
    let before = crate::read(text).found;
    let objects: Vec<&Object> = before.iter().filter_map(|found| found.as_ref().ok()).collect();
    let mut edits = Edits::default();
    let mut skipped = Vec::new();
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
            let what = "the policy changes more than texts of strings in the object";
            return Err(EditError::new(span, what, BY_HAND).into());
        }
        let layout = Layout { text, places: &places };
        let mut changes: Vec<_> = wanted.changes.iter().collect();
        changes.sort_by_key(|change| change.order());
        for change in changes {
            match layout.edit(object.value(), change).filter(|_| apply(&mut json, change)) {
                Some(edit) => edits.add(edit),
                None => {
                    let why = "this cannot be written without changing the text around it".to_owned();
                    skipped.push(SkippedChange { object: at, change: change.clone(), why });
                }
            }
        }
        intended.push(json);
    }
    if let Some(span) = edits.contradiction {
        let help = "Replace the anchor's aliases by their texts";
        let what = "the changes would give one place different texts, such as that of an anchor with several aliases";
        return Err(EditError::new(span, what, help).into());
    }
    let first = edits.wanted.keys().next().map_or(0..0, |(start, end)| *start..*end);
    let places = edits.wanted.len() + edits.joined;
    let mut wrong = BTreeSet::new();
    // An alias may refer to the changed value by accident: first it is kept, then its text is written out.
    for writes_aliases_out in [false, true] {
        let mut edits = edits.wanted.clone();
        if writes_aliases_out && !write_out(text, &mut edits) {
            break;
        }
        let Some(new) = splice(text, &edits) else { break };
        match not_as_intended(&before, &intended, &new) {
            Some(none) if none.is_empty() => return Ok(Rewritten { text: new, places, skipped }),
            others => wrong = others.unwrap_or_default(),
        }
    }
    let what = if text.contains('*') && text.contains('&') {
        "an anchor is used in several places, and only some of them would change"
    } else {
        "the new text cannot be written in this place"
    };
    Err(Failed { error: EditError::new(first, what, BY_HAND), wrong })
}

/// How each of these changes of objects, counted from 0, is written where it is the only one: the bytes, and what stands there
/// then. `None` where it cannot be written, and where so many cannot be written as they are alone that they are not all tried.
pub fn edits(text: &str, changes: &[(usize, Change)]) -> Vec<Option<(Range<usize>, String)>> {
    let before = crate::read(text).found;
    let objects: Vec<&Object> = before.iter().filter_map(|found| found.as_ref().ok()).collect();
    let mut single = SingleChanges {
        text,
        tries: TRIES.max(TRIED / text.len().max(1)),
        before: &before,
        now: objects.iter().map(|object| object.to_json()).collect(),
        made: vec![None; changes.len()],
    };
    let mut of_objects: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (number, (at, _)) in changes.iter().enumerate() {
        of_objects.entry(*at).or_default().push(number);
    }
    // One of every object at a time, since they are to be alone in it.
    let mut turns: Vec<Vec<Attempt<'_>>> = Vec::new();
    for (at, numbers) in of_objects {
        let Some(object) = objects.get(at) else { continue };
        let places = object.places(text);
        let layout = Layout { text, places: &places };
        let possible = numbers.into_iter().filter_map(|number| {
            let change = &changes.get(number)?.1;
            let mut edits = Edits::default();
            edits.add(layout.edit(object.value(), change)?);
            Some(Attempt { number, at, change, edits: edits.wanted })
        });
        for (turn, attempt) in possible.enumerate() {
            if turns.len() <= turn {
                turns.push(Vec::new());
            }
            if let Some(turn) = turns.get_mut(turn) {
                turn.push(attempt);
            }
        }
    }
    turns.into_iter().for_each(|turn| single.make(turn));
    single.made
}

/// A change that is tried.
struct Attempt<'c> {
    number: usize,
    at: usize,
    change: &'c Change,
    edits: BTreeMap<(usize, usize), New>,
}

/// Changes that are each made alone.
struct SingleChanges<'t> {
    text: &'t str,
    tries: usize,
    before: &'t [Result<Object, crate::Problem>],
    /// The objects as they are.
    now: Vec<Json>,
    /// What came of the changes, by their number.
    made: Vec<Option<(Range<usize>, String)>>,
}

impl SingleChanges<'_> {
    /// Changes of several objects, each of which is the only one of its object: they are tried together, and those that fail
    /// apart from the others.
    fn make(&mut self, all: Vec<Attempt<'_>>) {
        let Some(left) = self.tries.checked_sub(1).filter(|_| !all.is_empty()) else { return };
        self.tries = left;
        let together: BTreeMap<_, _> = all.iter().flat_map(|attempt| attempt.edits.clone()).collect();
        let mut intended = self.now.clone();
        for attempt in &all {
            intended.get_mut(attempt.at).map(|object| apply(object, attempt.change));
        }
        let meet = together.keys().zip(together.keys().skip(1)).any(|(one, other)| other.0 < one.1);
        let new = if meet || together.len() < all.len() { None } else { splice(self.text, &together) };
        let is_changed = |at: &usize| all.iter().any(|attempt| attempt.at == *at);
        match new.and_then(|new| not_as_intended(self.before, &intended, &new)) {
            Some(wrong) if wrong.is_empty() => {
                for Attempt { number, edits, .. } in all {
                    let edit = edits.iter().next().and_then(|((start, end), new)| {
                        Some(difference(self.text, *start..*end, &written(self.text, &(*start..*end), new)?))
                    });
                    self.keep(number, edit);
                }
            }
            _ if all.len() == 1 => all.into_iter().for_each(|attempt| self.make_with_aliases(&attempt)),
            // What changes without being meant to may be an alias of any of them.
            wrong => {
                let wrong = wrong.filter(|wrong| wrong.iter().all(is_changed)).unwrap_or_default();
                let (one, other) = split(all, |attempt| wrong.contains(&attempt.at));
                self.make(one);
                self.make(other);
            }
        }
    }

    fn make_with_aliases(&mut self, Attempt { number, at, change, .. }: &Attempt<'_>) {
        let wanted = ObjectChange { object: None, changes: vec![(*change).clone()] };
        let done = all_at_once(self.text, &BTreeMap::from([(*at, wanted)])).ok().filter(|done| done.places > 0);
        self.keep(*number, done.map(|done| difference(self.text, 0..self.text.len(), &done.text)));
    }

    fn keep(&mut self, number: usize, edit: Option<(Range<usize>, String)>) {
        if let Some(made) = self.made.get_mut(number) {
            *made = edit;
        }
    }
}

/// The bytes among these in place of which the new text has something else, and what.
fn difference(text: &str, span: Range<usize>, new: &str) -> (Range<usize>, String) {
    let old = text.get(span.clone()).unwrap_or_default();
    let common = |a: &mut dyn Iterator<Item = (char, char)>| -> usize {
        a.take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum()
    };
    let start = common(&mut old.chars().zip(new.chars()));
    let (rest, other) = (old.get(start..).unwrap_or_default(), new.get(start..).unwrap_or_default());
    let end = common(&mut rest.chars().rev().zip(other.chars().rev()));
    let text = other.get(..other.len() - end).unwrap_or_default();
    (span.start + start..span.end - end, text.to_owned())
}

/// What is to stand in place of something, by where that is written.
#[derive(Default)]
struct Edits {
    wanted: BTreeMap<(usize, usize), New>,
    contradiction: Option<Range<usize>>,
    /// How many of them are written together with another one.
    joined: usize,
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

    fn add(&mut self, edit: Edit) {
        match edit {
            Edit::Text(span, new) => self.put(span, New::Text(new)),
            Edit::Raw(span, new) => self.put(span, New::Raw(new)),
        }
    }

    fn put(&mut self, span: Range<usize>, new: New) {
        match (self.wanted.get_mut(&(span.start, span.end)), new) {
            // Lines that are added in one place follow each other.
            (Some(New::Raw(lines)), New::Raw(more)) if span.is_empty() => {
                lines.push_str(&more);
                self.joined += 1;
            }
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
        out.push_str(text.get(at..*start)?);
        out.push_str(&written(text, &(*start..*end), value)?);
        at = *end;
    }
    out.push_str(text.get(at..)?);
    Some(out)
}

/// What is written in place of these bytes.
fn written(text: &str, span: &Range<usize>, new: &New) -> Option<String> {
    let value = match new {
        New::Text(value) => value,
        New::Raw(new) => return Some(new.clone()),
    };
    let written = text.get(span.clone())?;
    match Style::of(text.get(..span.start)?, written) {
        Style::Block => {
            // The header says how a block is read, so one line stands for all; the line breaks behind it stay.
            let (body, line) = (written.trim_end(), value.trim_end_matches('\n'));
            let line = scalar::is_printable_line(line).then_some(line)?;
            Some([line, written.get(body.len()..)?].concat())
        }
        style => Some(scalar::written(value, style)),
    }
}

/// The objects that a text does not hold as they are intended, counted from 0; `None` where it has other problems, or another
/// number of objects, than it had.
fn not_as_intended(before: &[Result<Object, crate::Problem>], intended: &[Json], new: &str) -> Option<BTreeSet<usize>> {
    let after = crate::read(new).found;
    let mut intended = intended.iter().enumerate();
    let mut wrong = BTreeSet::new();
    if before.len() != after.len() {
        return None;
    }
    for (before, after) in before.iter().zip(&after) {
        match (before, after) {
            (Ok(_), Ok(after)) => {
                let (at, intended) = intended.next()?;
                if after.to_json() != *intended {
                    wrong.insert(at);
                }
            }
            (Err(before), Err(after)) if before.what == after.what => {}
            _ => return None,
        }
    }
    Some(wrong)
}

#[cfg(test)]
mod tests;
