//! JSON documents, read by the reader that the policies use: YAML's reader does not know all of JSON's escapes.

use isolation::Document;
use isolation::json::{Kind, Value, quote};

use crate::{Edit, Problem, Replacement};

/// The changes that the edits make in a JSON document.
pub fn replacements(document: &Document<'_>, edits: &[Edit]) -> Result<Vec<Replacement>, Problem> {
    let strings = strings(document.root());
    let mut replacements: Vec<Replacement> = Vec::with_capacity(edits.len());
    for edit in edits {
        let start = edit.span.start;
        let known = strings.binary_search_by_key(&start, |(start, _)| *start);
        let Some((_, end)) = known.ok().and_then(|at| strings.get(at)) else {
            return Err(Problem::new(start, "no string begins here"));
        };
        let mut text = String::new();
        quote(&edit.value, &mut text);
        replacements.push(Replacement { span: start..*end, text });
    }
    Ok(replacements)
}

/// Where the strings are written that are values, in the order in which they are.
fn strings(root: Value<'_>) -> Vec<(usize, usize)> {
    let mut strings = Vec::new();
    let mut open = vec![root];
    while let Some(value) = open.pop() {
        match value.kind() {
            Kind::String => strings.push(value.span()),
            Kind::List => open.extend(value.items()),
            Kind::Object => open.extend(value.entries().map(|(_, value)| value)),
            Kind::Null | Kind::Bool | Kind::Number => {}
        }
    }
    strings.sort_unstable();
    strings
}
