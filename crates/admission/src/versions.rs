//! The versions in which the API server has the same object.
//!
//! With `matchPolicy: Equivalent` a rule for one of them is a rule for all that are served. Which those are, only the cluster
//! knows; here a version that a rule names counts, unless it is known that no supported Kubernetes serves it.
//! <https://kubernetes.io/docs/reference/using-api/deprecation-guide/>

use isolation_policy_module::Rule;

use crate::input::Item;

/// Groups whose versions are the same in every Kubernetes that is supported. Those that get new ones are not among them.
const SERVED: &[(&str, &[&str])] = &[
    ("", &["v1"]),
    ("apiextensions.k8s.io", &["v1"]),
    ("apiregistration.k8s.io", &["v1"]),
    ("apps", &["v1"]),
    ("authentication.k8s.io", &["v1"]),
    ("authorization.k8s.io", &["v1"]),
    ("autoscaling", &["v1", "v2"]),
    ("batch", &["v1"]),
    ("discovery.k8s.io", &["v1"]),
    ("events.k8s.io", &["v1"]),
    ("extensions", &[]),
    ("node.k8s.io", &["v1"]),
    ("policy", &["v1"]),
    ("rbac.authorization.k8s.io", &["v1"]),
];

/// Kinds in other groups that are in v1 alone.
const ONLY_V1: &[&str] =
    &["CSIDriver", "CSINode", "Ingress", "IngressClass", "NetworkPolicy", "StorageClass", "VolumeAttachment"];

/// Groups that have the same objects: of all that there were, events alone are still served in both.
const SAME: &[(&str, &str, &str)] = &[("Event", "", "events.k8s.io"), ("Event", "events.k8s.io", "")];

/// Other groups and versions that a rule names, in which the API server may have this object: of its own group, and of the one
/// that shares it.
pub fn others<'r>(item: &'r Item, rule: &'r Rule) -> impl Iterator<Item = (&'r str, &'r str)> {
    let kind = item.object.kind.as_str();
    let shared = SAME.iter().find(|(of, group, _)| *of == kind && *group == item.object.group());
    let versions = rule.api_versions.iter().map(String::as_str);
    let own = versions.map(|version| (item.object.group(), version));
    // Both are in v1.
    let own = own.filter(move |(group, version)| may_be_served(group, version, kind));
    own.chain(shared.map(|(_, _, other)| (*other, "v1")))
}

fn may_be_served(group: &str, version: &str, kind: &str) -> bool {
    match SERVED.iter().find(|(of, _)| *of == group) {
        Some((_, versions)) => versions.contains(&version),
        None if group.ends_with(".k8s.io") && ONLY_V1.contains(&kind) => version == "v1",
        None => true,
    }
}
