//! All that a run has to say.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::allowed::Allowed;
use crate::finding::{Finding, ObjectRef, Severity};
use crate::place::Place;
use crate::source::Source;

/// Everything to print.
#[derive(Debug, Default)]
pub struct Report {
    /// Violations and warnings, in the order of the input.
    pub findings: Vec<Finding>,
    /// Whether the findings whose change can be made in a file have an [`Edit`](crate::Edit), and only they.
    pub is_located: bool,
    /// What exceptions allow.
    pub allowed: Vec<Allowed>,
    /// What the baseline knows.
    pub known: Vec<Finding>,
    /// What the baseline knows and is no more.
    pub gone: Vec<String>,
    /// What is wrong with what the user has written for the run: with exceptions.
    pub problems: Vec<Problem>,
    /// What could not be evaluated.
    pub not_evaluated: Vec<NotEvaluated>,
    /// What a reader must know to read the rest rightly.
    pub notes: Vec<Note>,
    /// The files that objects were read from, in the order of the input.
    pub sources: Vec<Arc<Source>>,
    /// How many more there were, in which nothing was found and which are forgotten.
    pub forgotten: usize,
    /// How many objects were read.
    pub objects: usize,
    /// These objects, in the order of the input; none where they are too many to be kept and no format asks for them.
    pub subjects: Vec<Subject>,
    /// The policies that judged at least one object.
    pub policies: Vec<String>,
    /// How many objects no policy has judged, by kind.
    pub unjudged: BTreeMap<String, usize>,
    /// What could have been meant and was not read.
    pub skipped: Vec<Skipped>,
}

/// A file or folder that was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// What it is called.
    pub name: String,
    /// Why: a clause.
    pub why: String,
    /// Whether it may hold manifests that nobody has asked to leave out.
    pub could_matter: bool,
}

/// An object that was read.
#[derive(Clone, Debug)]
pub struct Subject {
    /// What it is called.
    pub object: ObjectRef,
    /// All of it, in its text.
    pub place: Place,
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

/// Something that is wrong and is in no object.
#[derive(Clone, Debug)]
pub struct Problem {
    /// Whether it counts as a violation.
    pub severity: Severity,
    /// Where.
    pub place: Place,
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

/// What came of a run, in a word. The later one counts where several apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Nothing violates a rule.
    Clean,
    /// Something violates a rule.
    Violations,
    /// Something could not be evaluated.
    NotEvaluated,
}

/// A report in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Files read.
    pub files: usize,
    /// Objects read.
    pub objects: usize,
    /// Policies that judged at least one object.
    pub policies: usize,
    /// Findings that refuse.
    pub violations: usize,
    /// Findings that do not.
    pub warnings: usize,
    /// What could not be evaluated.
    pub not_evaluated: usize,
    /// Objects that no policy has judged.
    pub unjudged: usize,
    /// Files and folders that were not read.
    pub skipped: usize,
    /// What exceptions allow.
    pub allowed: usize,
    /// What the baseline knows.
    pub known: usize,
}

impl Report {
    /// The report in numbers.
    pub fn summary(&self) -> Summary {
        let severities = self.findings.iter().map(|finding| finding.severity);
        let severities: Vec<_> = severities.chain(self.problems.iter().map(|problem| problem.severity)).collect();
        let violations = severities.iter().filter(|severity| **severity == Severity::Deny).count();
        Summary {
            files: self.sources.len() + self.forgotten,
            objects: self.objects,
            policies: self.policies.len(),
            violations,
            warnings: severities.len() - violations,
            not_evaluated: self.not_evaluated.len(),
            unjudged: self.unjudged.values().sum(),
            skipped: self.skipped.len(),
            allowed: self.allowed.len(),
            known: self.known.len(),
        }
    }

    /// The report in a word.
    pub fn status(&self) -> Status {
        let Summary { violations, not_evaluated, .. } = self.summary();
        match (not_evaluated, violations) {
            (0, 0) => Status::Clean,
            (0, _) => Status::Violations,
            _ => Status::NotEvaluated,
        }
    }
}

/// `2 violations, 1 warning in 4 objects from 1 file, judged by 3 policies`
impl std::fmt::Display for Summary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let count = |number: usize, one: &str, many: &str| format!("{number} {}", if number == 1 { one } else { many });
        f.write_str(&count(self.violations, "violation", "violations"))?;
        if self.warnings > 0 {
            write!(f, ", {}", count(self.warnings, "warning", "warnings"))?;
        }
        if self.allowed > 0 {
            write!(
                f,
                ", {} allowed by {}",
                self.allowed,
                if self.allowed == 1 { "an exception" } else { "exceptions" }
            )?;
        }
        if self.known > 0 {
            write!(f, ", {} in the baseline", self.known)?;
        }
        if self.not_evaluated > 0 {
            write!(f, ", {} not evaluated", self.not_evaluated)?;
        }
        write!(f, " in {} from {}", count(self.objects, "object", "objects"), count(self.files, "file", "files"))?;
        match self.policies {
            0 if self.objects == 0 => {}
            0 => f.write_str(", no policy has rules for any of them")?,
            number => {
                write!(f, ", judged by {}", count(number, "policy", "policies"))?;
                if self.unjudged > 0 {
                    write!(f, ", no policy has rules for {} of them", self.unjudged)?;
                }
            }
        }
        match self.skipped {
            0 => Ok(()),
            1 => f.write_str("; 1 path skipped (-v lists it)"),
            number => write!(f, "; {number} paths skipped (-v lists them)"),
        }
    }
}
