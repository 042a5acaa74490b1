//! JSON documents, which YAML's reader does not read as `serde_json` does.

use isolation::json::quoted;
use isolation_manifest::{Data, Node};

use crate::{Edit, Problem, Replacement};

/// The changes that the edits make in a JSON document.
pub fn replacements(document: &Node, edits: &[Edit]) -> Result<Vec<Replacement>, Problem> {
    let strings = strings(document);
    let mut replacements: Vec<Replacement> = Vec::with_capacity(edits.len());
    for edit in edits {
        let start = edit.span.start;
        let known = strings.binary_search_by_key(&start, |(start, _)| *start);
        let Some((_, end)) = known.ok().and_then(|at| strings.get(at)) else {
            return Err(Problem::new(start, "no string begins here"));
        };
        replacements.push(Replacement { span: start..*end, text: quoted(&edit.value) });
    }
    Ok(replacements)
}

/// Where the strings are written that are values, in the order in which they are.
fn strings(root: &Node) -> Vec<(usize, usize)> {
    let mut strings = Vec::new();
    let mut open = vec![root];
    while let Some(value) = open.pop() {
        match &value.data {
            Data::String(_) => strings.push((value.span.start, value.span.end)),
            Data::List(items) => open.extend(items),
            Data::Object(members) => open.extend(members.iter().map(|(_, value)| value)),
            Data::Null | Data::Bool(_) | Data::Number(_) => {}
        }
    }
    strings.sort_unstable();
    strings
}
