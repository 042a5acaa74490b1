//! What policies may look up while they judge.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use isolation_policy_module::ContextAwareResource;
use serde_json::Value;

/// A cluster with these objects and no others.
#[derive(Debug, Default)]
pub struct Snapshot {
    objects: HashMap<(String, String, Option<String>, String), Value>,
}

impl Snapshot {
    /// A snapshot of `objects`. Of two with the same name the later counts; objects without a name are ignored.
    pub fn new(objects: impl IntoIterator<Item = Value>) -> Self {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let key = |object: &Value| {
            let metadata = &object["metadata"];
            Some((
                text(&object["apiVersion"])?,
                text(&object["kind"])?,
                text(&metadata["namespace"]),
                text(&metadata["name"])?,
            ))
        };
        let keyed = objects.into_iter().filter_map(|object| Some((key(&object)?, object)));
        Snapshot { objects: keyed.collect() }
    }

    /// The object of this name.
    pub fn get(&self, api_version: &str, kind: &str, namespace: Option<&str>, name: &str) -> Option<&Value> {
        self.objects.get(&(api_version.to_owned(), kind.to_owned(), namespace.map(str::to_owned), name.to_owned()))
    }
}

/// What one policy may look up: the objects that there are, of the kinds that it is granted.
#[derive(Clone, Debug, Default)]
pub struct Reach {
    /// The objects.
    pub cluster: Arc<Snapshot>,
    /// The kinds.
    pub granted: Arc<BTreeSet<ContextAwareResource>>,
}
