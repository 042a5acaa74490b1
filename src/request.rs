//! The admission request, borrowed from the payload of a call.

use std::borrow::Cow;

use crate::json::{Entries, Kind, Value};
use crate::kinds::is_built_in;

/// What the API server was asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// A new object.
    Create,
    /// A changed object.
    Update,
    /// A deletion; there is no new object.
    Delete,
    /// A connection, such as `kubectl exec`; the object is the connection's options.
    Connect,
}

/// One admission request.
#[derive(Clone, Debug)]
pub struct Request<'d> {
    /// What is asked for.
    pub operation: Operation,
    /// The API group of the object's kind; empty for the core group.
    pub group: Cow<'d, str>,
    /// The version in which the object was sent.
    pub version: Cow<'d, str>,
    /// The object's kind.
    pub kind: Cow<'d, str>,
    /// The subresource that is written, such as `ephemeralcontainers`; empty for the object itself.
    pub subresource: Cow<'d, str>,
    /// The object's name; empty where the API server is yet to make one up.
    pub name: Cow<'d, str>,
    /// The object's namespace; empty for a cluster-scoped object.
    pub namespace: Cow<'d, str>,
    /// The name of the user or service account that asks; empty when unknown, as in the audit scanner's requests.
    pub username: Cow<'d, str>,
    /// The object as it is to be. Absent on DELETE.
    pub object: Option<Value<'d>>,
    /// The object as it is. Absent on CREATE.
    pub old_object: Option<Value<'d>>,
}

/// Annotations and labels in which controllers remember where they are, and that make nothing else happen. With any other one, an
/// update may ask for something new though the specification is unchanged: a paused object of before the policy would be applied,
/// another gateway serve it, or a second cluster be created.
const NOTES: &[&str] = &[
    // https://argo-cd.readthedocs.io/en/stable/user-guide/annotations-and-labels/
    "argocd.argoproj.io/refresh",
    // https://azure.github.io/azure-service-operator/guide/annotations/
    "serviceoperator.azure.com/latest-reconciled-generation",
    "serviceoperator.azure.com/poller-resume-id",
    "serviceoperator.azure.com/poller-resume-token",
    // https://argo-workflows.readthedocs.io/en/latest/workflow-concepts/
    "workflows.argoproj.io/completed",
    "workflows.argoproj.io/phase",
];

/// What in a request could not be read: a sentence.
pub type Unread = String;

#[inline(never)]
fn text<'d>(holder: Value<'d>, key: &str, path: &str, required: bool) -> Result<Cow<'d, str>, Unread> {
    match holder.field(key) {
        Some(value) => value.as_str().ok_or_else(|| {
            format!("`{path}` is {}, but an admission request holds a string there", value.kind().name())
        }),
        None if required => Err(format!("`{path}` is missing")),
        None => Ok(Cow::Borrowed("")),
    }
}

#[inline(never)]
fn object<'d>(holder: Value<'d>, key: &str, path: &str) -> Result<Option<Value<'d>>, Unread> {
    match holder.field(key) {
        Some(value) if value.kind() == Kind::Object => Ok(Some(value)),
        Some(value) => Err(format!("`{path}` is {}, but an object was expected", value.kind().name())),
        None => Ok(None),
    }
}

impl<'d> Request<'d> {
    /// Reads the value of the key `request` of a call's payload.
    ///
    /// # Errors
    ///
    /// A sentence that says which field of the request is missing or has the wrong type.
    pub fn read(request: Value<'d>) -> Result<Self, Unread> {
        if request.kind() != Kind::Object {
            return Err(format!("`request` is {}, but an admission request is an object", request.kind().name()));
        }
        let kind = object(request, "kind", "request.kind")?.ok_or("`request.kind` is missing")?;
        let operation = match text(request, "operation", "request.operation", true)?.as_ref() {
            "CREATE" => Operation::Create,
            "UPDATE" => Operation::Update,
            "DELETE" => Operation::Delete,
            "CONNECT" => Operation::Connect,
            other => {
                return Err(format!(
                    "`request.operation` is {}, but only CREATE, UPDATE, DELETE and CONNECT exist",
                    crate::finding::printable(other)
                ));
            }
        };
        let username = match object(request, "userInfo", "request.userInfo")? {
            Some(user) => text(user, "username", "request.userInfo.username", false)?,
            None => Cow::Borrowed(""),
        };
        let mut read = Request {
            operation,
            group: text(kind, "group", "request.kind.group", false)?,
            version: text(kind, "version", "request.kind.version", false)?,
            kind: text(kind, "kind", "request.kind.kind", true)?,
            subresource: text(request, "subResource", "request.subResource", false)?,
            name: text(request, "name", "request.name", false)?,
            namespace: text(request, "namespace", "request.namespace", false)?,
            username,
            object: object(request, "object", "request.object")?,
            old_object: object(request, "oldObject", "request.oldObject")?,
        };
        read.refuse_contradiction()?;
        // The API server gives both; a request that somebody made by hand may have them in the object alone.
        let metadata = read.object.or(read.old_object).and_then(|object| object.field("metadata"));
        let named = |key: &str| metadata.and_then(|metadata| metadata.field(key)?.as_str());
        for (text, key) in [(&mut read.name, "name"), (&mut read.namespace, "namespace")] {
            if text.is_empty() {
                *text = named(key).unwrap_or_default();
            }
        }
        Ok(read)
    }

    /// The object's own kind must be the kind of the request: nobody must be able to make a policy judge one kind by the
    /// rules of another.
    fn refuse_contradiction(&self) -> Result<(), Unread> {
        let Some(object) = self.object else { return Ok(()) };
        let kind = text(object, "kind", "request.object.kind", false)?;
        let version = text(object, "apiVersion", "request.object.apiVersion", false)?;
        let group = version.rsplit_once('/').map_or("", |(group, _)| group);
        let same_kind = kind.is_empty() || kind == self.kind;
        let same_group = version.is_empty() || group == self.group;
        if same_kind && same_group {
            return Ok(());
        }
        Err(format!(
            "the request names kind {} of group {}, but holds an object of kind {} and apiVersion {}",
            crate::finding::printable(&self.kind),
            crate::finding::printable(&self.group),
            crate::finding::printable(&kind),
            crate::finding::printable(&version)
        ))
    }

    /// Whether the object is of this group and kind.
    pub fn is(&self, group: &str, kind: &str) -> bool {
        self.group == group && self.kind == kind
    }

    /// Whether an existing object is changed.
    pub fn is_update(&self) -> bool {
        self.operation == Operation::Update
    }

    /// Whether this write must be possible although the object already breaks a rule, whatever the settings say. Old
    /// violations then become warnings, and new ones are rejected as in any other write.
    ///
    /// - A status write: controllers must be able to report, and only what comes with the status can be judged.
    /// - An object that is being deleted: if its finalizers could not be removed, it would stay forever. This is not an
    ///   exemption: everything but the finalizers can still change (`ValidateObjectMetaUpdate` forbids new finalizers and
    ///   another mark), and many controllers act on the object until its last finalizer is gone.
    /// - Writes by controllers: pods, and objects that a controller owns. A Deployment scales its old ReplicaSet down, a Job
    ///   removes its finalizer from a finished pod. Without this, nobody could even repair a cluster with old workloads.
    /// - A custom resource of which only the status or finalizers change; see [`Request::only_reports`].
    ///
    /// All of this is read from the stored object, never from the one that is sent: an added mark or owner changes nothing,
    /// and CREATE never qualifies. (Server-side apply of a new object keeps a `deletionTimestamp` up to Kubernetes 1.36.)
    pub fn leaves_what_was_there(&self) -> bool {
        let Some(old) = self.old_object.filter(|_| self.is_update()) else { return false };
        if self.object.is_some_and(|object| self.only_reports(old, object)) {
            return true;
        }
        let metadata = |key: &str| old.descend(&["metadata", key]);
        self.subresource == "status"
            || metadata("deletionTimestamp").is_some()
            || self.is("", "Pod")
            || metadata("ownerReferences").is_some_and(|owners| {
                owners.items().any(|owner| owner.field("controller").and_then(|value| value.as_bool()) == Some(true))
            })
    }

    /// Whether an update of a custom resource changes only what its controller reports or remembers in it: status, finalizers, owners
    /// and [`NOTES`].
    ///
    /// Kubernetes' own kinds are reported on by their subresource `status`. Many custom resources have none, such as
    /// Argo CD's Application and Argo's Workflow, and all controllers write their finalizers and notes to the object
    /// itself: kube-egress-gateway, Azure Service Operator. That nothing else changes is a fact, as the old
    /// object comes from the API server.
    ///
    /// Argo CD writes the synchronisation that it is at into `operation`, and removes it at the end; a source that this names of
    /// its own is a new violation.
    /// <https://github.com/argoproj/argo-cd/blob/master/controller/appcontroller.go> (`setOperationState`)
    fn only_reports(&self, old: Value<'d>, new: Value<'d>) -> bool {
        let reports: &[&str] = match self.is("argoproj.io", "Application") {
            true => &["metadata", "status", "operation"],
            false => &["metadata", "status"],
        };
        let of_metadata = |key: &str| {
            let [old, new] = [old, new].map(|object| object.descend(&["metadata", key]));
            is_same_without(NOTES, old, new)
        };
        !is_built_in(&self.group)
            && is_same_without(reports, Some(old), Some(new))
            && of_metadata("annotations")
            && of_metadata("labels")
    }
}

/// Whether two objects have the same members, but for some keys. The API server writes both objects of a request in the same way
/// and order.
fn is_same_without(keys: &[&str], before: Option<Value<'_>>, after: Option<Value<'_>>) -> bool {
    let [mut before, mut after] = [before, after].map(|object| object.map(|object| object.entries()));
    let next = |members: &mut Option<Entries<'_>>| {
        let mut kept = members.as_mut()?.filter(|(key, value)| !keys.contains(&&**key) && !value.is_null());
        kept.next().map(|(key, value)| (key.into_owned(), value.to_json()))
    };
    loop {
        match (next(&mut before), next(&mut after)) {
            (None, None) => return true,
            (before, after) if before != after => return false,
            _ => {}
        }
    }
}
