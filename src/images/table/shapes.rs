//! What several kinds have in common.

use super::{Content, POD_SPEC, Parameter, Place, at, document, image, name, object, pod, pod_spec, repository};
use crate::images::{Naming, Scheme};

/// A Job, or the template of one.
pub(super) const JOB: &[Place] = &[pod("spec.template")];

/// A template of a workflow, whose steps may hold templates.
pub(super) static ARGO_TEMPLATE: [Place; 3] = [
    image(
        "container.image containerSet.containers[].image initContainers[].image script.image \
         sidecars[].image volumes[].image.reference",
    ),
    document("podSpecPatch", POD_SPEC),
    at("steps[][].inline dag.tasks[].inline", &ARGO_TEMPLATE),
];

pub(super) static ARGO_WORKFLOW: [Place; 4] = [
    at("templates[] templateDefaults", &ARGO_TEMPLATE),
    image("volumes[].image.reference executorPlugins[].spec.sidecar.container.image"),
    document("podSpecPatch", POD_SPEC),
    document("artifactGC.podSpecPatch", POD_SPEC),
];

const ARGO_CD_SOURCE: &[Place] = &[name("kustomize.images[]", Naming::Override)];

pub(super) const ARGO_CD_APPLICATION: &[Place] = &[at("source sources[] sourceHydrator.drySource", ARGO_CD_SOURCE)];

/// A generator, which may bring a template of its own and hold generators.
pub(super) static ARGO_CD_GENERATOR: [Place; 2] =
    [at("template.spec", ARGO_CD_APPLICATION), at("generators[]{}", &ARGO_CD_GENERATOR)];

/// The commonest shape: a template of a pod in the spec.
pub(super) const SPEC_TEMPLATE: &[Place] = &[pod("spec.template")];

/// What serves one model: itself a pod's spec, with a container of its own for each framework.
const KSERVE_PREDICTOR: &[Place] = &[
    pod_spec(""),
    at("model sklearn xgboost tensorflow pytorch triton onnx huggingface pmml lightgbm paddle art", KSERVE_FRAMEWORK),
    pod_spec("workerSpec"),
    name("storageUris[].uri", Naming::Model),
    Place {
        at: "containers[].env",
        holds: Content::Parameter(&Parameter { name: "STORAGE_URI", naming: Naming::Model }),
    },
];

const KSERVE_FRAMEWORK: &[Place] = &[image("image"), name("storageUri", Naming::Model)];

pub(super) const KSERVE_SERVICE: &[Place] = &[at("predictor transformer explainer", KSERVE_PREDICTOR)];

pub(super) const KSERVE_LLM: &[Place] = &[
    pod_spec(
        "template worker prefill.template prefill.worker router.scheduler.template \
         router.scheduler.tokenizer.template",
    ),
    name("model.uri", Naming::Model),
];

pub(super) const TEKTON_TASK: &[Place] =
    &[image("steps[].image sidecars[].image stepTemplate.image volumes[].image.reference")];

/// A pipeline, whose tasks may be pipelines.
pub(super) static TEKTON_PIPELINE: [Place; 2] = [
    at("tasks[].taskSpec finally[].taskSpec", TEKTON_TASK),
    at("tasks[].pipelineSpec finally[].pipelineSpec", &TEKTON_PIPELINE),
];

pub(super) static TEKTON_PIPELINE_RUN: [Place; 2] = [
    at("pipelineSpec", &TEKTON_PIPELINE),
    image(
        "taskRunTemplate.podTemplate.volumes[].image.reference \
         taskRunSpecs[].podTemplate.volumes[].image.reference",
    ),
];

/// What the Prometheus operator's kinds share.
pub(super) const PROMETHEUS: &[Place] =
    &[image("image"), repository("baseImage"), image("thanos.image"), repository("thanos.baseImage"), pod_spec("")];

const STRIMZI_POD: &[Place] = &[image("pod.volumes[].image.reference buildPod.volumes[].image.reference")];

pub(super) const STRIMZI_COMPONENT: &[Place] =
    &[image("image brokerRackInitImage clientRackInitImage"), at("template", STRIMZI_POD)];

pub(super) const STRIMZI_CONNECT: &[Place] = &[
    image("image clientRackInitImage build.output.image plugins[].artifacts[].reference"),
    at("template", STRIMZI_POD),
];

pub(super) const STRIMZI_KAFKA: &[Place] = &[
    at("kafka zookeeper", STRIMZI_COMPONENT),
    image("entityOperator.topicOperator.image entityOperator.userOperator.image"),
    at("entityOperator.template", STRIMZI_POD),
    at("cruiseControl kafkaExporter", STRIMZI_COMPONENT),
];

pub(super) const CNPG_CATALOG: &[Place] =
    &[image("images[].image images[].extensions[].image.reference componentImages[].image")];

/// What the operators of Elastic's products share. A workload's template is a pod's.
pub(super) const ELASTIC: &[Place] = &[
    image("image"),
    pod("podTemplate nodeSets[].podTemplate deployment.podTemplate daemonSet.podTemplate \
         statefulSet.podTemplate"),
];

pub(super) const OPEN_TELEMETRY: &[Place] = &[image(
    "image targetAllocator.image initContainers[].image additionalContainers[].image \
     volumes[].image.reference",
)];

pub(super) const OPEN_TELEMETRY_INJECTION: &[Place] = &[image(
    "java.image java.extensions[].image nodejs.image python.image dotnet.image go.image \
     apacheHttpd.image nginx.image",
)];

pub(super) const RAY_CLUSTER: &[Place] = &[
    pod("headGroupSpec.template workerGroupSpecs[].template"),
    image("autoscalerOptions.image historyServerOptions.collectorOptions.image"),
];

pub(super) const RAY_JOB: &[Place] = &[at("rayClusterSpec", RAY_CLUSTER), pod("submitterPodTemplate")];

const SPARK_ROLE: &[Place] = &[image("image initContainers[].image sidecars[].image"), pod("template")];

pub(super) const SPARK: &[Place] =
    &[image("image"), at("driver executor", SPARK_ROLE), image("volumes[].image.reference")];

pub(super) const JOB_SET: &[Place] = &[at("replicatedJobs[].template", JOB)];

pub(super) const KAITO_INFERENCE: &[Place] =
    &[image("preset.presetOptions.image adapters[].source.image"), pod("template")];

pub(super) const KAITO_TUNING: &[Place] = &[image("preset.presetOptions.image input.image output.image")];

pub(super) const EPHEMERAL_RUNNER: &[Place] = &[pod("")];

/// Kubeflow's training jobs: replicas by role.
pub(super) const KUBEFLOW_REPLICAS: &[Place] =
    &[pod("jaxReplicaSpecs{}.template mpiReplicaSpecs{}.template mxReplicaSpecs{}.template \
           paddleReplicaSpecs{}.template pytorchReplicaSpecs{}.template tfReplicaSpecs{}.template \
           xgbReplicaSpecs{}.template")];

/// A machine of KubeVirt, whose disks and kernel may come out of images.
pub(super) const KUBEVIRT: &[Place] =
    &[image("volumes[].containerDisk.image domain.firmware.kernelBoot.container.image")];

pub(super) const KUBEVIRT_MACHINE: &[Place] = &[
    at("template.spec", KUBEVIRT),
    name("dataVolumeTemplates[].spec.source.registry.url", Naming::Module(Scheme::Docker)),
];

pub(super) const LEADER_WORKER: &[Place] = &[pod("leaderTemplate workerTemplate")];

const ENVOY_WORKLOAD: &[Place] = &[
    image("container.image"),
    repository("container.imageRepository"),
    image("initContainers[].image pod.volumes[].image.reference"),
];

pub(super) const ENVOY_PROXY: &[Place] =
    &[at("provider.kubernetes.envoyDeployment provider.kubernetes.envoyDaemonSet", ENVOY_WORKLOAD)];

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
    repository(
        "image applicationSet.image dex.image grafana.image ha.redisProxyImage notifications.image \
         redis.image repo.image",
    ),
    image("repo.initContainers[].image repo.sidecarContainers[].image"),
    repository("sso.dex.image sso.keycloak.image"),
    image(
        "controller.initContainers[].image controller.sidecarContainers[].image \
         server.initContainers[].image server.sidecarContainers[].image",
    ),
];

/// What Argo Events makes a pod of.
pub(super) const ARGO_EVENTS: &[Place] = &[image("template.container.image template.volumes[].image.reference")];
