//! The request about a new object as a tree, for policies that are linked into the program.
//!
//! A policy in a module gets the text of a request. A linked one need not: the tree here is the one that it would read from
//! that text, keys in order, and it borrows its texts from the manifest's tree. Of the request it has what policies read.

use isolation::json::{Builder, Document, Kind, Value};

use crate::request::{About, USER};
use crate::system::SYSTEM;

/// How deep an object may nest. The reader of a request's text stops a little deeper; what it makes of such an object is for it
/// to say.
const DEPTH: usize = 100;

/// The request with which the API server would ask about creating an object of this apiVersion and kind, in `namespace` if it
/// names none and lives in one. `None` if the object nests so deep that the text of the request has to be read.
pub fn creation<'d>(object: Value<'d>, api_version: &str, kind: &str, namespace: &str) -> Option<Document<'d>> {
    let about = about(object, api_version, kind, namespace);
    let mut builder = Builder::over(object.document(), object.size() + ROOM);
    builder.open_object();
    builder.key("kind");
    strings(&mut builder, &[("group", Some(about.group)), ("kind", Some(kind)), ("version", Some(about.version))])?;
    members(&mut builder, &[("name", about.name), ("namespace", about.namespace)]);
    builder.key("object");
    builder.open_object();
    // An item of a list may have the list's types.
    let own = object.entries().filter(|(key, _)| key != "apiVersion" && key != "kind");
    let mut own: Vec<_> = own.map(|(key, value)| (key, Ok(value))).collect();
    own.extend([("apiVersion".into(), Err(api_version)), ("kind".into(), Err(kind))]);
    own.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    for (key, member) in own {
        builder.key(&key);
        match member {
            Err(text) => builder.string(text),
            Ok(value) if key == "metadata" && value.kind() == Kind::Object => {
                builder.open_object();
                let mut own: Vec<_> = value.entries().filter(|(key, _)| !SYSTEM.contains(&key.as_ref())).collect();
                own.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
                for (key, value) in own {
                    builder.key(&key);
                    builder.add_sorted(value, DEPTH).then_some(())?;
                }
                builder.close(None).ok()?;
            }
            Ok(value) => builder.add_sorted(value, DEPTH).then_some(())?,
        }
    }
    builder.close(None).ok()?;
    members(&mut builder, &[("operation", Some("CREATE"))]);
    builder.key("userInfo");
    strings(&mut builder, &[("username", Some(USER))])?;
    builder.close(None).ok()?;
    Some(builder.finish())
}

/// The namespace that the request about an object has: `default` for one that names none and lives in one.
pub fn namespace<'a>(object: Value<'a>, api_version: &'a str, kind: &str, default: &'a str) -> Option<&'a str> {
    about(object, api_version, kind, default).namespace
}

fn about<'a>(object: Value<'a>, api_version: &'a str, kind: &str, namespace: &'a str) -> About<'a> {
    let metadata = object.get("metadata");
    let text = |key: &str| metadata?.get(key)?.text();
    About::of(api_version, kind, text("name"), text("namespace"), Some(namespace))
}

/// How many nodes a request has beside its object.
const ROOM: usize = 24;

/// Adds an object of strings.
fn strings(builder: &mut Builder<'_>, entries: &[(&str, Option<&str>)]) -> Option<()> {
    builder.open_object();
    members(builder, entries);
    builder.close(None).ok()
}

/// Adds keys and strings to the object that is open; a key without string is left out.
fn members(builder: &mut Builder<'_>, entries: &[(&str, Option<&str>)]) {
    for (key, text) in entries {
        if let Some(text) = text {
            builder.key(key);
            builder.string(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AdmissionRequest, remove_system_metadata};
    use isolation::Request;
    use serde_json::json;

    /// What a policy reads of a request, object included.
    fn read(request: &Document<'_>) -> String {
        format!("{:?}", Request::read(request.root()).unwrap())
    }

    /// The value as JSON, every object with its keys in falling order: people write them in any.
    fn turned(value: &serde_json::Value) -> String {
        match value {
            serde_json::Value::Object(entries) => {
                let entry = |(key, value): (&String, &serde_json::Value)| format!("{}:{}", json!(key), turned(value));
                format!("{{{}}}", entries.iter().rev().map(entry).collect::<Vec<_>>().join(","))
            }
            serde_json::Value::Array(items) => {
                format!("[{}]", items.iter().map(turned).collect::<Vec<_>>().join(","))
            }
            value => value.to_string(),
        }
    }

    #[test]
    fn the_tree_is_the_one_that_the_text_of_the_request_has() {
        for object in [
            json!({"kind": "Pod", "apiVersion": "v1", "metadata": {"uid": "u", "name": "web", "labels": {"b": "1", "a": 2.50}},
                "spec": {"z": [1, -2, 1e300, 18_446_744_073_709_551_615_u64, {"b": null, "a": [true, "é\u{0}"]}], "a": {}}}),
            json!({"kind": "Pod", "apiVersion": "v1", "metadata": {"namespace": "own", "generateName": "web-"}, "zone": "x", "a": 1}),
            json!({"kind": "StorageClass", "apiVersion": "storage.k8s.io/v1", "metadata": {"namespace": "claimed", "name": ""}}),
            json!({"kind": "Deployment", "apiVersion": "apps/v1", "metadata": null}),
            json!({"kind": "Deployment", "apiVersion": "apps/v1", "metadata": ["name"]}),
            json!({"kind": "X", "apiVersion": "example.com/v1beta1", "metadata": {"name": 5, "deletionTimestamp": "now"}}),
        ] {
            let text = turned(&object);
            let document = Document::read(text.as_bytes()).unwrap();
            let (api_version, kind) = (object["apiVersion"].as_str().unwrap(), object["kind"].as_str().unwrap());
            let tree = creation(document.root(), api_version, kind, "default").unwrap();

            let mut object = object.clone();
            remove_system_metadata(&mut object);
            let request = AdmissionRequest { object: Some(&object), namespace: Some("default"), ..Default::default() };
            let text = request.build().unwrap().to_string();
            assert_eq!(read(&tree), read(&Document::read(text.as_bytes()).unwrap()));
        }
    }

    #[test]
    fn an_item_of_a_list_has_the_lists_types() {
        let document = Document::read(br#"{"metadata":{"name":"a"},"kind":null}"#).unwrap();
        let tree = creation(document.root(), "v1", "Pod", "default").unwrap();
        let object = tree.root().get("object").unwrap().to_json();
        assert_eq!(object, r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}}"#);
    }

    #[test]
    fn what_nests_deep_is_for_the_reader_of_the_text() {
        let deep = format!(r#"{{"a":{}{}}}"#, "[".repeat(110), "]".repeat(110));
        let document = Document::read(deep.as_bytes()).unwrap();
        assert!(creation(document.root(), "v1", "Pod", "default").is_none());
    }
}
