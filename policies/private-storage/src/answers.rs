//! What a request has learnt of the classes that its claims name.

use std::cell::Cell;

/// A kind of class that a claim names.
#[derive(Debug, PartialEq, Eq)]
pub struct ClassKind {
    /// The kind.
    pub name: &'static str,
    /// The resource, as a role names it.
    pub resource: &'static str,
    /// The member without which the object is no class.
    pub driver: &'static str,
}

/// The class that a volume is provisioned by.
pub const STORAGE_CLASS: ClassKind =
    ClassKind { name: "StorageClass", resource: "storageclasses", driver: "provisioner" };

/// The class whose parameters are laid over the other's.
pub const VOLUME_ATTRIBUTES_CLASS: ClassKind =
    ClassKind { name: "VolumeAttributesClass", resource: "volumeattributesclasses", driver: "driverName" };

/// What is known of a class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The policy accepts the class.
    Private,
    /// The policy rejects the class.
    Public {
        /// The first reason.
        what: String,
        /// How to mend it.
        fix: String,
    },
    /// There is no such class.
    Missing,
    /// The question was not answered, for this reason.
    Failed(String),
    /// What came is not a class.
    Unreadable(String),
    /// Too many classes were asked for.
    TooMany,
}

/// One answer, and the class that it is about.
type Known = (&'static str, String, Answer);

/// The answers that came while one object is judged, so that ten thousand claims of one class judge it once.
#[derive(Default)]
pub struct Answers(Cell<Vec<Known>>);

impl Answers {
    /// What is known of the class of this kind and name already.
    pub fn known(&self, kind: &ClassKind, name: &str) -> Option<Answer> {
        let known = self.0.take();
        let found = known.iter().find(|(of, known, _)| *of == kind.name && known == name);
        let answer = found.map(|(_, _, answer)| answer.clone());
        self.0.set(known);
        answer
    }

    /// Remembers an answer.
    pub fn remember(&self, kind: &ClassKind, name: &str, answer: Answer) {
        let mut known = self.0.take();
        known.push((kind.name, name.to_owned(), answer));
        self.0.set(known);
    }
}
