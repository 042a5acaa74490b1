//! The AdmissionRequest of an object.

use isolation::kinds::{is_cluster_scoped, plural};
use serde_json::{Value, json};

/// The request to build. Omitted parts have their usual values.
#[derive(Clone, Copy, Debug, Default)]
pub struct AdmissionRequest<'a> {
    /// The new object; none for a deletion.
    pub object: Option<&'a Value>,
    /// The object as it is; none for a creation.
    pub old_object: Option<&'a Value>,
    /// The operation, where it does not follow from which of the two objects there are.
    pub operation: Option<&'a str>,
    /// The subresource that is written.
    pub subresource: Option<&'a str>,
    /// The namespace of an object that names none and lives in one.
    pub namespace: Option<&'a str>,
    /// Who asks.
    pub user: Option<&'a str>,
}

/// What keeps a request from being built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Incomplete {
    /// Neither a new object nor an old one.
    #[error("there is no object to judge")]
    NoObject,
    /// The object does not say what it is.
    #[error("the object has no {0}")]
    NoField(&'static str),
}

/// What a request says of its object beside it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct About<'a> {
    pub group: &'a str,
    pub version: &'a str,
    pub name: Option<&'a str>,
    pub namespace: Option<&'a str>,
}

impl<'a> About<'a> {
    /// What is said of an object of this kind, whose metadata has this name and namespace; `default` is the namespace of one
    /// that names none and lives in one.
    pub fn of(
        api_version: &'a str,
        kind: &str,
        name: Option<&'a str>,
        namespace: Option<&'a str>,
        default: Option<&'a str>,
    ) -> Self {
        let (group, version) = api_version.rsplit_once('/').unwrap_or(("", api_version));
        let said = |text: Option<&'a str>| text.filter(|text| !text.is_empty());
        About {
            group,
            version,
            // An object with generateName alone has no name yet.
            name: said(name),
            namespace: said(namespace).or(default).filter(|_| !is_cluster_scoped(group, kind)),
        }
    }
}

/// The user if none is named: kubeadm's administrator.
pub(crate) const USER: &str = "kubernetes-admin";

impl AdmissionRequest<'_> {
    /// The request as JSON.
    ///
    /// # Errors
    ///
    /// See [`Incomplete`].
    pub fn build(&self) -> Result<Value, Incomplete> {
        let object = self.object.or(self.old_object).ok_or(Incomplete::NoObject)?;
        let field = |key| object.get(key).and_then(Value::as_str).ok_or(Incomplete::NoField(key));
        let (api_version, kind) = (field("apiVersion")?, field("kind")?);
        let metadata = |key: &str| object["metadata"][key].as_str();
        let about = About::of(api_version, kind, metadata("name"), metadata("namespace"), self.namespace);
        let About { group, version, .. } = about;
        let (operation, options) = match (self.object, self.old_object) {
            (Some(_), None) => ("CREATE", "CreateOptions"),
            (Some(_), Some(_)) => ("UPDATE", "UpdateOptions"),
            (None, _) => ("DELETE", "DeleteOptions"),
        };
        let gvk = json!({"group": group, "version": version, "kind": kind});
        let resource = json!({"group": group, "version": version, "resource": plural(group, kind)});
        let mut request = json!({
            "uid": "00000000-0000-0000-0000-000000000000",
            "kind": gvk,
            "resource": resource,
            "requestKind": gvk,
            "requestResource": resource,
            "operation": self.operation.unwrap_or(operation),
            "userInfo": {"username": self.user.unwrap_or(USER), "groups": ["system:authenticated"]},
            "dryRun": false,
            "options": {"apiVersion": "meta.k8s.io/v1", "kind": options},
        });
        let mut set = |key: &str, value: Option<Value>| {
            if let Some(value) = value {
                request[key] = value;
            }
        };
        set("object", self.object.cloned());
        set("oldObject", self.old_object.cloned());
        set("subResource", self.subresource.map(Value::from));
        set("requestSubResource", self.subresource.map(Value::from));
        set("name", about.name.map(Value::from));
        set("namespace", about.namespace.map(Value::from));
        Ok(request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(request: AdmissionRequest<'_>) -> Value {
        request.build().unwrap()
    }

    #[test]
    fn the_operation_follows_from_the_objects() {
        let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", "namespace": "shop"}});
        let request = |object, old_object| built(AdmissionRequest { object, old_object, ..Default::default() });
        let create = request(Some(&pod), None);
        assert_eq!((&create["operation"], &create["options"]["kind"]), (&json!("CREATE"), &json!("CreateOptions")));
        assert!(create.get("oldObject").is_none());
        assert_eq!(request(Some(&pod), Some(&pod))["operation"], "UPDATE");
        let delete = request(None, Some(&pod));
        assert_eq!((&delete["operation"], &delete["name"]), (&json!("DELETE"), &json!("web")));
        assert!(delete.get("object").is_none());
        let named = AdmissionRequest { object: Some(&pod), operation: Some("CONNECT"), ..Default::default() };
        assert_eq!(built(named)["operation"], "CONNECT");
        assert_eq!(AdmissionRequest::default().build(), Err(Incomplete::NoObject));
        let nothing = json!({"kind": "Pod"});
        let nothing = AdmissionRequest { object: Some(&nothing), ..Default::default() };
        assert_eq!(nothing.build(), Err(Incomplete::NoField("apiVersion")));
    }

    #[test]
    fn an_object_without_namespace_gets_the_one_that_is_given_if_it_lives_in_one() {
        let namespace = |api_version: &str, kind: &str, own: &str| {
            let object = json!({"apiVersion": api_version, "kind": kind, "metadata": {"namespace": own}});
            built(AdmissionRequest { object: Some(&object), namespace: Some("shop"), ..Default::default() })
                .get("namespace")
                .cloned()
        };
        assert_eq!(namespace("v1", "Pod", ""), Some(json!("shop")));
        assert_eq!(namespace("v1", "Pod", "own"), Some(json!("own")));
        assert_eq!(namespace("storage.k8s.io/v1", "StorageClass", ""), None);
        assert_eq!(namespace("storage.k8s.io/v1", "StorageClass", "claimed"), None);
    }

    #[test]
    fn a_name_that_is_yet_to_be_made_up_is_none() {
        let job = json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"generateName": "job-"}});
        assert!(built(AdmissionRequest { object: Some(&job), ..Default::default() }).get("name").is_none());
    }
}
