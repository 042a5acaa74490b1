//! Values as a template writes them: which texts are expressions, and how what is not known is written.

use serde_json::{Map, Value};

/// An expression that no template can evaluate.
pub const UNKNOWN: &str = "[unknown()]";

/// A value as a template writes it, in which a text that begins with a bracket is no expression.
pub fn escaped(value: Value) -> Value {
    match value {
        Value::String(text) if text.starts_with('[') => Value::String(format!("[{text}")),
        Value::Array(items) => items.into_iter().map(escaped).collect(),
        Value::Object(members) => {
            Value::Object(members.into_iter().map(|(key, value)| (key, escaped(value))).collect::<Map<_, _>>())
        }
        other => other,
    }
}

/// Begins an expression for a text of which a part is not known. Azure has no function of this name.
const PARTLY: &str = "[…('";

/// The expression for a text of which a part, shown as `…`, is not known.
pub fn partly(text: &str) -> Value {
    format!("{PARTLY}{}')]", text.replace('\'', "''")).into()
}

/// Whether what a template writes so is a text of which a part is not known, and surely not an empty one.
pub fn is_not_empty(written: &str) -> bool {
    written
        .strip_prefix(PARTLY)
        .and_then(|rest| rest.strip_suffix("')]"))
        .is_some_and(|text| text.chars().any(|c| c != '…'))
}

/// The expression in a string, if it is one. `[[` begins a text that begins with a bracket.
pub fn expression(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('[')?.strip_suffix(']')?;
    (!inner.starts_with('[')).then_some(inner)
}
