//! The classes that a request has looked up.

use std::cell::Cell;

/// A kind of class that a claim names.
#[derive(Debug, PartialEq, Eq)]
pub struct ClassKind {
    /// The kind.
    pub name: &'static str,
    /// The resource, as a role names it.
    pub resource: &'static str,
    /// The member that every class has.
    pub driver: &'static str,
}

/// The class that provisions a volume.
pub const STORAGE_CLASS: ClassKind =
    ClassKind { name: "StorageClass", resource: "storageclasses", driver: "provisioner" };

/// The class whose parameters override those of the StorageClass.
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
        /// The fix.
        fix: String,
    },
    /// There is no such class.
    Missing,
    /// The look-up failed, for this reason.
    Failed(String),
    /// The answer is not a class.
    Unreadable(String),
    /// The object names too many classes.
    TooMany,
}

/// A class, by kind and name, and its answer.
type CachedAnswer = (&'static str, String, Answer);

/// The answers for one object, so that ten thousand claims of one class judge the class once.
#[derive(Default)]
pub struct Answers(Cell<Vec<CachedAnswer>>);

impl Answers {
    /// The answer for the class of this kind and name, if it was looked up.
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
