//! What the API server makes of an object before it asks a webhook: fields that are left out have their defaults, empty ones are
//! gone, and some are filled in with what no file can say.
//!
//! Match conditions see that object. What is known is filled in here, as Kubernetes 1.36 does it (its functions `SetDefaults_*`,
//! its admission plugins and its storage); what is not is noted, so that nobody takes it for a field that is not there.
//! <https://kubernetes.io/docs/reference/using-api/api-concepts/#defaulting>

mod kinds;
mod pods;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

/// Fields that are there in Kubernetes' own types, even if they are `false`, `0` or empty.
const STAYS: &[&str] = &[
    "allowPrivilegeEscalation",
    "allowVolumeExpansion",
    "automountServiceAccountToken",
    "backoffLimit",
    "completions",
    "defaultMode",
    "emptyDir",
    "enableServiceLinks",
    "failedJobsHistoryLimit",
    "hostUsers",
    "immutable",
    "namespaceSelector",
    "parallelism",
    "podSelector",
    "privileged",
    "readOnlyRootFilesystem",
    "replicas",
    "revisionHistoryLimit",
    "runAsGroup",
    "runAsNonRoot",
    "runAsUser",
    "securityContext",
    "shareProcessNamespace",
    "storageClassName",
    "successfulJobsHistoryLimit",
    "suspend",
    "terminationGracePeriodSeconds",
    "ttlSecondsAfterFinished",
];

/// Fields that are gone if they are `false`, `0` or empty.
const GOES: &[&str] = &[
    "annotations",
    "args",
    "binaryData",
    "command",
    "dnsPolicy",
    "env",
    "envFrom",
    "ephemeralContainers",
    "externalIPs",
    "finalizers",
    "generateName",
    "hostAliases",
    "hostIPC",
    "hostNetwork",
    "hostPID",
    "hostPort",
    "hostname",
    "imagePullPolicy",
    "imagePullSecrets",
    "initContainers",
    "labels",
    "limits",
    "loadBalancerIP",
    "loadBalancerSourceRanges",
    "matchExpressions",
    "matchLabels",
    "minReadySeconds",
    "nodeName",
    "nodeSelector",
    "ownerReferences",
    "paused",
    "ports",
    "priorityClassName",
    "protocol",
    "publishNotReadyAddresses",
    "requests",
    "restartPolicy",
    "schedulerName",
    "secrets",
    "serviceAccount",
    "serviceAccountName",
    "sessionAffinity",
    "stdin",
    "subPath",
    "tolerations",
    "tty",
    "volumeDevices",
    "volumeMounts",
    "volumes",
    "workingDir",
];

/// Fields whose keys are the user's, so that each value stays as it is.
const MAPS: &[&str] = &["annotations", "data", "labels", "matchLabels", "nodeSelector", "parameters", "selector"];

/// The labels of a Job's pods: its name, and the identity that it gets.
const LABELS_OF_JOBS: &[&str] =
    &["batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name", "controller-uid", "job-name"];

/// Maps of quantities: the API server writes them anew, `1000m` as `1`.
const QUANTITIES: &[&str] =
    &["capacity", "default", "defaultRequest", "hard", "limits", "max", "min", "overhead", "requests"];

/// An object as the API server would have it.
#[derive(Debug)]
pub struct Filled {
    /// The object, with what is known of it.
    pub object: Value,
    /// What is not known of it.
    pub unknown: Unknown,
}

/// What is not known of an object.
#[derive(Debug, Default)]
pub struct Unknown {
    /// Fields, by the path of what holds them: they may be there or not, with any value.
    fields: BTreeMap<String, BTreeSet<String>>,
    /// Whether every field may be there that the file does not have.
    absent: bool,
    /// Below this path alone.
    below: &'static str,
}

impl Unknown {
    /// Nothing is known of fields that are not at this path.
    pub fn of(below: &'static str) -> Self {
        Unknown { absent: true, below, ..Unknown::default() }
    }

    /// Nothing is known of a field of what is at a path.
    pub fn add(&mut self, path: &str, key: &str) {
        self.fields.entry(path.to_owned()).or_default().insert(key.to_owned());
    }

    /// Nothing is known but metadata: the object comes in another version.
    pub fn convert(&mut self, object: &Value) {
        self.absent = true;
        let keys = object.as_object().into_iter().flat_map(Map::keys);
        let keys = keys.filter(|key| !["apiVersion", "kind", "metadata"].contains(&key.as_str()));
        self.fields.entry(String::new()).or_default().extend(keys.cloned());
    }

    /// The fields of what is at a path that nothing is known of.
    pub fn fields(&self, path: &str) -> BTreeSet<String> {
        self.fields.get(path).cloned().unwrap_or_default()
    }

    /// Whether there may be fields at this path that the file does not have.
    pub fn may_have_more(&self, path: &str) -> bool {
        // What the user's keys are is known, and metadata has the same fields in every kind.
        let last = path.rsplit('/').next().unwrap_or_default();
        self.absent
            && path.starts_with(self.below)
            && !(path == "/metadata" || path.starts_with("/metadata/") || MAPS.contains(&last))
    }
}

/// What the API server makes of an object that is created, or that is there already.
pub fn fill(mut object: Value, is_there: bool) -> Filled {
    let mut unknown = Unknown::default();
    let text = |key: &str| object[key].as_str().unwrap_or_default().to_owned();
    let (api_version, kind) = (text("apiVersion"), text("kind"));
    let group = api_version.split_once('/').map_or("", |(group, _)| group);
    let is_own = isolation::kinds::is_built_in(group);
    if let Value::Object(map) = &mut object {
        without_nulls(map);
        let mut root = Part { map, path: String::new(), unknown: &mut unknown };
        if is_own {
            root.drop_empty();
        }
        root.metadata(is_there);
        if !(is_own && kinds::fill(&mut root, group, &kind)) {
            root.unknown.absent = true;
        }
    }
    Filled { object, unknown }
}

/// The labels that a Job and a ReplicationController have that have none of their own: those of their template. The ones that the
/// storage gives the template of a Job are among them; one of these is made up, and has no value here.
pub fn labels_from_template(object: &Value) -> Option<BTreeMap<&str, &str>> {
    let is_job = match (object["apiVersion"].as_str(), object["kind"].as_str()) {
        (Some(api_version), Some("Job")) if api_version.starts_with("batch/") => true,
        (Some("v1"), Some("ReplicationController")) => false,
        _ => return None,
    };
    let labels = |object: &'_ Value| object["metadata"]["labels"].as_object().is_some_and(|labels| !labels.is_empty());
    if labels(object) || !object["spec"]["template"]["metadata"]["labels"].is_object() {
        return None;
    }
    let own = object["spec"]["template"]["metadata"]["labels"].as_object().into_iter().flatten();
    let mut labels: BTreeMap<&str, &str> =
        own.filter_map(|(key, value)| Some((key.as_str(), value.as_str()?))).collect();
    if is_job {
        let name = object["metadata"]["name"].as_str().unwrap_or_default();
        labels.extend(LABELS_OF_JOBS.iter().map(|key| (*key, if key.ends_with("name") { name } else { "" })));
    }
    Some(labels)
}

fn without_nulls(map: &mut Map<String, Value>) {
    map.retain(|_, value| !value.is_null());
    for value in map.values_mut() {
        match value {
            Value::Object(map) => without_nulls(map),
            Value::Array(items) => items.iter_mut().filter_map(Value::as_object_mut).for_each(without_nulls),
            _ => {}
        }
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(value) => !value,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
    }
}

/// A part of an object: of a pod the spec, one of its containers.
pub struct Part<'a> {
    map: &'a mut Map<String, Value>,
    path: String,
    unknown: &'a mut Unknown,
}

impl Part<'_> {
    /// The text of a field; empty where there is none.
    pub fn text(&self, key: &str) -> &str {
        self.map.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    /// A field.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.map.get(key)
    }

    /// Fills a field in where it is left out.
    pub fn default(&mut self, key: &str, value: impl Into<Value>) {
        self.map.entry(key).or_insert_with(|| value.into());
    }

    /// Notes fields that may have any value, or none.
    pub fn unknown(&mut self, keys: &[&str]) {
        let fields = self.unknown.fields.entry(self.path.clone()).or_default();
        fields.extend(keys.iter().map(|key| (*key).to_owned()));
    }

    /// Notes fields that are left out and may have any value, or none.
    pub fn may_have(&mut self, keys: &[&str]) {
        let missing: Vec<&str> = keys.iter().copied().filter(|key| !self.map.contains_key(*key)).collect();
        self.unknown(&missing);
    }

    /// A field that is an object.
    pub fn part(&mut self, key: &str, fill: impl FnOnce(&mut Part<'_>)) {
        let path = format!("{}/{key}", self.path);
        if let Some(Value::Object(map)) = self.map.get_mut(key) {
            fill(&mut Part { map, path, unknown: self.unknown });
        }
    }

    /// A field that is an object, and is made where it is left out.
    pub fn made(&mut self, key: &str, fill: impl FnOnce(&mut Part<'_>)) {
        self.default(key, json!({}));
        self.part(key, fill);
    }

    /// The objects of a list.
    pub fn each(&mut self, key: &str, mut fill: impl FnMut(&mut Part<'_>)) {
        let path = format!("{}/{key}", self.path);
        let items = self.map.get_mut(key).and_then(Value::as_array_mut);
        for (index, item) in items.into_iter().flatten().enumerate() {
            if let Value::Object(map) = item {
                fill(&mut Part { map, path: format!("{path}/{index}"), unknown: self.unknown });
            }
        }
    }

    /// What every object has.
    fn metadata(&mut self, is_there: bool) {
        self.made("metadata", |metadata| {
            metadata.unknown(&["creationTimestamp", "generation", "managedFields", "uid"]);
            if is_there {
                metadata.unknown(&["deletionGracePeriodSeconds", "deletionTimestamp", "resourceVersion"]);
            }
            metadata.may_have(&["name"]);
        });
    }

    /// Takes away what is empty and would not be written; where that is not known, it is noted.
    fn drop_empty(&mut self) {
        let keys: Vec<String> = self.map.keys().cloned().collect();
        for key in keys {
            let is_map = MAPS.contains(&key.as_str());
            if !is_map {
                self.part(&key, |part| part.drop_empty());
            }
            self.each(&key, |part| part.drop_empty());
            if QUANTITIES.contains(&key.as_str()) {
                self.part(&key, |part| part.quantities());
            }
            let Some(value) = self.map.get(&key) else { continue };
            if !is_empty(value) || STAYS.contains(&key.as_str()) {
                continue;
            }
            if !GOES.contains(&key.as_str()) {
                self.unknown(&[&key]);
            }
            self.map.remove(&key);
        }
    }

    /// Notes the quantities that the API server writes otherwise.
    fn quantities(&mut self) {
        let written: Vec<String> =
            self.map.iter().filter(|(_, value)| !is_canonical(value)).map(|(key, _)| key.clone()).collect();
        for key in written {
            self.unknown_value(&key);
        }
    }

    /// Notes a field that is there, with a value that is not known.
    fn unknown_value(&mut self, key: &str) {
        self.map.insert(key.to_owned(), Value::Null);
        self.unknown(&[key]);
    }
}

/// Whether a quantity is written as the API server would: less than a thousand of a unit.
fn is_canonical(value: &Value) -> bool {
    let Some(text) = value.as_str() else { return false };
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let below = match unit {
        "Ki" | "Mi" | "Gi" | "Ti" => 1024,
        "" | "m" | "k" | "M" | "G" => 1000,
        _ => return false,
    };
    !number.starts_with('0') && number.parse::<u32>().is_ok_and(|number| number < below)
}
