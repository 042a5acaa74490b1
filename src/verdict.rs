//! From findings to the answer that an engine reads, and the one place that prints a message.
//!
//! The answer is the SDK's `ValidationResponse`: `accepted`, `message`, `code`, `mutated_object`, `audit_annotations`,
//! `warnings`. The message carries every violation, because the audit scanner keeps nothing else; the audit annotation
//! [`ANNOTATION`] carries the same as data, for the API server's audit log and for our command line.

use crate::finding::{Finding, Findings, Severity};
use crate::json::Writer;
use crate::request::Request;

/// The audit annotation that holds the findings as JSON: a list of objects with `rule`, `severity` (`deny` or `warn`),
/// `path`, `value` (absent where there is none to show), `what` and `fix`.
pub const ANNOTATION: &str = "findings";

/// The status code of a rejection. Not 500, which the audit scanner books as an internal error.
const CODE: &str = "403";

/// The longest message, in bytes. A report that holds it must stay well under what etcd takes for one object.
const MESSAGE_BYTES: usize = 48 * 1024;

/// The longest warning, in characters: the API server may cut what is longer.
const WARNING_CHARS: usize = 250;

/// The number of warnings in one answer; the rest are counted in the last.
const WARNINGS: usize = 15;

/// The answer that accepts and says nothing.
pub const ACCEPTED: &str = r#"{"accepted":true}"#;

/// One finding as one line: field, value, reason, what to write instead, rule.
pub fn line(finding: &Finding) -> String {
    let mut line = String::new();
    line.push_str(if finding.path.is_root() { "(the object)" } else { finding.path.as_str() });
    line.push_str(": ");
    if let Some(value) = &finding.value {
        line.push_str(value);
        line.push_str(": ");
    } else if finding.missing {
        line.push_str("not set: ");
    }
    line.push_str(&finding.what);
    line.push('.');
    if !finding.fix.is_empty() {
        line.push(' ');
        line.push_str(&finding.fix);
        line.push('.');
    }
    line.push_str(" [");
    line.push_str(finding.rule.id);
    line.push(']');
    line
}

/// The object in a sentence: `Deployment shop/web`.
fn subject(request: &Request<'_>) -> String {
    let mut subject = String::from(&*request.kind);
    let metadata = request.object.and_then(|object| object.field("metadata"));
    let name = match metadata {
        _ if !request.name.is_empty() => request.name.to_string(),
        Some(metadata) => metadata
            .field("generateName")
            .and_then(|name| name.as_str())
            .map(|name| name.into_owned())
            .unwrap_or_default(),
        None => String::new(),
    };
    if !name.is_empty() {
        subject.push(' ');
        if !request.namespace.is_empty() {
            subject.push_str(&request.namespace);
            subject.push('/');
        }
        subject.push_str(&name);
    }
    subject.chars().filter(|c| !c.is_control()).take(200).collect()
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

fn warning(finding: &Finding) -> String {
    let line = line(finding);
    if line.chars().count() <= WARNING_CHARS {
        return line;
    }
    let mut short: String = line.chars().take(WARNING_CHARS - 10).collect();
    short.push_str("… [");
    short.push_str(finding.rule.id);
    short.push(']');
    short
}

/// The answer to a request that was judged.
pub fn answer(request: &Request<'_>, findings: &Findings) -> String {
    if findings.is_empty() && findings.omitted() == 0 {
        return ACCEPTED.to_owned();
    }
    let accepted = findings.denials() == 0;
    let mut out = Writer::new();
    out.open_object().key("accepted").bool(accepted);
    if !accepted {
        out.key("message").text(&message(request, findings)).key("code").raw(CODE);
    }
    if accepted && let Some(object) = findings.rewritten() {
        out.key("mutated_object").raw(object);
    }
    if !findings.kept().is_empty() {
        out.key("audit_annotations").open_object().key(ANNOTATION).text(&annotation(findings)).close_object();
    }
    let warnings: Vec<_> = findings.kept().iter().filter(|finding| finding.severity == Severity::Warn).collect();
    if !warnings.is_empty() {
        out.key("warnings").open_list();
        let shown = if warnings.len() > WARNINGS { WARNINGS - 1 } else { warnings.len() };
        for finding in &warnings[..shown] {
            out.text(&warning(finding));
        }
        if shown < warnings.len() {
            out.text(&format!("and {} more warnings like these", warnings.len() - shown));
        }
        out.close_list();
    }
    out.close_object();
    out.finish()
}

fn annotation(findings: &Findings) -> String {
    let mut out = Writer::new();
    out.open_list();
    for finding in findings.kept() {
        out.open_object();
        out.key("rule").text(finding.rule.id);
        out.key("severity").text(match finding.severity {
            Severity::Deny => "deny",
            Severity::Warn => "warn",
        });
        out.key("path").text(finding.path.as_str());
        if let Some(value) = &finding.value {
            out.key("value").text(value);
        }
        if finding.missing {
            out.key("missing").bool(true);
        }
        out.key("what").text(&finding.what);
        out.key("fix").text(&finding.fix);
        out.close_object();
    }
    out.close_list();
    out.finish()
}

/// The answer to a request that could not be read at all.
pub fn unreadable(what: &str) -> String {
    let mut out = Writer::new();
    let message = format!("The request cannot be read, so it is refused: {what}. [NI002]");
    out.open_object().key("accepted").bool(false).key("message").text(&message).key("code").raw(CODE).close_object();
    out.finish()
}

/// The answer to a request that met settings which are not valid.
pub fn misconfigured(problems: &str) -> String {
    let mut out = Writer::new();
    let message = format!("This policy's settings are not valid, so nothing is accepted: {problems} [NI003]");
    out.open_object().key("accepted").bool(false).key("message").text(&message).key("code").raw(CODE).close_object();
    out.finish()
}

/// The answer of `validate_settings`.
pub fn settings(problems: Result<(), String>) -> String {
    let mut out = Writer::new();
    out.open_object().key("valid").bool(problems.is_ok());
    if let Err(problems) = problems {
        out.key("message").text(&problems);
    }
    out.close_object();
    out.finish()
}
