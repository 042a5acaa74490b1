//! What `check` found, for every form of output.

use std::ops::Range;
use std::sync::Arc;

use isolation_fix::Edit;

use super::input::Source;

/// All that is to be printed.
#[derive(Debug, Default)]
pub struct Report {
    /// Violations and warnings, in the order of the input.
    pub findings: Vec<Finding>,
    /// What could not be evaluated.
    pub not_evaluated: Vec<NotEvaluated>,
    /// How many objects were read.
    pub objects: usize,
    /// How many files they were read from.
    pub sources: usize,
    /// The policies that judged at least one object.
    pub policies: Vec<String>,
    /// What a reader must know to read the rest rightly.
    pub notes: Vec<Note>,
    /// What mutating policies would write into the sources.
    pub rewrites: Vec<Rewrite>,
}

/// What mutating policies would write into one source.
#[derive(Debug)]
pub struct Rewrite {
    /// The source.
    pub source: Arc<Source>,
    /// The scalars that are to hold another text.
    pub edits: Vec<Edit>,
}

/// Whether a finding refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Admission will reject the object.
    Deny,
    /// Admission will accept the object and tell the user.
    Warn,
}

/// A place in a source.
#[derive(Clone, Debug)]
pub struct Place {
    /// The source.
    pub source: Arc<Source>,
    /// The bytes to point at.
    pub span: Range<usize>,
}

/// One finding and where it is.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Where.
    pub place: Place,
    /// The policy that speaks.
    pub policy: String,
    /// The rule's id; empty where a policy that is not ours names none.
    pub rule: String,
    /// Whether it refuses.
    pub severity: Severity,
    /// The object's apiVersion.
    pub api_version: String,
    /// The object's kind.
    pub kind: String,
    /// The object's namespace.
    pub namespace: String,
    /// The object's name.
    pub name: String,
    /// The field.
    pub path: String,
    /// The value that stands there, ready to print.
    pub value: Option<String>,
    /// Whether the field is not set.
    pub missing: bool,
    /// What is wrong: a clause.
    pub what: String,
    /// What to write instead: a sentence without full stop.
    pub fix: String,
    /// What else is to be said: clauses.
    pub notes: Vec<String>,
}

/// Something that could not be evaluated.
#[derive(Clone, Debug)]
pub struct NotEvaluated {
    /// Where, if it is a place in a source.
    pub place: Option<Place>,
    /// What it is about where there is no place: a file's name, a policy.
    pub subject: String,
    /// What is wrong: a clause.
    pub what: String,
    /// What to do; may be empty.
    pub help: String,
}

/// Something to know about how the report came about.
#[derive(Clone, Debug)]
pub struct Note {
    /// Where, if it is a place in a source.
    pub place: Option<Place>,
    /// What: a clause.
    pub what: String,
    /// What to do; may be empty.
    pub help: String,
}

impl Place {
    /// Line and column of the place's start, counted from 1; a column is a character.
    pub fn position(&self) -> (usize, usize) {
        self.position_of(self.span.start)
    }

    /// Line and column of the place's end.
    pub fn end_position(&self) -> (usize, usize) {
        self.position_of(self.span.end)
    }

    fn position_of(&self, at: usize) -> (usize, usize) {
        let before = self.source.text.get(..at).unwrap_or(&self.source.text);
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (line, before[start..].chars().count() + 1)
    }
}

impl Finding {
    /// The object in a sentence: `Deployment shop/web`.
    pub fn subject(&self) -> String {
        match (self.namespace.as_str(), self.name.as_str()) {
            (_, "") => self.kind.clone(),
            ("", name) => format!("{} {name}", self.kind),
            (namespace, name) => format!("{} {namespace}/{name}", self.kind),
        }
    }
}
