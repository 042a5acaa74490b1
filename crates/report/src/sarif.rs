//! SARIF 2.1.0, as GitHub's code scanning, Azure DevOps, GitLab and editors read it.
//!
//! Files are named from the repository's root on. What a result is recognised by in a later run is no line and no file, but
//! what the rule found in which object: see [`crate::Identity`]. What
//! exceptions allow is there as well, suppressed and with its reason, so that nothing is hidden from who looks.
//!
//! The document is written with serde_json: of the two crates with types for it, `zizmor-sarif` has no fingerprints,
//! suppressions and fixes, and `serde-sarif` generates its own types while it is built, by the parser of an older Rust. Tests
//! hold what is written against the standard's schema, which the latter carries.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use crate::allowed::Allowed;
use crate::context::Context;
use crate::finding::{Edit, Finding, Severity};
use crate::identity::numbered;
use crate::json::write_document;
use crate::place::Place;
use crate::report::{NotEvaluated, Note, Problem, Report};
use crate::words;

/// The key of the fingerprint. It changes when what a finding is recognised by does.
const FINGERPRINT: &str = "isolationIdentity/v1";

/// Writes the report.
///
/// # Errors
///
/// What keeps `out` from being written to.
pub fn write(report: &Report, context: &Context, out: &mut dyn Write) -> io::Result<()> {
    write_document(&document(report, context), out)
}

/// The report as SARIF.
pub fn document(report: &Report, context: &Context) -> Value {
    let mut rules = Descriptors { context, ids: Vec::new() };
    let new = report.findings.iter().map(|finding| (finding, State::New { beside: report.known.len() }));
    let known = report.known.iter().map(|finding| (finding, State::Known));
    let allowed = report.allowed.iter().map(|allowed| (&allowed.finding, State::Allowed(allowed)));
    let all: Vec<_> = new.chain(known).chain(allowed).collect();
    let results: Vec<Value> = numbered(all.iter().map(|(finding, _)| *finding))
        .into_iter()
        .zip(&all)
        .map(|((identity, number), (finding, state))| {
            let mut result = rules.result(finding, &format!("{}:{number}", identity.fingerprint()));
            if let Some(members) = result.as_object_mut() {
                members.extend(state.members(context));
            }
            result
        })
        .collect();
    let problems = report.not_evaluated.iter().map(|problem| not_evaluated(problem, context));
    let wrong = report.problems.iter().map(|problem| exception(problem, context));
    let notes = report.notes.iter().map(|note| notification(note, context));
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "isolation",
                "version": crate::VERSION,
                "semanticVersion": crate::VERSION,
                "informationUri": crate::REPOSITORY,
                "rules": rules.descriptors(),
            }},
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The root of the repository."}}},
            "invocations": [{
                "executionSuccessful": report.not_evaluated.is_empty(),
                "toolExecutionNotifications": problems.chain(wrong).chain(notes).collect::<Vec<_>>(),
            }],
            "results": results,
        }],
    })
}

/// The state of a finding.
enum State<'r> {
    /// Beside so many that the baseline knows: where one result has a state, all have.
    New {
        beside: usize,
    },
    Known,
    Allowed(&'r Allowed),
}

impl State<'_> {
    fn members(&self, context: &Context) -> Vec<(String, Value)> {
        match self {
            State::New { beside: 0 } => Vec::new(),
            State::New { .. } => vec![("baselineState".into(), json!("new"))],
            State::Known => vec![("baselineState".into(), json!("unchanged"))],
            State::Allowed(allowed) => {
                let suppression = json!({
                    "kind": if allowed.in_source { "inSource" } else { "external" },
                    "status": "accepted",
                    "justification": allowed.reason,
                    "location": {"physicalLocation": physical(&allowed.place, context)},
                });
                vec![("suppressions".into(), json!([suppression]))]
            }
        }
    }
}

/// The rules that results refer to, in the order in which they do so first.
struct Descriptors<'c> {
    context: &'c Context,
    ids: Vec<(String, Option<&'static str>)>,
}

impl Descriptors<'_> {
    fn result(&mut self, finding: &Finding, fingerprint: &str) -> Value {
        let Finding { object, location, value, .. } = finding;
        let mut result = json!({
            "level": if finding.refuses() { "error" } else { "warning" },
            "message": {"text": words::about(finding)},
            "locations": [{
                "physicalLocation": physical(&location.place, self.context),
                "logicalLocations": [{
                    "kind": "object",
                    "name": object.name,
                    "fullyQualifiedName": format!("{object} {}", location.path).trim_end(),
                }],
            }],
            "partialFingerprints": {FINGERPRINT: fingerprint},
            "properties": {
                "policy": finding.policy,
                "object": {
                    "apiVersion": object.api_version, "kind": object.kind,
                    "namespace": object.namespace, "name": object.name,
                },
                "path": location.path,
                "value": value,
            },
        });
        if let (Some(fix), Some(members)) = (&finding.fix, result.as_object_mut())
            && let Some(edit) = fix.change.as_ref().and_then(|change| change.edit.as_ref())
        {
            members.insert("fixes".into(), json!([replacement(&fix.text, edit, self.context)]));
        }
        if let (Some(rule), Some(members)) = (&finding.rule, result.as_object_mut()) {
            let index = self.ids.iter().position(|(id, _)| *id == rule.id).unwrap_or_else(|| {
                self.ids.push((rule.id.clone(), rule.name));
                self.ids.len() - 1
            });
            members.insert("ruleId".into(), json!(rule.id));
            members.insert("ruleIndex".into(), json!(index));
        }
        result
    }

    fn descriptors(&self) -> Vec<Value> {
        self.ids.iter().map(|(id, name)| self.descriptor(id, *name)).collect()
    }

    /// A rule that is not ours has an id and nothing else.
    fn descriptor(&self, id: &str, name: Option<&str>) -> Value {
        let mut members = Map::from_iter([("id".to_owned(), json!(id))]);
        members.extend(name.map(|name| ("name".to_owned(), json!(name))));
        if let Some(rule) = self.context.rules.get(id) {
            let page = json!({"text": rule.page, "markdown": rule.page});
            let tags = ["security", "network-isolation", rule.policy.as_str()];
            let tags: Vec<_> = tags.into_iter().filter(|tag| !tag.is_empty()).collect();
            members.extend([
                ("shortDescription".to_owned(), json!({"text": rule.summary})),
                ("fullDescription".to_owned(), json!({"text": rule.summary})),
                ("help".to_owned(), page),
                ("helpUri".to_owned(), json!(rule.url())),
                ("properties".to_owned(), json!({"tags": tags, "precision": "very-high"})),
            ]);
        }
        Value::Object(members)
    }
}

/// Standard input is in no file of the repository; its name keeps results apart all the same.
fn physical(place: &Place, context: &Context) -> Value {
    let name = place.source.name.as_str();
    let artifact = match name.strip_prefix('<').and_then(|name| name.strip_suffix('>')) {
        Some(name) => json!({"uri": name}),
        None => {
            let uri = context.base.uri(name);
            if uri.starts_with("file:") { json!({"uri": uri}) } else { json!({"uri": uri, "uriBaseId": "%SRCROOT%"}) }
        }
    };
    let (start, end) = (place.start(), place.end());
    json!({
        "artifactLocation": artifact,
        "region": {
            "startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column,
        },
    })
}

/// A fix that editors and code scanning can apply.
fn replacement(text: &str, edit: &Edit, context: &Context) -> Value {
    let mut location = physical(&edit.place, context);
    json!({
        "description": {"text": words::sentences(&[text])},
        "artifactChanges": [{
            "artifactLocation": location["artifactLocation"].take(),
            "replacements": [{
                "deletedRegion": location["region"].take(),
                "insertedContent": {"text": edit.text},
            }],
        }],
    })
}

fn message(level: &str, clauses: &[&str], place: Option<&Place>, context: &Context) -> Value {
    let locations: Vec<_> = place.iter().map(|place| json!({"physicalLocation": physical(place, context)})).collect();
    json!({"level": level, "message": {"text": words::sentences(clauses)}, "locations": locations})
}

fn not_evaluated(problem: &NotEvaluated, context: &Context) -> Value {
    message("error", &[&problem.what, &problem.help], problem.place.as_ref(), context)
}

fn exception(problem: &Problem, context: &Context) -> Value {
    let level = if problem.severity == Severity::Deny { "error" } else { "warning" };
    message(level, &[&problem.what, &problem.help], Some(&problem.place), context)
}

fn notification(note: &Note, context: &Context) -> Value {
    message("note", &[&note.what, &note.help], note.place.as_ref(), context)
}
