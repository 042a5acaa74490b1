//! What is pulled although no pod names it. Nothing is judged later here, so for each API group the list is to be complete.

use super::shapes::CAPI_PROVIDERS;
use super::{
    Condition, Content, Custom, IMAGE_DRIVERS, MOUNTED_ARTIFACT, Parameter, Place, at, custom, if_says, image, name,
};
use crate::images::{Naming, Scheme};

const fn pulled(at: &'static str) -> Place {
    name(at, Naming::Pulled)
}

const fn scanned(at: &'static str) -> Place {
    name(at, Naming::Scanned)
}

const fn url(at: &'static str) -> Place {
    name(at, Naming::Url)
}

const fn keys(at: &'static str) -> Place {
    Place { at, holds: Content::Keys }
}

/// A repository for Argo CD, whose charts may stand in a registry without `oci://`.
const ARGO_CD: &[Place] = &[name("repoURL", Naming::Chart)];

/// `operation` makes a sync that takes its sources from itself and not from the spec.
const ARGO_CD_APPLICATION: &[Place] = &[at(
    "spec.source spec.sources[] spec.sourceHydrator.drySource spec.sourceHydrator.syncSource \
     operation.sync.source operation.sync.sources[]",
    ARGO_CD,
)];

const ARGO_CD_IN_A_SET: &[Place] =
    &[at("spec.source spec.sources[] spec.sourceHydrator.drySource spec.sourceHydrator.syncSource", ARGO_CD)];

/// A generator, which may bring a template of its own and hold generators.
static ARGO_CD_GENERATOR: [Place; 2] = [at("template", ARGO_CD_IN_A_SET), at("generators[]{}", &ARGO_CD_GENERATOR)];

/// A reference to a task, a pipeline or a step. The resolver `bundles` pulls what its parameter `bundle` names; up to Tekton
/// 0.x the field `bundle` did.
const TEKTON_REF: &[Place] = &[
    pulled("bundle"),
    Place { at: "params", holds: Content::Parameter(&Parameter { name: "bundle", naming: Naming::Pulled }) },
];

const TEKTON_TASK: &[Place] = &[at("steps[].ref", TEKTON_REF)];

/// A pipeline, whose tasks may be pipelines.
static TEKTON_PIPELINE: [Place; 3] = [
    at("tasks[].taskRef tasks[].pipelineRef finally[].taskRef finally[].pipelineRef", TEKTON_REF),
    at("tasks[].taskSpec finally[].taskSpec", TEKTON_TASK),
    at("tasks[].pipelineSpec finally[].pipelineSpec", &TEKTON_PIPELINE),
];

const KAPP_FETCH: &[Place] = &[pulled("image.url imgpkgBundle.image"), url("helmChart.repository.url")];

const KPACK_SOURCE: &[Place] = &[pulled("source.registry.image")];

/// Buildpacks that a builder is put together from, and where it is pushed.
const KPACK_BUILDER: &[Place] = &[pulled("order[].group[].image buildImage.image runImage.image"), scanned("tag")];

const CDI: Naming = Naming::Module(Scheme::Docker);

/// Istio, and what else takes a reference with `oci://` or without.
const OCI: Naming = Naming::Module(Scheme::Oci);

/// What Kargo's steps `oci-download` and `oci-push` pull, and where the latter pushes it. `helm-update-chart` pulls the charts that
/// it updates, from the repository that `Chart.yaml` names, too.
const KARGO_STEP: &[Place] =
    &[name("imageRef srcRef", OCI), name("destRef", Naming::Pushed), url("charts[].repository")];

const KUBEWARDEN: Naming = Naming::Module(Scheme::Registry);

const SHIPWRIGHT: &[Place] =
    &[pulled("source.ociArtifact.image source.bundleContainer.image builder.image"), scanned("output.image")];

/// What the add-on controller deploys: charts, and whatever a URL leads to, which it asks for again and again.
const SVELTOS: &[Place] =
    &[url("helmCharts[].repositoryURL policyRefs[].remoteURL.url kustomizationRefs[].remoteURL.url")];

/// A chart of provider-helm. Helm takes its name for the URL where there is no repository.
const CROSSPLANE_CHART: &[Place] = &[at("spec.forProvider.chart", &[url("name repository url")])];

const KPACK_CACHE: Place = scanned("spec.cache.registry.tag");

/// A disk of KubeVirt's, asked for by annotations of a claim.
const CDI_CLAIM: Condition = Condition {
    at: "[cdi.kubevirt.io/storage.import.source]",
    texts: &["registry"],
    places: &[name("[cdi.kubevirt.io/storage.import.endpoint]", Naming::Disk)],
};

/// A volume whose driver mounts an image: the volume's handle names it, unless an attribute does.
const MOUNTED_VOLUME: Condition = Condition {
    at: "driver",
    texts: IMAGE_DRIVERS,
    places: &[image("volumeHandle volumeAttributes.image volumeAttributes.volumeHandle")],
};

/// A gadget that Inspektor Gadget runs on every node as long as the ConfigMap is there.
/// <https://github.com/inspektor-gadget/inspektor-gadget/blob/aeac857bd/pkg/gadget-service/store/k8s-configmap-store/configmapstore.go>
const GADGET: Condition = Condition {
    at: "labels.type",
    texts: &["gadget-instance"],
    places: &[at("annotations", &[pulled("gadgetImage")])],
};

const BPF_PROGRAMS: &[&str] = &[
    "BpfNsApplication",
    "FentryProgram",
    "FexitProgram",
    "KprobeProgram",
    "TcNsProgram",
    "TcProgram",
    "TcxNsProgram",
    "TcxProgram",
    "TracepointProgram",
    "UprobeNsProgram",
    "UprobeProgram",
    "XdpNsProgram",
    "XdpProgram",
];

/// Who is to have signed an image, for Kyverno, which reads the signatures in another repository than the image's. An entry may hold
/// entries.
static KYVERNO_ATTESTOR: [Place; 2] = [scanned("repository"), at("attestor.entries[]", &KYVERNO_ATTESTOR)];

const KYVERNO_RULE: &[Place] = &[
    scanned("verifyImages[].repository validate.manifests.repository"),
    at(
        "verifyImages[].attestors[].entries[] verifyImages[].attestations[].attestors[].entries[] \
         validate.manifests.attestors[].entries[]",
        &KYVERNO_ATTESTOR,
    ),
];

const WASMCLOUD: &[Place] = &[pulled("components[].image service.image")];

/// Every custom resource that names what no pod names.
pub static PULLED: &[Custom] = &[
    // Argo CD's repository server pulls charts and manifests.
    custom("argoproj.io", &["Application"], ARGO_CD_APPLICATION),
    custom(
        "argoproj.io",
        &["ApplicationSet"],
        &[at("spec.template", ARGO_CD_IN_A_SET), at("spec.generators[]{}", &ARGO_CD_GENERATOR)],
    ),
    custom(
        "argocd-image-updater.argoproj.io",
        &["ImageUpdater"],
        &[name("spec.applicationRefs[].images[].imageName", Naming::Constrained)],
    ),
    // Tekton's resolvers pull bundles.
    custom("tekton.dev", &["ClusterTask", "Task"], &[at("spec", TEKTON_TASK)]),
    custom("tekton.dev", &["TaskRun"], &[at("spec.taskRef", TEKTON_REF), at("spec.taskSpec", TEKTON_TASK)]),
    custom("tekton.dev", &["Pipeline"], &[at("spec", &TEKTON_PIPELINE)]),
    custom(
        "tekton.dev",
        &["PipelineRun"],
        &[at("spec.pipelineRef", TEKTON_REF), at("spec.pipelineSpec", &TEKTON_PIPELINE)],
    ),
    custom("tekton.dev", &["CustomRun", "Run"], &[at("spec.customRef spec.ref", TEKTON_REF)]),
    custom("resolution.tekton.dev", &["ResolutionRequest"], &[at("spec", TEKTON_REF)]),
    // A build's source.
    custom("shipwright.io", &["Build", "BuildRun"], &[at("spec spec.build.spec spec.buildSpec", SHIPWRIGHT)]),
    // Flux's source controller and image reflector pull and scan.
    custom("source.toolkit.fluxcd.io", &["HelmRepository", "OCIRepository"], &[url("spec.url")]),
    custom("image.toolkit.fluxcd.io", &["ImageRepository"], &[scanned("spec.image")]),
    custom("fluxcd.controlplane.io", &["FluxInstance"], &[url("spec.distribution.artifact spec.sync.url")]),
    custom("fluxcd.controlplane.io", &["ResourceSetInputProvider"], &[url("spec.url")]),
    // Crossplane's package manager pulls packages; an ImageConfig sends it elsewhere.
    custom(
        "pkg.crossplane.io",
        &["Configuration", "ConfigurationRevision", "Function", "FunctionRevision", "Provider", "ProviderRevision"],
        &[name("spec.package spec.image", Naming::Package)],
    ),
    custom("pkg.crossplane.io", &["ImageConfig"], &[name("spec.rewriteImage.prefix", Naming::Prefix)]),
    custom("helm.crossplane.io", &["Release"], CROSSPLANE_CHART),
    custom("helm.m.crossplane.io", &["Release"], CROSSPLANE_CHART),
    // Cluster API's operator pulls providers, its add-on provider charts.
    custom("operator.cluster.x-k8s.io", CAPI_PROVIDERS, &[scanned("spec.fetchConfig.oci")]),
    custom("addons.cluster.x-k8s.io", &["HelmChartProxy", "HelmReleaseProxy"], &[url("spec.repoURL spec.chartName")]),
    // Operator Lifecycle Manager v1: catalogs. Those of v0 are pods.
    custom("olm.operatorframework.io", &["ClusterCatalog"], &[pulled("spec.source.image.ref")]),
    // Catalogs before catalogd 0.21, and the bundles of rukpak since 0.21. Before that, the latter became pods.
    custom("catalogd.operatorframework.io", &["Catalog", "ClusterCatalog"], &[pulled("spec.source.image.ref")]),
    custom("core.rukpak.io", &["BundleDeployment"], &[pulled("spec.source.image.ref")]),
    // Carvel's kapp-controller.
    custom("kappctrl.k14s.io", &["App"], &[at("spec.fetch[]", KAPP_FETCH)]),
    custom("packaging.carvel.dev", &["PackageRepository"], &[at("spec.fetch", KAPP_FETCH)]),
    // kpack reads and writes images by itself.
    custom("kpack.io", &["Buildpack", "ClusterBuildpack", "ClusterLifecycle"], &[pulled("spec.image")]),
    custom("kpack.io", &["Builder", "ClusterBuilder", "ClusterStack"], &[at("spec", KPACK_BUILDER)]),
    custom("kpack.io", &["ClusterStore"], &[pulled("spec.sources[].image")]),
    custom("kpack.io", &["Image"], &[at("spec", KPACK_SOURCE), scanned("spec.tag spec.additionalTags[]"), KPACK_CACHE]),
    custom("kpack.io", &["SourceResolver"], &[at("spec", KPACK_SOURCE)]),
    custom(
        "kpack.io",
        &["Build"],
        &[
            at("spec", KPACK_SOURCE),
            pulled("spec.builder.image spec.runImage.image spec.lastBuild.image spec.lastBuild.cache.image"),
            scanned("spec.tags[]"),
            KPACK_CACHE,
        ],
    ),
    // Built-in kinds that a controller or a driver takes for its own.
    custom("", &["ConfigMap"], &[if_says("metadata", &GADGET)]),
    custom(
        "",
        &["PersistentVolume"],
        &[if_says("spec.csi", &MOUNTED_VOLUME), at("spec.csi.volumeAttributes", MOUNTED_ARTIFACT)],
    ),
    custom("", &["PersistentVolumeClaim"], &[if_says("metadata.annotations", &CDI_CLAIM)]),
    // KubeVirt's importer reads disks out of images; with the pull method `node` it is a pod that does.
    custom("cdi.kubevirt.io", &["DataVolume", "VolumeImportSource"], &[name("spec.source.registry.url", CDI)]),
    custom("cdi.kubevirt.io", &["DataImportCron"], &[name("spec.template.spec.source.registry.url", CDI)]),
    // OpenKruise's pull jobs make the nodes pull images.
    custom("apps.kruise.io", &["ImagePullJob"], &[image("spec.image")]),
    custom("apps.kruise.io", &["ImageListPullJob"], &[image("spec.images[]")]),
    custom("apps.kruise.io", &["NodeImage"], &[keys("spec.images")]),
    custom("caching.internal.knative.dev", &["Image"], &[image("spec.image")]),
    // KServe's agents fetch models into the nodes.
    custom(
        "serving.kserve.io",
        &["LocalModelCache", "LocalModelNamespaceCache", "LocalModelNode"],
        &[url("spec.sourceModelUri spec.localModels[].sourceModelUri")],
    ),
    // Dynatrace's driver unpacks the agent's code into the nodes.
    custom(
        "dynatrace.com",
        &["DynaKube"],
        &[pulled(
            "spec.oneAgent.applicationMonitoring.codeModulesImage spec.oneAgent.cloudNativeFullStack.codeModulesImage",
        )],
    ),
    // Kargo looks for new versions, and its promotions unpack artifacts.
    custom(
        "kargo.akuity.io",
        &["Warehouse"],
        &[scanned("spec.subscriptions[].image.repoURL"), url("spec.subscriptions[].chart.repoURL")],
    ),
    custom(
        "kargo.akuity.io",
        &["ClusterPromotionTask", "Promotion", "PromotionTask", "Stage"],
        &[at("spec.steps[].config spec.promotionTemplate.spec.steps[].config", KARGO_STEP)],
    ),
    // What Kluctl's controller and Config Sync's reconcilers deploy, and the catalogs of Rancher.
    custom("gitops.kluctl.io", &["KluctlDeployment"], &[url("spec.source.oci.url")]),
    custom("configsync.gke.io", &["RepoSync", "RootSync"], &[pulled("spec.oci.image"), url("spec.helm.repo")]),
    custom("catalog.cattle.io", &["ClusterRepo"], &[url("spec.url")]),
    // Skills that a container of kagent's unpacks, and actors that a node's agent of Agent Substrate runs in a sandbox.
    // <https://github.com/kagent-dev/kagent/blob/5229184e2/go/core/internal/skillsinit/oci.go>
    // <https://github.com/agent-substrate/substrate/blob/86e138f6/cmd/atelet/internal/memorypullcache/memorypullcache.go>
    custom("kagent.dev", &["Agent", "SandboxAgent"], &[pulled("spec.skills.refs[]")]),
    custom("kagent.dev", &["AgentTemplate"], &[pulled("spec.skills[].source.oci spec.plugins[].source.oci")]),
    custom("ate.dev", &["ActorTemplate"], &[pulled("spec.pauseImage spec.containers[].image")]),
    // kube-image-keeper copies the images of pods to mirrors. Version 1 had a kind for each image in its cache.
    custom("kuik.enix.io", &["ClusterImageSetMirror", "ImageSetMirror"], &[name("spec.mirrors[]", Naming::Mirror)]),
    custom("kuik.enix.io", &["CachedImage"], &[pulled("spec.sourceImage")]),
    // Where Kyverno and Sigstore's policy controller look for signatures that are not beside the image.
    custom("kyverno.io", &["ClusterPolicy", "Policy"], &[at("spec.rules[]", KYVERNO_RULE)]),
    custom(
        "policies.kyverno.io",
        &["ImageValidatingPolicy", "NamespacedImageValidatingPolicy"],
        &[scanned("spec.attestors[].cosign.source.repository")],
    ),
    custom("policy.sigstore.dev", &["ClusterImagePolicy"], &[scanned("spec.authorities[].source[].oci")]),
    // Plug-ins of gateways and of Ratify, and profiles of seccomp.
    custom("gateway-operator.konghq.com", &["KongPluginInstallation"], &[pulled("spec.image")]),
    custom(
        "config.ratify.deislabs.io",
        &["NamespacedStore", "NamespacedVerifier", "Store", "Verifier"],
        &[pulled("spec.source.artifact")],
    ),
    custom("security-profiles-operator.x-k8s.io", &["SeccompProfile"], &[url("spec.baseProfileName")]),
    // Dashboards as artifacts.
    custom("grafana.integreatly.org", &["GrafanaDashboard", "GrafanaLibraryPanel"], &[pulled("spec.oci.reference")]),
    // Programs for the kernel, for proxies, for hosts of Wasm.
    custom(
        "bpfman.io",
        &["BpfApplication", "ClusterBpfApplication"],
        &[pulled("spec.byteCode.image.url spec.bytecode.image.url")],
    ),
    // Before 0.6, one kind for each sort of program.
    custom("bpfman.io", BPF_PROGRAMS, &[pulled("spec.bytecode.image.url")]),
    custom("extensions.istio.io", &["TrafficExtension"], &[name("spec.wasm.url", OCI)]),
    custom("extensions.istio.io", &["WasmPlugin"], &[name("spec.url", OCI)]),
    custom("extensions.higress.io", &["WasmPlugin"], &[name("spec.url", OCI)]),
    custom(
        "gateway.envoyproxy.io",
        &["EnvoyExtensionPolicy"],
        &[pulled("spec.wasm[].code.image.url"), name("spec.wasm[].code.http.url", Naming::Web)],
    ),
    custom("gateway.envoyproxy.io", &["EnvoyProxy"], &[name("spec.dynamicModules[].source.remote.url", Naming::Web)]),
    custom("runtime.wasmcloud.dev", &["Artifact"], &[pulled("spec.image")]),
    custom(
        "runtime.wasmcloud.dev",
        &["Workload", "WorkloadDeployment", "WorkloadReplicaSet"],
        &[at("spec spec.template.spec", WASMCLOUD)],
    ),
    // Rules and plug-ins that a container in Falco's pods fetches. Up to 0.1 of its operator one field held the reference.
    custom(
        "artifact.falcosecurity.dev",
        &["Plugin", "Rulesfile"],
        &[pulled("spec.ociArtifact.reference"), name("spec.ociArtifact.image.repository", Naming::Parted)],
    ),
    // Jib, in the pod of Camel K's operator or in one of the operator's image, builds on these images. What an Integration or a
    // platform says stands in the Build at last.
    // <https://github.com/apache/camel-k/blob/4782ebd22/pkg/builder/jib.go>
    custom("camel.apache.org", &["Build"], &[pulled("spec.tasks[]{}.baseImage")]),
    custom(
        "camel.apache.org",
        &["Integration", "IntegrationKit", "IntegrationPlatform"],
        &[pulled("spec.build.baseImage spec.traits.builder.baseImage spec.traits.quarkus.nativeBaseImage")],
    ),
    // KubeEdge's nodes, which are none of AKS's and know of no redirect, and pull the latter with the version beside it.
    custom("operations.kubeedge.io", &["ImagePrePullJob"], &[pulled("spec.imagePrePullTemplate.images[]")]),
    custom("operations.kubeedge.io", &["NodeUpgradeJob"], &[scanned("spec.image")]),
    // Charts that Clusternet looks for, and installs in clusters.
    custom("apps.clusternet.io", &["HelmChart", "HelmRelease"], &[url("spec.repo")]),
    // Charts that Fleet's agents and the controller of k3s and RKE2 install.
    custom(
        "fleet.cattle.io",
        &["Bundle", "BundleDeployment", "HelmOp"],
        &[at("spec spec.targets[] spec.options spec.stagedOptions", &[url("helm.chart helm.repo")])],
    ),
    custom("fleet.cattle.io", &["ImageScan"], &[scanned("spec.image")]),
    custom("helm.cattle.io", &["HelmChart"], &[url("spec.chart spec.repo")]),
    // Kubewarden itself.
    custom(
        "policies.kubewarden.io",
        &["AdmissionPolicy", "AdmissionPolicyGroup", "ClusterAdmissionPolicy", "ClusterAdmissionPolicyGroup"],
        &[name("spec.module spec.policies{}.module", KUBEWARDEN)],
    ),
    custom("sbomscanner.kubewarden.io", &["Registry"], &[name("spec.uri", Naming::Prefix)]),
    // Sveltos deploys charts.
    custom(
        "config.projectsveltos.io",
        &["ClusterProfile", "ClusterSummary", "Profile"],
        &[at("spec spec.clusterProfileSpec", SVELTOS)],
    ),
    custom(
        "config.projectsveltos.io",
        &["ClusterPromotion"],
        &[
            at("spec.profileSpec", SVELTOS),
            url("spec.stages[].trigger.auto.preHealthCheckDeployment[].remoteURL.url \
                 spec.stages[].trigger.manual.preHealthCheckDeployment[].remoteURL.url"),
        ],
    ),
];
