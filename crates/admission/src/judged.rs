//! What came of one object.

use isolation_report::{Finding, NotEvaluated, Note};
use serde_json::Value;

use crate::input::Item;

/// What came of one object.
#[derive(Debug, Default)]
pub struct Judged {
    /// What the policies found.
    pub findings: Vec<Finding>,
    /// What could not be evaluated.
    pub failures: Vec<NotEvaluated>,
    /// Notes about the verdict.
    pub notes: Vec<Note>,
    /// The object as mutating policies have rewritten it.
    pub rewritten: Option<Rewritten>,
    /// The policies that were asked, by their index.
    pub(crate) asked: Vec<usize>,
    /// Namespaces whose labels a selector needs and the input lacks.
    pub(crate) unknown_namespaces: Vec<String>,
}

/// What policies have made of an object.
#[derive(Debug)]
pub struct Rewritten {
    /// The policy that changed it last.
    pub policy: String,
    /// The object, whole.
    pub object: Value,
}

impl Judged {
    /// Whether some policy was asked about the object.
    pub fn was_asked(&self) -> bool {
        !self.asked.is_empty()
    }

    /// Notes that something about the object as a whole could not be evaluated.
    pub(crate) fn not_evaluated(&mut self, item: &Item, what: String) {
        self.failures.push(NotEvaluated {
            place: Some(item.place("kind")),
            subject: item.object.subject(),
            what,
            help: String::new(),
        });
    }
}
