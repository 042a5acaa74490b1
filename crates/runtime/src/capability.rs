//! Host calls: what a module may ask while it judges.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;

use crate::metadata::Metadata;

/// What answers a policy's question for a Kubernetes object.
pub trait Lookup: Send + Sync {
    /// The object, or the text of the failure as policy-server words it.
    ///
    /// # Errors
    ///
    /// An object that does not exist, or a question that cannot be answered.
    fn get(&self, api_version: &str, kind: &str, namespace: Option<&str>, name: &str) -> Result<Value, String>;
}

fn not_found(api_version: &str, kind: &str, namespace: Option<&str>, name: &str) -> String {
    format!("Cannot find {api_version}/{kind} named '{name}' inside of namespace '{namespace:?}'")
}

/// A cluster with these objects and no others.
#[derive(Debug, Default)]
pub struct Snapshot {
    objects: HashMap<(String, String, Option<String>, String), Value>,
}

impl Snapshot {
    /// A snapshot of `objects`. Of two with the same name the later counts; what has no name is left out.
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

    /// The snapshot as what modules ask.
    pub fn shared(self) -> Arc<dyn Lookup> {
        Arc::new(self)
    }
}

impl Lookup for Snapshot {
    fn get(&self, api_version: &str, kind: &str, namespace: Option<&str>, name: &str) -> Result<Value, String> {
        let key = (api_version.to_owned(), kind.to_owned(), namespace.map(str::to_owned), name.to_owned());
        self.objects.get(&key).cloned().ok_or_else(|| not_found(api_version, kind, namespace, name))
    }
}

/// A cluster without objects.
pub fn no_cluster() -> Arc<dyn Lookup> {
    Snapshot::default().shared()
}

/// The question of `kubernetes/get_resource`.
#[derive(Deserialize)]
struct GetResource {
    api_version: String,
    kind: String,
    name: String,
    namespace: Option<String>,
}

/// Answers a host call as policy-server does, with the access that the module's metadata asks for.
pub(crate) fn answer(
    granted: Option<&Metadata>,
    cluster: &dyn Lookup,
    binding: &str,
    namespace: &str,
    operation: &str,
    payload: &[u8],
) -> Result<Vec<u8>, String> {
    if binding != "kubewarden" {
        return Err(format!("unknown binding: {binding}"));
    }
    match (namespace, operation) {
        // Log lines of a policy are for a server's log.
        ("tracing", "log") => Ok(Vec::new()),
        ("kubernetes", "get_resource") => {
            let question: GetResource = serde_json::from_slice(payload).map_err(|error| error.to_string())?;
            let GetResource { api_version, kind, name, namespace } = &question;
            let may = granted.is_some_and(|metadata| {
                let resources = &metadata.context_aware_resources;
                resources.iter().any(|resource| &resource.api_version == api_version && &resource.kind == kind)
            });
            if !may {
                return Err(format!(
                    "Policy has not been granted access to Kubernetes {api_version}/{kind} resources. The violation has been \
                     reported."
                ));
            }
            let object = cluster
                .get(api_version, kind, namespace.as_deref(), name)
                .map_err(|error| format!("Callback evaluation failure: {error}"))?;
            serde_json::to_vec(&object).map_err(|error| error.to_string())
        }
        ("kubernetes" | "oci" | "net" | "crypto", operation) => Err(format!(
            "Policy has not been granted access to the '{namespace}/{operation}' host capability. The violation has been reported."
        )),
        (namespace, _) => Err(format!("unknown namespace: {namespace}")),
    }
}
