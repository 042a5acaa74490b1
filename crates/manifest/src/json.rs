//! One JSON document into nodes, with the bytes that each is written in: `serde_json` hands out the text of every value.

use std::borrow::Cow;

use isolation::Document;
use serde::Deserialize;
use serde::de::{Deserializer as _, MapAccess, Visitor};
use serde_json::Deserializer;
use serde_json::value::RawValue;

use crate::node::{Data, Node};
use crate::object::Problem;

/// Reads one document at the start of `text`, which begins at byte `offset` of its file; gives it and how long it is.
pub fn read(text: &str, offset: usize) -> Result<(Node, usize), Problem> {
    let mut values = Deserializer::from_str(text).into_iter::<&RawValue>();
    let raw = match values.next() {
        Some(Ok(raw)) => raw,
        Some(Err(error)) => return Err(problem(text, offset, error.line(), error.column(), &error.to_string())),
        None => return Err(Problem::new(offset..offset, "not JSON: there is nothing", "")),
    };
    // The whole of it as the policies read it: keys that are named twice, nesting.
    let start = position(text, raw.get());
    if let Err(error) = Document::read(raw.get().as_bytes()) {
        return Err(problem(raw.get(), offset + start, error.line, error.column, &error.problem));
    }
    let node = node(raw.get(), text, offset).map_err(|error| Problem::new(offset..offset, error.to_string(), ""))?;
    Ok((node, values.byte_offset()))
}

fn problem(text: &str, offset: usize, line: usize, column: usize, what: &str) -> Problem {
    let line_start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let at = offset + (line_start + column.saturating_sub(1)).min(text.len());
    let what = what.split(" at line ").next().unwrap_or(what);
    Problem::new(at..at, format!("not JSON: {what}"), "")
}

/// Where `part` stands in `text`, which it is a part of.
fn position(text: &str, part: &str) -> usize {
    part.as_ptr() as usize - text.as_ptr() as usize
}

fn node(raw: &str, text: &str, offset: usize) -> serde_json::Result<Node> {
    let start = position(text, raw);
    let data = match raw.as_bytes().first() {
        Some(b'n') => Data::Null,
        Some(b't' | b'f') => Data::Bool(raw == "true"),
        Some(b'"') => Data::String(serde_json::from_str(raw)?),
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(raw)?;
            Data::List(items.into_iter().map(|item| node(item.get(), text, offset)).collect::<Result<_, _>>()?)
        }
        Some(b'{') => {
            let mut members = Vec::new();
            let mut behind = start + 1;
            for (key, value) in Deserializer::from_str(raw).deserialize_map(Members)? {
                let at = position(text, value.get());
                let mut held = node(value.get(), text, offset)?;
                // The key stands between the value before and its own.
                let between = text.get(behind..at).unwrap_or_default();
                held.key = between
                    .find('"')
                    .zip(between.rfind('"'))
                    .map(|(first, last)| offset + behind + first..offset + behind + last + 1);
                behind = at + value.get().len();
                members.push((key.into_owned(), held));
            }
            Data::Object(members)
        }
        _ => Data::Number(serde_json::from_str(raw)?),
    };
    Ok(Node { span: offset + start..offset + start + raw.len(), key: None, data })
}

/// The members of an object, in the order they are written.
struct Members;

#[derive(Deserialize)]
struct Key<'k>(#[serde(borrow)] Cow<'k, str>);

impl<'de> Visitor<'de> for Members {
    type Value = Vec<(Cow<'de, str>, &'de RawValue)>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut all = Vec::new();
        while let Some((Key(key), value)) = members.next_entry()? {
            all.push((key, value));
        }
        Ok(all)
    }
}
