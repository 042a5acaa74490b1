//! For programs: one JSON document.

use std::io::Write as _;

use anyhow::Result;
use serde_json::{Value, json};

use crate::check::{Place, Report, Severity};
use isolation_all_policies::page;

/// The version of the document's form. It changes when a program that reads it would have to.
const FORM: u32 = 1;

fn place(place: Option<&Place>) -> Value {
    let Some(place) = place else { return Value::Null };
    let (line, column) = place.position();
    let (end_line, end_column) = place.end_position();
    json!({"file": place.source.name, "line": line, "column": column, "endLine": end_line, "endColumn": end_column})
}

/// A value as it is: messages show texts in quotes.
fn unquoted(shown: &str) -> String {
    serde_json::from_str(shown).unwrap_or_else(|_| shown.to_owned())
}

/// Prints the report.
pub fn print(report: &Report) -> Result<()> {
    let findings: Vec<Value> = report
        .findings
        .iter()
        .map(|finding| {
            json!({
                "place": place(Some(&finding.place)),
                "policy": finding.policy,
                "rule": finding.rule,
                "ruleName": page(&finding.rule).map(|(_, page)| page.rule.name),
                "severity": match finding.severity { Severity::Deny => "deny", Severity::Warn => "warn" },
                "object": {
                    "apiVersion": finding.api_version, "kind": finding.kind,
                    "namespace": finding.namespace, "name": finding.name,
                },
                "path": finding.path,
                "value": finding.value.as_deref().map(unquoted),
                "missing": finding.missing,
                "what": finding.what,
                "fix": finding.fix,
                "notes": finding.notes,
            })
        })
        .collect();
    let not_evaluated: Vec<Value> = report
        .not_evaluated
        .iter()
        .map(|problem| {
            json!({
                "place": place(problem.place.as_ref()), "subject": problem.subject,
                "what": problem.what, "help": problem.help,
            })
        })
        .collect();
    let notes = report.notes.iter();
    let notes: Vec<Value> =
        notes.map(|note| json!({"place": place(note.place.as_ref()), "what": note.what, "help": note.help})).collect();
    let denials = report.findings.iter().filter(|finding| finding.severity == Severity::Deny).count();
    let document = json!({
        "form": FORM,
        "summary": {
            "files": report.sources,
            "objects": report.objects,
            "policies": report.policies,
            "violations": denials,
            "warnings": report.findings.len() - denials,
            "notEvaluated": report.not_evaluated.len(),
        },
        "findings": findings,
        "notEvaluated": not_evaluated,
        "notes": notes,
    });
    writeln!(anstream::stdout().lock(), "{}", serde_json::to_string_pretty(&document)?)?;
    Ok(())
}
