//! Changes of single fields: another value, no value, or one where there was none. Each becomes one edit of the text, which
//! leaves lines, comments and quotes around it as they are; what cannot be written so is not written at all.

use std::ops::Range;

use isolation_document::path::{Step, steps};
use isolation_document::{Kind, Value};
use serde_json::{Map, Value as Json};

use super::scalar::{Style, double_quoted, written as in_style};
use crate::places::Places;

/// What one field of an object is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The field, as findings name it: `metadata.annotations[a.example/b]`.
    pub path: String,
    /// What it is to hold: a text, a number or a boolean; `None` where it is to go.
    pub to: Option<Json>,
}

impl Change {
    /// What changes are made in the order of. What is taken out of a list moves what follows it, so the last goes first.
    pub fn order(&self) -> (bool, std::cmp::Reverse<String>) {
        if self.to.is_some() {
            return (false, std::cmp::Reverse(String::new()));
        }
        // Positions as numbers, so that `[10]` follows `[9]`.
        let padded = self.path.split_inclusive('[').map(|part| {
            let digits = part.bytes().take_while(u8::is_ascii_digit).count();
            format!("{}{part}", "0".repeat(8_usize.saturating_sub(digits) * usize::from(digits > 0)))
        });
        (true, std::cmp::Reverse(padded.collect()))
    }
}

/// An edit of a text.
pub enum Edit {
    /// This text in place of these bytes.
    Raw(Range<usize>, String),
    /// The string that is written there holds this text.
    Text(Range<usize>, String),
}

/// Makes the change in an object; whether its path leads to where it can be made.
pub fn apply(object: &mut Json, change: &Change) -> bool {
    apply_at(object, &steps(&change.path), change.to.as_ref())
}

fn apply_at(here: &mut Json, steps: &[Step], to: Option<&Json>) -> bool {
    let Some((step, behind)) = steps.split_first() else { return false };
    match (step, here, to) {
        (Step::Key(key), Json::Object(members), Some(to)) if behind.is_empty() => {
            members.insert(key.clone(), to.clone());
            true
        }
        (Step::Key(key), Json::Object(members), None) if behind.is_empty() => members.remove(key).is_some(),
        (Step::Index(index), Json::Array(items), None) if behind.is_empty() && *index < items.len() => {
            items.remove(*index);
            true
        }
        (Step::Index(index), Json::Array(items), Some(to)) if behind.is_empty() => match items.get_mut(*index) {
            Some(item) => {
                *item = to.clone();
                true
            }
            None => false,
        },
        (Step::Key(key), Json::Object(members), Some(_)) => {
            let next = members.entry(key.clone()).or_insert(Json::Null);
            // To the API server null is a field that is not set.
            if next.is_null() && matches!(behind.first(), Some(Step::Key(_))) {
                *next = Json::Object(Map::new());
            }
            apply_at(next, behind, to)
        }
        (Step::Key(key), Json::Object(members), None) => {
            members.get_mut(key).is_some_and(|next| apply_at(next, behind, to))
        }
        (Step::Index(index), Json::Array(items), _) => {
            items.get_mut(*index).is_some_and(|next| apply_at(next, behind, to))
        }
        _ => false,
    }
}

/// A text, and where the values of one of its objects are written.
pub struct Layout<'t> {
    /// The text.
    pub text: &'t str,
    /// The places of the object's values.
    pub places: &'t Places,
}

impl Layout<'_> {
    /// The edit that makes the change in an object; `None` where there is no plain way to write it.
    pub fn edit(&self, object: Value<'_>, change: &Change) -> Option<Edit> {
        let steps = steps(&change.path);
        let (here, rest) = object.follow(&steps);
        match (&change.to, rest) {
            (Some(to), []) => self.replacement(here, to),
            (None, []) => self.removal(here),
            (Some(to), missing) => self.insertion(here, missing, to),
            (None, _) => None,
        }
    }

    /// The text from where a value begins.
    fn text_at(&self, value: Value<'_>) -> Option<&str> {
        self.text.get(self.places.span(value)?.start..)
    }

    /// The line that holds these bytes: where it begins, and where the next one does.
    fn line(&self, span: &Range<usize>) -> Option<Range<usize>> {
        let start = self.text.get(..span.start)?.rfind('\n').map_or(0, |at| at + 1);
        let end = self.text.get(span.end..)?.find('\n').map_or(self.text.len(), |at| span.end + at + 1);
        Some(start..end)
    }

    /// Where the last character of a value ends. To the parser, what is written in blocks reaches up to what follows it: the
    /// comments before that belong to the value as far as they are indented more than its key or dash.
    fn end(&self, value: Value<'_>) -> Option<usize> {
        let span = self.places.span(value)?;
        if span.is_empty() {
            return self.end_of_key(value);
        }
        let whole = span.start + self.text.get(span.clone())?.trim_end().len();
        let last = match value.kind() {
            Kind::Object => value.entries().last().map(|(_, value)| value),
            Kind::List => value.items().last(),
            _ => None,
        };
        let Some(last) = last.filter(|_| !self.is_flow(value).unwrap_or(true)) else { return Some(whole) };
        // What came by an alias or a merge key is written elsewhere.
        let Some(end) = self.end(last).filter(|end| (span.start..=whole).contains(end)) else { return Some(whole) };
        let column = self.column(value).unwrap_or_default();
        let mut lines = self.text.get(end..whole)?.split_inclusive('\n');
        let mut at = end + lines.next().map_or(0, str::len);
        let mut reached = end;
        for line in lines {
            let body = line.trim();
            let is_inside = body.starts_with('#') && line.len() - line.trim_start().len() > column;
            if !body.is_empty() && !is_inside {
                break;
            }
            if is_inside {
                reached = at + line.trim_end().len();
            }
            at += line.len();
        }
        Some(reached)
    }

    /// Behind the colon of `key:` with nothing behind it.
    fn end_of_key(&self, value: Value<'_>) -> Option<usize> {
        let end = self.places.key_span(value)?.end;
        let rest = self.text.get(end..)?;
        let blanks = rest.len() - rest.trim_start_matches(' ').len();
        Some(if rest.get(blanks..)?.starts_with(':') { end + blanks + 1 } else { end })
    }

    /// How far a value's key is indented, or the dash of a list's item; nothing for an object as a whole.
    fn column(&self, value: Value<'_>) -> Option<usize> {
        let key = self.places.key_span(value);
        let start = key.clone().or_else(|| self.places.span(value))?.start;
        let lead = self.text.get(self.line(&(start..start))?.start..start)?;
        if key.is_some() { Some(lead.len()) } else { lead.rfind('-') }
    }

    fn is_flow(&self, holder: Value<'_>) -> Option<bool> {
        Some(self.text_at(holder)?.starts_with(['{', '[']))
    }

    /// Whether the keys around a value are in quotes, as in JSON.
    fn has_quoted_keys(&self, value: Value<'_>) -> bool {
        if self.places.are_of_json() {
            return true;
        }
        let mut here = Some(value);
        while let Some(value) = here {
            if let Some(span) = self.places.key_span(value) {
                return self.text.get(span.start..).is_some_and(|key| key.starts_with('"'));
            }
            here = value.parent();
        }
        false
    }

    fn replacement(&self, value: Value<'_>, to: &Json) -> Option<Edit> {
        if matches!(value.kind(), Kind::List | Kind::Object) {
            return None;
        }
        let span = self.places.span(value)?;
        // `key:` with nothing behind it.
        if span.is_empty() {
            let at = self.end_of_key(value)?;
            return Some(Edit::Raw(at..at, format!(" {}", scalar(to)?)));
        }
        match (value.kind(), to) {
            (Kind::String, Json::String(text)) => Some(Edit::Text(span, text.clone())),
            _ => Some(Edit::Raw(span, scalar(to)?)),
        }
    }

    fn removal(&self, value: Value<'_>) -> Option<Edit> {
        let holder = value.parent()?;
        let is_map = holder.kind() == Kind::Object;
        let all: Vec<Value<'_>> =
            if is_map { holder.entries().map(|(_, value)| value).collect() } else { holder.items().collect() };
        let at = all.iter().position(|other| other.index() == value.index())?;
        let start = |value: &Value<'_>| {
            let span = if is_map { self.places.key_span(*value) } else { self.places.span(*value) };
            span.map(|span| span.start)
        };
        let entry = start(&value)?..self.end(value)?;
        let flow = self.is_flow(holder)?;
        let line = self.line(&entry)?;
        let lead = self.text.get(line.start..entry.start)?;
        if flow {
            let span = match (all.get(at + 1), at.checked_sub(1).and_then(|before| all.get(before))) {
                (Some(next), _) => entry.start..self.up_to(entry.end, start(next)?)?,
                (None, Some(before)) => {
                    let end = self.end(*before)?;
                    // YAML takes the comma before a comment as it is.
                    let has_comment = self.text.get(end..entry.start)?.contains('#');
                    if has_comment { entry } else { end..entry.end }
                }
                (None, None) => self.alone(holder, entry)?,
            };
            return Some(Edit::Raw(span, String::new()));
        }
        if all.len() == 1 {
            let dash = if is_map { entry.start } else { line.start + lead.rfind('-')? };
            let empty = if is_map { "{}" } else { "[]" };
            return Some(Edit::Raw(dash..entry.end, empty.to_owned()));
        }
        // The first key behind a dash gives its place to the next one.
        if is_map && !lead.trim().is_empty() {
            let next = start(all.get(at + 1)?)?;
            let between = self.text.get(entry.end..next)?;
            // Unless there is a comment on that one.
            let own = between.find('\n')?;
            let span = if between.get(own..)?.contains('#') {
                let own = between.get(..own)?.trim_end_matches('\r').len();
                line.start + lead.trim_end().len()..entry.end + own
            } else {
                entry.start..next
            };
            return Some(Edit::Raw(span, String::new()));
        }
        (is_map || lead.trim() == "-").then(|| Edit::Raw(line, String::new()))
    }

    /// In braces, where what is taken away with an entry ends: where the next one begins, or behind the comma where a comment
    /// stands between them.
    fn up_to(&self, end: usize, next: usize) -> Option<usize> {
        let between = self.text.get(end..next)?;
        match between.split_once('#') {
            None => Some(next),
            Some((before, _)) => Some(end + before.find(',')? + 1),
        }
    }

    /// What is taken away with the only entry of a holder in brackets: the lines and blanks around it, but no comment.
    fn alone(&self, holder: Value<'_>, entry: Range<usize>) -> Option<Range<usize>> {
        let inner = self.places.span(holder)?.start + 1..self.end(holder)?.checked_sub(1)?;
        let is_blank = |range: Range<usize>| self.text.get(range).is_some_and(|text| text.trim().is_empty());
        Some(if is_blank(inner.start..entry.start) && is_blank(entry.end..inner.end) { inner } else { entry })
    }

    fn insertion(&self, holder: Value<'_>, missing: &[Step], to: &Json) -> Option<Edit> {
        let keys: Vec<String> = missing
            .iter()
            .map(|step| match step {
                Step::Key(key) => Some(key.clone()),
                _ => None,
            })
            .collect::<Option<_>>()?;
        if !matches!(holder.kind(), Kind::Object | Kind::Null) {
            return None;
        }
        let Some(first) = holder.entries().next() else {
            let inner = format!("{{{}}}", in_braces(&keys, to, self.has_quoted_keys(holder))?);
            let span = self.places.span(holder)?;
            // `key:` with nothing behind it.
            let edit = if span.is_empty() {
                let end = self.end_of_key(holder)?;
                Edit::Raw(end..end, format!(" {inner}"))
            } else {
                Edit::Raw(span, inner)
            };
            return Some(edit);
        };
        let first = self.places.key_span(first.1)?;
        if self.is_flow(holder)? {
            let quoted = self.text.get(first.start..)?.starts_with('"');
            // Where each entry has a line of its own, so does this one.
            let lead = self.text.get(self.places.span(holder)?.start + 1..first.start)?;
            let space = if lead.contains('\n') && lead.trim().is_empty() { lead } else { " " };
            return Some(Edit::Raw(first.start..first.start, format!("{},{space}", in_braces(&keys, to, quoted)?)));
        }
        // A line behind the last entry, with the indentation of the first.
        let start = self.line(&first)?.start;
        let mut indent = self.text.get(start..first.start)?.chars().count();
        let last = holder.entries().last()?.1;
        let end = self.end(last)?;
        let rest = self.text.get(end..)?;
        let at = end + rest.find('\n').unwrap_or(rest.len());
        let at = if self.text.get(..at)?.ends_with('\r') { at - 1 } else { at };
        let newline = if self.text.contains("\r\n") { "\r\n" } else { "\n" };
        let value = match to {
            Json::String(text) => in_style(text, Style::Plain),
            to => scalar(to)?,
        };
        let mut lines = String::new();
        for (depth, key) in keys.iter().enumerate() {
            let value = if depth + 1 == keys.len() { format!(" {value}") } else { String::new() };
            lines.push_str(newline);
            lines.push_str(&" ".repeat(indent));
            lines.push_str(&format!("{}:{value}", written(key)));
            indent += 2;
        }
        Some(Edit::Raw(at..at, lines))
    }
}

/// A scalar as JSON and YAML both read it.
fn scalar(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(double_quoted(text)),
        Json::Bool(_) | Json::Number(_) => Some(value.to_string()),
        _ => None,
    }
}

/// An entry in braces: the first key, and below it the others in braces of their own.
fn in_braces(keys: &[String], to: &Json, quoted: bool) -> Option<String> {
    let mut inner = scalar(to)?;
    for (depth, key) in keys.iter().enumerate().rev() {
        let key = if quoted { double_quoted(key) } else { written(key) };
        inner = format!("{key}: {inner}");
        if depth > 0 {
            inner = format!("{{{inner}}}");
        }
    }
    Some(inner)
}

/// A key: without quotes where every reader takes it for a string.
fn written(key: &str) -> String {
    let plain = key.bytes().all(|b| b.is_ascii_alphanumeric() || b"._/-".contains(&b))
        && key.starts_with(|c: char| c.is_ascii_alphabetic())
        && (key.len() > 5 || key.contains('/'));
    if plain { key.to_owned() } else { double_quoted(key) }
}
