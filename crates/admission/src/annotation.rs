//! Findings as the audit annotation carries them, whatever ran the policy.

use isolation::finding::{Finding, Severity};
use isolation::fix::Change;
use serde::Deserialize;
use serde_json::Value;

/// A finding as the audit annotation carries it.
#[derive(Clone, Debug, Deserialize)]
pub struct AnnotationFinding {
    /// The rule's id.
    pub rule: String,
    pub(crate) severity: String,
    /// The field, in the object that is judged.
    pub path: String,
    pub(crate) value: Option<String>,
    /// Whether the field is not set.
    #[serde(default)]
    pub missing: bool,
    /// Whether it is only about what the value lacks.
    #[serde(default)]
    pub(crate) lacking: bool,
    pub(crate) what: String,
    /// What to write instead: a sentence about the object that is judged.
    pub fix: String,
    pub(crate) change: Option<AnnotationChange>,
    #[serde(default)]
    pub(crate) part: Vec<String>,
}

/// What becomes of the field, as the annotation carries it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct AnnotationChange {
    pub(crate) set: Option<Value>,
    #[serde(default)]
    pub(crate) remove: bool,
    #[serde(default)]
    pub(crate) safe: bool,
}

impl AnnotationFinding {
    /// What the field is to hold, where one value mends it.
    pub fn set(&self) -> Option<&Value> {
        self.change.as_ref()?.set.as_ref()
    }
}

impl From<Finding> for AnnotationFinding {
    fn from(Finding { rule, severity, path, value, missing, lacking, what, fix, part, .. }: Finding) -> Self {
        AnnotationFinding {
            rule: rule.id.to_owned(),
            severity: match severity {
                Severity::Deny => "deny".to_owned(),
                Severity::Warn => "warn".to_owned(),
            },
            path: path.as_str().to_owned(),
            value,
            missing,
            lacking,
            what,
            fix: fix.text,
            change: fix.change.map(|Change { to, safe }| AnnotationChange {
                remove: to.is_none(),
                set: to.and_then(|to| serde_json::to_value(to).ok()),
                safe,
            }),
            part: part.iter().map(|path| path.as_str().to_owned()).collect(),
        }
    }
}
