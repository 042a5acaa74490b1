//! A policy's answer, and what must hold of every one.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use anyhow::{Result, anyhow, bail};
use isolation::cluster::{Cluster, LookupError};
use isolation_all_policies::Entry;
use serde::Deserialize;
use serde_json::Value;

/// The answer, as the engines read it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// Whether the request is accepted.
    pub accepted: bool,
    /// Why not.
    pub message: Option<String>,
    /// The status of a rejection.
    pub code: Option<u16>,
    /// The object as the policy would have it.
    pub mutated_object: Option<Value>,
    /// The findings, as a text of JSON, and how many were left out.
    pub audit_annotations: Option<BTreeMap<String, String>>,
    /// What kubectl shows.
    pub warnings: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Found {
    rule: String,
    severity: String,
}

impl Answer {
    /// The ids of the rules that refuse.
    pub fn refusing(&self) -> BTreeSet<String> {
        let findings =
            self.audit_annotations.iter().flatten().filter(|(key, _)| *key == isolation::verdict::ANNOTATION);
        let findings = findings.flat_map(|(_, text)| serde_json::from_str::<Vec<Found>>(text).unwrap_or_default());
        findings.filter(|found| found.severity == "deny").map(|found| found.rule).collect()
    }

    /// What of it may not depend on how the request is written. Offsets may: whoever reads them has the text.
    pub fn same(&self, other: &Self) -> bool {
        self == other || self.is_of_a_text_that_cannot_be_read() && other.is_of_a_text_that_cannot_be_read()
    }

    fn is_of_a_text_that_cannot_be_read(&self) -> bool {
        self.message.as_ref().is_some_and(|message| message.contains("[NI002]"))
    }
}

/// A cluster that answers with one text, or with an error, whatever it is asked for.
pub struct Always<'v>(pub &'v str);

impl Cluster for Always<'_> {
    fn get(&self, _: &str, _: &str, name: &str, _: &[&str]) -> std::result::Result<Vec<u8>, LookupError> {
        match name.len() % 3 {
            0 => Err(LookupError::NotFound),
            1 => Err(LookupError::Failed(self.0.chars().take(500).collect())),
            _ => Ok(self.0.as_bytes().to_vec()),
        }
    }
}

/// The beginning of a payload, for a message.
pub fn shown(payload: &[u8]) -> String {
    String::from_utf8_lossy(payload).chars().take(4000).collect()
}

/// The policy's answer, if it is one that engines take: of the right form, bounded, and the same when asked again.
///
/// # Errors
///
/// What does not hold of the answer.
pub fn answer(entry: &Entry, payload: &[u8], cluster: &str) -> Result<Answer> {
    let problem = |what: &str, text: &str| anyhow!("{} {what}\n{}\n{text}", entry.name, shown(payload));
    let ask = || -> Result<String> {
        let answer = catch_unwind(AssertUnwindSafe(|| (entry.validate)(payload, &Always(cluster))));
        Ok(answer.map_err(|_| problem("panics", ""))?.to_json().to_string())
    };
    let text = ask()?;
    if text != ask()? {
        bail!(problem("answers otherwise when asked again", &text));
    }
    let answer: Answer = serde_json::from_str(&text).map_err(|error| problem(&error.to_string(), &text))?;
    let refusal = (answer.message.as_ref().is_some_and(|message| !message.is_empty()), answer.code);
    if refusal != if answer.accepted { (false, None) } else { (true, Some(403)) } {
        bail!(problem("accepts with a message or rejects without one", &text));
    }
    if answer.mutated_object.is_some() && !answer.accepted {
        bail!(problem("changes an object that it rejects", &text));
    }
    if answer.message.as_ref().is_some_and(|message| message.len() > 64 * 1024) {
        bail!(problem("says more than a report takes", &text));
    }
    let warnings = answer.warnings.as_deref().unwrap_or_default();
    if warnings.len() > 15 || warnings.iter().any(|warning| warning.chars().count() > 256) {
        bail!(problem("warns at greater length than the API server passes on", &text));
    }
    let mut annotations = answer.audit_annotations.iter().flatten();
    let findings = annotations.find(|(key, _)| *key == isolation::verdict::ANNOTATION);
    if let Some((_, findings)) = findings {
        let findings: Vec<Value> =
            serde_json::from_str(findings).map_err(|error| problem(&error.to_string(), &text))?;
        if findings.is_empty() {
            bail!(problem("annotates nothing", &text));
        }
        if findings.len() > 200 {
            bail!(problem("annotates without bounds", &text));
        }
        let said = |finding: &Value| ["what", "fix"].iter().filter_map(|key| finding[key].as_str()).map(str::len).max();
        if findings.iter().filter_map(said).any(|length| length > 1100) {
            bail!(problem("says without bounds what it found", ""));
        }
    }
    Ok(answer)
}

/// Whether a policy takes these settings.
///
/// # Errors
///
/// An answer without a reason, or one that is another when asked again.
pub fn settings_are_valid(entry: &Entry, settings: &[u8]) -> Result<bool> {
    let problem = |what: &str| anyhow!("{}: validate_settings {what}\n{}", entry.name, shown(settings));
    let ask = || catch_unwind(AssertUnwindSafe(|| (entry.validate_settings)(settings))).map_err(|_| problem("panics"));
    let answer = ask()?;
    if answer != ask()? {
        bail!(problem("answers otherwise when asked again"));
    }
    if answer.as_ref().is_err_and(String::is_empty) {
        bail!(problem("does not say why settings are not valid"));
    }
    if answer.as_ref().is_err_and(|answer| answer.len() > 256 * 1024) {
        bail!(problem("says more than anybody reads"));
    }
    Ok(answer.is_ok())
}
