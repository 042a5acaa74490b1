//! For programs: one JSON document.

use std::fmt::Write as _;
use std::io::{self, Write};

use serde_json::{Value, json};

use crate::allowed::Allowed;
use crate::finding::{Change, Finding, RuleRef, Severity};
use crate::place::Place;
use crate::printable::is_harmful;
use crate::report::{NotEvaluated, Note, Problem, Report};

/// The version of the document's form. It changes when a program that reads it would have to; the schema has it as well.
const VERSION: u32 = 1;

/// The schema's file in the repository, which is generated from [`schema`].
pub const SCHEMA: &str = "docs/schemas/report.schema.json";

/// Writes the report.
///
/// # Errors
///
/// What keeps `out` from being written to.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    // What turns the direction of writing may be meant for a terminal.
    let text = serde_json::to_string_pretty(&document(report))?;
    let mut escaped = String::with_capacity(text.len() + 1);
    for c in text.chars() {
        if c != '\n' && is_harmful(c) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        } else {
            escaped.push(c);
        }
    }
    writeln!(out, "{escaped}")
}

/// The report as JSON.
pub fn document(report: &Report) -> Value {
    let summary = report.summary();
    json!({
        "$schema": schema_url(),
        "version": VERSION,
        "summary": {
            "files": summary.files,
            "objects": summary.objects,
            "policies": report.policies,
            "violations": summary.violations,
            "warnings": summary.warnings,
            "notEvaluated": summary.not_evaluated,
            "unjudged": report.unjudged,
            "passedOver": summary.passed_over,
            "allowed": summary.allowed,
            "known": summary.known,
        },
        "findings": report.findings.iter().map(finding).collect::<Vec<_>>(),
        "allowed": report.allowed.iter().map(allowed).collect::<Vec<_>>(),
        "known": report.known.iter().map(finding).collect::<Vec<_>>(),
        "gone": report.gone,
        "problems": report.problems.iter().map(problem).collect::<Vec<_>>(),
        "notEvaluated": report.not_evaluated.iter().map(not_evaluated).collect::<Vec<_>>(),
        "notes": report.notes.iter().map(note).collect::<Vec<_>>(),
        "passedOver": report.passed_over.iter().map(|passed| json!({"name": passed.name, "why": passed.why})).collect::<Vec<_>>(),
    })
}

/// The schema of the document.
///
/// # Errors
///
/// A schema that is not JSON, which a test would have found.
pub fn schema() -> serde_json::Result<Value> {
    let mut schema: Value = serde_json::from_str(include_str!("../schemas/report.schema.json"))?;
    schema["$id"] = json!(schema_url());
    Ok(schema)
}

/// Where the schema of this version can be fetched from.
fn schema_url() -> String {
    let raw = crate::REPOSITORY.replacen("https://github.com/", "https://raw.githubusercontent.com/", 1);
    format!("{raw}/v{}/{SCHEMA}", crate::VERSION)
}

fn place(place: Option<&Place>) -> Value {
    let Some(place) = place else { return Value::Null };
    let (start, end) = (place.start(), place.end());
    json!({
        "file": place.source.name,
        "line": start.line, "column": start.column, "endLine": end.line, "endColumn": end.column,
    })
}

fn finding(finding: &Finding) -> Value {
    json!({
        "place": place(Some(&finding.location.place)),
        "policy": finding.policy,
        "rule": finding.rule.as_ref().map_or("", |rule| &rule.id),
        "ruleName": finding.rule.as_ref().and_then(|RuleRef { name, .. }| *name),
        "severity": severity(finding.severity),
        "object": {
            "apiVersion": finding.object.api_version, "kind": finding.object.kind,
            "namespace": finding.object.namespace, "name": finding.object.name,
        },
        "path": finding.location.path,
        "value": finding.value,
        "missing": finding.missing,
        "what": finding.what,
        "fix": finding.fix.as_ref().map_or("", |fix| &fix.text),
        "change": finding.change().map(change),
        "notes": finding.notes,
    })
}

fn change(change: &Change) -> Value {
    match &change.to {
        Some(to) => json!({"set": to, "safe": change.safe}),
        None => json!({"remove": true, "safe": change.safe}),
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Deny => "deny",
        Severity::Warn => "warn",
    }
}

fn allowed(allowed: &Allowed) -> Value {
    json!({
        "finding": finding(&allowed.finding), "reason": allowed.reason,
        "place": place(Some(&allowed.place)), "inSource": allowed.in_source,
    })
}

fn problem(problem: &Problem) -> Value {
    json!({
        "place": place(Some(&problem.place)), "severity": severity(problem.severity),
        "what": problem.what, "help": problem.help,
    })
}

fn not_evaluated(problem: &NotEvaluated) -> Value {
    json!({
        "place": place(problem.place.as_ref()), "subject": problem.subject,
        "what": problem.what, "help": problem.help,
    })
}

fn note(note: &Note) -> Value {
    json!({"place": place(note.place.as_ref()), "what": note.what, "help": note.help})
}
