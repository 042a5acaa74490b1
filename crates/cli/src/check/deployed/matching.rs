//! Whether the API server asks a webhook about a request.

use serde_json::{Value, json};

use super::Case;
use super::conditions::{Fault, Variables};
use super::resource::{Rule, Spec};
use super::selector::{NAME_LABEL, is_exempt_on_aks, labels};
use super::verdict::refuse;
use crate::check::judge::Judged;
use crate::check::report::{NotEvaluated, Note, Place};

/// Whether a policy is asked.
pub enum Asked {
    /// It is not.
    No,
    /// It is.
    Yes,
    /// It is, about the object in this version.
    As(String),
    /// The API server does not get that far and refuses the request, which has been said.
    Refused,
}

/// Whether the API server asks a policy about the object of a request.
pub fn asked(spec: &Spec, case: Case<'_>, request: &Value, judged: &mut Judged) -> Asked {
    // Otherwise a webhook could keep itself from being repaired.
    let is_webhook = case.object.group() == "admissionregistration.k8s.io"
        && matches!(case.object.kind.as_str(), "ValidatingWebhookConfiguration" | "MutatingWebhookConfiguration");
    if is_webhook || !spec.objects.as_ref().is_none_or(|selector| selector.matches(&labels(&request["object"]))) {
        return Asked::No;
    }
    let asked = match by_rules(spec, case, request) {
        Asked::No => return Asked::No,
        asked => asked,
    };
    if !in_namespaces(spec, case, request, judged) {
        return Asked::No;
    }
    if let Asked::As(version) = &asked {
        judged.notes.push(Note {
            place: None,
            what: format!(
                "{} has rules for {} in version {version}: those in {} are judged as if nothing but the version had to be \
                 converted",
                spec.title,
                case.object.kind,
                case.object.version()
            ),
            help: String::new(),
        });
    }
    match by_conditions(spec, case, request, judged) {
        Asked::Yes => asked,
        other => other,
    }
}

fn by_rules(spec: &Spec, case: Case<'_>, request: &Value) -> Asked {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (resource, operation) = (text(&request["resource"]["resource"]), text(&request["operation"]));
    let (group, version) = (case.object.group(), case.object.version());
    let is_namespaced = !is_namespace(case) && request["namespace"].is_string();
    let in_scope = |rule: &&Rule| match rule.scope.as_deref() {
        Some("Cluster") => !is_namespaced,
        Some("Namespaced") => is_namespaced,
        _ => true,
    };
    let matches = |rule: &&Rule, version: &str| rule.operations.matches(group, version, &resource, "", &operation);
    let rules = || spec.rules.iter().filter(in_scope);
    if rules().any(|rule| matches(&rule, version)) {
        return Asked::Yes;
    }
    let equivalent = rules().filter(|_| !spec.exact).find_map(|rule| {
        let mut versions = rule.operations.api_versions.iter();
        versions.find(|version| matches(&rule, version)).cloned()
    });
    equivalent.map_or(Asked::No, Asked::As)
}

fn is_namespace(case: Case<'_>) -> bool {
    case.object.kind == "Namespace" && case.object.api_version == "v1"
}

fn in_namespaces(spec: &Spec, case: Case<'_>, request: &Value, judged: &mut Judged) -> bool {
    if is_namespace(case) {
        // A namespace is matched by the labels that it is to have.
        let mut own = labels(&request["object"]);
        own.insert(NAME_LABEL.to_owned(), case.object.name.clone());
        return spec.namespaces.matches(&own);
    }
    // What lives in no namespace is never left out.
    let Some(namespace) = request["namespace"].as_str() else { return true };
    let (labels, known) = case.namespaces.labels(namespace);
    if !known && spec.namespaces.asks_for_more_than_the_name() {
        judged.unknown_namespaces.push(namespace.to_owned());
    }
    spec.namespaces.matches(&labels)
}

/// What is to be said of findings in a namespace that AKS takes out of every webhook.
pub fn exemption(case: Case<'_>, request: &Value) -> Option<Note> {
    let namespace = request["namespace"].as_str()?;
    let (labels, _) = case.namespaces.labels(namespace);
    (is_exempt_on_aks(&labels) || namespace == "kube-system").then(|| Note {
        place: None,
        what: format!(
            "AKS keeps webhooks away from the namespace {namespace}: what is found in it is rejected only where the webhooks \
             carry the label admissions.enforcer/disabled"
        ),
        help: String::new(),
    })
}

fn by_conditions(spec: &Spec, case: Case<'_>, request: &Value, judged: &mut Judged) -> Asked {
    if spec.conditions.is_empty() {
        return Asked::Yes;
    }
    let variables = Variables::of(request);
    let mut failed = None;
    for condition in &spec.conditions {
        match condition.holds(&variables) {
            Ok(true) => {}
            // One that does not hold counts, whatever the others are.
            Ok(false) => return Asked::No,
            Err(fault) => failed = failed.or(Some((condition, fault))),
        }
    }
    let subject = case.object.subject();
    match failed {
        None => Asked::Yes,
        Some((condition, Fault::Unknown(why))) => {
            judged.failures.push(NotEvaluated {
                place: Some(Place { source: case.source.clone(), span: case.object.node.locate("kind").span }),
                subject: subject.clone(),
                what: format!(
                    "the condition {} of {} cannot be evaluated for {subject}: {why}",
                    condition.name, spec.title
                ),
                help: String::new(),
            });
            Asked::Refused
        }
        Some((condition, Fault::Failed(why))) if spec.ignores_failures => {
            judged.notes.push(Note {
                place: Some(spec.place.clone()),
                what: format!(
                    "{} is not asked about objects for which its condition {} fails, as failurePolicy is Ignore ({why})",
                    spec.title, condition.name
                ),
                help: String::new(),
            });
            Asked::No
        }
        Some((condition, Fault::Failed(why))) => {
            let what = format!(
                "the API server cannot evaluate the condition {}, and with failurePolicy Fail it rejects the object: {why}",
                condition.name
            );
            let note = "the condition was evaluated without what the API server fills in by default";
            judged.findings.extend(refuse(case, &spec.title, &what).into_iter().map(|mut finding| {
                finding.notes.push(note.into());
                finding
            }));
            Asked::Refused
        }
    }
}

/// The request with the object in another version, as the webhook gets it.
pub fn convert(request: &Value, version: &str) -> Value {
    let mut converted = request.clone();
    converted["kind"]["version"] = json!(version);
    converted["resource"]["version"] = json!(version);
    let group = request["kind"]["group"].as_str().unwrap_or_default();
    converted["object"]["apiVersion"] =
        if group.is_empty() { json!(version) } else { json!(format!("{group}/{version}")) };
    converted
}
