//! Findings that somebody has allowed, with a reason: in `isolation.yaml`, by a comment in a manifest, or by an annotation of
//! the object.
//!
//! Only the command line honours them. In admission, the author of an object would write its exception, too.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use chrono::NaiveDate;
use isolation::kinds::is_cluster_scoped;
use wildmatch::WildMatch;

use crate::finding::{Finding, ObjectRef, Severity};
use crate::place::Place;
use crate::report::{Problem, Report};
use crate::source::Source;

/// What is allowed, where, and why.
#[derive(Clone, Debug)]
pub struct Exception {
    /// The ids of the rules.
    pub rules: Vec<String>,
    /// Where it holds.
    pub scope: Scope,
    /// Why.
    pub reason: String,
    /// The last day on which it holds.
    pub expires: Option<NaiveDate>,
    /// Where it is written.
    pub place: Place,
}

/// Where an exception holds.
#[derive(Clone, Debug)]
pub enum Scope {
    /// In objects that look like this: an entry of `isolation.yaml`.
    Pattern(Box<Pattern>),
    /// In the fields that begin on these lines: a comment.
    Lines(Arc<Source>, RangeInclusive<usize>),
    /// In the object that is written here: an annotation.
    Object(Place),
}

/// What an entry of `isolation.yaml` says of the objects that it is about. `*` stands for any text, `?` for any character;
/// what is not said may be anything.
#[derive(Clone, Debug, Default)]
pub struct Pattern {
    /// The kind, or kind and group: `Deployment`, `Deployment.apps`.
    pub kind: Option<String>,
    /// The namespace.
    pub namespace: Option<String>,
    /// The name.
    pub name: Option<String>,
    /// The field; `[*]` is any position in a list.
    pub path: Option<String>,
    /// The value.
    pub value: Option<String>,
}

/// What there is to know of a run before it can be said that an exception, or an entry of a baseline, is not needed.
#[derive(Clone, Debug)]
pub struct Circumstances {
    /// The day.
    pub today: NaiveDate,
    /// The namespace of objects that name none.
    pub namespace: String,
    /// Whether the run sees only some of the files that the configuration is for, as a commit hook does.
    pub partial: bool,
    /// Whether the policies are a cluster's that have exceptions of their own, which allow the same already.
    pub deployed: bool,
    /// The rules whose policies have judged.
    pub judged: Vec<String>,
    /// The rules whose policies would have, had there been an object that they judge: an exception that is written in an object
    /// is then about nothing.
    pub idle: Vec<String>,
}

impl Scope {
    /// Whether it covers a finding.
    pub(crate) fn covers(&self, finding: &Finding, circumstances: &Circumstances) -> bool {
        match self {
            Scope::Pattern(pattern) => {
                pattern.is_about(&finding.object, circumstances)
                    && matches(pattern.path.as_deref(), &[&finding.location.path])
                    && matches(pattern.value.as_deref(), &[&finding.full_value()])
            }
            Scope::Lines(source, lines) => {
                let place = &finding.location.place;
                Arc::ptr_eq(source, &place.source) && lines.contains(&place.start().line)
            }
            Scope::Object(place) => {
                Arc::ptr_eq(&place.source, &finding.subject.source) && place.span == finding.subject.span
            }
        }
    }
}

impl Pattern {
    /// The name, if it is no pattern.
    pub(crate) fn full_name(&self) -> Option<&str> {
        self.name.as_deref().filter(|name| !name.contains(['*', '?']))
    }

    fn is_about(&self, object: &ObjectRef, circumstances: &Circumstances) -> bool {
        let group = object.api_version.rsplit_once('/').map_or("", |(group, _)| group);
        let full = format!("{}.{group}", object.kind);
        let default = circumstances.namespace.as_str();
        let namespaces: &[&str] = match object.namespace.as_str() {
            // What lives outside of namespaces is in none by default either.
            "" if is_outside_of_namespaces(group, &object.kind) => &[""],
            "" => &["", default],
            named => &[named],
        };
        matches(self.kind.as_deref(), &[&object.kind, &full])
            && matches(self.namespace.as_deref(), namespaces)
            && matches(self.name.as_deref(), &[&object.name])
    }
}

/// Whether objects of a kind are in no namespace; resources of Azure, whose types have a `/` or an `azurerm_`, are in none.
fn is_outside_of_namespaces(group: &str, kind: &str) -> bool {
    is_cluster_scoped(group, kind) || kind.contains('/') || kind.starts_with("azurerm_")
}

/// Whether one of the texts is as the pattern says.
fn matches(pattern: Option<&str>, texts: &[&str]) -> bool {
    pattern.is_none_or(|pattern| {
        let pattern = WildMatch::new(pattern);
        texts.iter().any(|text| pattern.matches(text))
    })
}

impl Exception {
    /// Whether its last day is before this one.
    pub fn has_expired(&self, today: NaiveDate) -> bool {
        self.expires.is_some_and(|last| last < today)
    }

    pub(crate) fn is_expired(&self, circumstances: &Circumstances) -> bool {
        self.has_expired(circumstances.today)
    }
}

/// An exception in a run, and what came of it so far.
#[derive(Clone, Debug)]
pub struct TrackedException {
    /// The exception.
    pub exception: Exception,
    /// Whether it has allowed something, or would have, had it not expired.
    pub(crate) is_used: bool,
    /// Whether there was an object that it is about.
    has_subject: bool,
}

impl From<Exception> for TrackedException {
    fn from(exception: Exception) -> Self {
        TrackedException { exception, is_used: false, has_subject: false }
    }
}

impl TrackedException {
    /// Whether it would have allowed something, had there been something to allow.
    fn could_be_used(&self, circumstances: &Circumstances) -> bool {
        let needs_subject = circumstances.partial && matches!(self.exception.scope, Scope::Pattern(_));
        self.is_judged(circumstances) && !circumstances.deployed && (self.has_subject || !needs_subject)
    }

    fn is_judged(&self, circumstances: &Circumstances) -> bool {
        // What an entry of the configuration is about may be among files that are not checked with these.
        let is_here = !matches!(self.exception.scope, Scope::Pattern(_));
        let Circumstances { judged, idle, .. } = circumstances;
        self.exception.rules.iter().any(|rule| judged.contains(rule) || is_here && idle.contains(rule))
    }

    /// Looks for an object that it is about, as far as that matters.
    pub(crate) fn look_for_subject(&mut self, report: &Report, named: &Named<'_>, circumstances: &Circumstances) {
        let matters = circumstances.partial && !self.is_used && !self.has_subject && self.is_judged(circumstances);
        if let Scope::Pattern(pattern) = &self.exception.scope
            && matters
        {
            let is_subject = |object: &ObjectRef| pattern.is_about(object, circumstances);
            self.has_subject = match pattern.full_name() {
                Some(name) => named.get(name).is_some_and(|named| named.iter().any(|object| is_subject(object))),
                None => report.subjects.iter().any(|subject| is_subject(&subject.object)),
            };
        }
    }

    /// What is wrong with it, now that everything was judged: it has expired, or allows nothing.
    pub fn problem(&self, circumstances: &Circumstances) -> Option<Problem> {
        let exception = &self.exception;
        let rules = exception.rules.join(", ");
        let expired = exception.expires.filter(|_| exception.is_expired(circumstances));
        let (severity, what, help) = if let Some(last) = expired {
            let what = format!("the exception for {rules} expired on {last}");
            (Severity::Deny, what, "Fix the violation, or set a later date")
        } else if !self.is_used && self.could_be_used(circumstances) {
            (Severity::Warn, format!("the exception for {rules} matches nothing"), "Remove it")
        } else {
            return None;
        };
        Some(Problem { severity, place: exception.place.clone(), what, help: help.into() })
    }
}

/// The objects of each name.
pub(crate) type Named<'r> = HashMap<&'r str, Vec<&'r ObjectRef>>;
