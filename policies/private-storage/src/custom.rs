//! Custom resources that hold claims or volumes.
//!
//! Their controllers create claims and pods, which are judged. The resources are judged as well, so that their author gets
//! the answer.

use isolation::{Findings, Value, places};

use crate::context::Context;
use crate::{claims, volumes};

/// What a path holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// The template of a claim, with `metadata` and `spec`.
    Claim,
    /// A volume of a pod.
    Volume,
    /// A workspace of Tekton: some members of a volume, and `volumeClaimTemplate`.
    Workspace,
    /// The `ephemeral` member of a volume.
    Ephemeral,
    /// Storage of CloudNativePG: `storageClass`, and `pvcTemplate` with the `spec` of a claim.
    PostgresStorage,
    /// Storage of Strimzi: `class`, for every broker or by `overrides` for some.
    KafkaStorage,
}

/// Kinds of one group, and their paths. A path that a kind lacks finds nothing.
#[derive(Clone, Copy, Debug)]
pub struct Custom {
    /// The API group.
    pub group: &'static str,
    /// The kinds.
    pub kinds: &'static [&'static str],
    /// The paths.
    places: &'static [(&'static str, Holds)],
}

/// Every custom resource that is judged.
pub const CUSTOM: &[Custom] = &[
    Custom {
        group: "argoproj.io",
        kinds: &["ClusterWorkflowTemplate", "CronWorkflow", "Workflow", "WorkflowTemplate"],
        places: &[
            ("spec.volumeClaimTemplates[]", Holds::Claim),
            ("spec.volumes[]", Holds::Volume),
            ("spec.templates[].volumes[]", Holds::Volume),
            ("spec.workflowSpec.volumeClaimTemplates[]", Holds::Claim),
            ("spec.workflowSpec.volumes[]", Holds::Volume),
            ("spec.workflowSpec.templates[].volumes[]", Holds::Volume),
        ],
    },
    Custom {
        group: "kafka.strimzi.io",
        kinds: &["Kafka", "KafkaNodePool"],
        places: &[
            ("spec.storage", Holds::KafkaStorage),
            ("spec.storage.volumes[]", Holds::KafkaStorage),
            ("spec.kafka.storage", Holds::KafkaStorage),
            ("spec.kafka.storage.volumes[]", Holds::KafkaStorage),
            ("spec.zookeeper.storage", Holds::KafkaStorage),
        ],
    },
    Custom {
        group: "monitoring.coreos.com",
        kinds: &["Alertmanager", "Prometheus", "PrometheusAgent", "ThanosRuler"],
        places: &[
            ("spec.storage.volumeClaimTemplate", Holds::Claim),
            ("spec.storage.ephemeral", Holds::Ephemeral),
            ("spec.volumes[]", Holds::Volume),
        ],
    },
    Custom {
        group: "postgresql.cnpg.io",
        kinds: &["Cluster"],
        places: &[
            ("spec.storage", Holds::PostgresStorage),
            ("spec.walStorage", Holds::PostgresStorage),
            ("spec.tablespaces[].storage", Holds::PostgresStorage),
            ("spec.ephemeralVolumeSource", Holds::Ephemeral),
        ],
    },
    Custom {
        group: "tekton.dev",
        kinds: &["PipelineRun", "TaskRun"],
        places: &[
            ("spec.workspaces[]", Holds::Workspace),
            ("spec.podTemplate.volumes[]", Holds::Volume),
            ("spec.taskRunTemplate.podTemplate.volumes[]", Holds::Volume),
            ("spec.taskRunSpecs[].podTemplate.volumes[]", Holds::Volume),
            ("spec.taskRunSpecs[].taskPodTemplate.volumes[]", Holds::Volume),
        ],
    },
];

/// Judges a custom resource, if its kind is in the table.
pub fn judge(group: &str, kind: &str, object: Value<'_>, context: Context<'_>, findings: &mut Findings) {
    let Some(custom) = CUSTOM.iter().find(|custom| custom.group == group && custom.kinds.contains(&kind)) else {
        return;
    };
    for (place, holds) in custom.places {
        places::visit(findings, object, place, &mut |findings, value| match holds {
            Holds::Claim => claims::claim(value, context, findings),
            Holds::Volume => volumes::inline(value, context, findings),
            Holds::Workspace => {
                volumes::claim_of(value, context, findings);
                volumes::inline(value, context, findings);
            }
            Holds::Ephemeral => volumes::claim_of(value, context, findings),
            Holds::PostgresStorage => {
                // The class overrides the one in the template.
                let named = claims::named_class(value, "storageClass", context, findings);
                if let Some(spec) = findings.object(value, "pvcTemplate") {
                    claims::claim_spec(spec, named, context, findings);
                }
            }
            Holds::KafkaStorage => {
                claims::named_class(value, "class", context, findings);
                for broker in findings.objects(value, "overrides") {
                    claims::named_class(broker, "class", context, findings);
                }
            }
        });
    }
}
