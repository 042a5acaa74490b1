//! For programs: one JSON document.

use std::fmt::Write as _;
use std::io::{self, Write};

use serde_json::{Value, json};

use crate::finding::{Finding, RuleRef, Severity};
use crate::place::Place;
use crate::printable::is_harmful;
use crate::report::{NotEvaluated, Note, Report};

/// The version of the document's form. It changes when a program that reads it would have to.
const FORM: u32 = 1;

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
        "form": FORM,
        "summary": {
            "files": summary.files,
            "objects": summary.objects,
            "policies": report.policies,
            "violations": summary.violations,
            "warnings": summary.warnings,
            "notEvaluated": summary.not_evaluated,
            "unjudged": report.unjudged,
            "passedOver": summary.passed_over,
        },
        "findings": report.findings.iter().map(finding).collect::<Vec<_>>(),
        "notEvaluated": report.not_evaluated.iter().map(not_evaluated).collect::<Vec<_>>(),
        "notes": report.notes.iter().map(note).collect::<Vec<_>>(),
        "passedOver": report.passed_over.iter().map(|passed| json!({"name": passed.name, "why": passed.why})).collect::<Vec<_>>(),
    })
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
        "severity": match finding.severity { Severity::Deny => "deny", Severity::Warn => "warn" },
        "object": {
            "apiVersion": finding.object.api_version, "kind": finding.object.kind,
            "namespace": finding.object.namespace, "name": finding.object.name,
        },
        "path": finding.location.path,
        "value": finding.value,
        "missing": finding.missing,
        "what": finding.what,
        "fix": finding.fix.as_ref().map_or("", |fix| &fix.text),
        "notes": finding.notes,
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
