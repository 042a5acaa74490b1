//! The request that an object becomes, on its way from policy to policy.

use std::cell::OnceCell;

use isolation_request::{AdmissionRequest, remove_system_metadata, restore_system_metadata};
use serde_json::{Map, Value, json};

use crate::input::Item;

/// A request, and its text, which is written once for all policies that get it.
#[derive(Debug)]
pub struct Request {
    value: Value,
    text: OnceCell<String>,
    /// What the file says that no request carries.
    taken: Map<String, Value>,
    /// Whether the object is in another version than its file has it in.
    converted: bool,
}

impl Request {
    /// The request with which the API server would ask about creating the object, in `namespace` if it names none and
    /// lives in one.
    pub fn create(item: &Item, namespace: &str) -> Self {
        let mut object = item.to_json();
        let taken = remove_system_metadata(&mut object);
        let request = AdmissionRequest { object: Some(&object), namespace: Some(namespace), ..Default::default() };
        // An object without apiVersion or kind is not read as one.
        let value = request.build().unwrap_or_default();
        Request { value, text: OnceCell::new(), taken, converted: false }
    }

    /// The request as JSON.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The object.
    pub fn object(&self) -> &Value {
        &self.value["object"]
    }

    /// The namespace, if the object lives in one.
    pub fn namespace(&self) -> Option<&str> {
        self.value["namespace"].as_str()
    }

    /// What a policy is called with. `settings` is JSON.
    pub fn payload(&self, settings: &str) -> Vec<u8> {
        // serde_json writes keys in order, as policy-server does.
        let request = self.text.get_or_init(|| self.value.to_string());
        format!(r#"{{"request":{request},"settings":{settings}}}"#).into_bytes()
    }

    /// Changes the object, for the policies that come later.
    pub fn rewrite(&mut self, object: Value) {
        self.value["object"] = object;
        self.text = OnceCell::new();
    }

    /// The object as its file would have it; none if the file has something else.
    pub fn as_written(&self) -> Option<Value> {
        let mut object = self.object().clone();
        restore_system_metadata(&mut object, self.taken.clone());
        (!self.converted).then_some(object)
    }

    /// The request with the object in another version, as a webhook gets it whose rules name that one.
    pub fn in_version(&self, version: &str) -> Self {
        let mut value = self.value.clone();
        value["kind"]["version"] = json!(version);
        value["resource"]["version"] = json!(version);
        let group = value["kind"]["group"].as_str().unwrap_or_default();
        value["object"]["apiVersion"] =
            if group.is_empty() { json!(version) } else { json!(format!("{group}/{version}")) };
        Request { value, text: OnceCell::new(), taken: Map::new(), converted: true }
    }
}
