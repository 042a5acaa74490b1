//! The admission request that creating an object becomes.

use serde_json::{Value, json};

use isolation::kinds::{is_cluster_scoped, plural};

use crate::object::Object;

/// The AdmissionRequest with which the API server would ask about creating the object, in `namespace` if the object names
/// none and lives in one.
pub fn request(object: &Object, namespace: &str) -> Value {
    let (group, version) = (object.group(), object.version());
    let kind = json!({"group": group, "version": version, "kind": object.kind});
    let resource = json!({"group": group, "version": version, "resource": plural(group, &object.kind)});
    let mut request = json!({
        "uid": "00000000-0000-0000-0000-000000000000",
        "kind": kind,
        "resource": resource,
        "requestKind": kind,
        "requestResource": resource,
        "operation": "CREATE",
        "userInfo": {"username": "kubernetes-admin", "groups": ["system:authenticated"]},
        "dryRun": true,
        "options": {"apiVersion": "meta.k8s.io/v1", "kind": "CreateOptions"},
        "object": object.node.to_json(),
    });
    if !object.name.is_empty() {
        request["name"] = json!(object.name);
    }
    if !is_cluster_scoped(group, &object.kind) {
        let namespace = if object.namespace.is_empty() { namespace } else { &object.namespace };
        request["namespace"] = json!(namespace);
    }
    request
}
