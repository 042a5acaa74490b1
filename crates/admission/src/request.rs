//! The request that an object becomes, on its way from policy to policy.

use std::cell::OnceCell;

use isolation::json::{Builder, Document, json};
use isolation_request::{AdmissionRequest, creation, remove_system_metadata, restore_system_metadata};
use serde_json::{Map, Value, json};

use crate::input::Item;

/// A request. What it is judged as is made when it is first asked for, and once for all policies: a tree for those that are
/// linked in, a text for those that are modules, JSON for conditions.
#[derive(Debug)]
pub struct Request<'i> {
    item: &'i Item,
    /// The namespace of an object that names none and lives in one.
    namespace: &'i str,
    /// The request where it is another one than that about the object as it is written.
    rewritten: Option<Value>,
    json: OnceCell<Json>,
    tree: OnceCell<Option<Document<'i>>>,
    text: OnceCell<String>,
    /// Whether the object is in another version than its file has it in.
    converted: bool,
}

/// The request as JSON.
#[derive(Debug)]
struct Json {
    request: Value,
    /// What the file says that no request carries.
    taken: Map<String, Value>,
}

impl<'i> Request<'i> {
    /// The request with which the API server would ask about creating the object, in `namespace` if it names none and
    /// lives in one; about changing or deleting it, if its text says that it is there.
    pub fn of(item: &'i Item, namespace: &'i str) -> Self {
        Request {
            item,
            namespace,
            rewritten: known(item, namespace),
            json: OnceCell::new(),
            tree: OnceCell::new(),
            text: OnceCell::new(),
            converted: false,
        }
    }

    fn json(&self) -> &Json {
        self.json.get_or_init(|| {
            let mut object = self.item.to_json();
            let taken = remove_system_metadata(&mut object);
            let namespace = Some(self.namespace);
            let request = AdmissionRequest { object: Some(&object), namespace, ..Default::default() };
            // An object without apiVersion or kind is not read as one.
            Json { request: request.build().unwrap_or_default(), taken }
        })
    }

    /// The request as JSON.
    pub fn value(&self) -> &Value {
        self.rewritten.as_ref().unwrap_or_else(|| &self.json().request)
    }

    /// The object; of a deletion, the one that is there.
    pub fn object(&self) -> &Value {
        let request = self.value();
        request.get("object").unwrap_or(&request["oldObject"])
    }

    /// The object before it is changed.
    pub fn old_object(&self) -> Option<&Value> {
        self.value().get("oldObject")
    }

    /// What is asked for: `CREATE`, unless the object's text says that it is there.
    pub fn operation(&self) -> &'static str {
        match self.item.original.as_deref() {
            Some(original) if original.is_deleted() => "DELETE",
            Some(original) if original.before().is_some() => "UPDATE",
            _ => "CREATE",
        }
    }

    /// The namespace, if the object lives in one.
    pub fn namespace(&self) -> Option<&str> {
        let object = &self.item.object;
        isolation_request::namespace(object.value(), &object.api_version, &object.kind, self.namespace)
    }

    /// What a policy is called with. `settings` is JSON.
    pub fn payload(&self, settings: &str) -> Vec<u8> {
        format!(r#"{{"request":{},"settings":{settings}}}"#, self.text()).into_bytes()
    }

    /// The request as policies read it; `None` if that is for the reader of its text to say.
    pub fn tree(&self) -> Option<&Document<'i>> {
        let tree = self.tree.get_or_init(|| match &self.rewritten {
            None => {
                let object = &self.item.object;
                creation(object.value(), &object.api_version, &object.kind, self.namespace)
            }
            Some(_) => {
                let mut builder = Builder::new("");
                json::fill(self.text(), &mut builder).ok()?;
                Some(builder.finish())
            }
        });
        tree.as_ref()
    }

    fn text(&self) -> &str {
        // serde_json writes keys in order, as policy-server does.
        self.text.get_or_init(|| self.value().to_string())
    }

    /// Changes the object, for the policies that come later.
    pub fn rewrite(&mut self, object: Value) {
        let mut request = self.rewritten.take().unwrap_or_else(|| self.json().request.clone());
        request["object"] = object;
        self.rewritten = Some(request);
        (self.tree, self.text) = (OnceCell::new(), OnceCell::new());
    }

    /// Whether its objects are in another version than their file has them in.
    pub fn is_converted(&self) -> bool {
        self.converted
    }

    /// The object as its file would have it; none if the file has something else.
    pub fn as_written(&self) -> Option<Value> {
        let mut object = self.object().clone();
        restore_system_metadata(&mut object, self.json().taken.clone());
        (!self.converted).then_some(object)
    }

    /// The request that there would be if objects of this kind lived outside of namespaces.
    pub fn outside_of_namespaces(&self) -> Self {
        let mut value = self.value().clone();
        for holder in ["", "/object/metadata", "/oldObject/metadata"] {
            if let Some(holder) = value.pointer_mut(holder).and_then(Value::as_object_mut) {
                holder.remove("namespace");
            }
        }
        Request { rewritten: Some(value), converted: self.converted, ..Request::of(self.item, self.namespace) }
    }

    /// The request with its objects in another version, as a webhook gets it whose rules name that one.
    pub fn in_version(&self, api_version: &str) -> Self {
        let mut value = self.value().clone();
        let (group, version) = api_version.rsplit_once('/').unwrap_or(("", api_version));
        for about in ["kind", "resource"] {
            value[about]["group"] = json!(group);
            value[about]["version"] = json!(version);
        }
        for object in ["object", "oldObject"] {
            if let Some(object) = value.get_mut(object).and_then(Value::as_object_mut) {
                object.insert("apiVersion".into(), json!(api_version));
            }
        }
        Request { rewritten: Some(value), converted: true, ..Request::of(self.item, self.namespace) }
    }
}

/// The request about an object that is there already, by what its text says; none where it is to be created.
fn known(item: &Item, namespace: &str) -> Option<Value> {
    let original = item.original.as_deref()?;
    let object = || item.to_json();
    let namespace = Some(namespace);
    let request = match (original.is_deleted(), original.before()) {
        (true, _) => AdmissionRequest { old_object: Some(&object()), namespace, ..Default::default() }.build(),
        (false, Some(before)) => {
            let object = object();
            AdmissionRequest { object: Some(&object), old_object: Some(before), namespace, ..Default::default() }
                .build()
        }
        (false, None) => return None,
    };
    // An object without apiVersion or kind is not read as one.
    Some(request.unwrap_or_default())
}
