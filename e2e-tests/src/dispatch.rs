//! Dispatch: which policies an API server asks about an object.
//!
//! `dispatch/` holds a table of policies that differ in one thing each, objects, and what a real API server did with every pair of
//! them. `bats/dispatch.bats` records it, and `isolation-admission` is compared with it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use isolation::kinds;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

/// Policies that may keep the API server from deciding begin with this.
pub const FAILS: &str = "fails-";

/// The module of every policy. What it answers does not matter.
pub const MODULE: &str = "registry://registry/private-images:latest";

/// The resources of the usual rules: those of the objects, and none that the cluster itself makes all the time.
const RESOURCES: &[&str] = &[
    "clusterroles",
    "configmaps",
    "cronjobs",
    "daemonsets",
    "deployments",
    "gadgets",
    "horizontalpodautoscalers",
    "ingresses",
    "jobs",
    "namespaces",
    "networkpolicies",
    "persistentvolumeclaims",
    "persistentvolumes",
    "poddisruptionbudgets",
    "pods",
    "replicasets",
    "replicationcontrollers",
    "rolebindings",
    "roles",
    "secrets",
    "serviceaccounts",
    "services",
    "statefulsets",
    "storageclasses",
    "validatingadmissionpolicies",
    "validatingadmissionpolicybindings",
    "validatingwebhookconfigurations",
    "widgets",
];

/// A policy of the table.
#[derive(Debug)]
pub struct Policy {
    /// Its name.
    pub name: String,
    /// Kubewarden's resource.
    pub resource: Value,
}

/// An object, and what is to become of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Object {
    /// The name of its file.
    #[serde(skip)]
    pub name: String,
    /// The object as it is to be; of a deletion, as it is.
    pub object: Value,
    /// The object before it is changed.
    pub before: Option<Value>,
    /// Whether it is deleted.
    #[serde(default)]
    pub deleted: bool,
    /// Whether it is of a custom kind whose objects live outside of namespaces, which its definition says.
    #[serde(default)]
    pub cluster_scoped: bool,
}

/// What the API server did with the objects of a policy.
#[derive(Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Decided {
    /// It asked the policy about these.
    #[serde(default)]
    pub asked: BTreeSet<String>,
    /// It refused these, as a condition had no value.
    #[serde(default)]
    pub refused: BTreeSet<String>,
}

/// By policy. About every other object it did not ask.
pub type Recorded = BTreeMap<String, Decided>;

/// The folder.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("dispatch")
}

fn read<T: DeserializeOwned>(file: &Path) -> Result<T> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    yaml_serde::from_str(&text).with_context(|| format!("{} is not right", file.display()))
}

/// The policies, in the order of their names.
///
/// # Errors
///
/// A table that cannot be read.
pub fn policies() -> Result<Vec<Policy>> {
    let table: BTreeMap<String, Map<String, Value>> = read(&folder().join("policies.yaml"))?;
    Ok(table.into_iter().map(|(name, spec)| Policy { resource: resource(&name, spec), name }).collect())
}

impl Policy {
    /// Its id in policy-server, as the controller makes it.
    pub fn id(&self) -> String {
        let group =
            if self.resource["kind"].as_str().is_some_and(|kind| kind.ends_with("Group")) { "group-" } else { "" };
        match self.resource["metadata"]["namespace"].as_str() {
            Some(namespace) => format!("namespaced-{group}{namespace}-{}", self.name),
            None => format!("clusterwide-{group}{}", self.name),
        }
    }
}

/// The resource of a line of the table. It only monitors, so that the API server asks all of them about an object.
fn resource(name: &str, mut spec: Map<String, Value>) -> Value {
    let kind = spec.remove("kind").unwrap_or_else(|| json!("ClusterAdmissionPolicy"));
    let mut metadata = json!({"name": name});
    if let Some(namespace) = spec.remove("namespace") {
        metadata["namespace"] = namespace;
    }
    let mut conditions: Vec<Value> = spec.remove("condition").into_iter().collect();
    if let Some(Value::Array(several)) = spec.remove("conditions") {
        conditions.extend(several);
    }
    if !conditions.is_empty() {
        let named = conditions.iter().enumerate();
        let named = named.map(|(index, text)| json!({"name": format!("condition-{index}"), "expression": text}));
        spec.insert("matchConditions".into(), named.collect());
        // One that has no value must not stand in the way of the other policies.
        spec.entry("failurePolicy").or_insert_with(|| json!(if name.starts_with(FAILS) { "Fail" } else { "Ignore" }));
    }
    let module = json!({"module": MODULE, "settings": {"registries": ["myacr.azurecr.io"]}});
    let mut usual = json!({
        "mode": "monitor",
        "rules": [{"apiGroups": ["*"], "apiVersions": ["*"], "resources": RESOURCES, "operations": ["CREATE", "UPDATE", "DELETE"]}],
    });
    let own = if kind.as_str().is_some_and(|kind| kind.ends_with("Group")) {
        json!({"policies": {"images": module}, "expression": "images()", "message": "asked"})
    } else {
        json!({"module": module["module"], "settings": module["settings"], "mutating": false})
    };
    for members in [own, Value::Object(spec)] {
        if let (Some(usual), Value::Object(members)) = (usual.as_object_mut(), members) {
            usual.extend(members);
        }
    }
    json!({"apiVersion": "policies.kubewarden.io/v1", "kind": kind, "metadata": metadata, "spec": usual})
}

/// The objects, in the order of their names.
///
/// # Errors
///
/// A file that cannot be read.
pub fn objects() -> Result<Vec<Object>> {
    let folder = folder().join("objects");
    let entries = std::fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut objects = entries
        .map(|entry| {
            let file = entry?.path();
            let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            Ok(Object { name, ..read(&file)? })
        })
        .collect::<Result<Vec<Object>>>()?;
    objects.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(objects)
}

impl Object {
    /// What is done with it.
    pub fn operation(&self) -> &'static str {
        match (&self.before, self.deleted) {
            (Some(_), _) => "UPDATE",
            (None, true) => "DELETE",
            (None, false) => "CREATE",
        }
    }

    /// Where the API server has objects of this kind, and where it has this one.
    pub fn paths(&self) -> (String, String) {
        let text = |path: &str| self.object.pointer(path).and_then(Value::as_str).unwrap_or_default();
        let (api_version, kind) = (text("/apiVersion"), text("/kind"));
        let group = api_version.split_once('/').map_or("", |(group, _)| group);
        let mut path = format!("/{}/{api_version}", if group.is_empty() { "api" } else { "apis" });
        if !self.cluster_scoped && !kinds::is_cluster_scoped(group, kind) {
            let namespace = Some(text("/metadata/namespace")).filter(|name| !name.is_empty()).unwrap_or("default");
            // Writing into a string cannot fail.
            let _ = write!(path, "/namespaces/{namespace}");
        }
        let all = format!("{path}/{}", kinds::plural(group, kind));
        let one = format!("{all}/{}", text("/metadata/name"));
        (all, one)
    }
}

/// What the API server decided.
///
/// # Errors
///
/// A record that cannot be read.
pub fn recorded() -> Result<Recorded> {
    read(&folder().join("api-server.yaml"))
}

/// The record as a text: a line for each policy.
pub fn record(recorded: &Recorded) -> String {
    let list = |names: &BTreeSet<String>| names.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    let mut text = String::from(
        "# What the API server did: which objects it asked a policy about, and which it refused because a\n# condition had no value. RECORD=1 bats e2e-tests/bats/dispatch.bats writes this.\n",
    );
    for (policy, Decided { asked, refused }) in recorded {
        let refused = if refused.is_empty() { String::new() } else { format!(", refused: [{}]", list(refused)) };
        let _ = writeln!(text, "{policy}: {{asked: [{}]{refused}}}", list(asked));
    }
    text
}
