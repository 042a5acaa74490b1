//! Look-ups of a rule in the cluster.

use std::cell::Cell;

use serde_json::Value;

/// Why a look-up returned no object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LookupError {
    /// The cluster has no object of that name.
    NotFound,
    /// The look-up failed; the text is the engine's.
    Failed(String),
    /// The look-up was not made: the request has reached its limit.
    TooMany,
}

/// The part of the cluster that a policy may read: cluster-scoped objects by name.
///
/// Only policies whose settings enable look-ups use it. An answer that is not an object leads to a rejection, never to an
/// acceptance.
pub trait Cluster {
    /// The JSON text of the object of this `api_version` (`storage.k8s.io/v1`), `kind` and `name`. Of its members those
    /// that are named and `metadata` are enough; a cluster may give more.
    ///
    /// # Errors
    ///
    /// [`LookupError::NotFound`] where the cluster says so, [`LookupError::Failed`] for every other answer.
    fn get(&self, api_version: &str, kind: &str, name: &str, members: &[&str]) -> Result<Vec<u8>, LookupError>;
}

/// A cluster without answers, for policies that never look anything up.
#[derive(Debug)]
pub struct NoCluster;

impl Cluster for NoCluster {
    fn get(&self, _: &str, _: &str, _: &str, _: &[&str]) -> Result<Vec<u8>, LookupError> {
        Err(LookupError::Failed("look-ups are not available here".to_owned()))
    }
}

/// A cluster that holds these objects: for cases, and for who judges without a cluster. An object with the key `failure` stands
/// for a look-up that fails with that text.
#[derive(Debug)]
pub struct Objects<'a>(pub &'a [Value]);

impl Cluster for Objects<'_> {
    fn get(&self, api_version: &str, kind: &str, name: &str, _: &[&str]) -> Result<Vec<u8>, LookupError> {
        let found = self.0.iter().find(|object| {
            [("/apiVersion", api_version), ("/kind", kind), ("/metadata/name", name)]
                .iter()
                .all(|(pointer, wanted)| object.pointer(pointer).and_then(Value::as_str) == Some(wanted))
        });
        match found.map(|object| (object, object["failure"].as_str())) {
            Some((_, Some(failure))) => Err(LookupError::Failed(failure.to_owned())),
            Some((object, None)) => Ok(object.to_string().into_bytes()),
            None => Err(LookupError::NotFound),
        }
    }
}

/// How many objects one request may look up. Each costs a call to the host, and a request's time is limited.
pub const LIMIT: usize = 16;

/// A look-up and its answer.
type CachedLookup = ([String; 3], Result<Vec<u8>, LookupError>);

/// A cluster that is asked once per object and request, and for at most [`LIMIT`] objects.
pub struct CachedCluster<'c> {
    cluster: &'c dyn Cluster,
    asked: Cell<Vec<CachedLookup>>,
}

impl<'c> CachedCluster<'c> {
    /// A cluster that remembers what `cluster` answered.
    pub fn new(cluster: &'c dyn Cluster) -> Self {
        CachedCluster { cluster, asked: Cell::new(Vec::new()) }
    }
}

impl Cluster for CachedCluster<'_> {
    fn get(&self, api_version: &str, kind: &str, name: &str, members: &[&str]) -> Result<Vec<u8>, LookupError> {
        let mut asked = self.asked.take();
        let known = asked.iter().find(|(question, _)| question == &[api_version, kind, name]);
        let answer = match known {
            Some((_, answer)) => answer.clone(),
            None if asked.len() == LIMIT => Err(LookupError::TooMany),
            None => {
                let answer = self.cluster.get(api_version, kind, name, members);
                asked.push(([api_version, kind, name].map(str::to_owned), answer.clone()));
                answer
            }
        };
        self.asked.set(asked);
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_answers_to_its_version_kind_and_name_alone() {
        let object =
            serde_json::json!({"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": "a"}});
        let objects = [object];
        let ask = |version, kind, name| Objects(&objects).get(version, kind, name, &[]);
        assert!(ask("storage.k8s.io/v1", "StorageClass", "a").is_ok());
        for (version, kind, name) in [
            ("v1", "StorageClass", "a"),
            ("storage.k8s.io/v1", "VolumeAttributesClass", "a"),
            ("storage.k8s.io/v1", "StorageClass", "b"),
        ] {
            assert_eq!(ask(version, kind, name), Err(LookupError::NotFound), "{version} {kind} {name}");
        }
    }

    #[test]
    fn without_a_cluster_every_look_up_fails() {
        let answer = NoCluster.get("storage.k8s.io/v1", "StorageClass", "a", &[]);
        assert!(matches!(answer, Err(LookupError::Failed(_))), "{answer:?}");
    }
}
