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

/// What an object is found by.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// The namespace; empty for what has none.
    pub namespace: String,
    /// The kind.
    pub kind: String,
    /// The name.
    pub name: String,
}

/// What is known of an object.
#[derive(Clone, Debug, Default)]
struct Known {
    controller: Option<(String, String)>,
    keeper: Option<String>,
}

/// The objects of the input by what they are called.
#[derive(Debug, Default)]
pub struct Workloads {
    known: HashMap<Key, Known>,
    keepers: HashMap<String, String>,
    history: HashSet<Key>,
    default_namespace: String,
}

/// How far owners are followed: Kubernetes' own chains have three links, and a circle ends here.
const DEPTH: usize = 8;

impl Workloads {
    /// Reads owners and labels of these objects. `default_namespace` is that of objects that name none.
    pub fn of(items: &[Item], default_namespace: &str) -> Self {
        let mut workloads = Workloads { default_namespace: default_namespace.to_owned(), ..Workloads::default() };
        for item in items {
            let key = workloads.key(&item.reference());
            let metadata = item.value("metadata").unwrap_or_default();
            let known = Known { controller: controller(&metadata), keeper: keeper(&metadata) };
            if item.is_namespace()
                && let Some(keeper) = &known.keeper
            {
                workloads.keepers.insert(key.name.clone(), keeper.clone());
            }
            // A Deployment keeps its old ReplicaSets for a way back. None of their pods run.
            let is_old = item.object.kind == "ReplicaSet"
                && known.controller.is_some()
                && item.value("spec.replicas").and_then(|count| count.as_u64()) == Some(0);
            if is_old {
                workloads.history.insert(key.clone());
            }
            workloads.known.insert(key, known);
        }
        workloads
    }

    /// What an object is found by.
    pub fn key(&self, object: &ObjectRef) -> Key {
        let group = object.api_version.rsplit_once('/').map_or("", |(group, _)| group);
        let namespace = match object.namespace.as_str() {
            _ if kinds::is_cluster_scoped(group, &object.kind) || is_of_azure(object) => "",
            "" => &self.default_namespace,
            named => named,
        };
        Key { namespace: namespace.to_owned(), kind: object.kind.clone(), name: object.name.clone() }
    }

    /// The object that owns this one, and that nothing owns.
    pub fn top(&self, key: &Key) -> Key {
        let mut key = key.clone();
        for _ in 0..DEPTH {
            let Some((kind, name)) = self.known.get(&key).and_then(|known| known.controller.clone()) else { break };
            // A static pod is owned by the node that it runs on, and mended in a file there.
            if kind == "Node" {
                break;
            }
            key = Key { namespace: key.namespace, kind, name };
        }
        key
    }

    /// Whether an object is only kept for a way back.
    pub fn is_history(&self, key: &Key) -> bool {
        self.history.contains(key)
    }

    /// How many objects are only kept for a way back.
    pub fn history(&self) -> usize {
        self.history.len()
    }

    /// Whether an object is in the input.
    pub fn has(&self, key: &Key) -> bool {
        self.known.contains_key(key)
    }

    /// Who keeps an object, or else its namespace.
    pub fn keeper(&self, key: &Key) -> Option<String> {
        let own = self.known.get(key).and_then(|known| known.keeper.clone());
        own.or_else(|| self.keepers.get(&key.namespace).cloned())
    }

    /// Who keeps a namespace.
    pub fn namespace_keeper(&self, namespace: &str) -> Option<String> {
        self.keepers.get(namespace).cloned()
    }
}

/// The kind and name of an object's controller.
fn controller(metadata: &Value) -> Option<(String, String)> {
    let owners = metadata["ownerReferences"].as_array()?;
    let owner = owners.iter().find(|owner| owner["controller"] == true)?;
    Some((owner["kind"].as_str()?.to_owned(), owner["name"].as_str()?.to_owned()))
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
        let workloads = Workloads::of(&input.items, "default");
        let top = |at: usize| {
            let key = workloads.top(&workloads.key(&input.items[at].reference()));
            format!("{} {}/{}", key.kind, key.namespace, key.name)
        };
        assert_eq!(top(2), "Deployment shop/web");
        assert_eq!(top(3), "Pod kube-system/kube-proxy");
        assert_eq!(top(4), "Pod default/circle");
        let deployment = workloads.key(&input.items[0].reference());
        assert_eq!(workloads.keeper(&deployment).as_deref(), Some("team checkout"));
        assert!(workloads.is_history(&workloads.key(&input.items[1].reference())));
        assert!(!workloads.is_history(&deployment));
    }
}
