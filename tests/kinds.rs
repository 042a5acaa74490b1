//! The table of kinds against Kubernetes' own types, and against the definitions of custom resources.
#![allow(clippy::panic)] // a test may

use std::any::TypeId;
use std::collections::BTreeSet;

use isolation::kinds::{self, KINDS, Scope};
use k8s_openapi::api::{
    admissionregistration::v1 as admission, apps::v1 as apps, autoscaling::v2 as autoscaling, batch::v1 as batch,
    certificates::v1 as certificates, coordination::v1 as coordination, core::v1 as core, discovery::v1 as discovery,
    flowcontrol::v1 as flowcontrol, networking::v1 as networking, node::v1 as node, policy::v1 as policy,
    rbac::v1 as rbac, resource::v1 as resource, scheduling::v1 as scheduling, storage::v1 as storage,
};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use k8s_openapi::kube_aggregator::pkg::apis::apiregistration::v1::APIService;
use k8s_openapi::{ClusterResourceScope, Resource};

fn check<T: Resource<Scope: 'static>>() {
    let kind = kinds::find(T::GROUP, T::KIND).unwrap_or_else(|| panic!("{} of {:?} is missing", T::KIND, T::GROUP));
    assert_eq!(kind.plural, T::URL_PATH_SEGMENT, "{kind:?}");
    let cluster = TypeId::of::<T::Scope>() == TypeId::of::<ClusterResourceScope>();
    assert_eq!(kind.scope == Scope::Cluster, cluster, "{kind:?}");
}

macro_rules! check {
    ($($module:ident: $($kind:ident),+;)+) => { $($(check::<$module::$kind>();)+)+ };
}

#[test]
fn kubernetes_has_the_same_plurals_and_scopes() {
    check! {
        admission: MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding, MutatingWebhookConfiguration,
            ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding, ValidatingWebhookConfiguration;
        apps: ControllerRevision, DaemonSet, Deployment, ReplicaSet, StatefulSet;
        autoscaling: HorizontalPodAutoscaler;
        batch: CronJob, Job;
        certificates: CertificateSigningRequest, ClusterTrustBundle;
        coordination: Lease;
        core: Binding, ComponentStatus, ConfigMap, Endpoints, Event, LimitRange, Namespace, Node, PersistentVolume,
            PersistentVolumeClaim, Pod, PodTemplate, ReplicationController, ResourceQuota, Secret, Service, ServiceAccount;
        discovery: EndpointSlice;
        flowcontrol: FlowSchema, PriorityLevelConfiguration;
        networking: IPAddress, Ingress, IngressClass, NetworkPolicy, ServiceCIDR;
        node: RuntimeClass;
        policy: PodDisruptionBudget;
        rbac: ClusterRole, ClusterRoleBinding, Role, RoleBinding;
        resource: DeviceClass, ResourceClaim, ResourceClaimTemplate, ResourceSlice;
        scheduling: PriorityClass;
        storage: CSIDriver, CSINode, CSIStorageCapacity, StorageClass, VolumeAttachment, VolumeAttributesClass;
    }
    check::<CustomResourceDefinition>();
    check::<APIService>();
}

#[test]
fn what_is_in_the_table_is_what_kubernetes_would_guess_but_for_named_exceptions() {
    for kind in KINDS {
        // A group that nobody has makes the table guess.
        let guess = kinds::plural("nobody.example.com", kind.kind);
        let excepted = matches!(
            (kind.group, kind.kind),
            ("", "Endpoints")
                | ("alb.networking.azure.io", "ApplicationLoadBalancer")
                | ("awx.ansible.com", "AWX")
                | ("gateway.kgateway.dev", "GatewayParameters")
                | ("redis.redis.opstreelabs.in", "Redis")
                | ("mongodb.com", _)
        );
        assert_eq!(guess != kind.plural, excepted, "{kind:?}, guessed {guess}");
    }
}

/// Custom resources, as the projects define them; see the file.
#[test]
fn projects_define_the_same_plurals_and_scopes() {
    let lines = include_str!("definitions.txt").lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let mut listed = BTreeSet::new();
    for line in lines {
        let words: Vec<_> = line.split(' ').collect();
        let [group, kind, definition @ ..] = words.as_slice() else { panic!("{line}") };
        let known = kinds::find(group, kind).unwrap_or_else(|| panic!("{line}: the table lacks it"));
        assert!(listed.insert((*group, *kind)), "{line}: it is there twice");
        if let [plural, scope, ..] = definition {
            assert_eq!((known.plural, format!("{:?}", known.scope).as_str()), (*plural, *scope), "{line}");
        }
    }
    for kind in KINDS {
        let is_listed = listed.contains(&(kind.group, kind.kind));
        assert!(is_listed != kinds::is_built_in(kind.group), "{kind:?}: in tests/definitions.txt are custom resources");
    }
}
