//! The table: in which kinds, and where in them, an image can be named.
//!
//! Places are written as in [`crate::places`]. What several kinds have in common is a list of its own, so that a kind is
//! one line. Schemas are those of the projects' definitions of August 2026; a place that a version lacks finds nothing.

use super::Naming;

/// What stands at a place.
#[derive(Clone, Copy, Debug)]
pub enum Holds {
    /// A text that names an image.
    Name(Naming),
    /// An object whose keys name images.
    Keys,
    /// An object with places of its own.
    Places(&'static [Place]),
    /// A pod, or the template of one: an object with the places of [`POD`].
    Pod,
    /// A pod's spec: an object with the places of [`POD_SPEC`].
    PodSpec,
    /// A string that holds an object with places of its own, as JSON.
    Document(&'static [Place]),
}

impl Holds {
    /// The places in the object that stands here.
    pub const fn places(self) -> &'static [Place] {
        match self {
            Holds::Places(places) | Holds::Document(places) => places,
            Holds::Pod => POD,
            Holds::PodSpec => POD_SPEC,
            Holds::Name(_) | Holds::Keys => &[],
        }
    }
}

/// A place, and what stands there.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The path, from the object or from the place that holds this one.
    pub at: &'static str,
    /// What stands there.
    pub holds: Holds,
}

/// Custom resources with the same places.
#[derive(Clone, Copy, Debug)]
pub struct Custom {
    /// The API group.
    pub group: &'static str,
    /// The kinds.
    pub kinds: &'static [&'static str],
    /// Where they name images.
    pub places: &'static [Place],
}

const fn name(at: &'static str, naming: Naming) -> Place {
    Place { at, holds: Holds::Name(naming) }
}

const fn image(at: &'static str) -> Place {
    name(at, Naming::Image)
}

const fn repository(at: &'static str) -> Place {
    name(at, Naming::Repository)
}

const fn scanned(at: &'static str) -> Place {
    name(at, Naming::Scanned)
}

const fn url(at: &'static str) -> Place {
    name(at, Naming::Url)
}

const fn keys(at: &'static str) -> Place {
    Place { at, holds: Holds::Keys }
}

const fn at(at: &'static str, places: &'static [Place]) -> Place {
    Place { at, holds: Holds::Places(places) }
}

const fn document(at: &'static str, places: &'static [Place]) -> Place {
    Place { at, holds: Holds::Document(places) }
}

const fn pod_spec(at: &'static str) -> Place {
    Place { at, holds: Holds::PodSpec }
}

const fn pod(at: &'static str) -> Place {
    Place { at, holds: Holds::Pod }
}

const fn custom(group: &'static str, kinds: &'static [&'static str], places: &'static [Place]) -> Custom {
    Custom { group, kinds, places }
}

/// A pod's spec. Image volumes hold a reference; what is called `image` below other volumes (`rbd.image`) is none.
pub const POD_SPEC: &[Place] = &[
    image("containers[].image"),
    image("ephemeralContainers[].image"),
    image("initContainers[].image"),
    image("volumes[].image.reference"),
];

/// A pod, or the template of one. Dapr's injector makes containers of annotations.
pub const POD: &[Place] =
    &[at("metadata", &[at("annotations", &[image("[dapr.io/sidecar-image]"), DAPR_CONTAINER])]), pod_spec("spec")];

const DAPR_CONTAINER: Place = document("[dapr.io/component-container]", &[image("image")]);

/// A Job, or the template of one.
const JOB: &[Place] = &[pod("spec.template")];

/// A template of a workflow, whose steps may hold templates.
static ARGO_TEMPLATE: [Place; 9] = [
    image("container.image"),
    image("containerSet.containers[].image"),
    image("initContainers[].image"),
    image("script.image"),
    image("sidecars[].image"),
    image("volumes[].image.reference"),
    document("podSpecPatch", POD_SPEC),
    at("steps[][].inline", &ARGO_TEMPLATE),
    at("dag.tasks[].inline", &ARGO_TEMPLATE),
];

static ARGO_WORKFLOW: [Place; 5] = [
    at("templates[]", &ARGO_TEMPLATE),
    at("templateDefaults", &ARGO_TEMPLATE),
    image("volumes[].image.reference"),
    image("executorPlugins[].spec.sidecar.container.image"),
    document("podSpecPatch", POD_SPEC),
];

const ARGO_CD_SOURCE: &[Place] = &[url("repoURL"), name("kustomize.images[]", Naming::Override)];

const ARGO_CD_APPLICATION: &[Place] =
    &[at("source", ARGO_CD_SOURCE), at("sources[]", ARGO_CD_SOURCE), at("sourceHydrator.drySource", ARGO_CD_SOURCE)];

/// The commonest shape: a template of a pod in the spec.
const SPEC_TEMPLATE: &[Place] = &[pod("spec.template")];

/// What serves one model: itself a pod's spec, with a container of its own for each framework.
const KSERVE_PREDICTOR: &[Place] = &[
    pod_spec(""),
    at("model", KSERVE_FRAMEWORK),
    at("sklearn", KSERVE_FRAMEWORK),
    at("xgboost", KSERVE_FRAMEWORK),
    at("tensorflow", KSERVE_FRAMEWORK),
    at("pytorch", KSERVE_FRAMEWORK),
    at("triton", KSERVE_FRAMEWORK),
    at("onnx", KSERVE_FRAMEWORK),
    at("huggingface", KSERVE_FRAMEWORK),
    at("pmml", KSERVE_FRAMEWORK),
    at("lightgbm", KSERVE_FRAMEWORK),
    at("paddle", KSERVE_FRAMEWORK),
    at("art", KSERVE_FRAMEWORK),
    pod_spec("workerSpec"),
];

const KSERVE_FRAMEWORK: &[Place] = &[image("image"), url("storageUri"), url("storageUris[].uri")];

const KSERVE_SERVICE: &[Place] =
    &[at("predictor", KSERVE_PREDICTOR), at("transformer", KSERVE_PREDICTOR), at("explainer", KSERVE_PREDICTOR)];

const KSERVE_LLM: &[Place] = &[
    pod_spec("template"),
    pod_spec("worker"),
    pod_spec("prefill.template"),
    pod_spec("prefill.worker"),
    pod_spec("router.scheduler.template"),
    pod_spec("router.scheduler.tokenizer.template"),
    url("model.uri"),
];

const TEKTON_TASK: &[Place] = &[
    image("steps[].image"),
    image("sidecars[].image"),
    image("stepTemplate.image"),
    image("volumes[].image.reference"),
];

/// A pipeline, whose tasks may be pipelines.
static TEKTON_PIPELINE: [Place; 6] = [
    scanned("tasks[].taskRef.bundle"),
    scanned("finally[].taskRef.bundle"),
    at("tasks[].taskSpec", TEKTON_TASK),
    at("finally[].taskSpec", TEKTON_TASK),
    at("tasks[].pipelineSpec", &TEKTON_PIPELINE),
    at("finally[].pipelineSpec", &TEKTON_PIPELINE),
];

static TEKTON_PIPELINE_RUN: [Place; 4] = [
    scanned("pipelineRef.bundle"),
    at("pipelineSpec", &TEKTON_PIPELINE),
    image("taskRunTemplate.podTemplate.volumes[].image.reference"),
    image("taskRunSpecs[].podTemplate.volumes[].image.reference"),
];

/// What the Prometheus operator's kinds share.
const PROMETHEUS: &[Place] =
    &[image("image"), repository("baseImage"), image("thanos.image"), repository("thanos.baseImage"), pod_spec("")];

const STRIMZI_POD: &[Place] = &[image("pod.volumes[].image.reference"), image("buildPod.volumes[].image.reference")];

const STRIMZI_COMPONENT: &[Place] = &[image("image"), at("template", STRIMZI_POD)];

const STRIMZI_CONNECT: &[Place] = &[
    image("image"),
    image("build.output.image"),
    image("plugins[].artifacts[].reference"),
    at("template", STRIMZI_POD),
];

const STRIMZI_KAFKA: &[Place] = &[
    at("kafka", STRIMZI_COMPONENT),
    at("zookeeper", STRIMZI_COMPONENT),
    image("entityOperator.topicOperator.image"),
    image("entityOperator.userOperator.image"),
    at("entityOperator.template", STRIMZI_POD),
    at("cruiseControl", STRIMZI_COMPONENT),
    at("kafkaExporter", STRIMZI_COMPONENT),
];

const CNPG_CATALOG: &[Place] =
    &[image("images[].image"), image("images[].extensions[].image.reference"), image("componentImages[].image")];

/// What the operators of Elastic's products share. A workload's template is a pod's.
const ELASTIC: &[Place] = &[
    image("image"),
    pod("podTemplate"),
    pod("nodeSets[].podTemplate"),
    pod("deployment.podTemplate"),
    pod("daemonSet.podTemplate"),
    pod("statefulSet.podTemplate"),
];

const OPEN_TELEMETRY: &[Place] = &[
    image("image"),
    image("targetAllocator.image"),
    image("initContainers[].image"),
    image("additionalContainers[].image"),
    image("volumes[].image.reference"),
];

const OPEN_TELEMETRY_INJECTION: &[Place] = &[
    image("java.image"),
    image("java.extensions[].image"),
    image("nodejs.image"),
    image("python.image"),
    image("dotnet.image"),
    image("go.image"),
    image("apacheHttpd.image"),
    image("nginx.image"),
];

const RAY_CLUSTER: &[Place] = &[
    pod("headGroupSpec.template"),
    pod("workerGroupSpecs[].template"),
    image("autoscalerOptions.image"),
    image("historyServerOptions.collectorOptions.image"),
];

const RAY_JOB: &[Place] = &[at("rayClusterSpec", RAY_CLUSTER), pod("submitterPodTemplate")];

const SPARK_ROLE: &[Place] =
    &[image("image"), image("initContainers[].image"), image("sidecars[].image"), pod("template")];

const SPARK: &[Place] =
    &[image("image"), at("driver", SPARK_ROLE), at("executor", SPARK_ROLE), image("volumes[].image.reference")];

const JOB_SET: &[Place] = &[at("replicatedJobs[].template", JOB)];

const KAITO_INFERENCE: &[Place] =
    &[image("preset.presetOptions.image"), image("adapters[].source.image"), pod("template")];

const KAITO_TUNING: &[Place] = &[image("preset.presetOptions.image"), image("input.image"), image("output.image")];

const EPHEMERAL_RUNNER: &[Place] = &[pod("")];

const POLICY_MODULES: &[Place] = &[name("spec.policies{}.module", Naming::Module)];

/// Every custom resource that names images.
pub static CUSTOM: &[Custom] = &[
    // Argo: rollouts, workflows, applications.
    custom("argoproj.io", &["Rollout"], SPEC_TEMPLATE),
    custom(
        "argoproj.io",
        &["AnalysisRun", "AnalysisTemplate", "ClusterAnalysisTemplate"],
        &[at("spec.metrics[].provider.job", JOB)],
    ),
    custom("argoproj.io", &["Experiment"], &[pod("spec.templates[].template")]),
    custom("argoproj.io", &["ClusterWorkflowTemplate", "Workflow", "WorkflowTemplate"], &[at("spec", &ARGO_WORKFLOW)]),
    custom("argoproj.io", &["CronWorkflow"], &[at("spec.workflowSpec", &ARGO_WORKFLOW)]),
    custom("argoproj.io", &["WorkflowTaskSet"], &[at("spec.tasks{}", &ARGO_TEMPLATE)]),
    custom("argoproj.io", &["Application"], &[at("spec", ARGO_CD_APPLICATION)]),
    custom("argoproj.io", &["ApplicationSet"], &[at("spec.template.spec", ARGO_CD_APPLICATION)]),
    // Knative.
    custom("serving.knative.dev", &["Configuration", "Service"], SPEC_TEMPLATE),
    custom("serving.knative.dev", &["Revision"], &[pod("")]),
    custom("caching.internal.knative.dev", &["Image"], &[image("spec.image")]),
    custom("sources.knative.dev", &["ContainerSource"], SPEC_TEMPLATE),
    custom("sinks.knative.dev", &["JobSink"], &[at("spec.job", JOB)]),
    // KServe.
    custom(
        "serving.kserve.io",
        &["InferenceService"],
        &[at("spec", KSERVE_SERVICE), at("spec.canary[]", KSERVE_SERVICE)],
    ),
    custom(
        "serving.kserve.io",
        &["ClusterServingRuntime", "ServingRuntime"],
        &[pod_spec("spec"), pod_spec("spec.workerSpec")],
    ),
    custom("serving.kserve.io", &["ClusterStorageContainer"], &[image("spec.container.image")]),
    custom("serving.kserve.io", &["LLMInferenceService", "LLMInferenceServiceConfig"], &[at("spec", KSERVE_LLM)]),
    // Tekton.
    custom("tekton.dev", &["ClusterTask", "Task"], &[at("spec", TEKTON_TASK)]),
    custom("tekton.dev", &["StepAction"], &[image("spec.image")]),
    custom(
        "tekton.dev",
        &["TaskRun"],
        &[
            at("spec.taskSpec", TEKTON_TASK),
            scanned("spec.taskRef.bundle"),
            image("spec.podTemplate.volumes[].image.reference"),
        ],
    ),
    custom("tekton.dev", &["Pipeline"], &[at("spec", &TEKTON_PIPELINE)]),
    custom("tekton.dev", &["PipelineRun"], &[at("spec", &TEKTON_PIPELINE_RUN)]),
    // Prometheus operator.
    custom(
        "monitoring.coreos.com",
        &["Alertmanager", "Prometheus", "PrometheusAgent", "ThanosRuler"],
        &[at("spec", PROMETHEUS)],
    ),
    // Strimzi.
    custom("kafka.strimzi.io", &["Kafka"], &[at("spec", STRIMZI_KAFKA)]),
    custom("kafka.strimzi.io", &["KafkaConnect"], &[at("spec", STRIMZI_CONNECT)]),
    custom(
        "kafka.strimzi.io",
        &["KafkaBridge", "KafkaMirrorMaker2", "KafkaNodePool"],
        &[at("spec", STRIMZI_COMPONENT)],
    ),
    custom("core.strimzi.io", &["StrimziPodSet"], &[pod("spec.pods[]")]),
    // KEDA.
    custom("keda.sh", &["ScaledJob"], &[pod("spec.jobTargetRef.template")]),
    // PostgreSQL: CloudNativePG and Zalando.
    custom(
        "postgresql.cnpg.io",
        &["Cluster"],
        &[image("spec.imageName"), image("spec.postgresql.extensions[].image.reference")],
    ),
    custom("postgresql.cnpg.io", &["ClusterImageCatalog", "ImageCatalog"], &[at("spec", CNPG_CATALOG)]),
    custom("postgresql.cnpg.io", &["Pooler"], &[pod("spec.template"), image("spec.pgbouncer.image")]),
    custom(
        "acid.zalan.do",
        &["postgresql"],
        &[
            image("spec.dockerImage"),
            image("spec.initContainers[].image"),
            image("spec.sidecars[].image"),
            image("spec.connectionPooler.dockerImage"),
        ],
    ),
    // RabbitMQ.
    custom(
        "rabbitmq.com",
        &["RabbitmqCluster"],
        &[image("spec.image"), pod("spec.override.statefulSet.spec.template")],
    ),
    // Elastic.
    custom("elasticsearch.k8s.elastic.co", &["Elasticsearch"], &[at("spec", ELASTIC)]),
    custom("kibana.k8s.elastic.co", &["Kibana"], &[at("spec", ELASTIC)]),
    custom("apm.k8s.elastic.co", &["ApmServer"], &[at("spec", ELASTIC)]),
    custom("enterprisesearch.k8s.elastic.co", &["EnterpriseSearch"], &[at("spec", ELASTIC)]),
    custom("beat.k8s.elastic.co", &["Beat"], &[at("spec", ELASTIC)]),
    custom("agent.k8s.elastic.co", &["Agent"], &[at("spec", ELASTIC)]),
    custom("logstash.k8s.elastic.co", &["Logstash"], &[at("spec", ELASTIC)]),
    custom("maps.k8s.elastic.co", &["ElasticMapsServer"], &[at("spec", ELASTIC)]),
    custom("packageregistry.k8s.elastic.co", &["PackageRegistry"], &[at("spec", ELASTIC)]),
    // OpenTelemetry operator.
    custom(
        "opentelemetry.io",
        &["OpAMPBridge", "OpenTelemetryCollector", "TargetAllocator"],
        &[at("spec", OPEN_TELEMETRY)],
    ),
    custom("opentelemetry.io", &["Instrumentation"], &[at("spec", OPEN_TELEMETRY_INJECTION)]),
    // Grafana operator.
    custom("grafana.integreatly.org", &["Grafana"], &[pod("spec.deployment.spec.template")]),
    // Ray and Spark.
    custom("ray.io", &["RayCluster"], &[at("spec", RAY_CLUSTER)]),
    custom("ray.io", &["RayJob"], &[at("spec", RAY_JOB)]),
    custom("ray.io", &["RayService"], &[at("spec.rayClusterConfig", RAY_CLUSTER)]),
    custom("ray.io", &["RayCronJob"], &[at("spec.jobTemplate", RAY_JOB)]),
    custom("sparkoperator.k8s.io", &["SparkApplication"], &[at("spec", SPARK)]),
    custom("sparkoperator.k8s.io", &["ScheduledSparkApplication"], &[at("spec.template", SPARK)]),
    // Batch: Kubeflow Trainer, JobSet, LeaderWorkerSet, Volcano.
    custom(
        "trainer.kubeflow.org",
        &["TrainJob"],
        &[image("spec.trainer.image"), at("spec.runtimePatches[].trainingRuntimeSpec.template.spec", JOB_SET)],
    ),
    custom(
        "trainer.kubeflow.org",
        &["ClusterTrainingRuntime", "TrainingRuntime"],
        &[at("spec.template.spec", JOB_SET)],
    ),
    custom("jobset.x-k8s.io", &["JobSet"], &[at("spec", JOB_SET)]),
    custom(
        "leaderworkerset.x-k8s.io",
        &["LeaderWorkerSet"],
        &[pod("spec.leaderWorkerTemplate.leaderTemplate"), pod("spec.leaderWorkerTemplate.workerTemplate")],
    ),
    custom("batch.volcano.sh", &["Job"], &[pod("spec.tasks[].template")]),
    custom("batch.volcano.sh", &["CronJob"], &[pod("spec.jobTemplate.spec.tasks[].template")]),
    // GitHub's runners.
    custom("actions.github.com", &["AutoscalingRunnerSet"], &[pod("spec.template"), pod("spec.listenerTemplate")]),
    custom("actions.github.com", &["AutoscalingListener"], &[image("spec.image"), pod("spec.template")]),
    custom("actions.github.com", &["EphemeralRunner"], &[at("spec", EPHEMERAL_RUNNER)]),
    custom("actions.github.com", &["EphemeralRunnerSet"], &[at("spec.ephemeralRunnerSpec", EPHEMERAL_RUNNER)]),
    // Operator Lifecycle Manager.
    custom("operators.coreos.com", &["CatalogSource"], &[image("spec.image")]),
    custom(
        "operators.coreos.com",
        &["ClusterServiceVersion"],
        &[pod("spec.install.spec.deployments[].spec.template"), image("spec.relatedImages[].image")],
    ),
    // OpenKruise. Its pull jobs make the nodes pull images without any pod.
    custom("apps.kruise.io", &["CloneSet", "DaemonSet", "StatefulSet"], SPEC_TEMPLATE),
    custom("apps.kruise.io", &["SidecarSet"], &[at("spec", POD_SPEC)]),
    custom("apps.kruise.io", &["ImagePullJob"], &[image("spec.image")]),
    custom("apps.kruise.io", &["ImageListPullJob"], &[image("spec.images[]")]),
    custom("apps.kruise.io", &["NodeImage"], &[keys("spec.images")]),
    // Crossplane: packages become deployments.
    custom(
        "pkg.crossplane.io",
        &["Configuration", "ConfigurationRevision", "Function", "FunctionRevision", "Provider", "ProviderRevision"],
        &[name("spec.package", Naming::Package), name("spec.image", Naming::Package)],
    ),
    custom("pkg.crossplane.io", &["DeploymentRuntimeConfig"], &[pod("spec.deploymentTemplate.spec.template")]),
    // KAITO, whose Workspace has no spec.
    custom("kaito.sh", &["Workspace"], &[at("inference", KAITO_INFERENCE), at("tuning", KAITO_TUNING)]),
    custom("kaito.sh", &["InferenceSet"], &[at("spec.template.inference", KAITO_INFERENCE)]),
    custom("kaito.sh", &["RAGEngine"], &[image("spec.embedding.local.image")]),
    // Dapr: a component that runs as a container beside the application.
    custom("dapr.io", &["Component"], &[at("metadata.annotations", &[DAPR_CONTAINER])]),
    // Flux.
    custom("source.toolkit.fluxcd.io", &["HelmRepository", "OCIRepository"], &[url("spec.url")]),
    custom("image.toolkit.fluxcd.io", &["ImageRepository"], &[scanned("spec.image")]),
    custom("kustomize.toolkit.fluxcd.io", &["Kustomization"], &[repository("spec.images[].newName")]),
    custom(
        "helm.toolkit.fluxcd.io",
        &["HelmRelease"],
        &[repository("spec.postRenderers[].kustomize.images[].newName")],
    ),
    // Istio.
    custom("extensions.istio.io", &["WasmPlugin"], &[name("spec.url", Naming::Module)]),
    // Kubewarden itself.
    custom("policies.kubewarden.io", &["PolicyServer"], &[image("spec.image")]),
    custom(
        "policies.kubewarden.io",
        &["AdmissionPolicy", "ClusterAdmissionPolicy"],
        &[name("spec.module", Naming::Module)],
    ),
    custom("policies.kubewarden.io", &["AdmissionPolicyGroup", "ClusterAdmissionPolicyGroup"], POLICY_MODULES),
];

/// The places of a custom resource, if it names images.
pub fn custom_of(group: &str, kind: &str) -> Option<&'static Custom> {
    CUSTOM.iter().find(|custom| custom.group == group && custom.kinds.contains(&kind))
}
