//! What the policies read of Kubernetes' own types, against these types.
//!
//! A finding names the field that it is about. So every case of a built-in kind proves that the field exists under this name in
//! this place; and `fields.yaml` divides the fields of each type into those that are read and those that are left, so that a new
//! one is looked at by somebody.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use isolation_cases::Case;
use k8s_openapi::api::{
    apps::v1 as apps, batch::v1 as batch, core::v1 as core, discovery::v1 as discovery, networking::v1 as networking,
    node::v1 as node, storage::v1 as storage,
};
use serde::Deserialize;
use serde_json::Value;

/// The schemas of the built-in kinds, by group and kind.
fn schemas() -> BTreeMap<(&'static str, &'static str), Value> {
    macro_rules! schemas {
        ($($group:literal $module:ident: $($kind:ident),+;)+) => {
            [$($((($group, stringify!($kind)), schemars::schema_for!($module::$kind).to_value())),+),+]
        };
    }
    BTreeMap::from(schemas! {
        "" core: Endpoints, Node, PersistentVolume, PersistentVolumeClaim, Pod, PodTemplate, ReplicationController, Service;
        "apps" apps: DaemonSet, Deployment, ReplicaSet, StatefulSet;
        "batch" batch: CronJob, Job;
        "discovery.k8s.io" discovery: EndpointSlice;
        "networking.k8s.io" networking: Ingress, IngressClass;
        "node.k8s.io" node: RuntimeClass;
        "storage.k8s.io" storage: StorageClass, VolumeAttributesClass;
    })
}

/// The definition that a schema refers to, or itself.
fn resolved<'s>(schema: &'s Value, definitions: &'s Value) -> &'s Value {
    match schema["$ref"].as_str() {
        Some(name) => &definitions[name.trim_start_matches("#/$defs/")],
        None => schema,
    }
}

/// The keys and positions of a path: `spec.ports[0]`, `metadata.annotations[a.io/b]`.
fn steps(path: &str) -> Vec<&str> {
    let mut steps = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        if let Some((step, behind)) = rest.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
            steps.push(step);
            rest = behind;
        } else {
            rest = rest.trim_start_matches('.');
            let (step, behind) = rest.split_at(rest.find(['.', '[']).unwrap_or(rest.len()));
            steps.push(step);
            rest = behind;
        }
    }
    steps
}

/// Whether a path leads to a field of a schema.
fn is_field(path: &str, schema: &Value) -> bool {
    let definitions = &schema["$defs"];
    let mut here = schema;
    for step in steps(path) {
        here = resolved(here, definitions);
        here = match (&here["properties"][step], &here["items"], &here["additionalProperties"]) {
            (member @ Value::Object(_), _, _) => member,
            (_, items @ Value::Object(_), _) if step.parse::<usize>().is_ok() => items,
            (_, _, values @ Value::Object(_)) => values,
            _ => return false,
        };
    }
    true
}

fn cases() -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for policy in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("cases"))? {
        for file in std::fs::read_dir(policy?.path())? {
            files.push(file?.path());
        }
    }
    files.sort();
    Ok(files)
}

#[test]
fn every_field_that_a_finding_names_is_one_of_kubernetes() -> Result<()> {
    let schemas = schemas();
    let (mut seen, mut problems) = (BTreeSet::new(), Vec::new());
    for file in cases()? {
        let case = Case::read(&file)?;
        let Some(object) = case.input.object.as_ref().or(case.input.old_object.as_ref()) else { continue };
        let version = object["apiVersion"].as_str().unwrap_or_default();
        let group = version.rsplit_once('/').map_or("", |(group, _)| group);
        let is_kind = |(its, kind): (&str, &str)| its == group && object["kind"] == kind;
        let Some(((_, kind), schema)) = schemas.iter().find(|(known, _)| is_kind(**known)) else { continue };
        for line in case.expected.lines().filter_map(|line| line.trim().strip_prefix("- NI")) {
            // What has another type, or a key in another casing, is no field: that is what these say.
            let mut words = line.splitn(3, ' ');
            let (Some(rule), Some(_level), Some(path)) = (words.next(), words.next(), words.next()) else { continue };
            if rule.starts_with('0') || path.starts_with('(') {
                continue;
            }
            let path = path.split_once(" => ").map_or(path, |(path, _change)| path);
            // What stands in a document inside of a text is no field of Kubernetes; the text is.
            let path = path.split_once(" -> ").map_or(path, |(holder, _)| holder);
            let keyless: Vec<&str> = steps(path).into_iter().filter(|step| step.parse::<usize>().is_err()).collect();
            seen.insert((*kind, keyless.join(".")));
            if !is_field(path, schema) {
                problems.push(format!("{}: NI{rule} speaks of {path}, which no {kind} has", file.display()));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    // That the loop above read something.
    for (kind, path) in [
        ("Service", "spec.externalName"),
        ("Service", "metadata.annotations.service.beta.kubernetes.io/azure-load-balancer-internal"),
        ("PersistentVolume", "spec.csi.volumeHandle"),
        ("StorageClass", "parameters.networkEndpointType"),
        ("Deployment", "spec.template.spec.containers.image"),
        ("RuntimeClass", "scheduling.nodeSelector.kubernetes.io/os"),
    ] {
        assert!(seen.contains(&(kind, path.to_owned())), "no case of {kind} has a finding at {path}");
    }
    Ok(())
}

/// What is read and left of one type.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    #[serde(rename = "type")]
    name: String,
    read: BTreeSet<String>,
    #[serde(default)]
    left: BTreeSet<String>,
}

/// Every file of Rust below a folder.
fn sources(folder: &Path, text: &mut String) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            sources(&path, text)?;
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let source = std::fs::read_to_string(&path)?;
            text.extend(
                source.lines().filter(|line| !line.trim_start().starts_with("//")).flat_map(|line| [line, "\n"]),
            );
        }
    }
    Ok(())
}

#[test]
fn every_field_of_a_type_is_read_or_left_on_purpose() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join("tests/fields.yaml"))?;
    let types: Vec<Fields> = yaml_serde::from_str(&text).context("fields.yaml")?;
    let mut code = String::new();
    sources(&root.join("../src"), &mut code)?;
    for policy in std::fs::read_dir(root.join("../policies"))? {
        sources(&policy?.path().join("src"), &mut code)?;
    }
    let words: BTreeSet<&str> = code.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let mut definitions = BTreeMap::new();
    for schema in schemas().into_values() {
        if let Some(title) = schema["title"].as_str() {
            definitions.insert(title.to_owned(), schema.clone());
        }
        for (name, definition) in schema["$defs"].as_object().into_iter().flatten() {
            definitions.insert(name.clone(), definition.clone());
        }
    }
    let mut problems = Vec::new();
    for fields in &types {
        let name = &fields.name;
        let suffix = [".", name].concat();
        let Some((_, definition)) = definitions.iter().find(|(known, _)| *known == name || known.ends_with(&suffix))
        else {
            problems
                .push(format!("{name}: no such type; there are {:?}", definitions.keys().take(5).collect::<Vec<_>>()));
            continue;
        };
        let known: BTreeSet<String> =
            definition["properties"].as_object().into_iter().flatten().map(|(key, _)| key.clone()).collect();
        let listed: BTreeSet<String> = fields.read.union(&fields.left).cloned().collect();
        problems.extend(known.difference(&listed).map(|field| format!("{name}: is {field} read, or left?")));
        problems.extend(listed.difference(&known).map(|field| format!("{name}: has no field {field}")));
        problems
            .extend(fields.read.intersection(&fields.left).map(|field| format!("{name}: {field} is read and left")));
        let unread = fields.read.iter().filter(|field| !words.contains(field.as_str()));
        problems.extend(unread.map(|field| format!("{name}: {field} stands in no source")));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    Ok(())
}
