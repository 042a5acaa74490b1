//! Rejects Azure Files and Blob storage without private endpoints.

#![warn(clippy::indexing_slicing, clippy::string_slice)]

mod answers;
mod built_in_class;
mod claims;
mod classes;
mod colliding_parameters;
mod context;
mod custom;
mod drivers;
mod exportable_disk;
mod foreign_endpoint;
mod hosts;
mod in_tree_driver;
mod inline_volume;
mod lookup;
mod open_account;
mod overridden_class;
mod parameters;
mod public_class;
mod public_endpoint;
mod settings;
mod unknown_class;
mod unproven_account;
mod unproven_volume;
mod volumes;

use isolation::{Cluster, Dispatch, Findings, Policy, Request, Rule, Value, pods};

use answers::Answers;
use context::Context;

pub use settings::Settings;

isolation::rules![
    public_endpoint,
    colliding_parameters,
    open_account,
    foreign_endpoint,
    unproven_account,
    in_tree_driver,
    overridden_class,
    exportable_disk,
    built_in_class,
    public_class,
    unknown_class,
    unproven_volume,
    inline_volume,
];

/// The policy.
#[derive(Debug)]
pub struct PrivateStorage;

#[cfg(target_os = "wasi")]
isolation_guest::export!(PrivateStorage);

/// The function that judges the objects of a kind.
type Judge = fn(Value<'_>, Context<'_>, &mut Findings);

/// The kinds that are neither workloads nor custom resources.
const OWN: &[Dispatch<Judge>] = &[
    Dispatch::new("", "PersistentVolume", volumes::persistent),
    Dispatch::new("", "PersistentVolumeClaim", claims::claim),
    Dispatch::new("snapshot.storage.k8s.io", "VolumeSnapshotClass", classes::volume_snapshot_class),
    Dispatch::new("storage.k8s.io", "StorageClass", classes::storage_class),
    Dispatch::new("storage.k8s.io", "VolumeAttributesClass", classes::volume_attributes_class),
];

/// Every kind that is judged, with its group.
#[cfg(not(target_os = "wasi"))]
pub fn kinds() -> Vec<(&'static str, &'static str)> {
    let own = OWN.iter().map(|own| (own.group, own.kind));
    let workloads = pods::WORKLOADS.iter().map(|workload| (workload.group, workload.kind));
    let custom = custom::CUSTOM.iter().flat_map(|custom| custom.kinds.iter().map(|kind| (custom.group, *kind)));
    own.chain(workloads).chain(custom).collect()
}

impl Policy for PrivateStorage {
    type Settings<'d> = Settings<'d>;
    const NAME: &'static str = "private-storage";
    const RULES: &'static [&'static Rule] = RULES;
    const SETTINGS: &'static [isolation::settings::Setting] = settings::TABLE;
    const LOOKS_UP: bool = true;

    fn settings<'d>(reader: &mut isolation::settings::Reader<'d>) -> Settings<'d> {
        Settings::read(reader)
    }

    fn judge(
        request: &Request<'_>,
        object: Value<'_>,
        settings: &Settings<'_>,
        cluster: &dyn Cluster,
        findings: &mut Findings,
    ) {
        let answers = Answers::default();
        let context = Context { settings, cluster, answers: &answers };
        if let Some(judge) = Dispatch::find(OWN, &request.group, &request.kind) {
            let made_default = made_default(request, object);
            findings.as_part_of(made_default.as_slice(), |findings| judge(object, context, findings));
        } else if let Some(workload) = pods::workload_of(&request.group, &request.kind) {
            judge_workload(workload, object, context, findings);
        } else {
            custom::judge(&request.group, &request.kind, object, context, findings);
        }
    }
}

/// What makes a class the default one for claims or snapshots: exactly `"true"`.
/// <https://github.com/kubernetes/kubernetes/blob/master/pkg/volume/util/storageclass.go> (`IsDefaultAnnotation`)
const DEFAULT_CLASS: &[&str] = &[
    "snapshot.storage.kubernetes.io/is-default-class",
    "storageclass.beta.kubernetes.io/is-default-class",
    "storageclass.kubernetes.io/is-default-class",
];

/// What in this object, old or new, says that the update makes it the default class. All that names no class leads there then,
/// so whatever is wrong with the class is new.
fn made_default<'d>(request: &Request<'_>, object: Value<'d>) -> Option<Value<'d>> {
    let was = mark_of_default(request.old_object?);
    mark_of_default(object).filter(|_| was.is_none())
}

fn mark_of_default(class: Value<'_>) -> Option<Value<'_>> {
    let annotations = class.descend(&["metadata", "annotations"])?;
    DEFAULT_CLASS.iter().find_map(|key| annotations.field(key).filter(|value| value.is_text("true")))
}

fn judge_workload(workload: &pods::Workload, object: Value<'_>, context: Context<'_>, findings: &mut Findings) {
    if workload.kind == "StatefulSet"
        && let Some(spec) = findings.object(object, "spec")
    {
        for claim in findings.list(spec, "volumeClaimTemplates") {
            claims::claim(claim, context, findings);
        }
    }
    pods::for_each_pod(findings, workload, object, &mut |findings, pod| {
        let Some(spec) = pod.spec else { return };
        for volume in pods::volumes(findings, spec) {
            volumes::inline(volume, context, findings);
        }
    });
}
