//! What several kinds have in common.

use super::{POD_SPEC, Place, at, document, image, name, object, pod, pod_spec, repository};
use crate::images::{Naming, Scheme};

/// A Job, or the template of one.
pub(super) const JOB: &[Place] = &[pod("spec.template")];

/// A template of a workflow, whose steps may hold templates.
pub(super) static ARGO_TEMPLATE: [Place; 9] = [
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

pub(super) static ARGO_WORKFLOW: [Place; 6] = [
    at("templates[]", &ARGO_TEMPLATE),
    at("templateDefaults", &ARGO_TEMPLATE),
    image("volumes[].image.reference"),
    image("executorPlugins[].spec.sidecar.container.image"),
    document("podSpecPatch", POD_SPEC),
    document("artifactGC.podSpecPatch", POD_SPEC),
];

const ARGO_CD_SOURCE: &[Place] = &[name("kustomize.images[]", Naming::Override)];

pub(super) const ARGO_CD_APPLICATION: &[Place] =
    &[at("source", ARGO_CD_SOURCE), at("sources[]", ARGO_CD_SOURCE), at("sourceHydrator.drySource", ARGO_CD_SOURCE)];

/// A generator, which may bring a template of its own and hold generators.
pub(super) static ARGO_CD_GENERATOR: [Place; 2] =
    [at("template.spec", ARGO_CD_APPLICATION), at("generators[]{}", &ARGO_CD_GENERATOR)];

/// The commonest shape: a template of a pod in the spec.
pub(super) const SPEC_TEMPLATE: &[Place] = &[pod("spec.template")];

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

const KSERVE_FRAMEWORK: &[Place] =
    &[image("image"), name("storageUri", Naming::Model), name("storageUris[].uri", Naming::Model)];

pub(super) const KSERVE_SERVICE: &[Place] =
    &[at("predictor", KSERVE_PREDICTOR), at("transformer", KSERVE_PREDICTOR), at("explainer", KSERVE_PREDICTOR)];

pub(super) const KSERVE_LLM: &[Place] = &[
    pod_spec("template"),
    pod_spec("worker"),
    pod_spec("prefill.template"),
    pod_spec("prefill.worker"),
    pod_spec("router.scheduler.template"),
    pod_spec("router.scheduler.tokenizer.template"),
    name("model.uri", Naming::Model),
];

pub(super) const TEKTON_TASK: &[Place] = &[
    image("steps[].image"),
    image("sidecars[].image"),
    image("stepTemplate.image"),
    image("volumes[].image.reference"),
];

/// A pipeline, whose tasks may be pipelines.
pub(super) static TEKTON_PIPELINE: [Place; 4] = [
    at("tasks[].taskSpec", TEKTON_TASK),
    at("finally[].taskSpec", TEKTON_TASK),
    at("tasks[].pipelineSpec", &TEKTON_PIPELINE),
    at("finally[].pipelineSpec", &TEKTON_PIPELINE),
];

pub(super) static TEKTON_PIPELINE_RUN: [Place; 3] = [
    at("pipelineSpec", &TEKTON_PIPELINE),
    image("taskRunTemplate.podTemplate.volumes[].image.reference"),
    image("taskRunSpecs[].podTemplate.volumes[].image.reference"),
];

/// What the Prometheus operator's kinds share.
pub(super) const PROMETHEUS: &[Place] =
    &[image("image"), repository("baseImage"), image("thanos.image"), repository("thanos.baseImage"), pod_spec("")];

const STRIMZI_POD: &[Place] = &[image("pod.volumes[].image.reference"), image("buildPod.volumes[].image.reference")];

pub(super) const STRIMZI_COMPONENT: &[Place] =
    &[image("image"), image("brokerRackInitImage"), image("clientRackInitImage"), at("template", STRIMZI_POD)];

pub(super) const STRIMZI_CONNECT: &[Place] = &[
    image("image"),
    image("clientRackInitImage"),
    image("build.output.image"),
    image("plugins[].artifacts[].reference"),
    at("template", STRIMZI_POD),
];

pub(super) const STRIMZI_KAFKA: &[Place] = &[
    at("kafka", STRIMZI_COMPONENT),
    at("zookeeper", STRIMZI_COMPONENT),
    image("entityOperator.topicOperator.image"),
    image("entityOperator.userOperator.image"),
    at("entityOperator.template", STRIMZI_POD),
    at("cruiseControl", STRIMZI_COMPONENT),
    at("kafkaExporter", STRIMZI_COMPONENT),
];

pub(super) const CNPG_CATALOG: &[Place] =
    &[image("images[].image"), image("images[].extensions[].image.reference"), image("componentImages[].image")];

/// What the operators of Elastic's products share. A workload's template is a pod's.
pub(super) const ELASTIC: &[Place] = &[
    image("image"),
    pod("podTemplate"),
    pod("nodeSets[].podTemplate"),
    pod("deployment.podTemplate"),
    pod("daemonSet.podTemplate"),
    pod("statefulSet.podTemplate"),
];

pub(super) const OPEN_TELEMETRY: &[Place] = &[
    image("image"),
    image("targetAllocator.image"),
    image("initContainers[].image"),
    image("additionalContainers[].image"),
    image("volumes[].image.reference"),
];

pub(super) const OPEN_TELEMETRY_INJECTION: &[Place] = &[
    image("java.image"),
    image("java.extensions[].image"),
    image("nodejs.image"),
    image("python.image"),
    image("dotnet.image"),
    image("go.image"),
    image("apacheHttpd.image"),
    image("nginx.image"),
];

pub(super) const RAY_CLUSTER: &[Place] = &[
    pod("headGroupSpec.template"),
    pod("workerGroupSpecs[].template"),
    image("autoscalerOptions.image"),
    image("historyServerOptions.collectorOptions.image"),
];

pub(super) const RAY_JOB: &[Place] = &[at("rayClusterSpec", RAY_CLUSTER), pod("submitterPodTemplate")];

const SPARK_ROLE: &[Place] =
    &[image("image"), image("initContainers[].image"), image("sidecars[].image"), pod("template")];

pub(super) const SPARK: &[Place] =
    &[image("image"), at("driver", SPARK_ROLE), at("executor", SPARK_ROLE), image("volumes[].image.reference")];

pub(super) const JOB_SET: &[Place] = &[at("replicatedJobs[].template", JOB)];

pub(super) const KAITO_INFERENCE: &[Place] =
    &[image("preset.presetOptions.image"), image("adapters[].source.image"), pod("template")];

pub(super) const KAITO_TUNING: &[Place] =
    &[image("preset.presetOptions.image"), image("input.image"), image("output.image")];

pub(super) const EPHEMERAL_RUNNER: &[Place] = &[pod("")];

/// Kubeflow's training jobs: replicas by role.
pub(super) const KUBEFLOW_REPLICAS: &[Place] = &[
    pod("jaxReplicaSpecs{}.template"),
    pod("mpiReplicaSpecs{}.template"),
    pod("mxReplicaSpecs{}.template"),
    pod("paddleReplicaSpecs{}.template"),
    pod("pytorchReplicaSpecs{}.template"),
    pod("tfReplicaSpecs{}.template"),
    pod("xgbReplicaSpecs{}.template"),
];

/// A machine of KubeVirt, whose disks and kernel may come out of images.
pub(super) const KUBEVIRT: &[Place] =
    &[image("volumes[].containerDisk.image"), image("domain.firmware.kernelBoot.container.image")];

pub(super) const KUBEVIRT_MACHINE: &[Place] = &[
    at("template.spec", KUBEVIRT),
    name("dataVolumeTemplates[].spec.source.registry.url", Naming::Module(Scheme::Docker)),
];

pub(super) const LEADER_WORKER: &[Place] = &[pod("leaderTemplate"), pod("workerTemplate")];

const ENVOY_WORKLOAD: &[Place] = &[
    image("container.image"),
    repository("container.imageRepository"),
    image("initContainers[].image"),
    image("pod.volumes[].image.reference"),
];

pub(super) const ENVOY_PROXY: &[Place] = &[
    at("provider.kubernetes.envoyDeployment", ENVOY_WORKLOAD),
    at("provider.kubernetes.envoyDaemonSet", ENVOY_WORKLOAD),
];

const CAPI_CONTAINERS: &[Place] = &[image("deployment.containers[].imageUrl")];

/// The kinds of providers: each becomes a pod, and may be pulled as an artifact itself.
pub(super) const CAPI_PROVIDERS: &[&str] = &[
    "AddonProvider",
    "BootstrapProvider",
    "ControlPlaneProvider",
    "CoreProvider",
    "IPAMProvider",
    "InfrastructureProvider",
    "RuntimeExtensionProvider",
];

pub(super) const CAPI_PROVIDER: &[Place] =
    &[image("deployment.containers[].imageUrl"), at("additionalDeployments{}", CAPI_CONTAINERS)];

/// Objects that a trigger makes, with its parameters put in.
pub(super) const TRIGGER_TEMPLATE: &[Place] = &[object("resourcetemplates[]")];

pub(super) const TRAIN_JOB: &[Place] = &[
    image("trainer.image"),
    pod_spec("podSpecOverrides[]"),
    at("runtimePatches[].trainingRuntimeSpec.template.spec", JOB_SET),
];

/// What the operator of Argo CD makes containers of. The image's tag stands beside it.
pub(super) const ARGO_CD: &[Place] = &[
    repository("image"),
    repository("applicationSet.image"),
    repository("dex.image"),
    repository("grafana.image"),
    repository("ha.redisProxyImage"),
    repository("notifications.image"),
    repository("redis.image"),
    repository("repo.image"),
    image("repo.initContainers[].image"),
    image("repo.sidecarContainers[].image"),
    repository("sso.dex.image"),
    repository("sso.keycloak.image"),
    image("controller.initContainers[].image"),
    image("controller.sidecarContainers[].image"),
    image("server.initContainers[].image"),
    image("server.sidecarContainers[].image"),
];

/// What Argo Events makes a pod of.
pub(super) const ARGO_EVENTS: &[Place] =
    &[image("template.container.image"), image("template.volumes[].image.reference")];
