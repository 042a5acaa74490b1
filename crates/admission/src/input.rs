//! The objects to judge, and where each is written.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use isolation::kinds::{KINDS, Kind as KnownKind, find};
use isolation_document::Kind;
use isolation_manifest::{Object, Read};
use isolation_report::{NotEvaluated, ObjectRef, Place, Source, Subject};
use serde_json::Value;

use crate::annotation::AnnotationFinding;

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

/// Kinds of objects, with their groups.
pub type Kinds = BTreeSet<(String, String)>;

/// An object and where it is written.
#[derive(Clone, Debug)]
pub struct Item {
    /// The text that holds it.
    pub source: Arc<Source>,
    /// The object.
    pub object: Object,
    /// The object as its source has it, where that is another format than the judged one.
    pub original: Option<Arc<dyn Original>>,
}

/// Why a rejection is uncertain.
#[derive(Clone, Debug)]
pub struct Uncertainty {
    /// What is not known: a clause.
    pub what: String,
    /// What to do.
    pub help: String,
}

/// An object whose source has another format than the judged one, such as an ARM template.
pub trait Original: std::fmt::Debug + Send + Sync {
    /// What it is called where it is written.
    fn reference(&self) -> ObjectRef;

    /// Where a field of the judged object is written: a path in the source's format.
    fn path(&self, judged: &str) -> String;

    /// The bytes of the source to point at for that field, or for the nearest one above it that is there.
    fn span(&self, judged: &str) -> Range<usize>;

    /// The bytes of the source that hold all of it.
    fn whole(&self) -> Range<usize>;

    /// Whether that field is written, and its value not known, so that nobody may call it missing.
    fn is_unknown(&self, judged: &str) -> bool;

    /// Why a rejection of that field is uncertain, if it is.
    fn uncertainty(&self, _judged: &str) -> Option<Uncertainty> {
        None
    }

    /// What stands in that field, where that is not what is judged.
    fn value(&self, _judged: &str) -> Option<String> {
        None
    }

    /// What to write instead, in the words of that format.
    fn fix(&self, found: &AnnotationFinding) -> String;

    /// What is to be known of a finding about it: clauses.
    fn notes(&self) -> Vec<String> {
        Vec::new()
    }

    /// What the object was before, where the text says that it is changed. The judged object is what it is to be.
    fn before(&self) -> Option<&Value> {
        None
    }

    /// Whether the text says that the object is deleted. The judged object is what is there.
    fn is_deleted(&self) -> bool {
        false
    }
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

    /// The kinds of the objects.
    pub fn kinds(&self) -> Kinds {
        let mut kinds = Kinds::new();
        let mut last: Option<&Object> = None;
        for Item { object, .. } in &self.items {
            // Dumps are sorted by kind.
            if last.is_none_or(|last| (&last.api_version, &last.kind) != (&object.api_version, &object.kind)) {
                kinds.insert((object.group().to_owned(), object.kind.clone()));
            }
            last = Some(object);
        }
        kinds
    }

    /// Adds a text and what was read from it.
    pub fn add(&mut self, source: Arc<Source>, read: Read) {
        self.add_found(&source, read);
        self.sources.push(source);
    }

    /// Adds what was read from a text that is not added itself, as it was before or will be.
    pub fn add_found(&mut self, source: &Arc<Source>, read: Read) {
        for found in read.found {
            match found {
                Ok(object) => {
                    let item = Item { source: Arc::clone(source), object, original: None };
                    self.faults.extend(item.misspelt());
                    // It stays among the others: changes of a text count its objects.
                    self.items.push(item);
                }
                Err(problem) => self.faults.push(NotEvaluated {
                    place: Some(Place::new(source, problem.span)),
                    subject: String::new(),
                    what: problem.what,
                    help: problem.help,
                }),
            }
        }
    }
}

impl Item {
    /// What is to be said of an object whose kind is a known one in another case: the API server knows no such kind, so nobody
    /// judges it, and nobody deploys it.
    fn misspelt(&self) -> Option<NotEvaluated> {
        let (group, kind) = (self.object.group(), self.object.kind.as_str());
        let alike =
            |known: &&KnownKind| known.kind.eq_ignore_ascii_case(kind) && known.group.eq_ignore_ascii_case(group);
        let known = KINDS.iter().find(alike).filter(|_| find(group, kind).is_none())?;
        let of = if known.group.is_empty() { String::new() } else { format!(" of {}", known.group) };
        Some(NotEvaluated {
            place: Some(self.place(if known.kind == kind { "apiVersion" } else { "kind" })),
            subject: self.object.subject(),
            what: format!("the API server rejects it: the kind is {}{of}, and case counts", known.kind),
            help: if known.kind == kind {
                format!("Write apiVersion: {}/{}", known.group, self.object.version())
            } else {
                format!("Write kind: {}", known.kind)
            },
        })
    }

    /// The position of a field, or of the nearest existing one above it.
    pub fn place(&self, path: &str) -> Place {
        let span = match &self.original {
            Some(original) => original.span(path),
            None => self.object.locate(&self.source.text, path).span,
        };
        self.place_of(span)
    }

    fn place_of(&self, span: Range<usize>) -> Place {
        // A block of text goes on to where the next key begins, which is not meant.
        let blanks = self.source.text.get(span.clone()).map_or(0, |text| text.len() - text.trim_end().len());
        Place::new(&self.source, span.start..span.end - blanks)
    }

    /// A field's path as the user reads it where the object is written.
    pub fn path<'p>(&self, path: &'p str) -> Cow<'p, str> {
        self.original.as_ref().map_or(Cow::Borrowed(path), |original| Cow::Owned(original.path(path)))
    }

    /// Whether a field is written, and its value not known.
    pub fn is_unknown(&self, path: &str) -> bool {
        self.original.as_ref().is_some_and(|original| original.is_unknown(path))
    }

    /// Why a rejection of a field is uncertain, if it is.
    pub fn uncertainty(&self, path: &str) -> Option<Uncertainty> {
        self.original.as_ref()?.uncertainty(path)
    }

    /// What is to be known of a finding about the object: clauses.
    pub fn notes(&self) -> Vec<String> {
        self.original.as_ref().map(|original| original.notes()).unwrap_or_default()
    }

    /// What to write instead, in the words of the source's format.
    pub fn fix(&self, found: &AnnotationFinding) -> String {
        self.original.as_ref().map_or_else(|| found.fix.clone(), |original| original.fix(found))
    }

    /// The position of the whole object.
    pub fn whole(&self) -> Place {
        self.place_of(self.original.as_ref().map_or_else(|| self.object.span(), |original| original.whole()))
    }

    /// The value of a field, unless it is not set or null.
    pub fn value(&self, path: &str) -> Option<Value> {
        serde_json::to_value(self.at(path)?).ok()
    }

    /// The same as it was read, without a copy.
    pub fn at(&self, path: &str) -> Option<isolation_document::Value<'_>> {
        self.object.value().at_path(path).filter(|value| !value.is_null())
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
        if let Some(original) = &self.original {
            return original.reference();
        }
        let Object { api_version, kind, namespace, name, .. } = &self.object;
        ObjectRef {
            api_version: api_version.clone(),
            kind: kind.clone(),
            namespace: namespace.clone(),
            name: name.clone(),
        }
    }

    /// The object as a report names it.
    pub fn subject(&self) -> Subject {
        Subject { object: self.reference(), place: self.whole() }
    }

    /// Whether the object is a Namespace.
    pub fn is_namespace(&self) -> bool {
        self.object.kind == "Namespace" && self.object.api_version == "v1"
    }
}
