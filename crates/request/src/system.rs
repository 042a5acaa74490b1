//! Metadata that only the API server writes.

use serde_json::{Map, Value};

/// What the API server removes from a new object before it calls any webhook
/// (`rest.WipeObjectMetaSystemFields`, <https://github.com/kubernetes/kubernetes>), and what it rewrites itself. A file
/// that has it is a dump of a live object, or claims to be what it is not: being deleted, for one.
pub(crate) const SYSTEM: &[&str] = &[
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "selfLink",
    "uid",
];

/// Removes the metadata that only the API server writes from a new object, and returns what was removed.
pub fn remove_system_metadata(object: &mut Value) -> Map<String, Value> {
    let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) else { return Map::new() };
    SYSTEM.iter().filter_map(|key| metadata.remove_entry(*key)).collect()
}

/// Puts back what [`remove_system_metadata`] took, so that the object can be compared with what is written in its file.
pub fn restore_system_metadata(object: &mut Value, taken: Map<String, Value>) {
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.extend(taken);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_was_taken_comes_back() {
        let dumped = json!({"kind": "Pod", "metadata": {
            "name": "web", "uid": "1", "deletionTimestamp": "2026-11-26T00:00:00Z", "finalizers": ["a/b"],
            "managedFields": [{"manager": "kubectl"}], "resourceVersion": "7",
        }});
        let mut object = dumped.clone();
        let taken = remove_system_metadata(&mut object);
        assert_eq!(object, json!({"kind": "Pod", "metadata": {"name": "web", "finalizers": ["a/b"]}}));
        restore_system_metadata(&mut object, taken);
        assert_eq!(object, dumped);
        let mut bare = json!({"kind": "Pod", "metadata": null});
        assert!(remove_system_metadata(&mut bare).is_empty());
    }
}
