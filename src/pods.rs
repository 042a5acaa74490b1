//! Where the kinds that create pods hold them, and what a pod holds.

use crate::finding::Findings;
use crate::json::{Items, Kind, Value};
use crate::places;

/// A built-in kind that holds a pod or a pod's template.
#[derive(Clone, Copy, Debug)]
pub struct Workload {
    /// The API group; empty for the core group.
    pub group: &'static str,
    /// The kind.
    pub kind: &'static str,
    /// The path of the pod or template, whose members are `metadata` and `spec`.
    pub template: &'static str,
}

const fn workload(group: &'static str, kind: &'static str, template: &'static str) -> Workload {
    Workload { group, kind, template }
}

/// Every built-in kind that holds a pod, after k8s.io/api 1.36. Tests hold it against `k8s-openapi`.
pub const WORKLOADS: &[Workload] = &[
    workload("", "Pod", ""),
    workload("", "PodTemplate", "template"),
    workload("", "ReplicationController", "spec.template"),
    workload("apps", "DaemonSet", "spec.template"),
    workload("apps", "Deployment", "spec.template"),
    workload("apps", "ReplicaSet", "spec.template"),
    workload("apps", "StatefulSet", "spec.template"),
    workload("batch", "CronJob", "spec.jobTemplate.spec.template"),
    workload("batch", "Job", "spec.template"),
];

/// The built-in kind of this group and name, if it holds a pod.
pub fn workload_of(group: &str, kind: &str) -> Option<&'static Workload> {
    WORKLOADS.iter().find(|workload| workload.kind == kind && workload.group == group)
}

/// A pod, or the template of one.
#[derive(Clone, Copy, Debug)]
pub struct Pod<'d> {
    /// The value that holds `metadata` and `spec`.
    pub value: Value<'d>,
    /// Its `spec`, if it has one.
    pub spec: Option<Value<'d>>,
}

impl<'d> Pod<'d> {
    /// The pod or template at `value`.
    pub fn read(findings: &mut Findings, value: Value<'d>) -> Self {
        Pod { value, spec: findings.object(value, "spec") }
    }

    /// The annotation of this key.
    pub fn annotation(&self, findings: &mut Findings, key: &str) -> Option<Value<'d>> {
        findings.descend(self.value, &["metadata", "annotations"])?.field(key)
    }

    /// The label of this key.
    pub fn label(&self, findings: &mut Findings, key: &str) -> Option<Value<'d>> {
        findings.descend(self.value, &["metadata", "labels"])?.field(key)
    }
}

/// The pods of a built-in workload.
pub fn for_each_pod<'d>(
    findings: &mut Findings,
    workload: &Workload,
    object: Value<'d>,
    found: &mut dyn FnMut(&mut Findings, Pod<'d>),
) {
    places::visit(findings, object, workload.template, &mut |findings, value| {
        if findings.expect(value, Kind::Object) {
            let pod = Pod::read(findings, value);
            found(findings, pod);
        }
    });
}

/// The volumes of a pod's spec. An item may be of any kind of value; see [`Findings::expect`].
pub fn volumes<'d>(findings: &mut Findings, spec: Value<'d>) -> Items<'d> {
    findings.list(spec, "volumes")
}
