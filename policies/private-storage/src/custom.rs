//! Custom resources that hold claims or volumes.
//!
//! Their controllers create claims and pods, which are judged. The resources are judged as well, so that their author gets
//! the answer.

use isolation::{Findings, Value, places};

use crate::context::Context;
use crate::{claims, volumes};

/// What a path holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
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
    places: &'static [(&'static str, Content)],
}

/// Every custom resource that is judged.
pub const CUSTOM: &[Custom] = &[
    Custom {
        group: "argoproj.io",
        kinds: &["ClusterWorkflowTemplate", "CronWorkflow", "Workflow", "WorkflowTemplate"],
        places: &[
            ("spec.volumeClaimTemplates[]", Content::Claim),
            ("spec.volumes[]", Content::Volume),
            ("spec.templates[].volumes[]", Content::Volume),
            ("spec.workflowSpec.volumeClaimTemplates[]", Content::Claim),
            ("spec.workflowSpec.volumes[]", Content::Volume),
            ("spec.workflowSpec.templates[].volumes[]", Content::Volume),
        ],
    },
    Custom {
        group: "kafka.strimzi.io",
        kinds: &["Kafka", "KafkaNodePool"],
        places: &[
            ("spec.storage", Content::KafkaStorage),
            ("spec.storage.volumes[]", Content::KafkaStorage),
            ("spec.kafka.storage", Content::KafkaStorage),
            ("spec.kafka.storage.volumes[]", Content::KafkaStorage),
            ("spec.zookeeper.storage", Content::KafkaStorage),
        ],
    },
    Custom {
        group: "monitoring.coreos.com",
        kinds: &["Alertmanager", "Prometheus", "PrometheusAgent", "ThanosRuler"],
        places: &[
            ("spec.storage.volumeClaimTemplate", Content::Claim),
            ("spec.storage.ephemeral", Content::Ephemeral),
            ("spec.volumes[]", Content::Volume),
        ],
    },
    Custom {
        group: "postgresql.cnpg.io",
        kinds: &["Cluster"],
        places: &[
            ("spec.storage", Content::PostgresStorage),
            ("spec.walStorage", Content::PostgresStorage),
            ("spec.tablespaces[].storage", Content::PostgresStorage),
            ("spec.ephemeralVolumeSource", Content::Ephemeral),
        ],
    },
    Custom {
        group: "tekton.dev",
        kinds: &["PipelineRun", "TaskRun"],
        places: &[
            ("spec.workspaces[]", Content::Workspace),
            ("spec.podTemplate.volumes[]", Content::Volume),
            ("spec.taskRunTemplate.podTemplate.volumes[]", Content::Volume),
            ("spec.taskRunSpecs[].podTemplate.volumes[]", Content::Volume),
            ("spec.taskRunSpecs[].taskPodTemplate.volumes[]", Content::Volume),
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
            Content::Claim => claims::claim(value, context, findings),
            Content::Volume => volumes::inline(value, context, findings),
            Content::Workspace => {
                volumes::claim_of(value, context, findings);
                volumes::inline(value, context, findings);
            }
            Content::Ephemeral => volumes::claim_of(value, context, findings),
            Content::PostgresStorage => {
                // The class overrides the one in the template.
                let named = claims::named_class(value, "storageClass", context, findings);
                if let Some(spec) = findings.object(value, "pvcTemplate") {
                    claims::claim_spec(spec, named, context, findings);
                }
            }
            Content::KafkaStorage => {
                claims::named_class(value, "class", context, findings);
                for broker in findings.objects(value, "overrides") {
                    claims::named_class(broker, "class", context, findings);
                }
            }
        });
    }
}
