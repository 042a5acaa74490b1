//! Which object owns which, and who keeps it.
//!
//! A Deployment with a public image shows it three times: in itself, in its ReplicaSet and in each of its pods. People mend
//! the Deployment, so that is what a problem is counted for.

use std::collections::{HashMap, HashSet};

use isolation::kinds;
use isolation_admission::Item;
use isolation_azure::is_of_azure;
use isolation_report::ObjectRef;
use serde_json::Value;

use crate::names::{Name, Names};

/// What an object is found by: its namespace, which is empty for what has none, its kind and its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    namespace: Name,
    kind: Name,
    name: Name,
}

/// What is known of an object.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    /// The kind and name of what owns it.
    controller: Option<(Name, Name)>,
    keeper: Option<Name>,
}

/// The objects of the input by what they are called. This is all that is kept of every object, so it is small.
#[derive(Debug)]
pub struct Workloads {
    names: Names,
    known: HashMap<Key, Known>,
    /// Who keeps a namespace.
    keepers: HashMap<Name, Name>,
    history: HashSet<Key>,
    default_namespace: String,
}

/// How far owners are followed: Kubernetes' own chains have three links, and a circle ends here.
const DEPTH: usize = 8;

impl Workloads {
    /// None yet. `default_namespace` is that of objects that name none.
    pub fn new(default_namespace: &str) -> Self {
        Workloads {
            names: Names::default(),
            known: HashMap::new(),
            keepers: HashMap::new(),
            history: HashSet::new(),
            default_namespace: default_namespace.to_owned(),
        }
    }

    /// Adds an object with its owner and its labels.
    pub fn add(&mut self, item: &Item) -> Key {
        let key = self.key(&item.reference());
        let metadata = item.value("metadata").unwrap_or_default();
        let controller = controller(&metadata).map(|(kind, name)| (self.names.keep(kind), self.names.keep(name)));
        let keeper = keeper(&metadata).map(|keeper| self.names.keep(&keeper));
        if item.is_namespace()
            && let Some(keeper) = keeper
        {
            self.keepers.insert(key.name, keeper);
        }
        // A Deployment keeps its old ReplicaSets for a way back. None of their pods run.
        let is_old = item.object.kind == "ReplicaSet"
            && controller.is_some()
            && item.value("spec.replicas").and_then(|count| count.as_u64()) == Some(0);
        if is_old {
            self.history.insert(key);
        }
        self.known.insert(key, Known { controller, keeper });
        key
    }

    /// What an object is found by.
    pub fn key(&mut self, object: &ObjectRef) -> Key {
        let group = object.api_version.rsplit_once('/').map_or("", |(group, _)| group);
        let namespace = match object.namespace.as_str() {
            _ if kinds::is_cluster_scoped(group, &object.kind) || is_of_azure(object) => "",
            "" => &self.default_namespace,
            named => named,
        };
        let namespace = self.names.keep(namespace);
        Key { namespace, kind: self.names.keep(&object.kind), name: self.names.keep(&object.name) }
    }

    /// The namespace; empty for what has none.
    pub fn namespace(&self, key: Key) -> &str {
        self.names.text(key.namespace)
    }

    /// The kind.
    pub fn kind(&self, key: Key) -> &str {
        self.names.text(key.kind)
    }

    /// The name.
    pub fn name(&self, key: Key) -> &str {
        self.names.text(key.name)
    }

    /// The object in a sentence: `Deployment shop/web`.
    pub fn subject(&self, key: Key) -> String {
        let (kind, name) = (self.kind(key), self.name(key));
        match self.namespace(key) {
            "" => format!("{kind} {name}"),
            namespace => format!("{kind} {namespace}/{name}"),
        }
    }

    /// The object that owns this one, and that nothing owns.
    pub fn top(&self, mut key: Key) -> Key {
        for _ in 0..DEPTH {
            let Some((kind, name)) = self.known.get(&key).and_then(|known| known.controller) else { break };
            // A static pod is owned by the node that it runs on, and mended in a file there.
            if self.names.text(kind) == "Node" {
                break;
            }
            key = Key { kind, name, ..key };
        }
        key
    }

    /// Whether an object is only kept for a way back.
    pub fn is_history(&self, key: Key) -> bool {
        self.history.contains(&key)
    }

    /// How many objects are only kept for a way back.
    pub fn history(&self) -> usize {
        self.history.len()
    }

    /// Whether an object is in the input.
    pub fn has(&self, namespace: &str, kind: &str, name: &str) -> bool {
        let key = || {
            let [namespace, kind, name] = [namespace, kind, name].map(|text| self.names.find(text));
            Some(Key { namespace: namespace?, kind: kind?, name: name? })
        };
        key().is_some_and(|key| self.known.contains_key(&key))
    }

    /// Who keeps an object, or else its namespace.
    pub fn keeper(&self, key: Key) -> Option<&str> {
        let own = self.known.get(&key).and_then(|known| known.keeper);
        own.or_else(|| self.keepers.get(&key.namespace).copied()).map(|keeper| self.names.text(keeper))
    }

    /// Who keeps a namespace.
    pub fn namespace_keeper(&self, namespace: &str) -> Option<&str> {
        let keeper = self.keepers.get(&self.names.find(namespace)?)?;
        Some(self.names.text(*keeper))
    }
}

/// The kind and name of an object's controller.
fn controller(metadata: &Value) -> Option<(&str, &str)> {
    let owners = metadata["ownerReferences"].as_array()?;
    let owner = owners.iter().find(|owner| owner["controller"] == true)?;
    Some((owner["kind"].as_str()?, owner["name"].as_str()?))
}

/// Who keeps an object, by the labels and annotations that the tools of the field write.
fn keeper(metadata: &Value) -> Option<String> {
    let text = |holder: &str, key: &str| metadata[holder][key].as_str().filter(|text| !text.is_empty());
    let label = |key: &str| text("labels", key);
    let annotation = |key: &str| text("annotations", key);
    // What a team writes about itself, whatever its prefix: `team`, `example.com/team`.
    let named = ["labels", "annotations"].into_iter().filter_map(|holder| metadata[holder].as_object());
    let team = named.flatten().find_map(|(key, value)| {
        let last = key.rsplit('/').next().unwrap_or_default();
        let is_team = matches!(last, "team" | "owner" | "squad");
        value.as_str().filter(|text| is_team && !text.is_empty()).map(|text| format!("{last} {text}"))
    });
    if team.is_some() {
        return team;
    }
    if let Some(tracking) = annotation("argocd.argoproj.io/tracking-id") {
        let application = tracking.split(':').next().unwrap_or(tracking);
        return Some(format!("Argo CD application {application}"));
    }
    if let Some(instance) = label("argocd.argoproj.io/instance") {
        return Some(format!("Argo CD application {instance}"));
    }
    if let Some(name) = label("kustomize.toolkit.fluxcd.io/name") {
        return Some(format!("Flux Kustomization {name}"));
    }
    if let Some(name) = label("helm.toolkit.fluxcd.io/name") {
        return Some(format!("Flux HelmRelease {name}"));
    }
    annotation("meta.helm.sh/release-name").map(|release| format!("Helm release {release}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use isolation_admission::Input;
    use isolation_report::Source;

    #[test]
    fn a_pod_belongs_to_its_deployment_and_a_circle_ends() {
        let text = r#"
{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "shop", "labels": {"example.com/team": "checkout"}}}
{"apiVersion": "apps/v1", "kind": "ReplicaSet", "spec": {"replicas": 0}, "metadata": {"name": "web-1", "namespace": "shop",
  "ownerReferences": [{"kind": "Deployment", "name": "web", "controller": true}]}}
{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web-1-a", "namespace": "shop",
  "ownerReferences": [{"kind": "ReplicaSet", "name": "web-1", "controller": true}]}}
{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "kube-proxy", "namespace": "kube-system",
  "ownerReferences": [{"kind": "Node", "name": "node-1", "controller": true}]}}
{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "circle",
  "ownerReferences": [{"kind": "Pod", "name": "circle", "controller": true}]}}
"#;
        let input = Input::read([Source::new("dump.json", text)]);
        assert!(input.faults.is_empty(), "{:?}", input.faults);
        let mut workloads = Workloads::new("default");
        let keys: Vec<Key> = input.items.iter().map(|item| workloads.add(item)).collect();
        let top = |at: usize| workloads.subject(workloads.top(keys[at]));
        assert_eq!(top(2), "Deployment shop/web");
        assert_eq!(top(3), "Pod kube-system/kube-proxy");
        assert_eq!(top(4), "Pod default/circle");
        assert_eq!(workloads.keeper(keys[0]), Some("team checkout"));
        assert!(workloads.is_history(keys[1]));
        assert!(!workloads.is_history(keys[0]));
        assert!(workloads.has("shop", "Deployment", "web") && !workloads.has("shop", "Pod", "web"));
    }
}
