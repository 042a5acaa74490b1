//! The cluster, asked through the engine.

use isolation::cluster::{Cluster, LookupError};
use kubewarden_policy_sdk::wapc_guest::host_call;
use serde::Serialize;

/// The question of the capability `kubernetes/get_resource`: the SDK's `GetResourceRequest`, which comes with the types of all
/// of Kubernetes only. A test holds this against it.
#[derive(Debug, Serialize)]
pub struct GetResource<'q> {
    /// Group and version: `storage.k8s.io/v1`.
    pub api_version: &'q str,
    /// The kind.
    pub kind: &'q str,
    /// The object's name.
    pub name: &'q str,
    /// Its namespace; `None` for an object of the cluster.
    pub namespace: Option<&'q str>,
    /// Whether the engine asks the API server again.
    pub disable_cache: bool,
    /// The members that are wanted. Hosts from before the summer of 2026 do not know the key, and send the whole object.
    pub field_masks: &'q [&'q str],
}

/// The cluster, asked through the host capability `kubernetes/get_resource`.
pub(crate) struct HostCluster;

impl Cluster for HostCluster {
    fn get(&self, api_version: &str, kind: &str, name: &str, members: &[&str]) -> Result<Vec<u8>, LookupError> {
        let question =
            GetResource { api_version, kind, name, namespace: None, disable_cache: false, field_masks: members };
        let payload = serde_json::to_vec(&question).map_err(|error| LookupError::Failed(error.to_string()))?;
        host_call("kubewarden", "kubernetes", "get_resource", &payload).map_err(|error| {
            // The engines give no status code: only this sentence tells a missing object from a refused question.
            let error = error.to_string();
            let text = error.strip_prefix("Host error: ").unwrap_or(&error);
            if text.contains("Cannot find") { LookupError::NotFound } else { LookupError::Failed(text.to_owned()) }
        })
    }
}
