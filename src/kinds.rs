//! The kinds that are known: their group, their name in URLs and rules, and whether their objects live in namespaces.
//!
//! One table for everything that needs to know: the requests that are built from files, the rules of a policy, and the tests
//! that hold the two against each other. A policy says beside it what judges a kind, with [`Dispatch`].

use std::borrow::Cow;

/// Where the objects of a kind live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// In a namespace each.
    Namespaced,
    /// Outside of namespaces.
    Cluster,
}

/// A kind that is known.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// The API group; empty for the core group.
    pub group: &'static str,
    /// The kind.
    pub kind: &'static str,
    /// Its name in URLs, and in the rules of a webhook.
    pub plural: &'static str,
    /// Where its objects live.
    pub scope: Scope,
}

const fn namespaced(group: &'static str, kind: &'static str, plural: &'static str) -> Kind {
    Kind { group, kind, plural, scope: Scope::Namespaced }
}

const fn cluster(group: &'static str, kind: &'static str, plural: &'static str) -> Kind {
    Kind { group, kind, plural, scope: Scope::Cluster }
}

/// The kind of this group and name, if it is known.
pub fn find(group: &str, kind: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|known| known.kind == kind && known.group == group)
}

/// The name of a kind in URLs and rules. Of a kind that is not known it is guessed.
pub fn plural(group: &str, kind: &str) -> Cow<'static, str> {
    if let Some(known) = find(group, kind) {
        return Cow::Borrowed(known.plural);
    }
    Cow::Owned(guessed_plural(kind))
}

/// The plural that a kind has by the rules of English, which nearly all follow. The chart's template `isolation.plural` forms the
/// same one.
pub fn guessed_plural(kind: &str) -> String {
    let lower = kind.to_ascii_lowercase();
    let vowel = |c: Option<char>| matches!(c, Some('a' | 'e' | 'i' | 'o' | 'u'));
    if ["s", "x", "ch", "sh"].iter().any(|end| lower.ends_with(end)) {
        lower + "es"
    } else if let Some(stem) = lower.strip_suffix('y').filter(|stem| !vowel(stem.chars().last())) {
        [stem, "ies"].concat()
    } else {
        lower + "s"
    }
}

/// Whether the objects of a kind live outside of namespaces. A kind that is not known is taken to live in one, as most do,
/// unless its name begins with `Cluster` and its group is not one that manages clusters.
pub fn is_cluster_scoped(group: &str, kind: &str) -> bool {
    match find(group, kind) {
        Some(known) => known.scope == Scope::Cluster,
        // Crossplane's older family of groups.
        None if group.ends_with(".azure.upbound.io") => !group.contains(".azure.m."),
        None => kind.len() > "Cluster".len() && kind.starts_with("Cluster") && !group.ends_with("cluster.x-k8s.io"),
    }
}

/// What stands before `.k8s.io` in the groups that come with Kubernetes.
const BUILT_IN: &[&str] = &[
    "admissionregistration",
    "apiextensions",
    "apiregistration",
    "authentication",
    "authorization",
    "certificates",
    "coordination",
    "discovery",
    "events",
    "flowcontrol.apiserver",
    "internal.apiserver",
    "lifecycle",
    "networking",
    "node",
    "rbac.authorization",
    "resource",
    "scheduling",
    "storage",
    "storagemigration",
];

/// Whether a group comes with Kubernetes. Custom resources have groups of its domain, too: `sparkoperator.k8s.io`.
pub fn is_built_in(group: &str) -> bool {
    match group.strip_suffix(".k8s.io") {
        Some(name) => BUILT_IN.contains(&name),
        None => !group.contains('.'),
    }
}

/// A kind, and where a policy sends its objects: as a rule to the function that judges them.
#[derive(Clone, Copy, Debug)]
pub struct Dispatch<T> {
    /// The API group; empty for the core group.
    pub group: &'static str,
    /// The kind.
    pub kind: &'static str,
    /// Where they go.
    pub to: T,
}

impl<T> Dispatch<T> {
    /// A line of a policy's table.
    pub const fn new(group: &'static str, kind: &'static str, to: T) -> Self {
        Dispatch { group, kind, to }
    }

    /// Where `table` sends the objects of this group and kind.
    pub fn find<'t>(table: &'t [Self], group: &str, kind: &str) -> Option<&'t T> {
        table.iter().find(|line| line.kind == kind && line.group == group).map(|line| &line.to)
    }
}

/// Every kind that is known, by group and name: all of Kubernetes 1.37, and the custom resources that some policy judges. A
/// test holds the former against `k8s-openapi`, and the latter against `tests/definitions.txt`; a policy's tests fail on a kind
/// that it judges and that is missing here.
#[rustfmt::skip]
pub const KINDS: &[Kind] = &[
    namespaced("", "Binding", "bindings"),
    cluster("", "ComponentStatus", "componentstatuses"),
    namespaced("", "ConfigMap", "configmaps"),
    namespaced("", "Endpoints", "endpoints"),
    namespaced("", "Event", "events"),
    namespaced("", "LimitRange", "limitranges"),
    cluster("", "Namespace", "namespaces"),
    cluster("", "Node", "nodes"),
    cluster("", "PersistentVolume", "persistentvolumes"),
    namespaced("", "PersistentVolumeClaim", "persistentvolumeclaims"),
    namespaced("", "Pod", "pods"),
    namespaced("", "PodTemplate", "podtemplates"),
    namespaced("", "ReplicationController", "replicationcontrollers"),
    namespaced("", "ResourceQuota", "resourcequotas"),
    namespaced("", "Secret", "secrets"),
    namespaced("", "Service", "services"),
    namespaced("", "ServiceAccount", "serviceaccounts"),
    namespaced("acid.zalan.do", "postgresql", "postgresqls"),
    namespaced("actions.github.com", "AutoscalingListener", "autoscalinglisteners"),
    namespaced("actions.github.com", "AutoscalingRunnerSet", "autoscalingrunnersets"),
    namespaced("actions.github.com", "EphemeralRunner", "ephemeralrunners"),
    namespaced("actions.github.com", "EphemeralRunnerSet", "ephemeralrunnersets"),
    namespaced("addons.cluster.x-k8s.io", "HelmChartProxy", "helmchartproxies"),
    namespaced("addons.cluster.x-k8s.io", "HelmReleaseProxy", "helmreleaseproxies"),
    cluster("admissionregistration.k8s.io", "MutatingAdmissionPolicy", "mutatingadmissionpolicies"),
    cluster("admissionregistration.k8s.io", "MutatingAdmissionPolicyBinding", "mutatingadmissionpolicybindings"),
    cluster("admissionregistration.k8s.io", "MutatingWebhookConfiguration", "mutatingwebhookconfigurations"),
    cluster("admissionregistration.k8s.io", "ValidatingAdmissionPolicy", "validatingadmissionpolicies"),
    cluster("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding", "validatingadmissionpolicybindings"),
    cluster("admissionregistration.k8s.io", "ValidatingWebhookConfiguration", "validatingwebhookconfigurations"),
    namespaced("agent.k8s.elastic.co", "Agent", "agents"),
    namespaced("alb.networking.azure.io", "ApplicationLoadBalancer", "applicationloadbalancer"),
    cluster("apiextensions.k8s.io", "CustomResourceDefinition", "customresourcedefinitions"),
    cluster("apiregistration.k8s.io", "APIService", "apiservices"),
    namespaced("apisix.apache.org", "ApisixUpstream", "apisixupstreams"),
    namespaced("apm.k8s.elastic.co", "ApmServer", "apmservers"),
    namespaced("app.redislabs.com", "RedisEnterpriseCluster", "redisenterpriseclusters"),
    cluster("approuting.kubernetes.azure.com", "ClusterExternalDNS", "clusterexternaldnses"),
    namespaced("approuting.kubernetes.azure.com", "ExternalDNS", "externaldnses"),
    cluster("approuting.kubernetes.azure.com", "NginxIngressController", "nginxingresscontrollers"),
    namespaced("apps", "ControllerRevision", "controllerrevisions"),
    namespaced("apps", "DaemonSet", "daemonsets"),
    namespaced("apps", "Deployment", "deployments"),
    namespaced("apps", "ReplicaSet", "replicasets"),
    namespaced("apps", "StatefulSet", "statefulsets"),
    namespaced("apps.clusternet.io", "HelmChart", "helmcharts"),
    namespaced("apps.clusternet.io", "HelmRelease", "helmreleases"),
    namespaced("apps.emqx.io", "EMQX", "emqxes"),
    namespaced("apps.kruise.io", "AdvancedCronJob", "advancedcronjobs"),
    namespaced("apps.kruise.io", "BroadcastJob", "broadcastjobs"),
    namespaced("apps.kruise.io", "CloneSet", "clonesets"),
    namespaced("apps.kruise.io", "DaemonSet", "daemonsets"),
    namespaced("apps.kruise.io", "EphemeralJob", "ephemeraljobs"),
    namespaced("apps.kruise.io", "ImageListPullJob", "imagelistpulljobs"),
    namespaced("apps.kruise.io", "ImagePullJob", "imagepulljobs"),
    cluster("apps.kruise.io", "NodeImage", "nodeimages"),
    cluster("apps.kruise.io", "SidecarSet", "sidecarsets"),
    namespaced("apps.kruise.io", "StatefulSet", "statefulsets"),
    namespaced("apps.kruise.io", "UnitedDeployment", "uniteddeployments"),
    namespaced("argocd-image-updater.argoproj.io", "ImageUpdater", "imageupdaters"),
    namespaced("argoproj.io", "AnalysisRun", "analysisruns"),
    namespaced("argoproj.io", "AnalysisTemplate", "analysistemplates"),
    namespaced("argoproj.io", "Application", "applications"),
    namespaced("argoproj.io", "ApplicationSet", "applicationsets"),
    namespaced("argoproj.io", "ArgoCD", "argocds"),
    cluster("argoproj.io", "ClusterAnalysisTemplate", "clusteranalysistemplates"),
    cluster("argoproj.io", "ClusterWorkflowTemplate", "clusterworkflowtemplates"),
    namespaced("argoproj.io", "CronWorkflow", "cronworkflows"),
    namespaced("argoproj.io", "EventSource", "eventsources"),
    namespaced("argoproj.io", "Experiment", "experiments"),
    namespaced("argoproj.io", "Rollout", "rollouts"),
    namespaced("argoproj.io", "Sensor", "sensors"),
    namespaced("argoproj.io", "Workflow", "workflows"),
    namespaced("argoproj.io", "WorkflowTaskSet", "workflowtasksets"),
    namespaced("argoproj.io", "WorkflowTemplate", "workflowtemplates"),
    namespaced("artifact.falcosecurity.dev", "Plugin", "plugins"),
    namespaced("artifact.falcosecurity.dev", "Rulesfile", "rulesfiles"),
    namespaced("ate.dev", "ActorTemplate", "actortemplates"),
    cluster("authentication.k8s.io", "SelfSubjectReview", "selfsubjectreviews"),
    cluster("authentication.k8s.io", "TokenReview", "tokenreviews"),
    namespaced("authorization.k8s.io", "LocalSubjectAccessReview", "localsubjectaccessreviews"),
    cluster("authorization.k8s.io", "SelfSubjectAccessReview", "selfsubjectaccessreviews"),
    cluster("authorization.k8s.io", "SelfSubjectRulesReview", "selfsubjectrulesreviews"),
    cluster("authorization.k8s.io", "SubjectAccessReview", "subjectaccessreviews"),
    namespaced("autoscaling", "HorizontalPodAutoscaler", "horizontalpodautoscalers"),
    namespaced("awx.ansible.com", "AWX", "awxs"),
    namespaced("batch", "CronJob", "cronjobs"),
    namespaced("batch", "Job", "jobs"),
    namespaced("batch.volcano.sh", "CronJob", "cronjobs"),
    namespaced("batch.volcano.sh", "Job", "jobs"),
    namespaced("beat.k8s.elastic.co", "Beat", "beats"),
    namespaced("bpfman.io", "BpfApplication", "bpfapplications"),
    namespaced("bpfman.io", "BpfNsApplication", "bpfnsapplications"),
    cluster("bpfman.io", "ClusterBpfApplication", "clusterbpfapplications"),
    cluster("bpfman.io", "Config", "configs"),
    cluster("bpfman.io", "FentryProgram", "fentryprograms"),
    cluster("bpfman.io", "FexitProgram", "fexitprograms"),
    cluster("bpfman.io", "KprobeProgram", "kprobeprograms"),
    namespaced("bpfman.io", "TcNsProgram", "tcnsprograms"),
    cluster("bpfman.io", "TcProgram", "tcprograms"),
    namespaced("bpfman.io", "TcxNsProgram", "tcxnsprograms"),
    cluster("bpfman.io", "TcxProgram", "tcxprograms"),
    cluster("bpfman.io", "TracepointProgram", "tracepointprograms"),
    namespaced("bpfman.io", "UprobeNsProgram", "uprobensprograms"),
    cluster("bpfman.io", "UprobeProgram", "uprobeprograms"),
    namespaced("bpfman.io", "XdpNsProgram", "xdpnsprograms"),
    cluster("bpfman.io", "XdpProgram", "xdpprograms"),
    namespaced("caching.internal.knative.dev", "Image", "images"),
    namespaced("camel.apache.org", "Build", "builds"),
    namespaced("camel.apache.org", "Integration", "integrations"),
    namespaced("camel.apache.org", "IntegrationKit", "integrationkits"),
    namespaced("camel.apache.org", "IntegrationPlatform", "integrationplatforms"),
    cluster("catalog.cattle.io", "ClusterRepo", "clusterrepos"),
    cluster("catalogd.operatorframework.io", "Catalog", "catalogs"),
    cluster("catalogd.operatorframework.io", "ClusterCatalog", "clustercatalogs"),
    namespaced("cdi.kubevirt.io", "DataImportCron", "dataimportcrons"),
    namespaced("cdi.kubevirt.io", "DataVolume", "datavolumes"),
    namespaced("cdi.kubevirt.io", "VolumeImportSource", "volumeimportsources"),
    cluster("certificates.k8s.io", "CertificateSigningRequest", "certificatesigningrequests"),
    cluster("certificates.k8s.io", "ClusterTrustBundle", "clustertrustbundles"),
    namespaced("certificates.k8s.io", "PodCertificateRequest", "podcertificaterequests"),
    namespaced("cilium.io", "CiliumGatewayClassConfig", "ciliumgatewayclassconfigs"),
    namespaced("clickhouse.altinity.com", "ClickHouseInstallation", "clickhouseinstallations"),
    namespaced("clusterconfig.azure.com", "ExtensionConfig", "extensionconfigs"),
    namespaced("clusterconfig.azure.com", "FluxConfig", "fluxconfigs"),
    cluster("config.projectsveltos.io", "ClusterProfile", "clusterprofiles"),
    cluster("config.projectsveltos.io", "ClusterPromotion", "clusterpromotions"),
    namespaced("config.projectsveltos.io", "ClusterSummary", "clustersummaries"),
    namespaced("config.projectsveltos.io", "Profile", "profiles"),
    namespaced("config.ratify.deislabs.io", "NamespacedStore", "namespacedstores"),
    namespaced("config.ratify.deislabs.io", "NamespacedVerifier", "namespacedverifiers"),
    cluster("config.ratify.deislabs.io", "Store", "stores"),
    cluster("config.ratify.deislabs.io", "Verifier", "verifiers"),
    namespaced("configsync.gke.io", "RepoSync", "reposyncs"),
    namespaced("configsync.gke.io", "RootSync", "rootsyncs"),
    namespaced("containerregistry.azure.com", "Registry", "registries"),
    namespaced("containerregistry.azure.com", "RegistryCacheRule", "registrycacherules"),
    namespaced("containerregistry.azure.m.upbound.io", "CacheRule", "cacherules"),
    namespaced("containerregistry.azure.m.upbound.io", "Registry", "registries"),
    cluster("containerregistry.azure.upbound.io", "CacheRule", "cacherules"),
    cluster("containerregistry.azure.upbound.io", "Registry", "registries"),
    namespaced("containerservice.azure.com", "ManagedCluster", "managedclusters"),
    namespaced("containerservice.azure.com", "ManagedClustersAgentPool", "managedclustersagentpools"),
    namespaced("containerservice.azure.m.upbound.io", "KubernetesCluster", "kubernetesclusters"),
    namespaced("containerservice.azure.m.upbound.io", "KubernetesClusterExtension", "kubernetesclusterextensions"),
    namespaced("containerservice.azure.m.upbound.io", "KubernetesClusterNodePool", "kubernetesclusternodepools"),
    cluster("containerservice.azure.upbound.io", "KubernetesCluster", "kubernetesclusters"),
    cluster("containerservice.azure.upbound.io", "KubernetesClusterExtension", "kubernetesclusterextensions"),
    cluster("containerservice.azure.upbound.io", "KubernetesClusterNodePool", "kubernetesclusternodepools"),
    namespaced("coordination.k8s.io", "Lease", "leases"),
    namespaced("coordination.k8s.io", "LeaseCandidate", "leasecandidates"),
    cluster("core.rukpak.io", "BundleDeployment", "bundledeployments"),
    namespaced("core.spinkube.dev", "SpinApp", "spinapps"),
    namespaced("core.spinkube.dev", "SpinAppExecutor", "spinappexecutors"),
    namespaced("core.strimzi.io", "StrimziPodSet", "strimzipodsets"),
    namespaced("couchbase.com", "CouchbaseCluster", "couchbaseclusters"),
    namespaced("dapr.io", "Component", "components"),
    namespaced("disaggregatedset.x-k8s.io", "DisaggregatedSet", "disaggregatedsets"),
    namespaced("discovery.k8s.io", "EndpointSlice", "endpointslices"),
    namespaced("dragonflydb.io", "Dragonfly", "dragonflies"),
    namespaced("dynatrace.com", "DynaKube", "dynakubes"),
    namespaced("egressgateway.kubernetes.azure.com", "GatewayLBConfiguration", "gatewaylbconfigurations"),
    namespaced("egressgateway.kubernetes.azure.com", "GatewayVMConfiguration", "gatewayvmconfigurations"),
    namespaced("egressgateway.kubernetes.azure.com", "StaticGatewayConfiguration", "staticgatewayconfigurations"),
    namespaced("elasticsearch.k8s.elastic.co", "Elasticsearch", "elasticsearches"),
    namespaced("enterprisesearch.k8s.elastic.co", "EnterpriseSearch", "enterprisesearches"),
    namespaced("events.k8s.io", "Event", "events"),
    namespaced("extensions.higress.io", "WasmPlugin", "wasmplugins"),
    namespaced("extensions.istio.io", "TrafficExtension", "trafficextensions"),
    namespaced("extensions.istio.io", "WasmPlugin", "wasmplugins"),
    namespaced("fleet.cattle.io", "Bundle", "bundles"),
    namespaced("fleet.cattle.io", "BundleDeployment", "bundledeployments"),
    namespaced("fleet.cattle.io", "HelmOp", "helmops"),
    namespaced("fleet.cattle.io", "ImageScan", "imagescans"),
    namespaced("flink.apache.org", "FlinkDeployment", "flinkdeployments"),
    namespaced("flow.volcano.sh", "JobFlow", "jobflows"),
    namespaced("flow.volcano.sh", "JobTemplate", "jobtemplates"),
    cluster("flowcontrol.apiserver.k8s.io", "FlowSchema", "flowschemas"),
    cluster("flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration", "prioritylevelconfigurations"),
    namespaced("fluxcd.controlplane.io", "FluxInstance", "fluxinstances"),
    namespaced("fluxcd.controlplane.io", "ResourceSet", "resourcesets"),
    namespaced("fluxcd.controlplane.io", "ResourceSetInputProvider", "resourcesetinputproviders"),
    namespaced("gateway-operator.konghq.com", "DataPlane", "dataplanes"),
    namespaced("gateway-operator.konghq.com", "GatewayConfiguration", "gatewayconfigurations"),
    namespaced("gateway-operator.konghq.com", "KongPluginInstallation", "kongplugininstallations"),
    namespaced("gateway.envoyproxy.io", "Backend", "backends"),
    namespaced("gateway.envoyproxy.io", "EnvoyExtensionPolicy", "envoyextensionpolicies"),
    namespaced("gateway.envoyproxy.io", "EnvoyProxy", "envoyproxies"),
    namespaced("gateway.kgateway.dev", "Backend", "backends"),
    namespaced("gateway.kgateway.dev", "GatewayParameters", "gatewayparameters"),
    namespaced("gateway.networking.k8s.io", "Gateway", "gateways"),
    cluster("gateway.networking.k8s.io", "GatewayClass", "gatewayclasses"),
    namespaced("gateway.nginx.org", "NginxProxy", "nginxproxies"),
    namespaced("gitops.kluctl.io", "KluctlDeployment", "kluctldeployments"),
    namespaced("grafana.integreatly.org", "Grafana", "grafanas"),
    namespaced("grafana.integreatly.org", "GrafanaDashboard", "grafanadashboards"),
    namespaced("grafana.integreatly.org", "GrafanaLibraryPanel", "grafanalibrarypanels"),
    namespaced("helm.cattle.io", "HelmChart", "helmcharts"),
    cluster("helm.crossplane.io", "Release", "releases"),
    namespaced("helm.m.crossplane.io", "Release", "releases"),
    namespaced("helm.toolkit.fluxcd.io", "HelmRelease", "helmreleases"),
    namespaced("image.toolkit.fluxcd.io", "ImageRepository", "imagerepositories"),
    namespaced("infrastructure.cluster.x-k8s.io", "AzureASOManagedCluster", "azureasomanagedclusters"),
    namespaced("infrastructure.cluster.x-k8s.io", "AzureASOManagedClusterTemplate", "azureasomanagedclustertemplates"),
    namespaced("infrastructure.cluster.x-k8s.io", "AzureASOManagedControlPlane", "azureasomanagedcontrolplanes"),
    namespaced("infrastructure.cluster.x-k8s.io", "AzureASOManagedControlPlaneTemplate", "azureasomanagedcontrolplanetemplates"),
    namespaced("infrastructure.cluster.x-k8s.io", "AzureASOManagedMachinePool", "azureasomanagedmachinepools"),
    namespaced("infrastructure.cluster.x-k8s.io", "AzureASOManagedMachinePoolTemplate", "azureasomanagedmachinepooltemplates"),
    namespaced("infrastructure.cluster.x-k8s.io", "AzureManagedControlPlane", "azuremanagedcontrolplanes"),
    namespaced("infrastructure.cluster.x-k8s.io", "AzureManagedControlPlaneTemplate", "azuremanagedcontrolplanetemplates"),
    namespaced("infrastructure.cluster.x-k8s.io", "AzureManagedMachinePool", "azuremanagedmachinepools"),
    namespaced("infrastructure.cluster.x-k8s.io", "AzureManagedMachinePoolTemplate", "azuremanagedmachinepooltemplates"),
    namespaced("install.istio.io", "IstioOperator", "istiooperators"),
    cluster("internal.apiserver.k8s.io", "StorageVersion", "storageversions"),
    namespaced("jobset.x-k8s.io", "JobSet", "jobsets"),
    namespaced("k8s.mariadb.com", "MariaDB", "mariadbs"),
    namespaced("k8s.mariadb.com", "MaxScale", "maxscales"),
    namespaced("kafka.strimzi.io", "Kafka", "kafkas"),
    namespaced("kafka.strimzi.io", "KafkaBridge", "kafkabridges"),
    namespaced("kafka.strimzi.io", "KafkaConnect", "kafkaconnects"),
    namespaced("kafka.strimzi.io", "KafkaMirrorMaker2", "kafkamirrormaker2s"),
    namespaced("kafka.strimzi.io", "KafkaNodePool", "kafkanodepools"),
    namespaced("kagent.dev", "Agent", "agents"),
    namespaced("kagent.dev", "AgentTemplate", "agenttemplates"),
    namespaced("kagent.dev", "SandboxAgent", "sandboxagents"),
    namespaced("kaito.sh", "InferenceSet", "inferencesets"),
    namespaced("kaito.sh", "MultiRoleInference", "multiroleinferences"),
    namespaced("kaito.sh", "RAGEngine", "ragengines"),
    namespaced("kaito.sh", "Workspace", "workspaces"),
    namespaced("kappctrl.k14s.io", "App", "apps"),
    cluster("kargo.akuity.io", "ClusterPromotionTask", "clusterpromotiontasks"),
    namespaced("kargo.akuity.io", "Promotion", "promotions"),
    namespaced("kargo.akuity.io", "PromotionTask", "promotiontasks"),
    namespaced("kargo.akuity.io", "Stage", "stages"),
    namespaced("kargo.akuity.io", "Warehouse", "warehouses"),
    cluster("karpenter.azure.com", "AKSNodeClass", "aksnodeclasses"),
    cluster("karpenter.sh", "NodeClaim", "nodeclaims"),
    cluster("karpenter.sh", "NodePool", "nodepools"),
    namespaced("keda.sh", "ScaledJob", "scaledjobs"),
    namespaced("kibana.k8s.elastic.co", "Kibana", "kibanas"),
    namespaced("kpack.io", "Build", "builds"),
    namespaced("kpack.io", "Builder", "builders"),
    namespaced("kpack.io", "Buildpack", "buildpacks"),
    cluster("kpack.io", "ClusterBuilder", "clusterbuilders"),
    cluster("kpack.io", "ClusterBuildpack", "clusterbuildpacks"),
    cluster("kpack.io", "ClusterLifecycle", "clusterlifecycles"),
    cluster("kpack.io", "ClusterStack", "clusterstacks"),
    cluster("kpack.io", "ClusterStore", "clusterstores"),
    namespaced("kpack.io", "Image", "images"),
    namespaced("kpack.io", "SourceResolver", "sourceresolvers"),
    namespaced("kubeflow.org", "Experiment", "experiments"),
    namespaced("kubeflow.org", "JAXJob", "jaxjobs"),
    namespaced("kubeflow.org", "MPIJob", "mpijobs"),
    namespaced("kubeflow.org", "MXJob", "mxjobs"),
    namespaced("kubeflow.org", "Notebook", "notebooks"),
    namespaced("kubeflow.org", "PaddleJob", "paddlejobs"),
    namespaced("kubeflow.org", "PyTorchJob", "pytorchjobs"),
    namespaced("kubeflow.org", "TFJob", "tfjobs"),
    namespaced("kubeflow.org", "Trial", "trials"),
    namespaced("kubeflow.org", "XGBoostJob", "xgboostjobs"),
    namespaced("kubernetesconfiguration.azure.com", "Extension", "extensions"),
    namespaced("kubernetesconfiguration.azure.com", "FluxConfiguration", "fluxconfigurations"),
    namespaced("kubevirt.io", "VirtualMachine", "virtualmachines"),
    namespaced("kubevirt.io", "VirtualMachineInstance", "virtualmachineinstances"),
    namespaced("kubevirt.io", "VirtualMachineInstanceReplicaSet", "virtualmachineinstancereplicasets"),
    cluster("kuik.enix.io", "CachedImage", "cachedimages"),
    cluster("kuik.enix.io", "ClusterImageSetMirror", "clusterimagesetmirrors"),
    namespaced("kuik.enix.io", "ImageSetMirror", "imagesetmirrors"),
    namespaced("kuma.io", "MeshExternalService", "meshexternalservices"),
    namespaced("kuma.io", "MeshGatewayInstance", "meshgatewayinstances"),
    namespaced("kustomize.toolkit.fluxcd.io", "Kustomization", "kustomizations"),
    cluster("kyverno.io", "ClusterPolicy", "clusterpolicies"),
    namespaced("kyverno.io", "Policy", "policies"),
    namespaced("leaderworkerset.x-k8s.io", "LeaderWorkerSet", "leaderworkersets"),
    namespaced("lifecycle.k8s.io", "Eviction", "evictions"),
    namespaced("lifecycle.k8s.io", "EvictionRequest", "evictionrequests"),
    namespaced("logstash.k8s.elastic.co", "Logstash", "logstashes"),
    namespaced("maps.k8s.elastic.co", "ElasticMapsServer", "elasticmapsservers"),
    namespaced("minio.min.io", "Tenant", "tenants"),
    namespaced("mongodb.com", "MongoDB", "mongodb"),
    namespaced("mongodb.com", "MongoDBMultiCluster", "mongodbmulticluster"),
    namespaced("mongodb.com", "MongoDBOpsManager", "opsmanagers"),
    namespaced("monitoring.coreos.com", "Alertmanager", "alertmanagers"),
    namespaced("monitoring.coreos.com", "Prometheus", "prometheuses"),
    namespaced("monitoring.coreos.com", "PrometheusAgent", "prometheusagents"),
    namespaced("monitoring.coreos.com", "ThanosRuler", "thanosrulers"),
    namespaced("mysql.oracle.com", "InnoDBCluster", "innodbclusters"),
    namespaced("network.azure.com", "LoadBalancer", "loadbalancers"),
    namespaced("network.azure.com", "NatGateway", "natgateways"),
    namespaced("network.azure.com", "PublicIPAddress", "publicipaddresses"),
    namespaced("network.azure.com", "PublicIPPrefix", "publicipprefixes"),
    namespaced("network.azure.com", "VirtualNetworksSubnet", "virtualnetworkssubnets"),
    namespaced("network.azure.m.upbound.io", "LoadBalancer", "loadbalancers"),
    namespaced("network.azure.m.upbound.io", "LoadBalancerOutboundRule", "loadbalanceroutboundrules"),
    namespaced("network.azure.m.upbound.io", "NATGateway", "natgateways"),
    namespaced("network.azure.m.upbound.io", "NATGatewayPublicIPAssociation", "natgatewaypublicipassociations"),
    namespaced("network.azure.m.upbound.io", "NATGatewayPublicIPPrefixAssociation", "natgatewaypublicipprefixassociations"),
    namespaced("network.azure.m.upbound.io", "PublicIP", "publicips"),
    namespaced("network.azure.m.upbound.io", "PublicIPPrefix", "publicipprefixes"),
    namespaced("network.azure.m.upbound.io", "Subnet", "subnets"),
    namespaced("network.azure.m.upbound.io", "SubnetNATGatewayAssociation", "subnetnatgatewayassociations"),
    cluster("network.azure.upbound.io", "LoadBalancer", "loadbalancers"),
    cluster("network.azure.upbound.io", "LoadBalancerOutboundRule", "loadbalanceroutboundrules"),
    cluster("network.azure.upbound.io", "NATGateway", "natgateways"),
    cluster("network.azure.upbound.io", "NATGatewayPublicIPAssociation", "natgatewaypublicipassociations"),
    cluster("network.azure.upbound.io", "NATGatewayPublicIPPrefixAssociation", "natgatewaypublicipprefixassociations"),
    cluster("network.azure.upbound.io", "PublicIP", "publicips"),
    cluster("network.azure.upbound.io", "PublicIPPrefix", "publicipprefixes"),
    cluster("network.azure.upbound.io", "Subnet", "subnets"),
    cluster("network.azure.upbound.io", "SubnetNATGatewayAssociation", "subnetnatgatewayassociations"),
    namespaced("networking.aks.io", "MultiClusterIngress", "multiclusteringresses"),
    namespaced("networking.fleet.azure.com", "MultiClusterService", "multiclusterservices"),
    namespaced("networking.fleet.azure.com", "TrafficManagerBackend", "trafficmanagerbackends"),
    namespaced("networking.fleet.azure.com", "TrafficManagerProfile", "trafficmanagerprofiles"),
    namespaced("networking.istio.io", "Gateway", "gateways"),
    namespaced("networking.istio.io", "ServiceEntry", "serviceentries"),
    namespaced("networking.istio.io", "WorkloadEntry", "workloadentries"),
    cluster("networking.k8s.io", "IPAddress", "ipaddresses"),
    namespaced("networking.k8s.io", "Ingress", "ingresses"),
    cluster("networking.k8s.io", "IngressClass", "ingressclasses"),
    namespaced("networking.k8s.io", "NetworkPolicy", "networkpolicies"),
    cluster("networking.k8s.io", "ServiceCIDR", "servicecidrs"),
    cluster("node.k8s.io", "RuntimeClass", "runtimeclasses"),
    cluster("olm.operatorframework.io", "ClusterCatalog", "clustercatalogs"),
    namespaced("opentelemetry.io", "Instrumentation", "instrumentations"),
    namespaced("opentelemetry.io", "OpAMPBridge", "opampbridges"),
    namespaced("opentelemetry.io", "OpenTelemetryCollector", "opentelemetrycollectors"),
    namespaced("opentelemetry.io", "TargetAllocator", "targetallocators"),
    cluster("operations.kubeedge.io", "ImagePrePullJob", "imageprepulljobs"),
    cluster("operations.kubeedge.io", "NodeUpgradeJob", "nodeupgradejobs"),
    namespaced("operator.cluster.x-k8s.io", "AddonProvider", "addonproviders"),
    namespaced("operator.cluster.x-k8s.io", "BootstrapProvider", "bootstrapproviders"),
    namespaced("operator.cluster.x-k8s.io", "ControlPlaneProvider", "controlplaneproviders"),
    namespaced("operator.cluster.x-k8s.io", "CoreProvider", "coreproviders"),
    namespaced("operator.cluster.x-k8s.io", "IPAMProvider", "ipamproviders"),
    namespaced("operator.cluster.x-k8s.io", "InfrastructureProvider", "infrastructureproviders"),
    namespaced("operator.cluster.x-k8s.io", "RuntimeExtensionProvider", "runtimeextensionproviders"),
    namespaced("operator.victoriametrics.com", "VMAgent", "vmagents"),
    namespaced("operator.victoriametrics.com", "VMAlert", "vmalerts"),
    namespaced("operator.victoriametrics.com", "VMAlertmanager", "vmalertmanagers"),
    namespaced("operator.victoriametrics.com", "VMAuth", "vmauths"),
    namespaced("operator.victoriametrics.com", "VMCluster", "vmclusters"),
    namespaced("operator.victoriametrics.com", "VMSingle", "vmsingles"),
    namespaced("operators.coreos.com", "CatalogSource", "catalogsources"),
    namespaced("operators.coreos.com", "ClusterServiceVersion", "clusterserviceversions"),
    namespaced("operators.coreos.com", "Subscription", "subscriptions"),
    namespaced("packageregistry.k8s.elastic.co", "PackageRegistry", "packageregistries"),
    namespaced("packaging.carvel.dev", "PackageRepository", "packagerepositories"),
    namespaced("pgv2.percona.com", "PerconaPGCluster", "perconapgclusters"),
    namespaced("pingcap.com", "TidbCluster", "tidbclusters"),
    cluster("pkg.crossplane.io", "Configuration", "configurations"),
    cluster("pkg.crossplane.io", "ConfigurationRevision", "configurationrevisions"),
    cluster("pkg.crossplane.io", "ControllerConfig", "controllerconfigs"),
    cluster("pkg.crossplane.io", "DeploymentRuntimeConfig", "deploymentruntimeconfigs"),
    cluster("pkg.crossplane.io", "Function", "functions"),
    cluster("pkg.crossplane.io", "FunctionRevision", "functionrevisions"),
    cluster("pkg.crossplane.io", "ImageConfig", "imageconfigs"),
    cluster("pkg.crossplane.io", "Provider", "providers"),
    cluster("pkg.crossplane.io", "ProviderRevision", "providerrevisions"),
    namespaced("platform.confluent.io", "Connect", "connects"),
    namespaced("platform.confluent.io", "ControlCenter", "controlcenters"),
    namespaced("platform.confluent.io", "Gateway", "gateways"),
    namespaced("platform.confluent.io", "KRaftController", "kraftcontrollers"),
    namespaced("platform.confluent.io", "Kafka", "kafkas"),
    namespaced("platform.confluent.io", "KafkaRestProxy", "kafkarestproxies"),
    namespaced("platform.confluent.io", "KsqlDB", "ksqldbs"),
    namespaced("platform.confluent.io", "SchemaRegistry", "schemaregistries"),
    namespaced("platform.confluent.io", "Zookeeper", "zookeepers"),
    namespaced("policies.kubewarden.io", "AdmissionPolicy", "admissionpolicies"),
    namespaced("policies.kubewarden.io", "AdmissionPolicyGroup", "admissionpolicygroups"),
    cluster("policies.kubewarden.io", "ClusterAdmissionPolicy", "clusteradmissionpolicies"),
    cluster("policies.kubewarden.io", "ClusterAdmissionPolicyGroup", "clusteradmissionpolicygroups"),
    cluster("policies.kubewarden.io", "PolicyServer", "policyservers"),
    cluster("policies.kyverno.io", "ImageValidatingPolicy", "imagevalidatingpolicies"),
    namespaced("policies.kyverno.io", "NamespacedImageValidatingPolicy", "namespacedimagevalidatingpolicies"),
    namespaced("policy", "PodDisruptionBudget", "poddisruptionbudgets"),
    cluster("policy.sigstore.dev", "ClusterImagePolicy", "clusterimagepolicies"),
    namespaced("pool.kubevirt.io", "VirtualMachinePool", "virtualmachinepools"),
    namespaced("postgres-operator.crunchydata.com", "PostgresCluster", "postgresclusters"),
    namespaced("postgresql.cnpg.io", "Cluster", "clusters"),
    cluster("postgresql.cnpg.io", "ClusterImageCatalog", "clusterimagecatalogs"),
    namespaced("postgresql.cnpg.io", "ImageCatalog", "imagecatalogs"),
    namespaced("postgresql.cnpg.io", "Pooler", "poolers"),
    namespaced("projectcontour.io", "ContourDeployment", "contourdeployments"),
    namespaced("ps.percona.com", "PerconaServerMySQL", "perconaservermysqls"),
    namespaced("psmdb.percona.com", "PerconaServerMongoDB", "perconaservermongodbs"),
    namespaced("pxc.percona.com", "PerconaXtraDBCluster", "perconaxtradbclusters"),
    namespaced("rabbitmq.com", "RabbitmqCluster", "rabbitmqclusters"),
    namespaced("ray.io", "RayCluster", "rayclusters"),
    namespaced("ray.io", "RayCronJob", "raycronjobs"),
    namespaced("ray.io", "RayJob", "rayjobs"),
    namespaced("ray.io", "RayService", "rayservices"),
    cluster("rbac.authorization.k8s.io", "ClusterRole", "clusterroles"),
    cluster("rbac.authorization.k8s.io", "ClusterRoleBinding", "clusterrolebindings"),
    namespaced("rbac.authorization.k8s.io", "Role", "roles"),
    namespaced("rbac.authorization.k8s.io", "RoleBinding", "rolebindings"),
    namespaced("redis.redis.opstreelabs.in", "Redis", "redis"),
    namespaced("redis.redis.opstreelabs.in", "RedisCluster", "redisclusters"),
    namespaced("redis.redis.opstreelabs.in", "RedisReplication", "redisreplications"),
    namespaced("redis.redis.opstreelabs.in", "RedisSentinel", "redissentinels"),
    namespaced("resolution.tekton.dev", "ResolutionRequest", "resolutionrequests"),
    cluster("resource.k8s.io", "DeviceClass", "deviceclasses"),
    cluster("resource.k8s.io", "DeviceTaintRule", "devicetaintrules"),
    namespaced("resource.k8s.io", "ResourceClaim", "resourceclaims"),
    namespaced("resource.k8s.io", "ResourceClaimTemplate", "resourceclaimtemplates"),
    cluster("resource.k8s.io", "ResourcePoolStatusRequest", "resourcepoolstatusrequests"),
    cluster("resource.k8s.io", "ResourceSlice", "resourceslices"),
    namespaced("runtime.wasmcloud.dev", "Artifact", "artifacts"),
    namespaced("runtime.wasmcloud.dev", "Workload", "workloads"),
    namespaced("runtime.wasmcloud.dev", "WorkloadDeployment", "workloaddeployments"),
    namespaced("runtime.wasmcloud.dev", "WorkloadReplicaSet", "workloadreplicasets"),
    namespaced("sbomscanner.kubewarden.io", "Registry", "registries"),
    namespaced("scheduling.k8s.io", "CompositePodGroup", "compositepodgroups"),
    namespaced("scheduling.k8s.io", "PodGroup", "podgroups"),
    cluster("scheduling.k8s.io", "PriorityClass", "priorityclasses"),
    namespaced("scheduling.k8s.io", "Workload", "workloads"),
    namespaced("scylla.scylladb.com", "ScyllaCluster", "scyllaclusters"),
    cluster("security-profiles-operator.x-k8s.io", "SeccompProfile", "seccompprofiles"),
    namespaced("serving.knative.dev", "Configuration", "configurations"),
    namespaced("serving.knative.dev", "Revision", "revisions"),
    namespaced("serving.knative.dev", "Service", "services"),
    cluster("serving.kserve.io", "ClusterServingRuntime", "clusterservingruntimes"),
    cluster("serving.kserve.io", "ClusterStorageContainer", "clusterstoragecontainers"),
    namespaced("serving.kserve.io", "InferenceService", "inferenceservices"),
    namespaced("serving.kserve.io", "LLMInferenceService", "llminferenceservices"),
    namespaced("serving.kserve.io", "LLMInferenceServiceConfig", "llminferenceserviceconfigs"),
    cluster("serving.kserve.io", "LocalModelCache", "localmodelcaches"),
    namespaced("serving.kserve.io", "LocalModelNamespaceCache", "localmodelnamespacecaches"),
    cluster("serving.kserve.io", "LocalModelNode", "localmodelnodes"),
    namespaced("serving.kserve.io", "ServingRuntime", "servingruntimes"),
    namespaced("shipwright.io", "Build", "builds"),
    namespaced("shipwright.io", "BuildRun", "buildruns"),
    namespaced("shipwright.io", "BuildStrategy", "buildstrategies"),
    cluster("shipwright.io", "ClusterBuildStrategy", "clusterbuildstrategies"),
    namespaced("sinks.knative.dev", "JobSink", "jobsinks"),
    namespaced("snapshot.storage.k8s.io", "VolumeSnapshot", "volumesnapshots"),
    cluster("snapshot.storage.k8s.io", "VolumeSnapshotClass", "volumesnapshotclasses"),
    cluster("snapshot.storage.k8s.io", "VolumeSnapshotContent", "volumesnapshotcontents"),
    namespaced("source.toolkit.fluxcd.io", "HelmRepository", "helmrepositories"),
    namespaced("source.toolkit.fluxcd.io", "OCIRepository", "ocirepositories"),
    namespaced("sources.knative.dev", "ContainerSource", "containersources"),
    namespaced("sources.knative.dev", "IntegrationSource", "integrationsources"),
    namespaced("sparkoperator.k8s.io", "ScheduledSparkApplication", "scheduledsparkapplications"),
    namespaced("sparkoperator.k8s.io", "SparkApplication", "sparkapplications"),
    namespaced("sparkoperator.k8s.io", "SparkConnect", "sparkconnects"),
    cluster("storage.k8s.io", "CSIDriver", "csidrivers"),
    cluster("storage.k8s.io", "CSINode", "csinodes"),
    namespaced("storage.k8s.io", "CSIStorageCapacity", "csistoragecapacities"),
    cluster("storage.k8s.io", "StorageClass", "storageclasses"),
    cluster("storage.k8s.io", "VolumeAttachment", "volumeattachments"),
    cluster("storage.k8s.io", "VolumeAttributesClass", "volumeattributesclasses"),
    cluster("storagemigration.k8s.io", "StorageVersionMigration", "storageversionmigrations"),
    cluster("tekton.dev", "ClusterTask", "clustertasks"),
    namespaced("tekton.dev", "CustomRun", "customruns"),
    namespaced("tekton.dev", "Pipeline", "pipelines"),
    namespaced("tekton.dev", "PipelineRun", "pipelineruns"),
    namespaced("tekton.dev", "Run", "runs"),
    namespaced("tekton.dev", "StepAction", "stepactions"),
    namespaced("tekton.dev", "Task", "tasks"),
    namespaced("tekton.dev", "TaskRun", "taskruns"),
    cluster("trainer.kubeflow.org", "ClusterTrainingRuntime", "clustertrainingruntimes"),
    namespaced("trainer.kubeflow.org", "OptimizationJob", "optimizationjobs"),
    namespaced("trainer.kubeflow.org", "TrainJob", "trainjobs"),
    namespaced("trainer.kubeflow.org", "TrainingRuntime", "trainingruntimes"),
    namespaced("triggers.tekton.dev", "EventListener", "eventlisteners"),
    namespaced("triggers.tekton.dev", "Trigger", "triggers"),
    namespaced("triggers.tekton.dev", "TriggerTemplate", "triggertemplates"),
    namespaced("virtualdaemonsets.aci.azure.microsoft.com", "VirtualDaemonSet", "virtualdaemonsets"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order_and_names_no_kind_twice() {
        for pair in KINDS.windows(2) {
            assert!((pair[0].group, pair[0].kind) < (pair[1].group, pair[1].kind), "{:?}", pair[1]);
        }
    }

    #[test]
    fn what_the_table_does_not_know_is_guessed() {
        for (kind, guess) in [("Widget", "widgets"), ("Box", "boxes"), ("Policy", "policies"), ("Gateway", "gateways")]
        {
            assert_eq!(plural("example.com", kind), guess);
        }
        assert!(is_cluster_scoped("example.com", "ClusterWidget") && is_cluster_scoped("web.azure.upbound.io", "App"));
        assert!(!is_cluster_scoped("example.com", "Widget") && !is_cluster_scoped("example.com", "Cluster"));
        assert!(
            !is_cluster_scoped("web.azure.m.upbound.io", "App") && !is_cluster_scoped("x.cluster.x-k8s.io", "ClusterA")
        );
    }

    #[test]
    fn what_the_table_knows_is_not_guessed() {
        assert_eq!(plural("", "Endpoints"), "endpoints");
        assert!(!is_cluster_scoped("operators.coreos.com", "ClusterServiceVersion") && is_cluster_scoped("", "Node"));
    }
}
