//! Azure Files and Blob are reached over private endpoints only.

mod claims;
mod classes;
mod custom;
mod drivers;
mod hosts;
mod lookup;
mod parameters;
mod settings;
mod volumes;

use isolation::{Cluster, Findings, Policy, Request, Rule, Value, pods};

use claims::Judge;

pub use custom::{CUSTOM, Custom};
#[cfg(not(target_os = "wasi"))]
pub use drivers::built_in_storage_classes;
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

isolation_guest::export!(PrivateStorage);

impl Policy for PrivateStorage {
    type Settings<'d> = Settings<'d>;
    const NAME: &'static str = "private-storage";
    const RULES: &'static [&'static Rule] = RULES;
    const SETTINGS: &'static [isolation::settings::Setting] = settings::TABLE;

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
        let judge = Judge { settings, cluster };
        match (&*request.group, &*request.kind) {
            ("storage.k8s.io", "StorageClass") => classes::storage_class(object, settings, findings),
            ("storage.k8s.io", "VolumeAttributesClass") => classes::volume_attributes_class(object, settings, findings),
            ("snapshot.storage.k8s.io", "VolumeSnapshotClass") => {
                classes::volume_snapshot_class(object, settings, findings);
            }
            ("", "PersistentVolumeClaim") => judge.claim(object, findings),
            ("", "PersistentVolume") => volumes::persistent(object, settings, findings),
            (group, kind) => match pods::workload_of(group, kind) {
                Some(workload) => judge_workload(workload, object, judge, findings),
                None => custom::judge(group, kind, object, judge, findings),
            },
        }
    }
}

fn judge_workload(workload: &pods::Workload, object: Value<'_>, judge: Judge<'_>, findings: &mut Findings) {
    if workload.kind == "StatefulSet"
        && let Some(spec) = findings.object(object, "spec")
    {
        for claim in findings.list(spec, "volumeClaimTemplates") {
            judge.claim(claim, findings);
        }
    }
    pods::for_each_pod(findings, workload, object, &mut |findings, pod| {
        let Some(spec) = pod.spec else { return };
        for volume in pods::volumes(findings, spec) {
            volumes::inline(volume, judge, findings);
        }
    });
}
