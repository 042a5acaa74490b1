//! From an object that a policy has rewritten to the scalars of its file.

use isolation_manifest::{Data, Node};
use serde_json::Value;

use crate::Edit;

/// The edits that make the object at `node` what a policy has made of it; all objects of a file give the edits of the file.
/// `None` if it has changed something else than the texts of strings, which no edit can say.
pub fn edits(node: &Node, rewritten: &Value) -> Option<Vec<Edit>> {
    let mut found = Vec::new();
    compare(node, rewritten, &mut found).then_some(found)
}

fn compare(node: &Node, rewritten: &Value, found: &mut Vec<Edit>) -> bool {
    match (&node.data, rewritten) {
        (Data::String(old), Value::String(new)) => {
            if old != new {
                found.push(Edit { span: node.span.clone(), value: new.clone() });
            }
            true
        }
        (Data::List(items), Value::Array(values)) => {
            items.len() == values.len() && items.iter().zip(values).all(|(item, value)| compare(item, value, found))
        }
        (Data::Object(members), Value::Object(values)) => {
            members.len() == values.len()
                && members
                    .iter()
                    .all(|(key, member)| values.get(key).is_some_and(|value| compare(member, value, found)))
        }
        _ => node.to_json() == *rewritten,
    }
}
