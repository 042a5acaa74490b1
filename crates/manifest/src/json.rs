//! One JSON document into nodes, by the reader that the policies themselves use.

use isolation::json::{Document, Kind, Value};

use crate::node::{Data, Node};
use crate::object::Problem;

/// Reads one document at the start of `text`, which begins at byte `offset` of its file; gives it and how long it is.
pub(crate) fn read(text: &str, offset: usize) -> Result<(Node, usize), Problem> {
    const MORE: &str = "text follows the JSON value";
    let (document, length) = match Document::read(text.as_bytes()) {
        Ok(document) => (document, text.len()),
        // Several documents one after another, as `jq` and `kubectl` print them.
        Err(error) if error.problem == MORE => match Document::read(&text.as_bytes()[..error.offset]) {
            Ok(document) => (document, error.offset),
            Err(error) => return Err(problem(&error, offset)),
        },
        Err(error) => return Err(problem(&error, offset)),
    };
    Ok((node(document.root(), offset), length))
}

fn problem(error: &isolation::json::Unreadable, offset: usize) -> Problem {
    let at = offset + error.offset;
    Problem::new(at..at, format!("not JSON: {}", error.problem), "")
}

fn node(value: Value<'_>, offset: usize) -> Node {
    let (start, end) = value.span();
    let data = match value.kind() {
        Kind::Null => Data::Null,
        Kind::Bool => Data::Bool(value.as_bool().unwrap_or_default()),
        Kind::Number => match serde_json::from_str(value.raw()) {
            Ok(number) => Data::Number(number),
            // What no number type holds, such as 1e999.
            Err(_) => Data::String(value.raw().to_owned()),
        },
        Kind::String => Data::String(value.as_str().unwrap_or_default().into_owned()),
        Kind::List => Data::List(value.items().map(|item| node(item, offset)).collect()),
        Kind::Object => Data::Object(
            value
                .entries()
                .map(|(key, member)| {
                    let mut held = node(member, offset);
                    // The key stands in front of its value; its bytes are found again from there.
                    held.key = member.key_span().map(|(start, end)| offset + start..offset + end);
                    (key.into_owned(), held)
                })
                .collect(),
        ),
    };
    Node { span: offset + start..offset + end, key: None, data }
}
