//! The table of places against Kubernetes' own types: every text that the API documents as an image is found, and nothing
//! else is.

// A test may: its input is its own.

use std::collections::BTreeSet;

use isolation::{Document, Findings, Request, images};
use k8s_openapi::api::{apps::v1 as apps, batch::v1 as batch, core::v1 as core};
use serde_json::{Map, Value, json};

/// What the API's documentation calls a text that names an image to pull.
const DOCUMENTED: &[&str] = &["container image name", "image or artifact reference to be used"];

/// Fields whose names speak of images and that order none.
const OTHERS: &[&str] =
    &["imagePullPolicy", "rbd.image", "imagePullSecrets[0].name", "status.", "apiVersion", "managedFields"];

/// An object with every field of a schema set, and the paths of its texts with their documentation.
struct Sample<'s> {
    definitions: &'s Map<String, Value>,
    texts: Vec<(String, String)>,
}

impl Sample<'_> {
    fn build(&mut self, schema: &Value, path: &str, about: &str) -> Value {
        let about = schema["description"].as_str().unwrap_or(about);
        if let Some(name) = schema["$ref"].as_str() {
            let definition = self.definitions[name.trim_start_matches("#/$defs/")].clone();
            return self.build(&definition, path, about);
        }
        if let Some(properties) = schema["properties"].as_object() {
            let member = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
            return properties.iter().map(|(key, value)| (key.clone(), self.build(value, &member(key), ""))).collect();
        }
        match schema["type"].as_str().or_else(|| schema["type"][0].as_str()) {
            Some("string") => {
                self.texts.push((path.to_owned(), about.to_lowercase()));
                json!("text")
            }
            Some("array") => json!([self.build(&schema["items"], &format!("{path}[0]"), about)]),
            Some("object") if schema["additionalProperties"].is_object() => {
                json!({"key": self.build(&schema["additionalProperties"], &format!("{path}.key"), about)})
            }
            Some("integer" | "number") => json!(1),
            Some("boolean") => json!(true),
            _ => json!({}),
        }
    }
}

/// The paths that the table's visitor finds in an object of a kind.
fn found(group: &str, kind: &str, object: &Value) -> BTreeSet<String> {
    let request = json!({"operation": "CREATE", "kind": {"group": group, "version": "v1", "kind": kind}});
    let text = json!({"request": request, "object": object}).to_string();
    let document = Document::read(text.as_bytes()).unwrap();
    let request = Request::read(document.root().get("request").unwrap()).unwrap();
    let root = document.root().get("object").unwrap();
    let mut paths = BTreeSet::new();
    let mut findings = Findings::new(root);
    images::for_each_image(&mut findings, &request, root, &[], &mut |_, image| {
        assert!(paths.insert(image.value.path(root).as_str().to_owned()), "an image is found twice");
    });
    assert!(findings.kept().is_empty(), "{kind}: {findings:?}");
    paths
}

#[test]
fn every_documented_image_is_found_and_nothing_else() {
    macro_rules! kinds {
        ($($group:literal $module:ident::$kind:ident),+ $(,)?) => {
            [$(($group, stringify!($kind), schemars::schema_for!($module::$kind))),+]
        };
    }
    let kinds = kinds![
        "" core::Pod,
        "" core::PodTemplate,
        "" core::ReplicationController,
        "apps" apps::DaemonSet,
        "apps" apps::Deployment,
        "apps" apps::ReplicaSet,
        "apps" apps::StatefulSet,
        "batch" batch::CronJob,
        "batch" batch::Job,
        // These hold no pod.
        "" core::Service,
        "" core::Node,
        "" core::PersistentVolume,
        "apps" apps::ControllerRevision,
    ];
    let mut workloads = 0;
    for (group, kind, schema) in kinds {
        let schema = serde_json::to_value(schema).unwrap();
        let mut sample = Sample { definitions: schema["$defs"].as_object().unwrap(), texts: Vec::new() };
        let mut object = sample.build(&schema, "", "");
        // The sample's own apiVersion and kind would contradict the request.
        object["apiVersion"] = if group.is_empty() { json!("v1") } else { json!(format!("{group}/v1")) };
        object["kind"] = json!(kind);
        let documented: BTreeSet<String> = sample
            .texts
            .iter()
            .filter(|(_, about)| DOCUMENTED.iter().any(|words| about.contains(words)))
            .map(|(path, _)| path.clone())
            .collect();
        let found = found(group, kind, &object);
        assert_eq!(found, documented, "{kind}");
        // Four places in a pod: three lists of containers, and volumes.
        assert!(found.is_empty() || found.len() == 4, "{kind}: {found:?}");
        workloads += usize::from(!found.is_empty());
        // A new field with such a name is to be looked at by people.
        for (path, about) in &sample.texts {
            let last = path.rsplit('.').next().unwrap_or_default().to_lowercase();
            let suspicious = last.contains("image") || last.contains("reference") || last.contains("artifact");
            let known = found.contains(path) || OTHERS.iter().any(|other| path.contains(other));
            assert!(known || !suspicious, "{kind}: {path} may name an image: {about}");
        }
    }
    assert_eq!(workloads, isolation::pods::WORKLOADS.len());
}
