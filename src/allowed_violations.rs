//! Violations that the operator has allowed: the setting `allowedViolations`, which `isolation policies` and the Helm chart
//! write from the exceptions in `isolation.yaml`.
//!
//! An entry lets one rule pass in some objects, and nothing else: the same object is still judged by every other rule, and by
//! this one in other fields and for other values. Which object it is says the API server, with the kind, namespace and name
//! under which it is about to be stored; nothing that the object says of itself has a part in it. Names are chosen by whoever may
//! create objects in a namespace, so an entry without a namespace is for the whole cluster.

use std::borrow::Cow;

use crate::doc;
use crate::exception::{Exception, matches};
use crate::request::Request;
use crate::rule::Rule;
use crate::settings::{Reader, Setting, Shape, is_unset};

/// The setting, which every policy has.
pub const ALLOWED_VIOLATIONS: Setting = Setting::new(
    "allowedViolations",
    Shape::Objects(MEMBERS),
    doc!(
        "Violations that are accepted. `isolation policies` and the Helm chart write this from the key `allow` of \
         `isolation.yaml`, where each exception has a reason. An entry needs a rule, and at least one of `kind`, `namespace` and \
         `name`. `*` matches any text and `?` any character."
    ),
)
.example(r#"[{"rule": "NI101", "namespace": "shop", "value": "quay.io/vendor/*"}]"#);

const MEMBERS: &[Setting] = &[
    Setting::new("rule", Shape::Text, doc!("The id of a rule of this policy.")).required(),
    Setting::new("kind", Shape::Text, doc!("The kind, or kind and group: `Deployment`, `Deployment.apps`.")),
    Setting::new("namespace", Shape::Text, doc!("The object's namespace.")),
    Setting::new("name", Shape::Text, doc!("The object's name.")),
    Setting::new("path", Shape::Text, doc!("The field, as in `spec.containers[*].image`.")),
    Setting::new("value", Shape::Text, doc!("The field's value.")),
];

/// Reads the setting: the entries that are about the object of the request. Without a request they are only checked.
pub fn read(reader: &mut Reader<'_>, rules: &[&'static Rule], request: Option<&Request<'_>>) -> Vec<Exception> {
    let mut exceptions = Vec::new();
    for entry in reader.objects(ALLOWED_VIOLATIONS.key) {
        // Elsewhere what is empty counts as unset. Here that would match everything: a template's variable that has no value
        // must not let the whole cluster pass.
        for value in MEMBERS.iter().skip(1).filter_map(|member| entry.get(member.key)).filter(|value| is_unset(*value))
        {
            reader.problem(value, "left empty, it would match everything: write a pattern, or leave out the key");
        }
        let text = |key: &str| entry.get(key).and_then(|value| value.as_str()).filter(|text| !text.is_empty());
        let rule = rules.iter().find(|rule| text("rule").is_some_and(|id| id == rule.id));
        let object = ["kind", "namespace", "name"].map(text);
        match (rule, entry.get("rule")) {
            (None, Some(value)) => reader.problem(value, "expected the id of a rule of this policy"),
            // The table requires the key.
            (None, None) => {}
            (Some(_), _) if object.iter().all(Option::is_none) => {
                reader.problem(entry, "give at least one of kind, namespace and name");
            }
            (Some(rule), _) => {
                if request.is_some_and(|request| is_about(&object, request)) {
                    let owned = |key: &str| text(key).map(Cow::into_owned);
                    exceptions.push(Exception { rule: rule.id, path: owned("path"), value: owned("value") });
                }
            }
        }
    }
    exceptions
}

/// Whether an entry with this kind, namespace and name is about the object of the request.
fn is_about(entry: &[Option<Cow<'_, str>>; 3], request: &Request<'_>) -> bool {
    let [kind, namespace, name] = entry;
    let is =
        |pattern: &Option<Cow<'_, str>>, text: &str| pattern.as_deref().is_none_or(|pattern| matches(pattern, text));
    // The API server names a Namespace as its own namespace.
    let own = if request.is("", "Namespace") { "" } else { &request.namespace };
    (is(kind, &request.kind) || is(kind, &[&request.kind, ".", &request.group].concat()))
        && is(namespace, own)
        && is(name, &request.name)
}
