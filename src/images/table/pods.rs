//! What becomes a pod, or another object, that is judged when it is made: told of here where it is written, to its author.

use super::shapes::*;
use super::{Custom, DAPR_CONTAINER, POD_SPEC, at, custom, image, name, object, pod, pod_spec, repository};
use crate::images::Naming;

/// Every custom resource that becomes pods, or other objects, that are judged when they are made.
pub static PODS: &[Custom] = &[
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
    custom("argoproj.io", &["Application"], &[at("spec operation.sync", ARGO_CD_APPLICATION)]),
    custom(
        "argoproj.io",
        &["ApplicationSet"],
        &[at("spec.template.spec", ARGO_CD_APPLICATION), at("spec.generators[]{}", &ARGO_CD_GENERATOR)],
    ),
    custom("argoproj.io", &["ArgoCD"], &[at("spec", ARGO_CD)]),
    custom("argoproj.io", &["EventSource"], &[at("spec", ARGO_EVENTS)]),
    custom(
        "argoproj.io",
        &["Sensor"],
        &[
            at("spec", ARGO_EVENTS),
            object("spec.triggers[].template.k8s.source.resource"),
            object("spec.triggers[].template.argoWorkflow.source.resource"),
        ],
    ),
    // Knative.
    custom("serving.knative.dev", &["Configuration", "Service"], SPEC_TEMPLATE),
    custom("serving.knative.dev", &["Revision"], &[pod("")]),
    custom("sources.knative.dev", &["ContainerSource", "IntegrationSource"], SPEC_TEMPLATE),
    custom("sinks.knative.dev", &["JobSink"], &[at("spec.job", JOB)]),
    // KServe.
    custom("serving.kserve.io", &["InferenceService"], &[at("spec spec.canary[]", KSERVE_SERVICE)]),
    custom("serving.kserve.io", &["ClusterServingRuntime", "ServingRuntime"], &[pod_spec("spec spec.workerSpec")]),
    custom("serving.kserve.io", &["ClusterStorageContainer"], &[image("spec.container.image")]),
    custom("serving.kserve.io", &["LLMInferenceService", "LLMInferenceServiceConfig"], &[at("spec", KSERVE_LLM)]),
    // Tekton.
    custom("tekton.dev", &["ClusterTask", "Task"], &[at("spec", TEKTON_TASK)]),
    custom("tekton.dev", &["StepAction"], &[image("spec.image")]),
    custom(
        "tekton.dev",
        &["TaskRun"],
        &[at("spec.taskSpec", TEKTON_TASK), image("spec.podTemplate.volumes[].image.reference")],
    ),
    custom("tekton.dev", &["Pipeline"], &[at("spec", &TEKTON_PIPELINE)]),
    custom("tekton.dev", &["PipelineRun"], &[at("spec", &TEKTON_PIPELINE_RUN)]),
    custom("tekton.dev", &["CustomRun"], &[object("spec.customSpec")]),
    custom("triggers.tekton.dev", &["TriggerTemplate"], &[at("spec", TRIGGER_TEMPLATE)]),
    custom("triggers.tekton.dev", &["Trigger"], &[at("spec.template.spec", TRIGGER_TEMPLATE)]),
    custom(
        "triggers.tekton.dev",
        &["EventListener"],
        &[
            at("spec.triggers[].template.spec", TRIGGER_TEMPLATE),
            pod("spec.resources.kubernetesResource.spec.template"),
            object("spec.resources.customResource"),
        ],
    ),
    custom(
        "shipwright.io",
        &["BuildStrategy", "ClusterBuildStrategy"],
        &[at("spec", TEKTON_TASK), image("spec.buildSteps[].image")],
    ),
    custom(
        "shipwright.io",
        &["Build", "BuildRun"],
        &[image("spec.volumes[].image.reference spec.build.spec.volumes[].image.reference")],
    ),
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
    custom("postgresql.cnpg.io", &["Cluster"], &[image("spec.imageName spec.postgresql.extensions[].image.reference")]),
    custom("postgresql.cnpg.io", &["ClusterImageCatalog", "ImageCatalog"], &[at("spec", CNPG_CATALOG)]),
    custom("postgresql.cnpg.io", &["Pooler"], &[pod("spec.template"), image("spec.pgbouncer.image")]),
    custom(
        "acid.zalan.do",
        &["postgresql"],
        &[image(
            "spec.dockerImage spec.initContainers[].image spec.sidecars[].image \
             spec.connectionPooler.dockerImage",
        )],
    ),
    // RabbitMQ.
    custom(
        "rabbitmq.com",
        &["RabbitmqCluster"],
        &[
            image("spec.image spec.secretBackend.vault.defaultUserUpdaterImage"),
            pod("spec.override.statefulSet.spec.template"),
        ],
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
    custom(
        "sparkoperator.k8s.io",
        &["SparkConnect"],
        &[image("spec.image"), pod("spec.server.template spec.executor.template")],
    ),
    // Batch: Kubeflow Trainer, JobSet, LeaderWorkerSet, Volcano.
    custom("trainer.kubeflow.org", &["TrainJob"], &[at("spec", TRAIN_JOB)]),
    custom("trainer.kubeflow.org", &["OptimizationJob"], &[at("spec.trainJobTemplate.spec", TRAIN_JOB)]),
    custom(
        "kubeflow.org",
        &["JAXJob", "MPIJob", "MXJob", "PaddleJob", "PyTorchJob", "TFJob", "XGBoostJob"],
        &[at("spec", KUBEFLOW_REPLICAS)],
    ),
    custom("kubeflow.org", &["Notebook"], SPEC_TEMPLATE),
    custom("kubeflow.org", &["Experiment"], &[object("spec.trialTemplate.trialSpec")]),
    custom("kubeflow.org", &["Trial"], &[object("spec.runSpec")]),
    custom(
        "trainer.kubeflow.org",
        &["ClusterTrainingRuntime", "TrainingRuntime"],
        &[at("spec.template.spec", JOB_SET)],
    ),
    custom("jobset.x-k8s.io", &["JobSet"], &[at("spec", JOB_SET)]),
    custom("leaderworkerset.x-k8s.io", &["LeaderWorkerSet"], &[at("spec.leaderWorkerTemplate", LEADER_WORKER)]),
    custom(
        "disaggregatedset.x-k8s.io",
        &["DisaggregatedSet"],
        &[at("spec.roles[].spec.leaderWorkerTemplate", LEADER_WORKER)],
    ),
    custom("batch.volcano.sh", &["Job"], &[pod("spec.tasks[].template")]),
    custom("batch.volcano.sh", &["CronJob"], &[pod("spec.jobTemplate.spec.tasks[].template")]),
    custom("flow.volcano.sh", &["JobTemplate"], &[pod("spec.tasks[].template")]),
    custom("flow.volcano.sh", &["JobFlow"], &[pod("spec.flows[].patch.jobSpec.tasks[].template")]),
    // GitHub's runners.
    custom("actions.github.com", &["AutoscalingRunnerSet"], &[pod("spec.template spec.listenerTemplate")]),
    custom("actions.github.com", &["AutoscalingListener"], &[image("spec.image"), pod("spec.template")]),
    custom("actions.github.com", &["EphemeralRunner"], &[at("spec", EPHEMERAL_RUNNER)]),
    custom("actions.github.com", &["EphemeralRunnerSet"], &[at("spec.ephemeralRunnerSpec", EPHEMERAL_RUNNER)]),
    // Operator Lifecycle Manager.
    custom("operators.coreos.com", &["CatalogSource"], &[image("spec.image")]),
    custom("operators.coreos.com", &["Subscription"], &[image("spec.config.volumes[].image.reference")]),
    custom(
        "operators.coreos.com",
        &["ClusterServiceVersion"],
        &[pod("spec.install.spec.deployments[].spec.template"), image("spec.relatedImages[].image")],
    ),
    // OpenKruise.
    custom("apps.kruise.io", &["BroadcastJob", "CloneSet", "DaemonSet", "StatefulSet"], SPEC_TEMPLATE),
    custom(
        "apps.kruise.io",
        &["AdvancedCronJob"],
        &[
            pod("spec.template.jobTemplate.spec.template spec.template.broadcastJobTemplate.spec.template"),
            image("spec.template.imageListPullJobTemplate.spec.images[]"),
        ],
    ),
    custom("apps.kruise.io", &["EphemeralJob"], &[pod_spec("spec.template")]),
    custom("apps.kruise.io", &["UnitedDeployment"], &[pod("spec.template{}.spec.template")]),
    custom("apps.kruise.io", &["SidecarSet"], &[at("spec", POD_SPEC)]),
    // Crossplane: providers and functions become deployments.
    custom("pkg.crossplane.io", &["ControllerConfig"], &[image("spec.image")]),
    custom("pkg.crossplane.io", &["DeploymentRuntimeConfig"], &[pod("spec.deploymentTemplate.spec.template")]),
    // KAITO, whose Workspace has no spec.
    custom("kaito.sh", &["Workspace"], &[at("inference", KAITO_INFERENCE), at("tuning", KAITO_TUNING)]),
    custom("kaito.sh", &["InferenceSet"], &[at("spec.template.inference", KAITO_INFERENCE)]),
    custom("kaito.sh", &["RAGEngine"], &[image("spec.embedding.local.image")]),
    // Dapr: a component that runs as a container beside the application.
    custom("dapr.io", &["Component"], &[at("metadata.annotations", &[DAPR_CONTAINER])]),
    // Flux.
    custom("kustomize.toolkit.fluxcd.io", &["Kustomization"], &[repository("spec.images[].newName")]),
    custom(
        "helm.toolkit.fluxcd.io",
        &["HelmRelease"],
        &[repository("spec.postRenderers[].kustomize.images[].newName")],
    ),
    custom("fluxcd.controlplane.io", &["FluxInstance"], &[name("spec.distribution.registry", Naming::Prefix)]),
    custom(
        "fluxcd.controlplane.io",
        &["ResourceSet"],
        &[object("spec.resources[]"), object("spec.steps[].resources[]")],
    ),
    // Cluster API's operator.
    custom("operator.cluster.x-k8s.io", CAPI_PROVIDERS, &[at("spec", CAPI_PROVIDER)]),
    // Envoy Gateway, bpfman, SpinKube, KubeVirt.
    custom("gateway.envoyproxy.io", &["EnvoyProxy"], &[at("spec", ENVOY_PROXY)]),
    custom("bpfman.io", &["Config"], &[image("spec.agent.image spec.daemon.image spec.daemon.csiRegistrarImage")]),
    custom("core.spinkube.dev", &["SpinApp"], &[image("spec.image spec.volumes[].image.reference")]),
    custom("core.spinkube.dev", &["SpinAppExecutor"], &[image("spec.deploymentConfig.spinImage")]),
    custom("kubevirt.io", &["VirtualMachine"], &[at("spec", KUBEVIRT_MACHINE)]),
    custom("kubevirt.io", &["VirtualMachineInstance"], &[at("spec", KUBEVIRT)]),
    custom("kubevirt.io", &["VirtualMachineInstanceReplicaSet"], &[at("spec.template.spec", KUBEVIRT)]),
    custom("pool.kubevirt.io", &["VirtualMachinePool"], &[at("spec.virtualMachineTemplate.spec", KUBEVIRT_MACHINE)]),
    // Kubewarden itself.
    custom("policies.kubewarden.io", &["PolicyServer"], &[image("spec.image")]),
];
