//! For programs: one JSON document.

use std::fmt::Write as _;
use std::io::{self, Write};

use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::{Value, json};

use crate::allowed::Allowed;
use crate::finding::{Change, Finding, RuleRef, Severity};
use crate::place::Place;
use crate::printable::is_harmful;
use crate::report::{NotEvaluated, Note, Problem, Report, Skipped};

/// The version of the document's format. It changes when a program that reads it would have to; the schema has it as well.
const VERSION: u32 = 1;

/// The schema's file in the repository, which is generated from [`schema`].
pub const SCHEMA: &str = "docs/schemas/report.schema.json";

/// Writes the report, finding by finding: of a large one there is never a second copy.
///
/// # Errors
///
/// What keeps `out` from being written to.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    write_document(&Document(report), out)
}

/// The report as JSON.
///
/// # Errors
///
/// A report that JSON cannot hold, which there is not.
pub fn document(report: &Report) -> serde_json::Result<Value> {
    serde_json::to_value(Document(report))
}

/// Writes a document, with a line break behind it; what moves a cursor or turns the direction of writing as an escape.
///
/// # Errors
///
/// What keeps `out` from being written to.
pub fn write_document(document: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let mut out = io::BufWriter::new(Escaped(out));
    serde_json::to_writer_pretty(&mut out, document)?;
    writeln!(out)?;
    out.flush()
}

/// What turns the direction of writing may be meant for a terminal: it is written as an escape.
struct Escaped<'o>(&'o mut dyn Write);

impl Write for Escaped<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let is_plain = |byte: &u8| matches!(byte, b' '..=b'~' | b'\n');
        let text = match std::str::from_utf8(bytes) {
            _ if bytes.iter().all(is_plain) => {
                self.0.write_all(bytes)?;
                return Ok(bytes.len());
            }
            Ok(text) => text,
            // A character that goes on behind these bytes is written with what follows.
            Err(error) if error.valid_up_to() > 0 => {
                std::str::from_utf8(bytes.get(..error.valid_up_to()).unwrap_or_default()).unwrap_or_default()
            }
            Err(_) => return Err(io::ErrorKind::InvalidData.into()),
        };
        let mut escaped = String::with_capacity(text.len());
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
        self.0.write_all(escaped.as_bytes())?;
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// A report as it is serialized, its keys in order.
struct Document<'r>(&'r Report);

impl Serialize for Document<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let report = self.0;
        let summary = report.summary();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("$schema", &schema_url())?;
        map.serialize_entry("allowed", &Each(&report.allowed, allowed))?;
        map.serialize_entry("findings", &Each(&report.findings, finding))?;
        map.serialize_entry("gone", &report.gone)?;
        map.serialize_entry("known", &Each(&report.known, finding))?;
        map.serialize_entry("notEvaluated", &Each(&report.not_evaluated, not_evaluated))?;
        map.serialize_entry("notes", &Each(&report.notes, note))?;
        map.serialize_entry("passedOver", &Each(&report.skipped, skipped))?;
        map.serialize_entry("problems", &Each(&report.problems, problem))?;
        map.serialize_entry(
            "summary",
            &json!({
                "files": summary.files,
                "objects": summary.objects,
                "policies": report.policies,
                "violations": summary.violations,
                "warnings": summary.warnings,
                "notEvaluated": summary.not_evaluated,
                "unjudged": report.unjudged,
                "passedOver": summary.skipped,
                "allowed": summary.allowed,
                "known": summary.known,
            }),
        )?;
        map.serialize_entry("version", &VERSION)?;
        map.end()
    }
}

/// A list whose items are made when they are written.
struct Each<'r, T>(&'r [T], fn(&T) -> Value);

impl<T> Serialize for Each<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(self.1))
    }
}

fn skipped(skipped: &Skipped) -> Value {
    json!({"name": skipped.name, "why": skipped.why})
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
