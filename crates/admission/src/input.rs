//! The objects to judge, and where each is written.

use std::sync::Arc;

use isolation_document::Kind;
use isolation_manifest::{Object, Read};
use isolation_report::{NotEvaluated, ObjectRef, Place, Source};
use serde_json::Value;

/// All that was read.
#[derive(Debug, Default)]
pub struct Input {
    /// The texts.
    pub sources: Vec<Arc<Source>>,
    /// The objects in them, in the order they are written.
    pub items: Vec<Item>,
    /// What could not be read.
    pub faults: Vec<NotEvaluated>,
}

/// An object and where it is written.
#[derive(Clone, Debug)]
pub struct Item {
    /// The text that holds it.
    pub source: Arc<Source>,
    /// The object.
    pub object: Object,
}

impl Input {
    /// Reads texts, one after another.
    pub fn read(sources: impl IntoIterator<Item = Source>) -> Self {
        let mut input = Input::default();
        for source in sources {
            let read = isolation_manifest::read(&source.text);
            input.add(Arc::new(source), read);
        }
        input
    }

    /// Adds a text and what was read from it.
    pub fn add(&mut self, source: Arc<Source>, read: Read) {
        for found in read.found {
            match found {
                Ok(object) => self.items.push(Item { source: Arc::clone(&source), object }),
                Err(problem) => self.faults.push(NotEvaluated {
                    place: Some(Place::new(&source, problem.span)),
                    subject: String::new(),
                    what: problem.what,
                    help: problem.help,
                }),
            }
        }
        self.sources.push(source);
    }
}

impl Item {
    /// The position of a field, or of the nearest existing one above it.
    pub fn place(&self, path: &str) -> Place {
        Place::new(&self.source, self.object.locate(path).span)
    }

    /// The position of the whole object.
    pub fn whole(&self) -> Place {
        Place::new(&self.source, self.object.span())
    }

    /// The value of a field, unless it is not set or null.
    pub fn value(&self, path: &str) -> Option<Value> {
        let value = self.object.value().at_path(path).filter(|value| !value.is_null())?;
        serde_json::to_value(value).ok()
    }

    /// The keys of an object, in the order they are written.
    pub fn keys(&self, path: &str) -> Option<Vec<String>> {
        let value = self.object.value().at_path(path).filter(|value| value.kind() == Kind::Object)?;
        Some(value.entries().map(|(key, _)| key.into_owned()).collect())
    }

    /// The whole object.
    pub fn to_json(&self) -> Value {
        self.object.to_json()
    }

    /// What the object is called.
    pub fn reference(&self) -> ObjectRef {
        let Object { api_version, kind, namespace, name, .. } = &self.object;
        ObjectRef {
            api_version: api_version.clone(),
            kind: kind.clone(),
            namespace: namespace.clone(),
            name: name.clone(),
        }
    }

    /// Whether the object is a Namespace.
    pub fn is_namespace(&self) -> bool {
        self.object.kind == "Namespace" && self.object.api_version == "v1"
    }
}
