//! The smallest change of a YAML text that makes a field what it is to be. Whether it does, the caller tries.

use isolation_document::path::Step;
use isolation_document::{Kind, Value};
use serde_json::Value as Json;

use super::Splice;
use super::wish::Wish;

/// The change of `text` that fulfils a wish for the field at `path` of an object; none for JSON and for what has no simple
/// change.
pub fn splice(text: &str, object: Value<'_>, path: &[Step], wish: &Wish) -> Option<Splice> {
    let field = at(object, path);
    match (wish, field) {
        (Wish::Set(value), Some(field)) => {
            let span = field.span().filter(|_| is_scalar(field))?;
            let insert = in_style_of(text.get(span.clone())?, value)?;
            Some(Splice { span, insert })
        }
        (Wish::Rename(name, value), Some(field)) => {
            let (key, span) = (field.key_span()?, field.span().filter(|_| is_scalar(field))?);
            Some(Splice {
                insert: format!("{}: {}", scalar(name), in_style_of(text.get(span.clone())?, value)?),
                span: key.start..span.end,
            })
        }
        (Wish::Set(value), None) => insert(text, object, path, value),
        (Wish::Remove, Some(field)) => remove(text, field),
        _ => None,
    }
}

fn at<'d>(object: Value<'d>, path: &[Step]) -> Option<Value<'d>> {
    path.iter().try_fold(object, |value, step| match step {
        Step::Key(key) => value.get(key),
        Step::Index(index) => value.items().nth(*index),
        Step::AnyIndex => None,
    })
}

fn is_scalar(value: Value<'_>) -> bool {
    !matches!(value.kind(), Kind::List | Kind::Object)
}

/// A value, in the quotes of what it replaces.
fn in_style_of(old: &str, value: &Json) -> Option<String> {
    match value {
        Json::String(new) if old.starts_with('"') => serde_json::to_string(new).ok(),
        Json::String(new) if old.starts_with('\'') && !new.contains('\'') => Some(format!("'{new}'")),
        _ if old.starts_with(['|', '>', '&', '*', '!']) => None,
        Json::String(new) => Some(scalar(new)),
        other => Some(other.to_string()),
    }
}

/// A text as a scalar: plain where nothing else could be read into it, in quotes otherwise.
fn scalar(text: &str) -> String {
    let plain = text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./:@".contains(&byte))
        && !text.ends_with(':')
        && !matches!(
            text.to_ascii_lowercase().as_str(),
            "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n" | "null"
        );
    if plain { text.to_owned() } else { serde_json::to_string(text).unwrap_or_default() }
}

/// Adds a field that is not there, with what has to hold it.
fn insert(text: &str, object: Value<'_>, path: &[Step], value: &Json) -> Option<Splice> {
    let there = (0..path.len()).rev().find_map(|length| {
        let holder = at(object, path.get(..length)?)?;
        (holder.kind() == Kind::Object).then_some((length, holder))
    });
    let (length, holder) = there?;
    let keys: Vec<&str> = (path.get(length..)?.iter())
        .map(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            _ => None,
        })
        .collect::<Option<_>>()?;
    let value = match value {
        Json::String(text) => scalar(text),
        other => other.to_string(),
    };
    let span = holder.span()?;
    let begin = text.get(span.start..)?;
    if begin.starts_with('{') {
        let (last, before) = keys.split_last()?;
        let inner = before
            .iter()
            .rev()
            .fold(format!("{}: {value}", scalar(last)), |inner, key| format!("{}: {{{inner}}}", scalar(key)));
        let comma = if holder.entries().next().is_some() { ", " } else { "" };
        return Some(Splice { span: span.start + 1..span.start + 1, insert: format!("{inner}{comma}") });
    }
    // Before the last field, so that what every object begins with stays where it is.
    let (_, sibling) = holder.entries().last()?;
    let key = sibling.key_span()?;
    let indent = column(text, key.start)?;
    let mut lines = String::new();
    for (depth, name) in keys.iter().enumerate() {
        let end = if depth + 1 == keys.len() { format!(" {value}") } else { String::new() };
        // The line that the sibling begins with already has its indentation.
        let before = if depth == 0 { String::new() } else { " ".repeat(indent + 2 * depth) };
        lines += &format!("{before}{}:{end}\n", scalar(name));
    }
    lines += &" ".repeat(indent);
    Some(Splice { span: key.start..key.start, insert: lines })
}

/// How many bytes stand before this one in its line; a hyphen of a list counts as a blank.
fn column(text: &str, at: usize) -> Option<usize> {
    let line = text.get(..at)?.rsplit('\n').next()?;
    line.bytes().all(|byte| matches!(byte, b' ' | b'-')).then_some(line.len())
}

/// Takes a field or an item out. If it is the only one, what holds it goes, too.
fn remove(text: &str, field: Value<'_>) -> Option<Splice> {
    let parent = field.parent()?;
    let siblings = if parent.kind() == Kind::List { parent.items().count() } else { parent.entries().count() };
    if siblings == 1 {
        return remove(text, parent);
    }
    let span = field.span()?;
    let start = field.key_span().map_or(span.start, |key| key.start);
    if text.get(parent.span()?.start..)?.starts_with(['{', '[']) {
        let end = span.end;
        let rest = text.get(end..)?;
        let blanks = rest.len() - rest.trim_start().len();
        if let Some(behind) = rest.get(blanks..)?.strip_prefix(',') {
            let more = behind.len() - behind.trim_start_matches(' ').len();
            return Some(Splice { span: start..end + blanks + 1 + more, insert: String::new() });
        }
        let before = text.get(..start)?.trim_end().strip_suffix(',')?;
        return Some(Splice { span: before.len()..end, insert: String::new() });
    }
    let line = text.get(..start)?.rfind('\n').map_or(0, |newline| newline + 1);
    let prefix = text.get(line..start)?;
    let is_item = field.key_span().is_none();
    let indent = prefix.len() - prefix.trim_start().len();
    let alone = if is_item { prefix.trim() == "-" } else { prefix.trim().is_empty() };
    if !alone {
        return None;
    }
    // All lines that are further in belong to it, and so do items at the same place as their key.
    let mut end = line;
    for (number, row) in text.get(line..)?.split_inclusive('\n').enumerate() {
        let depth = row.len() - row.trim_start().len();
        let inside =
            depth > indent || (field.kind() == Kind::List && depth == indent && row.trim_start().starts_with("- "));
        if number > 0 && !inside {
            break;
        }
        end += row.len();
    }
    Some(Splice { span: line..end, insert: String::new() })
}
