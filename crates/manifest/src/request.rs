//! The admission request that creating an object becomes.

use serde_json::{Value, json};

use crate::object::Object;

/// The plural of a kind, as the API server has it in `resource`.
///
/// The rule that Kubernetes itself guesses plurals by; it is right for every kind that the policies judge, which a test
/// of each policy shows.
pub fn plural(kind: &str) -> String {
    let lower = kind.to_ascii_lowercase();
    let vowel = |c: Option<char>| matches!(c, Some('a' | 'e' | 'i' | 'o' | 'u'));
    if lower == "endpoints" {
        lower
    } else if ["s", "x", "ch", "sh"].iter().any(|end| lower.ends_with(end)) {
        lower + "es"
    } else if let Some(stem) = lower.strip_suffix('y').filter(|stem| !vowel(stem.chars().last())) {
        format!("{stem}ies")
    } else {
        lower + "s"
    }
}

/// Kinds that live outside of namespaces. A kind that begins with `Cluster` and is not Cluster API's does, too.
const CLUSTER_SCOPED: &[&str] = &[
    "APIService",
    "AKSNodeClass",
    "CSIDriver",
    "CSINode",
    "CertificateSigningRequest",
    "CustomResourceDefinition",
    "DeploymentRuntimeConfig",
    "FlowSchema",
    "GatewayClass",
    "ImageListPullJob",
    "IngressClass",
    "ModelMirror",
    "MutatingWebhookConfiguration",
    "Namespace",
    "NginxIngressController",
    "Node",
    "NodeClaim",
    "NodeImage",
    "NodePool",
    "PersistentVolume",
    "PolicyServer",
    "PriorityClass",
    "PriorityLevelConfiguration",
    "RuntimeClass",
    "SidecarSet",
    "StorageClass",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "ValidatingWebhookConfiguration",
    "VolumeAttachment",
    "VolumeAttributesClass",
    "VolumeSnapshotClass",
];

/// Whether objects of this group and kind live outside of namespaces.
pub fn is_cluster_scoped(group: &str, kind: &str) -> bool {
    let cluster_wide =
        kind.starts_with("Cluster") && !group.ends_with("cluster.x-k8s.io") && group != "postgresql.cnpg.io";
    CLUSTER_SCOPED.contains(&kind)
        || cluster_wide
        || (group == "pkg.crossplane.io" && matches!(kind, "Provider" | "Function" | "Configuration"))
        || (group.ends_with(".azure.upbound.io") && !group.contains(".azure.m."))
}

/// The AdmissionRequest with which the API server would ask about creating the object, in `namespace` if the object names
/// none and lives in one.
pub fn request(object: &Object, namespace: &str) -> Value {
    let (group, version) = (object.group(), object.version());
    let kind = json!({"group": group, "version": version, "kind": object.kind});
    let resource = json!({"group": group, "version": version, "resource": plural(&object.kind)});
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
