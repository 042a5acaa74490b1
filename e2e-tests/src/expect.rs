//! The answer of a policy, as a case file writes it.

use std::fmt::Write as _;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::Value;

/// What a policy answered.
#[derive(Debug)]
pub enum Answer {
    /// To `validate`: the answer as JSON, and the request's object, to say what was changed in it.
    Validation {
        /// The answer.
        answer: String,
        /// The object of the request, if it has one.
        object: Option<Value>,
    },
    /// To `validate_settings`.
    Settings(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Validation {
    accepted: bool,
    message: Option<String>,
    code: Option<u16>,
    mutated_object: Option<Value>,
    audit_annotations: Option<std::collections::BTreeMap<String, String>>,
    warnings: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SettingsValidation {
    valid: bool,
    message: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Finding {
    rule: String,
    severity: String,
    path: String,
    #[serde(rename = "value")]
    _value: Option<String>,
    #[serde(default, rename = "missing")]
    _missing: bool,
    #[serde(default, rename = "lacking")]
    _lacking: bool,
    what: String,
    fix: String,
    change: Option<Change>,
    #[serde(default, rename = "part")]
    _part: Vec<String>,
}

/// What becomes of the field, as `--fix` reads it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    set: Option<Value>,
    #[serde(default, rename = "remove")]
    _remove: bool,
    safe: bool,
}

impl Change {
    /// The change behind its finding's path: `=> "true" (safe)`, `=> removed`.
    fn render(&self) -> String {
        let to = self.set.as_ref().map_or_else(|| "removed".to_owned(), |value| plain(&value.to_string()));
        format!(" => {to}{}", if self.safe { " (safe)" } else { "" })
    }
}

impl Answer {
    /// The answer as the end of a case file, from the line `expect:` on.
    ///
    /// # Errors
    ///
    /// An answer that is not of the form that engines read.
    pub fn render(&self) -> Result<String> {
        let mut out = String::from("expect:\n");
        match self {
            Answer::Settings(answer) => {
                let answer: SettingsValidation = serde_json::from_str(answer).context("not a settings answer")?;
                writeln!(out, "  valid: {}", answer.valid)?;
                if let Some(message) = answer.message {
                    block(&mut out, "message", &message.replace("; ", ";\n"));
                }
            }
            Answer::Validation { answer, object } => {
                let answer: Validation = serde_json::from_str(answer).context("not an answer to a request")?;
                writeln!(out, "  accepted: {}", answer.accepted)?;
                if let Some(code) = answer.code.filter(|code| *code != 403) {
                    bail!("a rejection's code is 403, found {code}");
                }
                let annotations = answer.audit_annotations.as_ref();
                if let Some(findings) = annotations.and_then(|all| all.get(isolation::verdict::ANNOTATION)) {
                    let findings: Vec<Finding> =
                        serde_json::from_str(findings).context("the annotation is not findings")?;
                    out.push_str("  findings:\n");
                    for finding in &findings {
                        if finding.what.is_empty() || finding.what.ends_with('.') || finding.fix.ends_with('.') {
                            bail!(
                                "{}: a finding says what is wrong, and the printer sets the full stops",
                                finding.rule
                            );
                        }
                        let change = finding.change.as_ref().map(Change::render).unwrap_or_default();
                        writeln!(out, "    - {} {} {}{change}", finding.rule, finding.severity, plain(&finding.path))?;
                    }
                }
                if let Some(message) = answer.message {
                    block(&mut out, "message", &message);
                }
                if let Some(warnings) = answer.warnings.filter(|warnings| !warnings.is_empty()) {
                    out.push_str("  warnings:\n");
                    for warning in &warnings {
                        writeln!(out, "    - {}", serde_json::to_string(warning)?)?;
                    }
                }
                if let Some(mutated) = answer.mutated_object {
                    out.push_str("  changes:\n");
                    changes(&mut out, "", object.as_ref().unwrap_or(&Value::Null), &mutated)?;
                }
            }
        }
        Ok(out)
    }
}

/// A path as a plain scalar; what YAML would read otherwise is written out.
fn plain(path: &str) -> String {
    if path.is_empty() { "(the object)".to_owned() } else { path.replace(": ", "\\u003a ").replace(" #", "\\u0020#") }
}

fn block(out: &mut String, key: &str, text: &str) {
    let _ = writeln!(out, "  {key}: |-");
    for line in text.lines() {
        let _ = writeln!(out, "    {line}");
    }
}

/// Every place in which two values differ, one a line.
fn changes(out: &mut String, at: &str, from: &Value, to: &Value) -> Result<()> {
    match (from, to) {
        _ if from == to => {}
        (Value::Object(a), Value::Object(b)) => {
            let keys: std::collections::BTreeSet<_> = a.keys().chain(b.keys()).collect();
            for key in keys {
                let path = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
                changes(out, &path, a.get(key).unwrap_or(&Value::Null), b.get(key).unwrap_or(&Value::Null))?;
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (index, (a, b)) in a.iter().zip(b).enumerate() {
                changes(out, &format!("{at}/{index}"), a, b)?;
            }
        }
        _ => writeln!(out, "    - {{at: {}, from: {from}, to: {to}}}", serde_json::to_string(at)?)?,
    }
    Ok(())
}
