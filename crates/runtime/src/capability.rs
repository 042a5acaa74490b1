//! Host calls: what a module may ask while it judges.

use std::collections::BTreeSet;
use std::sync::Arc;

use isolation_policy_module::ContextAwareResource;
use serde::Deserialize;
use serde_json::Value;

/// What answers a policy's question for a Kubernetes object.
pub trait Lookup: Send + Sync {
    /// The object, or the text of the failure as policy-server words it.
    ///
    /// # Errors
    ///
    /// An object that does not exist, or a question that cannot be answered.
    fn get(&self, api_version: &str, kind: &str, namespace: Option<&str>, name: &str) -> Result<Value, String>;
}

/// A cluster without objects.
#[derive(Debug)]
struct NoCluster;

impl Lookup for NoCluster {
    fn get(&self, api_version: &str, kind: &str, namespace: Option<&str>, name: &str) -> Result<Value, String> {
        Err(not_found(api_version, kind, namespace, name))
    }
}

/// A cluster without objects.
pub fn no_cluster() -> Arc<dyn Lookup> {
    Arc::new(NoCluster)
}

/// How policy-server says that an object does not exist.
pub fn not_found(api_version: &str, kind: &str, namespace: Option<&str>, name: &str) -> String {
    format!("Cannot find {api_version}/{kind} named '{name}' inside of namespace '{namespace:?}'")
}

/// The question of `kubernetes/get_resource`.
#[derive(Deserialize)]
struct GetResource {
    api_version: String,
    kind: String,
    name: String,
    namespace: Option<String>,
}

/// Answers a host call as policy-server does, with access to these kinds of objects.
pub(crate) fn answer(
    granted: &BTreeSet<ContextAwareResource>,
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
            let may = granted.iter().any(|resource| &resource.api_version == api_version && &resource.kind == kind);
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
