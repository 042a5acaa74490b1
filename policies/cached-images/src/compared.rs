//! Objects whose controllers compare them with what they wrote. Rewritten, they would be created again and again.

use isolation::{Request, Value};

/// Kinds that their controllers recognise by comparing templates. A Deployment would not recognise a ReplicaSet whose image
/// was rewritten, and would create a new one, again and again. A Revision with a given name would be mistaken for another
/// one of that name.
const COMPARED: &[(&str, &str)] = &[("apps", "ReplicaSet"), ("serving.knative.dev", "Revision")];

/// Whether this object is a copy of its owner's template. The template was rewritten; the pods are rewritten when they are
/// created.
pub fn is_compared_with_its_owner(request: &Request<'_>, object: Value<'_>) -> bool {
    COMPARED.iter().any(|(group, kind)| request.is(group, kind)) && controller(object).is_some()
}

/// The owner that controls this object.
fn controller<'d>(object: Value<'d>) -> Option<Value<'d>> {
    let owners = object.descend(&["metadata", "ownerReferences"])?;
    owners.items().find(|owner| owner.field("controller").and_then(|value| value.as_bool()) == Some(true))
}

/// Built-in objects of an operator that compares their images with those that it wrote. It would recreate rewritten pods again and
/// again, or wait for ever for others.
#[derive(Debug)]
pub struct Operator {
    /// The kinds.
    kinds: &'static [&'static str],
    /// The kind of the owner that controls them, behind the group. Empty where the operator sets no owner, unless told to.
    owner: (&'static str, &'static str),
    /// Labels that they have, with their values; an empty value stands for any.
    labels: &'static [(&'static str, &'static str)],
    /// The containers whose images are compared, and where the operator reads each image. An empty name stands for all others.
    sources: &'static [(&'static str, &'static str)],
}

/// <https://github.com/cloudnative-pg/cloudnative-pg/blob/main/internal/controller/cluster_upgrade.go>
const CLOUD_NATIVE_PG: Operator = Operator {
    kinds: &["Pod"],
    owner: ("postgresql.cnpg.io/", ""),
    labels: &[],
    sources: &[
        ("postgres", "imageName of the Cluster"),
        ("bootstrap-controller", "the operator's OPERATOR_IMAGE_NAME"),
    ],
};

const OPERATORS: &[Operator] = &[
    CLOUD_NATIVE_PG,
    // CloudNativePG was EDB's, and EDB's own product has its code.
    // <https://www.enterprisedb.com/docs/postgres_for_kubernetes/latest/>
    Operator { owner: ("postgresql.k8s.enterprisedb.io/", ""), ..CLOUD_NATIVE_PG },
    // Zalando's Postgres operator compares every image of its StatefulSets, and one of their pods.
    // <https://github.com/zalando/postgres-operator/blob/master/pkg/cluster/cluster.go> (`compareContainers`)
    Operator {
        kinds: &["Pod", "StatefulSet"],
        owner: ("", ""),
        labels: &[("application", "spilo"), ("cluster-name", "")],
        sources: &[("postgres", "dockerImage of the postgresql")],
    },
    // Beside the image, the operator of Argo CD writes the time into the template, so each turn is a rollout.
    // <https://github.com/argoproj-labs/argocd-operator/blob/cf5d1c02/controllers/argocd/deployment.go> (`image.upgraded`)
    Operator {
        kinds: &["Deployment", "StatefulSet"],
        owner: ("argoproj.io/", "ArgoCD"),
        labels: &[],
        sources: &[("", "an image of the ArgoCD")],
    },
    // <https://github.com/operator-framework/operator-lifecycle-manager/blob/992bb0977/pkg/controller/registry/reconciler/grpc.go>
    // (`correctImages`)
    Operator {
        kinds: &["Pod"],
        owner: ("operators.coreos.com/", "CatalogSource"),
        labels: &[],
        sources: &[
            ("registry-server", "image of the CatalogSource, or as --opmImage of catalog-operator"),
            ("extract-content", "image of the CatalogSource"),
            ("extract-utilities", UTIL_IMAGE),
        ],
    },
    // The pods of these Jobs are not compared.
    // <https://github.com/operator-framework/operator-lifecycle-manager/blob/992bb0977/pkg/controller/bundle/bundle_unpacker.go>
    // (`ensureJob`)
    Operator {
        kinds: &["Job"],
        owner: ("", ""),
        labels: &[("operatorframework.io/bundle-unpack-ref", "")],
        sources: &[
            ("extract", "--opmImage of catalog-operator"),
            ("util", UTIL_IMAGE),
            ("pull", "the bundle's image in the catalog"),
        ],
    },
    // With `workloadUpdateStrategy`, KubeVirt migrates or evicts machines whose launcher is not its own.
    // <https://github.com/kubevirt/kubevirt/blob/d923fdb8/pkg/virt-controller/watch/workload-updater/workload-updater.go>
    Operator {
        kinds: &["Pod"],
        owner: ("kubevirt.io/", ""),
        labels: &[],
        sources: &[("compute", "the launcher's image, by imageRegistry of the KubeVirt")],
    },
    // <https://github.com/jenkinsci/kubernetes-operator/blob/ce17cbd3/pkg/configuration/base/pod.go> (`checkForPodRecreation`)
    Operator {
        kinds: &["Pod"],
        owner: ("jenkins.io/", "Jenkins"),
        labels: &[],
        sources: &[("", "an image in spec.master.containers of the Jenkins")],
    },
    // Longhorn would never take such a pod for ready, so no backing image would come of it.
    // <https://github.com/longhorn/longhorn-manager/blob/5ddaa369f/controller/backing_image_data_source_controller.go>
    Operator {
        kinds: &["Pod"],
        owner: ("longhorn.io/", "BackingImageDataSource"),
        labels: &[],
        sources: &[("", "--backing-image-manager-image of longhorn-manager")],
    },
    // <https://github.com/aerospike/aerospike-kubernetes-operator/blob/master/internal/controller/cluster/statefulset.go>
    // (`isPodOnDesiredImage`)
    Operator {
        kinds: &["Pod", "StatefulSet"],
        owner: ("", ""),
        labels: &[("aerospike.com/cr", "")],
        sources: &[("", "an image of the AerospikeCluster")],
    },
];

const UTIL_IMAGE: &str = "--util-image of catalog-operator";

impl Operator {
    /// The operator that compares images of this object. Anybody may write such an owner or label. That only leaves an image as
    /// it is, and `private-images` judges it.
    pub fn of(request: &Request<'_>, object: Value<'_>) -> Option<&'static Self> {
        let kind: &str = &request.kind;
        let owner = controller(object);
        let owner = |key| owner?.field(key)?.as_str();
        let labels = object.descend(&["metadata", "labels"]);
        let has = |(key, value): &(&str, &str)| {
            let label = labels.and_then(|labels| labels.field(key));
            label.is_some_and(|label| value.is_empty() || label.is_text(value))
        };
        OPERATORS.iter().find(|operator| {
            let (group, owned) = operator.owner;
            operator.kinds.contains(&kind)
                && matches!(&*request.group, "" | "apps" | "batch")
                && operator.labels.iter().all(has)
                && (group.is_empty() || owner("apiVersion").is_some_and(|version| version.starts_with(group)))
                && (owned.is_empty() || owner("kind").is_some_and(|kind| kind == owned))
        })
    }

    /// Where the operator reads this image, if it compares it and its author can write it somewhere.
    pub fn source_of(&self, image: Value<'_>) -> Option<&'static str> {
        let container = image.parent()?;
        let name = container.field("name")?.as_str()?;
        // A debug container is nobody's but its author's.
        let is_debug = container.parent()?.key().is_some_and(|key| key == "ephemeralContainers");
        let mut sources = self.sources.iter().filter(|_| !is_debug);
        sources.find(|(of, _)| of.is_empty() || *of == name).map(|(_, source)| *source)
    }
}
