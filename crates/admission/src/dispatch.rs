//! Whether the API server asks a webhook about a request.

use isolation_report::Note;
use serde_json::Value;

use crate::conditions::{Fault, Variables};
use crate::findings::refusal;
use crate::input::Item;
use crate::judged::Judged;
use crate::request::Request;
use crate::selector::{Labels, NAME_LABEL, Namespaces, is_exempt_on_aks, labels};
use crate::specification::{ScopedRule, Specification};
use crate::versions;

/// Whether a policy is evaluated.
pub enum Dispatch {
    /// It is not.
    No,
    /// It is.
    Yes,
    /// It is, about the object in this version: its `apiVersion`.
    As(String),
    /// The API server does not get that far and refuses the request, which has been said.
    Refused,
}

impl Dispatch {
    /// Whether the API server asks a policy about the object of a request.
    pub fn of(
        specification: &Specification,
        item: &Item,
        request: &Request<'_>,
        namespaces: &Namespaces,
        judged: &mut Judged,
    ) -> Self {
        if is_exempt(item) || !selects(specification, item, request) {
            return Dispatch::No;
        }
        let mut dispatch = by_rules(specification, item, request, &|scope| is_in_scope(scope, item, request));
        if !matches!(dispatch, Dispatch::No) && !in_namespaces(specification, item, request, namespaces, judged) {
            dispatch = Dispatch::No;
        }
        // What may live outside of namespaces is in none that could exempt it.
        let is_doubtful = matches!(dispatch, Dispatch::No) && !knows_scope(item);
        if is_doubtful {
            dispatch = by_rules(specification, item, request, &|scope| scope != Some("Namespaced"));
        }
        if matches!(dispatch, Dispatch::No) {
            return Dispatch::No;
        }
        if let Dispatch::As(version) = &dispatch {
            // Of the same group the versions say enough.
            let group = format!("{}/", item.object.group());
            let short = |api_version: &str| api_version.strip_prefix(&group).unwrap_or(api_version).to_owned();
            judged.notes.push(Note {
                place: None,
                what: format!(
                    "{} has rules for {} in version {}: objects in {} are judged by changing only apiVersion",
                    specification.title,
                    item.object.kind,
                    short(version),
                    short(&item.object.api_version)
                ),
                help: String::new(),
            });
        }
        let converted;
        let seen = match &dispatch {
            Dispatch::As(version) => {
                converted = request.in_version(version);
                &converted
            }
            _ => request,
        };
        let dispatch = match by_conditions(specification, item, seen, judged) {
            Dispatch::Yes => dispatch,
            other => other,
        };
        if matches!(dispatch, Dispatch::Yes | Dispatch::As(_)) {
            if is_doubtful {
                judged.notes.push(scope_unknown(specification, item, "that their namespace would exempt"));
            } else if item.object.namespace.is_empty() && !knows_scope(item) && !asks_outside(specification, item, seen)
            {
                judged.notes.push(scope_unknown(specification, item, "in the namespace that they would get"));
            }
        }
        dispatch
    }
}

/// Whether the API server would ask about an object, too, if its kind lived outside of namespaces.
fn asks_outside(specification: &Specification, item: &Item, request: &Request<'_>) -> bool {
    let request = request.outside_of_namespaces();
    let by_rules = by_rules(specification, item, &request, &|scope| scope != Some("Namespaced"));
    !matches!(by_rules, Dispatch::No)
        && !matches!(by_conditions(specification, item, &request, &mut Judged::default()), Dispatch::No)
}

/// The note on objects that were judged because nobody can rule out that the API server asks about them.
fn scope_unknown(specification: &Specification, item: &Item, which: &str) -> Note {
    let kind = &item.object.kind;
    Note {
        place: None,
        what: format!(
            "{} judged objects of the kind {kind} {which}: only the cluster knows whether they live in one",
            specification.title
        ),
        help: String::new(),
    }
}

impl Specification {
    /// Whether a rule is for objects of this kind, in whatever version.
    pub(crate) fn has_rules_for(&self, group: &str, kind: &str) -> bool {
        let resource = self.plural(group, kind);
        self.rules.iter().any(|ScopedRule { rule, .. }| {
            rule.api_versions.iter().any(|version| rule.matches(group, version, &resource, "", "CREATE"))
        })
    }
}

/// Whether the API server asks no webhook about it. Otherwise one could keep itself from being repaired.
fn is_exempt(item: &Item) -> bool {
    let about = |word: &str| item.object.kind.ends_with(word);
    item.object.group() == "admissionregistration.k8s.io"
        && ["WebhookConfiguration", "AdmissionPolicy", "AdmissionPolicyBinding"].iter().any(|word| about(word))
}

/// Whether the selector of objects selects it, as it is to be or as it was.
fn selects(specification: &Specification, item: &Item, request: &Request<'_>) -> bool {
    let Some(own) = &specification.objects else { return true };
    let has = |object: &Value| own.matches(&all_labels(item, object));
    has(request.object()) || request.old_object().is_some_and(has)
}

/// The labels of an object. A namespace has the one with its name, unless that is still to be made up.
fn all_labels(item: &Item, object: &Value) -> Labels {
    let mut labels = labels(object);
    if item.is_namespace() && !item.object.name.is_empty() {
        labels.insert(NAME_LABEL.to_owned(), item.object.name.clone());
    }
    labels
}

/// `is_in_scope` says whether a rule of this scope is for the object.
fn by_rules(
    specification: &Specification,
    item: &Item,
    request: &Request<'_>,
    is_in_scope: &dyn Fn(Option<&str>) -> bool,
) -> Dispatch {
    let (group, version, kind) = (item.object.group(), item.object.version(), item.object.kind.as_str());
    let resource = &*specification.plural(group, kind);
    let rules = || {
        let in_scope = specification.rules.iter().filter(|rule| is_in_scope(rule.scope.as_deref()));
        in_scope.map(|scoped| &scoped.rule)
    };
    if rules().any(|rule| rule.matches(group, version, resource, "", request.operation())) {
        return Dispatch::Yes;
    }
    let equivalent = rules().filter(|_| !specification.exact).find_map(|rule| {
        let mut others = versions::others(item, rule);
        others.find(|(group, version)| rule.matches(group, version, resource, "", request.operation()))
    });
    equivalent.map_or(Dispatch::No, |(group, version)| {
        Dispatch::As(if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") })
    })
}

fn is_in_scope(scope: Option<&str>, item: &Item, request: &Request<'_>) -> bool {
    let is_namespaced = !item.is_namespace() && request.namespace().is_some();
    match scope {
        Some("Cluster") => !is_namespaced,
        Some("Namespaced") => is_namespaced,
        _ => true,
    }
}

/// Whether it is known that the objects of a kind live in namespaces, or that they do not. That an object names a namespace says
/// nothing: the API server takes it off one that lives in none, and asks about it.
/// <https://github.com/kubernetes/kubernetes/blob/v1.36.0/staging/src/k8s.io/apiserver/pkg/registry/rest/meta.go>
fn knows_scope(item: &Item) -> bool {
    isolation::kinds::find(item.object.group(), &item.object.kind).is_some()
}

fn in_namespaces(
    specification: &Specification,
    item: &Item,
    request: &Request<'_>,
    namespaces: &Namespaces,
    judged: &mut Judged,
) -> bool {
    let selector = &specification.namespaces;
    if item.is_namespace() {
        // A namespace is matched by the labels that it is to have.
        return selector.matches(&all_labels(item, request.object()));
    }
    // Cluster-scoped objects are never excluded.
    let Some(namespace) = request.namespace() else { return true };
    let (labels, known) = namespaces.labels(namespace);
    if !known && selector.asks_for_more_than_the_name() {
        judged.unknown_namespaces.push(namespace.to_owned());
    }
    selector.matches(&labels)
}

/// The note on findings in a namespace that AKS excludes from every webhook.
pub fn exemption(request: &Request<'_>, namespaces: &Namespaces) -> Option<Note> {
    let namespace = request.namespace()?;
    let (labels, _) = namespaces.labels(namespace);
    (is_exempt_on_aks(&labels) || namespace == "kube-system").then(|| Note {
        place: None,
        what: format!(
            "AKS keeps webhooks away from the namespace {namespace}: what is found in it is rejected only where the \
             webhooks carry the label admissions.enforcer/disabled"
        ),
        help: String::new(),
    })
}

fn by_conditions(specification: &Specification, item: &Item, request: &Request<'_>, judged: &mut Judged) -> Dispatch {
    if specification.conditions.is_empty() {
        return Dispatch::Yes;
    }
    let variables = Variables::of(request);
    let mut failed = None;
    for condition in &specification.conditions {
        match condition.holds(&variables) {
            Ok(true) => {}
            // One that does not hold counts, whatever the others are.
            Ok(false) => return Dispatch::No,
            Err(fault) => failed = failed.or(Some((condition, fault))),
        }
    }
    let Specification { title, .. } = specification;
    match failed {
        None => Dispatch::Yes,
        Some((condition, Fault::Unknown(why))) => {
            let (condition, subject) = (&condition.name, item.object.subject());
            let what = format!("the condition {condition} of {title} cannot be evaluated for {subject}: {why}");
            judged.not_evaluated(item, what);
            Dispatch::Refused
        }
        Some((condition, Fault::Failed(why))) if specification.ignores_failures => {
            judged.notes.push(Note {
                place: specification.origin.place(),
                what: format!(
                    "{title} is not evaluated for objects for which its condition {} fails, as failurePolicy is Ignore ({why})",
                    condition.name
                ),
                help: String::new(),
            });
            Dispatch::No
        }
        Some((condition, Fault::Failed(why))) => {
            let what = format!(
                "the API server cannot evaluate the condition {}, and with failurePolicy Fail it rejects the object: {why}",
                condition.name
            );
            judged.findings.push(refusal(item, title, what));
            Dispatch::Refused
        }
    }
}
