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

/// An operator that compares images of its pods with those that it wrote, and would recreate rewritten pods again and again.
#[derive(Debug, PartialEq, Eq)]
pub enum Operator {
    /// CloudNativePG, with a pod of its own.
    /// <https://github.com/cloudnative-pg/cloudnative-pg/blob/main/internal/controller/cluster_upgrade.go>
    CloudNativePg,
    /// Zalando's Postgres operator, with a StatefulSet of its own, of which it compares every image.
    /// <https://github.com/zalando/postgres-operator/blob/master/pkg/cluster/cluster.go> (`compareContainers`)
    Zalando,
    /// The same with a pod of that StatefulSet.
    ZalandoPod,
}

impl Operator {
    /// The operator that compares images of this object. Anybody may write such an owner or label. That only leaves an image as
    /// it is, and `private-images` judges it.
    pub fn of(request: &Request<'_>, object: Value<'_>) -> Option<Self> {
        let is_pod = request.is("", "Pod");
        let owner = || controller(object)?.field("apiVersion")?.as_str();
        if is_pod && owner().is_some_and(|version| version.starts_with("postgresql.cnpg.io/")) {
            return Some(Operator::CloudNativePg);
        }
        // The operator sets no owner, unless told to.
        let labels = object.descend(&["metadata", "labels"])?;
        if !labels.field("application")?.is_text("spilo") || labels.field("cluster-name").is_none() {
            return None;
        }
        match is_pod {
            true => Some(Operator::ZalandoPod),
            false => request.is("apps", "StatefulSet").then_some(Operator::Zalando),
        }
    }

    /// Where the operator reads this image, if it compares it and its author can write it somewhere.
    pub fn source_of(&self, image: Value<'_>) -> Option<&'static str> {
        let name = image.parent()?.field("name")?.as_str()?;
        match (self, &*name) {
            (Operator::CloudNativePg, "postgres") => Some("imageName of the Cluster"),
            (Operator::CloudNativePg, "bootstrap-controller") => Some("the operator's OPERATOR_IMAGE_NAME"),
            (Operator::Zalando | Operator::ZalandoPod, "postgres") => Some("dockerImage of the postgresql"),
            _ => None,
        }
    }
}
