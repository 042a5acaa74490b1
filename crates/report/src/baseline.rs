//! What was found before: only what is new fails. A finding is recognised by its [`Identity`], as `existing: allow` does it in
//! admission, and each entry knows one finding, so that a second copy of an old violation is a new one.

use std::collections::BTreeMap;

use isolation::json::{Mismatch, typed};
use serde::{Deserialize, Serialize};

use crate::exception::Circumstances;
use crate::identity::Identity;
use crate::report::Report;

/// The version of the file's format.
const VERSION: u32 = 1;

/// The findings of an earlier run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    version: u32,
    findings: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "Written")]
struct Entry {
    #[serde(flatten)]
    identity: Identity,
    /// How many findings are like this.
    #[serde(skip_serializing_if = "is_one")]
    count: usize,
}

/// An entry as it is read: what serde flattens, it reads without knowing the key that it is at.
#[derive(Deserialize)]
struct Written {
    rule: String,
    kind: String,
    namespace: String,
    name: String,
    path: String,
    value: String,
    /// Absent also in every entry that 0.2.0 has written.
    #[serde(default)]
    part: String,
    #[serde(default = "one")]
    count: usize,
}

impl From<Written> for Entry {
    fn from(Written { rule, kind, namespace, name, path, value, part, count }: Written) -> Self {
        Entry { identity: Identity { rule, kind, namespace, name, path, value, part }, count }
    }
}

fn one() -> usize {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_one(count: &usize) -> bool {
    *count == 1
}

/// What keeps a baseline from being read.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// It is not JSON.
    #[error("not JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// It is JSON, but not a baseline.
    #[error("{0}; expected the output of `isolation check --write-baseline`")]
    Format(#[from] Mismatch),
    /// It was written by a version that knows more.
    #[error("the baseline has version {0}, but this program reads version {VERSION}; write it again")]
    Version(u64),
}

impl Baseline {
    /// What this report has found.
    pub fn of(report: &Report) -> Self {
        let mut counts: BTreeMap<Identity, usize> = BTreeMap::new();
        for finding in report.findings.iter().chain(&report.known) {
            *counts.entry(Identity::of(finding)).or_default() += 1;
        }
        let findings = counts.into_iter().map(|(identity, count)| Entry { identity, count }).collect();
        Baseline { version: VERSION, findings }
    }

    /// Reads a baseline.
    ///
    /// # Errors
    ///
    /// See [`BaselineError`].
    pub fn read(text: &str) -> Result<Self, BaselineError> {
        let value: serde_json::Value = serde_json::from_str(text)?;
        // A later version may have other keys.
        let version = value.get("version").and_then(serde_json::Value::as_u64);
        if let Some(version) = version.filter(|version| *version != u64::from(VERSION)) {
            return Err(BaselineError::Version(version));
        }
        Ok(typed(&value)?)
    }

    /// The baseline as it is written: sorted, and one finding a line, so that a change is read as a change.
    ///
    /// # Errors
    ///
    /// Never: what it holds are texts.
    pub fn write(&self) -> serde_json::Result<String> {
        let lines: Vec<_> = self.findings.iter().map(serde_json::to_string).collect::<Result<_, _>>()?;
        let list = lines.iter().map(|line| format!("\n    {line}")).collect::<Vec<_>>().join(",");
        let end = if lines.is_empty() { "" } else { "\n  " };
        Ok(format!("{{\n  \"version\": {VERSION},\n  \"findings\": [{list}{end}]\n}}\n"))
    }

    /// How many findings it knows.
    pub fn len(&self) -> usize {
        self.findings.iter().map(|entry| entry.count).sum()
    }

    /// Whether it knows none.
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// Moves what it knows out of the report's findings; what it knows and is gone is named.
    pub fn apply(&self, report: &mut Report, circumstances: &Circumstances) {
        let mut left: BTreeMap<&Identity, usize> = BTreeMap::new();
        for entry in &self.findings {
            *left.entry(&entry.identity).or_default() += entry.count;
        }
        let (mut new, mut known) = (Vec::new(), Vec::new());
        for finding in std::mem::take(&mut report.findings) {
            match left.get_mut(&Identity::of(&finding)).filter(|count| **count > 0) {
                Some(count) => {
                    *count -= 1;
                    known.push(finding);
                }
                None => new.push(finding),
            }
        }
        report.findings = new;
        report.known = known;
        let present: Vec<_> = report.subjects.iter().map(|subject| Identity::object(&subject.object)).collect();
        let is_gone = |identity: &&Identity| {
            let judged = identity.rule.is_empty() || circumstances.judged.contains(&identity.rule);
            let key = (identity.kind.as_str(), identity.namespace.as_str(), identity.name.as_str());
            let seen = || present.iter().any(|(kind, namespace, name)| (kind.as_str(), *namespace, *name) == key);
            judged && (!circumstances.partial || seen())
        };
        let gone = left.into_iter().filter(|(_, count)| *count > 0).map(|(identity, _)| identity).filter(is_gone);
        report.gone = gone.map(Identity::to_string).collect();
    }
}
