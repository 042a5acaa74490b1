//! How a management cluster describes Azure resources.
//!
//! Three operators create Azure resources from Kubernetes objects. The Azure Service Operator (ASO) has one kind per
//! resource, in groups such as `containerservice.azure.com`. Cluster API for Azure (CAPZ) holds whole ASO objects in the
//! `resources` of its `AzureASOManaged` kinds. Crossplane has its own kinds in `*.azure.upbound.io` and
//! `*.azure.m.upbound.io`. This module has what does not depend on the kind: which resources an object describes, and
//! whether its operator applies them at all.

use std::borrow::Cow;

use crate::finding::{FieldRef, Findings, UNREADABLE};
use crate::json::{Kind, Value};
use crate::places;
use crate::request::Request;

/// The group of CAPZ's kinds.
pub const CAPZ: &str = "infrastructure.cluster.x-k8s.io";

/// CAPZ's kinds that hold ASO objects, and the place of these.
pub const EMBEDDING: &[(&str, &str)] = &[
    ("AzureASOManagedCluster", "spec.resources[]"),
    ("AzureASOManagedClusterTemplate", "spec.template.spec.resources[]"),
    ("AzureASOManagedControlPlane", "spec.resources[]"),
    ("AzureASOManagedControlPlaneTemplate", "spec.template.spec.resources[]"),
    ("AzureASOManagedMachinePool", "spec.resources[]"),
    ("AzureASOManagedMachinePoolTemplate", "spec.template.spec.resources[]"),
];

/// The two trees of a Crossplane resource that hold its fields. `initProvider` counts where `forProvider` says nothing,
/// and only when the resource is made.
pub const PARAMETERS: &[&str] = &["forProvider", "initProvider"];

/// One described resource: the object of the request, or one that it holds.
#[derive(Clone, Debug)]
pub struct Resource<'d> {
    /// The API group: `containerservice.azure.com`.
    pub group: Cow<'d, str>,
    /// The version: `v1api20250801`.
    pub version: Cow<'d, str>,
    /// The kind.
    pub kind: Cow<'d, str>,
    /// The object, which holds `metadata` and `spec`. Its path is right wherever it stands.
    pub object: Value<'d>,
}

/// Calls `found` with every resource that `object`, which is of the request's kind, describes: itself, and the objects
/// that a kind of [`EMBEDDING`] holds. One that does not say its kind is reported: it could be any.
pub fn for_each_resource<'d>(
    findings: &mut Findings,
    request: &Request<'d>,
    object: Value<'d>,
    found: &mut dyn FnMut(&mut Findings, Resource<'d>),
) {
    let (group, version, kind) = (request.group.clone(), request.version.clone(), request.kind.clone());
    let embedded = EMBEDDING.iter().find(|(kind, _)| request.is(CAPZ, kind));
    found(findings, Resource { group, version, kind, object });
    let Some((_, place)) = embedded else { return };
    places::visit(findings, object, place, &mut |findings, item| {
        if findings.expect(item, Kind::Object)
            && let Some(version) = identity(findings, item, "apiVersion")
            && let Some(kind) = identity(findings, item, "kind")
        {
            let (group, version) = version.rsplit_once('/').unwrap_or(("", &version));
            let (group, version) = (Cow::Owned(group.to_owned()), Cow::Owned(version.to_owned()));
            found(findings, Resource { group, version, kind, object: item });
        }
    });
}

fn identity<'d>(findings: &mut Findings, item: Value<'d>, key: &str) -> Option<Cow<'d, str>> {
    if item.field(key).is_none() {
        let what = "an embedded resource without its type cannot be judged";
        findings.deny(
            &UNREADABLE,
            FieldRef::missing(item, &[key]),
            what,
            "Write the apiVersion and kind of the resource",
        );
    }
    findings.text(item, key).map(|(_, text)| text)
}

/// The service of a Crossplane group: `containerservice` of `containerservice.azure.m.upbound.io`.
pub fn crossplane_service(group: &str) -> Option<&str> {
    let rest = group.strip_suffix(".upbound.io")?;
    rest.strip_suffix(".azure.m").or_else(|| rest.strip_suffix(".azure"))
}

/// What Crossplane may do to a resource without making or changing it in Azure.
const OBSERVING: &[&str] = &["Observe", "LateInitialize", "Delete"];

/// The management policies that let Crossplane delete a resource in Azure.
const DELETING: &[&str] = &["*", "Delete"];

/// The annotation that tells ASO to leave a resource alone.
const RECONCILE_POLICY: &[&str] = &["metadata", "annotations", "serviceoperator.azure.com/reconcile-policy"];

impl<'d> Resource<'d> {
    /// Why the operator does not apply the resource, if it does not.
    ///
    /// An ASO object with the reconcile policy `skip` mirrors what already exists, and so does a Crossplane resource whose
    /// management policies let it neither create nor update. Both words are compared exactly, as the operators do, and
    /// what has another type is no reason. Lifting either is an update, which is judged again.
    pub fn inert(&self) -> Option<&'static str> {
        if crossplane_service(&self.group).is_some() {
            let policies = self.object.descend(&["spec", "managementPolicies"])?;
            let observes = |policy: Value<'_>| OBSERVING.iter().any(|word| policy.is_text(word));
            return (policies.kind() == Kind::List && policies.items().all(observes))
                .then_some("its management policies only observe");
        }
        let policy = self.object.descend(RECONCILE_POLICY)?;
        (is_aso(&self.group) && policy.is_text("skip")).then_some("its reconcile policy is `skip`")
    }

    /// Whether the resource stays in Azure when its object is deleted.
    ///
    /// Crossplane goes by the management policies where they are not the default; then `deletionPolicy`, which only its
    /// cluster-scoped kinds have, does not count. ASO knows no such field, and Crossplane not ASO's annotation.
    pub fn outlives_object(&self) -> bool {
        if crossplane_service(&self.group).is_some() {
            let spec = self.object.field("spec");
            let policies = spec.and_then(|spec| spec.field("managementPolicies"));
            if let Some(policies) = policies.filter(|policies| policies.kind() == Kind::List)
                && !policies.items().all(|policy| policy.is_text("*"))
            {
                return !policies.items().any(|policy| DELETING.iter().any(|word| policy.is_text(word)));
            }
            let is_paused = policies.is_some_and(|policies| policies.is_empty_container());
            let deletion = spec.and_then(|spec| spec.field("deletionPolicy"));
            let is_orphaned = deletion.is_some_and(|policy| policy.is_text("Orphan"));
            return is_paused || (is_orphaned && !is_namespaced(&self.group));
        }
        let policy = self.object.descend(RECONCILE_POLICY);
        is_aso(&self.group) && policy.is_some_and(|policy| policy.is_text("skip") || policy.is_text("detach-on-delete"))
    }

    /// What the resource is called in Azure, and where that is written: as the operator's own field or annotation says, or
    /// as the object is called.
    pub fn azure_name(&self) -> Option<Value<'d>> {
        let own: &[&str] = if crossplane_service(&self.group).is_some() {
            &["metadata", "annotations", "crossplane.io/external-name"]
        } else {
            &["spec", "azureName"]
        };
        let named = |place| self.object.descend(place).filter(|name| !name.is_text(""));
        named(own).or_else(|| named(&["metadata", "name"]))
    }
}

/// Whether the kinds of a Crossplane group are namespaced.
fn is_namespaced(group: &str) -> bool {
    group.ends_with(".m.upbound.io")
}

/// Whether ASO's operator serves this group. CAPZ's own objects carry the same annotation without heeding it.
fn is_aso(group: &str) -> bool {
    group.ends_with(".azure.com")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Document;

    fn described(request: &str) -> (Vec<String>, Vec<String>) {
        let document = Document::read(request.as_bytes()).unwrap();
        let request = Request::read(document.root()).unwrap();
        let object = request.object.unwrap();
        let mut findings = Findings::new(object);
        let mut seen = Vec::new();
        for_each_resource(&mut findings, &request, object, &mut |_, resource| {
            let path = resource.object.path(object);
            seen.push(format!("{path} {} {} {}", resource.group, resource.kind, resource.inert().is_some()));
        });
        (seen, findings.kept().iter().map(|finding| finding.path.to_string()).collect())
    }

    #[test]
    fn an_object_describes_itself_and_what_it_embeds() {
        let (seen, unreadable) = described(
            r#"{"operation": "CREATE",
                "kind": {"group": "infrastructure.cluster.x-k8s.io", "version": "v1beta1", "kind": "AzureASOManagedCluster"},
                "object": {"spec": {"resources": [
                    {"apiVersion": "resources.azure.com/v1api20200601", "kind": "ResourceGroup",
                     "metadata": {"annotations": {"serviceoperator.azure.com/reconcile-policy": "skip"}}},
                    {"apiVersion": "network.azure.com/v1", "kind": 7},
                    {"kind": "ManagedCluster"},
                    "ManagedCluster"]}}}"#,
        );
        assert_eq!(
            seen,
            [
                " infrastructure.cluster.x-k8s.io AzureASOManagedCluster false",
                "spec.resources[0] resources.azure.com ResourceGroup true",
            ]
        );
        assert_eq!(unreadable, ["spec.resources[1].kind", "spec.resources[2].apiVersion", "spec.resources[3]"]);
    }

    #[test]
    fn only_a_policy_that_leaves_azure_alone_makes_a_resource_inert() {
        let inert = |policies: &str| {
            let (seen, _) = described(&format!(
                r#"{{"operation": "CREATE",
                     "kind": {{"group": "network.azure.m.upbound.io", "version": "v1beta1", "kind": "PublicIP"}},
                     "object": {{"spec": {{"managementPolicies": {policies}}}}}}}"#
            ));
            seen[0].ends_with("true")
        };
        assert!(inert(r#"["Observe"]"#) && inert(r#"["Observe", "Delete"]"#) && inert("[]"));
        for active in [r#"["*"]"#, r#"["Observe", "Create"]"#, r#"["observe"]"#, r#"[["Observe"]]"#, "null", "7"] {
            assert!(!inert(active), "{active}");
        }
    }

    fn resource_of(group: &str, object: &str, check: impl FnOnce(&Resource<'_>)) {
        let document = Document::read(object.as_bytes()).unwrap();
        let (version, kind) = (Cow::Borrowed("v1"), Cow::Borrowed("CacheRule"));
        check(&Resource { group: Cow::Borrowed(group), version, kind, object: document.root() });
    }

    #[test]
    fn what_becomes_of_a_resource_is_said_by_its_operator() {
        const CROSSPLANE: &str = "containerregistry.azure.upbound.io";
        const NAMESPACED: &str = "containerregistry.azure.m.upbound.io";
        const ASO: &str = "containerregistry.azure.com";
        let annotated =
            r#"{"metadata": {"annotations": {"serviceoperator.azure.com/reconcile-policy": "detach-on-delete"}}}"#;
        for (group, object, outlives) in [
            (CROSSPLANE, r#"{"spec": {}}"#, false),
            (CROSSPLANE, r#"{"spec": {"managementPolicies": ["*"]}}"#, false),
            (CROSSPLANE, r#"{"spec": {"managementPolicies": ["*"], "deletionPolicy": "Orphan"}}"#, true),
            (CROSSPLANE, r#"{"spec": {"deletionPolicy": "Orphan"}}"#, true),
            (CROSSPLANE, r#"{"spec": {"deletionPolicy": "orphan"}}"#, false),
            (
                CROSSPLANE,
                r#"{"spec": {"managementPolicies": ["Observe", "Delete"], "deletionPolicy": "Orphan"}}"#,
                false,
            ),
            (CROSSPLANE, r#"{"spec": {"managementPolicies": ["Observe", "Create", "Update"]}}"#, true),
            (CROSSPLANE, r#"{"spec": {"managementPolicies": ["Observe"], "deletionPolicy": "Delete"}}"#, true),
            (CROSSPLANE, r#"{"spec": {"managementPolicies": []}}"#, true),
            (CROSSPLANE, r#"{"spec": {"managementPolicies": ["Observe", "*"]}}"#, false),
            (CROSSPLANE, annotated, false),
            (NAMESPACED, r#"{"spec": {"deletionPolicy": "Orphan"}}"#, false),
            (NAMESPACED, r#"{"spec": {"managementPolicies": ["Observe", "Update"]}}"#, true),
            (ASO, annotated, true),
            (ASO, r#"{"spec": {"deletionPolicy": "Orphan", "managementPolicies": ["Observe"]}}"#, false),
        ] {
            resource_of(group, object, |resource| assert_eq!(resource.outlives_object(), outlives, "{group} {object}"));
        }
    }

    #[test]
    fn the_name_in_azure_is_what_the_operator_reads() {
        let object = r#"{"metadata": {"name": "a", "annotations": {"crossplane.io/external-name": "b"}}, "spec": {"azureName": "c"}}"#;
        for (group, name) in [("containerregistry.azure.m.upbound.io", "b"), ("containerregistry.azure.com", "c")] {
            resource_of(group, object, |resource| {
                assert!(resource.azure_name().is_some_and(|found| found.is_text(name)), "{group}");
            });
        }
        resource_of(
            "containerregistry.azure.com",
            r#"{"metadata": {"name": "a"}, "spec": {"azureName": ""}}"#,
            |resource| {
                assert!(resource.azure_name().is_some_and(|found| found.is_text("a")));
            },
        );
    }

    #[test]
    fn crossplane_has_two_families_of_groups() {
        assert_eq!(crossplane_service("containerservice.azure.upbound.io"), Some("containerservice"));
        assert_eq!(crossplane_service("containerservice.azure.m.upbound.io"), Some("containerservice"));
        assert_eq!(crossplane_service("containerservice.azure.com"), None);
        assert_eq!(crossplane_service("ec2.aws.upbound.io"), None);
    }
}
