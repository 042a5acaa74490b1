//! Custom resources that hold claims or volumes.
//!
//! Their controllers make claims and pods of them, which are judged when they come. These places are judged as well so that
//! the answer comes to the one who writes the resource.

use isolation::{Findings, Value, places};

use crate::claims::Judge;
use crate::volumes;

/// What stands at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// The template of a claim, with `metadata` and `spec`.
    Claim,
    /// The `spec` of a claim.
    ClaimSpec,
    /// The name of a StorageClass.
    ClassName,
    /// A volume of a pod.
    Volume,
    /// The `csi` member of a volume of a pod.
    Csi,
    /// The `ephemeral` member of a volume of a pod.
    Ephemeral,
}

/// A kind and the places in it.
#[derive(Clone, Copy, Debug)]
pub struct Custom {
    /// The API group.
    pub group: &'static str,
    /// The kind.
    pub kind: &'static str,
    /// The places.
    pub places: &'static [(&'static str, Holds)],
}

const fn custom(group: &'static str, kind: &'static str, places: &'static [(&'static str, Holds)]) -> Custom {
    Custom { group, kind, places }
}

const PROMETHEUS: &[(&str, Holds)] = &[
    ("spec.storage.volumeClaimTemplate", Holds::Claim),
    ("spec.storage.ephemeral", Holds::Ephemeral),
    ("spec.volumes[]", Holds::Volume),
];

const STRIMZI: &[(&str, Holds)] = &[
    ("spec.storage.class", Holds::ClassName),
    ("spec.storage.overrides[].class", Holds::ClassName),
    ("spec.storage.volumes[].class", Holds::ClassName),
    ("spec.storage.volumes[].overrides[].class", Holds::ClassName),
];

const WORKFLOW: &[(&str, Holds)] = &[
    ("spec.volumeClaimTemplates[]", Holds::Claim),
    ("spec.volumes[]", Holds::Volume),
    ("spec.templates[].volumes[]", Holds::Volume),
];

const TEKTON_RUN: &[(&str, Holds)] = &[
    ("spec.workspaces[].volumeClaimTemplate", Holds::Claim),
    ("spec.workspaces[].csi", Holds::Csi),
    ("spec.podTemplate.volumes[]", Holds::Volume),
    ("spec.taskRunTemplate.podTemplate.volumes[]", Holds::Volume),
    ("spec.taskRunSpecs[].podTemplate.volumes[]", Holds::Volume),
    ("spec.taskRunSpecs[].taskPodTemplate.volumes[]", Holds::Volume),
];

/// Every custom resource that is looked into.
pub const CUSTOM: &[Custom] = &[
    custom("argoproj.io", "ClusterWorkflowTemplate", WORKFLOW),
    custom(
        "argoproj.io",
        "CronWorkflow",
        &[
            ("spec.workflowSpec.volumeClaimTemplates[]", Holds::Claim),
            ("spec.workflowSpec.volumes[]", Holds::Volume),
            ("spec.workflowSpec.templates[].volumes[]", Holds::Volume),
        ],
    ),
    custom("argoproj.io", "Workflow", WORKFLOW),
    custom("argoproj.io", "WorkflowTemplate", WORKFLOW),
    custom(
        "kafka.strimzi.io",
        "Kafka",
        &[
            ("spec.kafka.storage.class", Holds::ClassName),
            ("spec.kafka.storage.overrides[].class", Holds::ClassName),
            ("spec.kafka.storage.volumes[].class", Holds::ClassName),
            ("spec.kafka.storage.volumes[].overrides[].class", Holds::ClassName),
            ("spec.zookeeper.storage.class", Holds::ClassName),
            ("spec.zookeeper.storage.overrides[].class", Holds::ClassName),
        ],
    ),
    custom("kafka.strimzi.io", "KafkaNodePool", STRIMZI),
    custom("monitoring.coreos.com", "Alertmanager", PROMETHEUS),
    custom("monitoring.coreos.com", "Prometheus", PROMETHEUS),
    custom("monitoring.coreos.com", "PrometheusAgent", PROMETHEUS),
    custom("monitoring.coreos.com", "ThanosRuler", PROMETHEUS),
    custom(
        "postgresql.cnpg.io",
        "Cluster",
        &[
            ("spec.storage.storageClass", Holds::ClassName),
            ("spec.storage.pvcTemplate", Holds::ClaimSpec),
            ("spec.walStorage.storageClass", Holds::ClassName),
            ("spec.walStorage.pvcTemplate", Holds::ClaimSpec),
            ("spec.tablespaces[].storage.storageClass", Holds::ClassName),
            ("spec.tablespaces[].storage.pvcTemplate", Holds::ClaimSpec),
            ("spec.ephemeralVolumeSource", Holds::Ephemeral),
        ],
    ),
    custom("tekton.dev", "PipelineRun", TEKTON_RUN),
    custom("tekton.dev", "TaskRun", TEKTON_RUN),
];

/// Judges a custom resource, if there is something to judge in its kind.
pub fn judge(group: &str, kind: &str, object: Value<'_>, judge: Judge<'_>, findings: &mut Findings) {
    let Some(custom) = CUSTOM.iter().find(|custom| custom.kind == kind && custom.group == group) else { return };
    for (place, holds) in custom.places {
        places::visit(findings, object, place, &mut |findings, value| match holds {
            Holds::Claim => judge.claim(value, findings),
            Holds::ClaimSpec => judge.claim_spec(value, findings),
            Holds::ClassName => judge.named_class(value, findings),
            Holds::Volume => volumes::inline(value, judge, findings),
            Holds::Csi => volumes::inline_csi(value, judge.settings, findings),
            Holds::Ephemeral => volumes::ephemeral_claim(value, judge, findings),
        });
    }
}
