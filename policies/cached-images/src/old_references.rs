//! What an update may change.
//!
//! Some fields are immutable: the images of a running pod's volumes and debug containers, the template of a Job. If a policy
//! rewrote one of them, the API server would refuse the update, whatever else it changes. So only references that the
//! update changes are rewritten. Where the field is immutable, the result then equals what the object already has (a
//! manifest applied a second time), or the API server refuses the update anyway. The template of a Knative Service is
//! immutable as long as it keeps the name that somebody gave to its revision.
//!
//! Where the template may change at any time, an update is rewritten like a new object. With `existing: allow` this holds
//! only for updates that change the template: they replace the pods anyway, and the ReplicaSet made from the template is
//! not rewritten, so the template must be. Rewriting on any other update, such as a new label, would start a rollout.

use isolation::images;
use isolation::json::in_order;
use isolation::{Findings, Operation, Request, Value, pods};

use crate::Settings;

/// Built-in kinds whose images may change at any time.
const LASTING: &[&str] =
    &["CronJob", "DaemonSet", "Deployment", "PodTemplate", "ReplicaSet", "ReplicationController", "StatefulSet"];

/// Custom resources whose images may change at any time, too: their pods are replaced one after the other, or created later.
/// Kinds not listed here may run once (Workflow, TaskRun), be compared by the controller that owns them (StrimziPodSet), refuse
/// another image (Workspace), or lose what a person works on (Notebook).
const LASTING_CUSTOM: &[(&str, &[&str])] = &[
    ("acid.zalan.do", &["postgresql"]),
    ("actions.github.com", &["AutoscalingRunnerSet"]),
    ("agent.k8s.elastic.co", &["Agent"]),
    ("apm.k8s.elastic.co", &["ApmServer"]),
    ("apps.kruise.io", &["CloneSet", "DaemonSet", "StatefulSet"]),
    (
        "argoproj.io",
        &[
            "AnalysisTemplate",
            "ArgoCD",
            "ClusterAnalysisTemplate",
            "ClusterWorkflowTemplate",
            "CronWorkflow",
            "EventSource",
            "Rollout",
            "Sensor",
            "WorkflowTemplate",
        ],
    ),
    ("beat.k8s.elastic.co", &["Beat"]),
    ("elasticsearch.k8s.elastic.co", &["Elasticsearch"]),
    ("gateway.envoyproxy.io", &["EnvoyProxy"]),
    ("grafana.integreatly.org", &["Grafana"]),
    ("helm.toolkit.fluxcd.io", &["HelmRelease"]),
    ("kafka.strimzi.io", &["Kafka", "KafkaBridge", "KafkaConnect", "KafkaMirrorMaker2", "KafkaNodePool"]),
    ("keda.sh", &["ScaledJob"]),
    ("kibana.k8s.elastic.co", &["Kibana"]),
    ("kustomize.toolkit.fluxcd.io", &["Kustomization"]),
    ("leaderworkerset.x-k8s.io", &["LeaderWorkerSet"]),
    ("logstash.k8s.elastic.co", &["Logstash"]),
    ("monitoring.coreos.com", &["Alertmanager", "Prometheus", "PrometheusAgent", "ThanosRuler"]),
    ("opentelemetry.io", &["OpenTelemetryCollector"]),
    ("operators.coreos.com", &["CatalogSource"]),
    ("postgresql.cnpg.io", &["Cluster", "Pooler"]),
    ("rabbitmq.com", &["RabbitmqCluster"]),
    ("ray.io", &["RayService"]),
    ("serving.knative.dev", &["Configuration", "Service"]),
    ("serving.kserve.io", &["ClusterServingRuntime", "InferenceService", "ServingRuntime"]),
    ("tekton.dev", &["Pipeline", "Task"]),
];

fn is_lasting(request: &Request<'_>) -> bool {
    let kind: &str = &request.kind;
    match pods::workload_of(&request.group, kind) {
        Some(_) => LASTING.contains(&kind),
        None => LASTING_CUSTOM.iter().any(|(group, kinds)| request.group == *group && kinds.contains(&kind)),
    }
}

/// Whether an update keeps the name that a person gave to the revision in the template. Knative then refuses any change of the
/// template.
/// <https://github.com/knative/serving/blob/main/pkg/apis/serving/v1/revision_validation.go> (`VerifyNameChange`)
fn keeps_revision(request: &Request<'_>) -> bool {
    let name = |object: Option<Value<'_>>| {
        let name = object?.descend(&["spec", "template", "metadata", "name"])?.as_str()?;
        (!name.is_empty()).then(|| name.into_owned())
    };
    request.group == "serving.knative.dev"
        && name(request.object)
            .is_some_and(|new| request.old_object.is_none_or(|old| name(Some(old)).is_some_and(|old| old == new)))
}

/// Whether an update of a built-in workload changes the template of its pods. The API server writes both objects the same
/// way, so equal templates are equal texts.
fn changes_template<'d>(request: &Request<'d>) -> bool {
    let Some(workload) = pods::workload_of(&request.group, &request.kind) else { return false };
    let text = |object: Option<Value<'d>>| {
        let template = workload.template.split('.').try_fold(object?, |value, key| value.field(key));
        template.map(|template| template.to_json())
    };
    text(request.object) != text(request.old_object)
}

/// The references before the update that must stay.
#[derive(Debug)]
pub enum OldReferences {
    /// Nothing must stay: the object is new, or its images may change at any time.
    Nothing,
    /// The update does not say what was there, so everything must stay.
    Unknown,
    /// These references, each with its path, sorted.
    These(Vec<String>),
}

impl OldReferences {
    /// Reads what was there before.
    pub fn read(request: &Request<'_>, settings: &Settings<'_>) -> Self {
        if request.operation != Operation::Update {
            return OldReferences::Nothing;
        }
        if is_lasting(request) && !keeps_revision(request) && (!settings.leave_existing || changes_template(request)) {
            return OldReferences::Nothing;
        }
        let Some(old) = request.old_object else { return OldReferences::Unknown };
        let mut references = Vec::new();
        // What cannot be read in the old object is no matter of this update.
        let mut unheard = Findings::new(old);
        images::for_each_image(&mut unheard, request, old, &settings.extra, &mut |_, image| {
            if !image.embedded {
                references.push(identity(old, image.value));
            }
        });
        OldReferences::These(in_order(references))
    }

    /// Whether `object` had this reference at this path before.
    pub fn holds(&self, object: Value<'_>, image: Value<'_>) -> bool {
        match self {
            OldReferences::Nothing => false,
            OldReferences::Unknown => true,
            OldReferences::These(references) => references.binary_search(&identity(object, image)).is_ok(),
        }
    }
}

/// A reference and its path. List items are identified by name, not by position: a container that moves within its list is
/// still the same.
fn identity(object: Value<'_>, image: Value<'_>) -> String {
    let mut identity = String::from(&*image.as_str().unwrap_or_default());
    let mut here = image;
    while here != object
        && let Some(holder) = here.parent()
    {
        identity.push('\n');
        match here.key() {
            Some(key) => identity.push_str(&key),
            None => {
                let name = here.field("name").and_then(|name| name.as_str());
                identity.push_str(&name.unwrap_or_default());
            }
        }
        here = holder;
    }
    identity
}

#[cfg(test)]
mod tests {
    use super::*;
    use isolation::images::table;

    #[test]
    fn every_kind_that_lasts_names_images() {
        for kind in LASTING {
            assert!(pods::WORKLOADS.iter().any(|workload| workload.kind == *kind), "{kind}");
        }
        for (group, kinds) in LASTING_CUSTOM {
            for kind in *kinds {
                assert!(table::custom_of(group, kind).next().is_some(), "{group} {kind}");
            }
        }
    }

    #[test]
    fn of_the_built_in_kinds_only_pods_and_jobs_are_fixed() {
        let fixed: Vec<_> =
            pods::WORKLOADS.iter().map(|workload| workload.kind).filter(|kind| !LASTING.contains(kind)).collect();
        assert_eq!(fixed, ["Pod", "Job"]);
    }
}
