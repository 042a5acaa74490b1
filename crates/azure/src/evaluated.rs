//! Values of a template with what their expressions and loops make of them.

use isolation_document::Path;
use serde_json::{Map, Value};

use crate::expression::{ITERATIONS, Scope, Turn};
use crate::found::Unknown;
use crate::outcome::Outcome;
use crate::text::member;

/// How deep what a variable holds may lead to what others hold.
const VARIABLES: usize = 16;

/// A value with its expressions replaced by what they give. What gives nothing is left out, or null in a list, and its path noted.
pub fn evaluated(value: Value, scope: &Scope<'_>, path: &Path, unknown: &mut Vec<Unknown>) -> Value {
    evaluated_in(value, scope, path, 0, unknown).unwrap_or_default()
}

/// The same of a value that stands in so many variables; `None` if it is not known.
fn evaluated_in(
    value: Value,
    scope: &Scope<'_>,
    path: &Path,
    depth: usize,
    unknown: &mut Vec<Unknown>,
) -> Option<Value> {
    Some(match value {
        Value::Object(entries) => {
            let mut out = Map::new();
            for (key, value) in entries {
                if key.eq_ignore_ascii_case("copy") && value.is_array() {
                    loops(&value, scope, path, depth, unknown, &mut out);
                } else if let Some(value) = evaluated_in(value, scope, &path.clone().key(&key), depth, unknown) {
                    out.insert(key, value);
                }
            }
            Value::Object(out)
        }
        Value::Array(items) => {
            let items = items.into_iter().enumerate();
            let item = |(index, item)| evaluated_in(item, scope, &path.clone().index(index), depth, unknown);
            items.map(item).map(Option::unwrap_or_default).collect()
        }
        Value::String(text) => match scope.value(&text) {
            // What a variable holds may hold expressions itself.
            Outcome::Known(value @ (Value::Object(_) | Value::Array(_))) if depth < VARIABLES => {
                return evaluated_in(value, scope, path, depth + 1, unknown);
            }
            Outcome::Known(value) if !value.is_object() && !value.is_array() => value,
            Outcome::Partly(text) => {
                unknown.push(Unknown { path: path.to_string(), partly: Some(text) });
                return None;
            }
            Outcome::Known(_) | Outcome::Unknown => {
                unknown.push(Unknown::at(path.to_string()));
                return None;
            }
        },
        other => other,
    })
}

/// How many bytes of a text the turns of one loop may read.
const READ_IN_TURNS: usize = 1 << 20;

/// Whether each of so many turns of a loop over so many bytes is read, and not one for all.
pub fn is_read_each(count: usize, bytes: usize) -> bool {
    count <= ITERATIONS && count.saturating_mul(bytes) <= READ_IN_TURNS
}

/// What loops make of properties, as Bicep's `for` becomes: lists. Where it is not known how often one runs, one item stands for all.
/// <https://learn.microsoft.com/azure/azure-resource-manager/templates/copy-properties>
fn loops(
    copy: &Value,
    scope: &Scope<'_>,
    path: &Path,
    depth: usize,
    unknown: &mut Vec<Unknown>,
    out: &mut Map<String, Value>,
) {
    for made in copy.as_array().into_iter().flatten() {
        if let (Some(name), Some(input)) = (member(made, "name").and_then(Value::as_str), member(made, "input")) {
            let count = member(made, "count").and_then(|count| scope.number(count));
            let count = count.filter(|count| is_read_each(*count, input.to_string().len()));
            let turns = count.map_or_else(|| vec![None], |count| (0..count).map(Some).collect());
            let mut items = Vec::new();
            for (at, index) in turns.into_iter().enumerate() {
                let turn = scope.turn(Turn { name: name.to_owned(), of_resource: false, index });
                let here = path.clone().key(name).index(at);
                items.push(evaluated_in(input.clone(), &turn, &here, depth, unknown).unwrap_or_default());
            }
            out.insert(name.to_owned(), Value::Array(items));
        }
    }
}
