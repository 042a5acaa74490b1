//! Classes as the cluster has them.

use std::cell::RefCell;

use isolation::json::Kind;
use isolation::{Document, Findings, LookupError, Severity, Value};

use crate::claims::Judge;
use crate::{classes, hosts};

/// How many classes one request may have looked up. Each costs a call to the host, and a request's time is limited.
const LIMIT: usize = 16;

/// A kind of class that a claim names.
#[derive(Debug)]
pub struct ClassKind {
    /// The kind.
    pub name: &'static str,
    /// The resource, as a role names it.
    pub resource: &'static str,
    /// The member without which the object is no class.
    driver: &'static str,
    judge: fn(Value<'_>, Judge<'_>, &mut Findings),
}

/// The class that a volume is provisioned by.
pub const STORAGE_CLASS: ClassKind = ClassKind {
    name: "StorageClass",
    resource: "storageclasses",
    driver: "provisioner",
    judge: classes::storage_class,
};

/// The class whose parameters are laid over the other's.
pub const VOLUME_ATTRIBUTES_CLASS: ClassKind = ClassKind {
    name: "VolumeAttributesClass",
    resource: "volumeattributesclasses",
    driver: "driverName",
    judge: classes::volume_attributes_class,
};

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
    Unreadable(&'static str),
    /// Too many classes were asked for.
    TooMany,
}

/// What the cluster has answered in one request, so that it is asked once for each class.
#[derive(Debug, Default)]
pub struct Answers(RefCell<Vec<(&'static str, String, Answer)>>);

impl Answers {
    /// What is known of the class `name`.
    pub fn of(&self, kind: &ClassKind, name: &str, by: Judge<'_>) -> Answer {
        // The API server does not check the names in templates, and policy-server makes a path of what it is asked for.
        if !hosts::is_object_name(name) {
            return Answer::Missing;
        }
        let mut known = self.0.borrow_mut();
        if let Some((_, _, answer)) = known.iter().find(|(of, known, _)| *of == kind.name && known == name) {
            return answer.clone();
        }
        if known.len() == LIMIT {
            return Answer::TooMany;
        }
        let answer = match by.cluster.get("storage.k8s.io/v1", kind.name, name) {
            Ok(object) => judge(kind, &object, by),
            Err(LookupError::NotFound) => Answer::Missing,
            Err(LookupError::Failed(reason)) => Answer::Failed(reason),
        };
        known.push((kind.name, name.to_owned(), answer.clone()));
        answer
    }
}

fn judge(kind: &ClassKind, object: &[u8], by: Judge<'_>) -> Answer {
    let document = match Document::read(object) {
        Ok(document) => document,
        Err(unreadable) => return Answer::Unreadable(unreadable.problem),
    };
    let class = document.root();
    if class.field(kind.driver).is_none_or(|driver| driver.kind() != Kind::String) {
        return Answer::Unreadable("it names no driver");
    }
    let mut findings = Findings::new(class);
    (kind.judge)(class, by, &mut findings);
    findings.sort();
    match findings.kept().iter().find(|finding| finding.severity == Severity::Deny) {
        Some(finding) => {
            let mut what = finding.path.as_str().to_owned();
            if let Some(value) = &finding.value {
                what.push_str(": ");
                what.push_str(value);
            } else if finding.missing {
                what.push_str(" is not set");
            }
            what.push_str(": ");
            what.push_str(&finding.what);
            Answer::Public { what, fix: finding.fix.clone() }
        }
        None => Answer::Private,
    }
}
