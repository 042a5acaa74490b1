//! From findings to a policy's answer, and the one place that prints a message.
//!
//! The message carries every violation, because the audit scanner keeps nothing else; the audit annotation [`ANNOTATION`]
//! carries the same as data, for the API server's audit log and for our command line.

use serde_json::{Value, json};

use crate::finding::{Finding, Findings, Severity, is_invisible};
use crate::fix::{Change, NewValue};
use crate::json::quoted;
use crate::request::Request;

/// The audit annotation that holds the findings as JSON: a list of objects with `rule`, `severity` (`deny` or `warn`),
/// `path`, `value` (absent where there is none to show), `missing` (only where the field is not set), `lacking` (only where the
/// violation stays the same whatever the value is), `what`, `fix`, and where one value mends it `change`: `set` with what the field
/// is to hold or `remove`, and `safe`, whether it only says what was meant. `part` has the paths of what the finding is a part of: with other values there it is another one.
pub const ANNOTATION: &str = "findings";

/// The audit annotation that holds how many further violations were found; absent where the findings are all.
pub const OMITTED: &str = "omitted";

/// The status code of a rejection. Not 500, which the audit scanner books as an internal error.
pub const CODE: u16 = 403;

/// The longest message, in bytes. A report that holds it must stay well under what etcd takes for one object.
const MESSAGE_BYTES: usize = 48 * 1024;

/// The longest warning, in characters: the API server may cut what is longer.
const WARNING_CHARS: usize = 250;

/// How much of a value a warning shows that is too long with all of it, and how much of its reason at least, in characters.
const SHORT_VALUE: usize = 60;
const SHORT_REASON: usize = 40;

/// The number of warnings in one answer; the rest are counted in the last.
const WARNINGS: usize = 15;

/// What a policy answers to a request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// Why the object is rejected: all of it, for people. `None` accepts.
    pub rejection: Option<String>,
    /// What was found, in full.
    pub findings: Vec<Finding>,
    /// How many further violations were found.
    pub omitted: usize,
    /// What the user is told beside the verdict, a line each.
    pub warnings: Vec<String>,
    /// The object as the policy has rewritten it.
    pub rewritten: Option<Value>,
}

/// The answer to settings as engines read it: the SDK's `SettingsValidationResponse`.
pub fn settings_json(problems: &Result<(), String>) -> Value {
    json!({ "valid": problems.is_ok(), "message": problems.as_ref().err() })
}

/// One finding as one line: field, value, reason, what to write instead, rule.
pub fn line(finding: &Finding) -> String {
    line_with(finding, finding.value.as_deref(), &finding.what)
}

fn line_with(finding: &Finding, value: Option<&str>, what: &str) -> String {
    let mut line = String::new();
    line.push_str(if finding.path.is_root() { "(the object)" } else { finding.path.as_str() });
    line.push_str(": ");
    if let Some(value) = value {
        line.push_str(value);
        line.push_str(": ");
    } else if finding.missing {
        line.push_str("not set: ");
    }
    line.push_str(what);
    if !what.ends_with('…') {
        line.push('.');
    }
    if !finding.fix.text.is_empty() {
        line.push(' ');
        line.push_str(&finding.fix.text);
        line.push('.');
    }
    line.push_str(" [");
    line.push_str(finding.rule.id);
    line.push(']');
    line
}

/// As much of a text as a message may hold.
fn bounded(text: &str) -> &str {
    text.get(..text.floor_char_boundary(MESSAGE_BYTES)).unwrap_or(text)
}

/// The object in a sentence: `Deployment shop/web`.
fn subject(request: &Request<'_>) -> String {
    let mut subject = String::from(&*request.kind);
    let metadata = request.object.and_then(|object| object.field("metadata"));
    let name = match metadata {
        _ if !request.name.is_empty() => &*request.name,
        Some(metadata) => metadata.field("generateName").and_then(|name| name.text()).unwrap_or_default(),
        None => "",
    };
    if !name.is_empty() {
        subject.push(' ');
        if !request.namespace.is_empty() {
            subject.push_str(&request.namespace);
            subject.push('/');
        }
        subject.push_str(name);
    }
    subject.chars().filter(|c| !c.is_control() && !is_invisible(*c)).take(200).collect()
}

fn message(request: &Request<'_>, findings: &Findings) -> String {
    let denials = findings.denials();
    let mut message = subject(request);
    message.push_str(" breaks network isolation");
    if denials > 1 {
        message.push_str(&format!(" in {denials} places"));
    }
    message.push(':');
    let mut printed = 0;
    for finding in findings.kept().iter().filter(|finding| finding.severity == Severity::Deny) {
        let line = line(finding);
        if message.len() + line.len() > MESSAGE_BYTES {
            break;
        }
        message.push_str("\n- ");
        message.push_str(&line);
        printed += 1;
    }
    if printed < denials {
        message.push_str(&format!("\n- and {} more like these.", denials - printed));
    }
    message
}

/// A warning has little room: of a long one, the value is shortened first and then the reason, so that what to write instead
/// is still there.
fn warning(finding: &Finding) -> String {
    let value = finding.value.as_deref().map(|value| cut(value, SHORT_VALUE));
    let mut line = line(finding);
    if excess(&line) > 0 {
        line = line_with(finding, value.as_deref(), &finding.what);
    }
    if excess(&line) > 0 {
        let room = finding.what.chars().count().saturating_sub(excess(&line));
        line = line_with(finding, value.as_deref(), &cut(&finding.what, room.max(SHORT_REASON)));
    }
    if excess(&line) > 0 {
        line = format!("{} [{}]", cut(&line, WARNING_CHARS - 8), finding.rule.id);
    }
    line
}

/// By how many characters a warning is too long.
fn excess(line: &str) -> usize {
    line.chars().count().saturating_sub(WARNING_CHARS)
}

/// So many characters of a text at most, with a sign where some are missing.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most.saturating_sub(2)).collect();
    short.push_str(if text.ends_with('"') { "…\"" } else { "…" });
    short
}

fn warnings(findings: &Findings) -> Vec<String> {
    let all: Vec<_> = findings.kept().iter().filter(|finding| finding.severity == Severity::Warn).collect();
    let shown = if all.len() > WARNINGS { WARNINGS - 1 } else { all.len() };
    let mut warnings: Vec<String> = all.iter().take(shown).map(|finding| warning(finding)).collect();
    if shown < all.len() {
        warnings.push(format!("and {} more warnings like these", all.len() - shown));
    }
    warnings
}

/// Writes a finding as the annotation holds it. A derived writer is two kilobytes of each module.
fn annotate(out: &mut String, finding: &Finding) {
    let severity = match finding.severity {
        Severity::Deny => "deny",
        Severity::Warn => "warn",
    };
    text(out, "{\"rule\":", finding.rule.id);
    text(out, ",\"severity\":", severity);
    text(out, ",\"path\":", finding.path.as_str());
    if let Some(value) = &finding.value {
        text(out, ",\"value\":", value);
    }
    if finding.missing {
        out.push_str(",\"missing\":true");
    }
    if finding.lacking {
        out.push_str(",\"lacking\":true");
    }
    text(out, ",\"what\":", &finding.what);
    text(out, ",\"fix\":", &finding.fix.text);
    if let Some(Change { to, safe }) = &finding.fix.change {
        let key = ",\"change\":{\"set\":";
        match to {
            Some(NewValue::Text(to)) => text(out, key, to),
            Some(NewValue::Bool(to)) => {
                out.push_str(key);
                out.push_str(boolean(*to));
            }
            None => out.push_str(",\"change\":{\"remove\":true"),
        }
        out.push_str(",\"safe\":");
        out.push_str(boolean(*safe));
        out.push('}');
    }
    let mut key = ",\"part\":[";
    for part in &finding.part {
        text(out, key, part.as_str());
        key = ",";
    }
    out.push_str(if finding.part.is_empty() { "}" } else { "]}" });
}

/// Writes a text behind what comes before it.
#[inline(never)]
fn text(out: &mut String, before: &str, text: &str) {
    out.push_str(before);
    out.push_str(&quoted(text));
}

fn boolean(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

impl Answer {
    /// Accepts and says nothing.
    pub fn accepted() -> Self {
        Answer::default()
    }

    /// The answer to a request that was judged.
    pub fn judged(request: &Request<'_>, findings: Findings) -> Self {
        let rejection = (findings.denials() > 0).then(|| message(request, &findings));
        let warnings = warnings(&findings);
        let omitted = findings.omitted();
        let (findings, rewritten) = findings.into_parts();
        Answer { rewritten: rewritten.filter(|_| rejection.is_none()), rejection, findings, omitted, warnings }
    }

    /// The answer to a request that could not be read at all.
    pub fn unreadable(what: &str) -> Self {
        let what = bounded(what);
        let message = format!("The request cannot be read, so it is refused: {what}. [NI002]");
        Answer { rejection: Some(message), ..Answer::default() }
    }

    /// The answer to a request that met settings which are not valid.
    pub fn misconfigured(problems: &str) -> Self {
        let message = format!("This policy's settings are not valid, so nothing is accepted: {problems} [NI003]");
        Answer { rejection: Some(message), ..Answer::default() }
    }

    /// The findings as the audit annotation [`ANNOTATION`] holds them; `None` where nothing was found.
    pub fn annotation(&self) -> Option<String> {
        if self.findings.is_empty() {
            return None;
        }
        let mut all = String::new();
        for finding in &self.findings {
            all.push(if all.is_empty() { '[' } else { ',' });
            annotate(&mut all, finding);
        }
        all.push(']');
        Some(all)
    }

    /// The audit annotations, by name; none where nothing was found.
    pub fn annotations(&self) -> impl Iterator<Item = (String, String)> {
        let findings = self.annotation().map(|findings| (ANNOTATION.to_owned(), findings));
        let omitted = (self.omitted > 0).then(|| (OMITTED.to_owned(), self.omitted.to_string()));
        findings.into_iter().chain(omitted)
    }

    /// The answer as engines read it: the SDK's `ValidationResponse`.
    pub fn to_json(&self) -> Value {
        let annotations: serde_json::Map<_, _> = self.annotations().map(|(name, text)| (name, text.into())).collect();
        json!({
            "accepted": self.rejection.is_none(),
            "message": self.rejection,
            "code": self.rejection.as_ref().map(|_| CODE),
            "mutated_object": self.rewritten,
            "audit_annotations": (!annotations.is_empty()).then_some(annotations),
            "warnings": (!self.warnings.is_empty()).then_some(&self.warnings),
        })
    }
}

#[cfg(test)]
mod tests;
