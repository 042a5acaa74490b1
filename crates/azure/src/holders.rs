//! Resources that hold a template and deploy it later, or let others deploy it.
//!
//! Azure evaluates what stands in them as what stands in any resource: an expression belongs to the template around, and one that is
//! escaped, as `[[parameters('x')]`, to the template within.
//! <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-expressions#escape-characters>

use serde_json::Value;

use crate::names::KINDS;
use crate::text::{Fields, Part};

/// Types in lower case, and where their properties hold templates.
const HOLDERS: &[(&str, &[&str])] = &[
    ("microsoft.authorization/policydefinitions", &["policyRule.then.details.deployment.properties.template"]),
    ("microsoft.blueprint/blueprints/artifacts", &["template"]),
    ("microsoft.resources/templatespecs/versions", &["mainTemplate", "linkedTemplates[].template"]),
    ("microsoft.solutions/applicationdefinitions", &["mainTemplate"]),
];

/// Whether a resource of this type deploys the template in it, as a deployment does.
pub fn is_deployment(of_type: &str) -> bool {
    ["Microsoft.Resources/deployments", "Microsoft.Resources/deploymentStacks"]
        .iter()
        .any(|known| of_type.eq_ignore_ascii_case(known))
}

/// The templates that a resource of this type holds.
pub fn held<'t>(of_type: &str, properties: Part<'t>) -> Vec<Part<'t>> {
    let known = HOLDERS.iter().find(|(known, _)| of_type.eq_ignore_ascii_case(known));
    let places = known.into_iter().flat_map(|(_, places)| *places);
    places.flat_map(|place| at(properties, place)).collect()
}

/// What stands at a place. `[]` is each item of a list.
fn at<'t>(part: Part<'t>, place: &str) -> Vec<Part<'t>> {
    let mut parts = vec![part];
    for step in place.split('.') {
        let (key, is_list) = step.strip_suffix("[]").map_or((step, false), |key| (key, true));
        let found = parts.into_iter().filter_map(|part| Fields::of(part).get(key));
        parts = found.flat_map(|part| if is_list { part.items().unwrap_or_default() } else { vec![part] }).collect();
    }
    parts
}

/// Whether a text in a value is one of these.
fn any_text(value: &Value, is: &impl Fn(&str) -> bool) -> bool {
    match value {
        Value::String(text) => is(text),
        Value::Array(items) => items.iter().any(|item| any_text(item, is)),
        Value::Object(members) => members.values().any(|value| any_text(value, is)),
        _ => false,
    }
}

/// Whether a template has expressions that are escaped, of which nothing is known here.
pub fn has_own_expressions(template: Part<'_>) -> bool {
    let value: Value = serde_json::from_str(template.text).unwrap_or_default();
    any_text(&value, &|text| text.starts_with("[[") && text.ends_with(']'))
}

/// Whether a template may have resources that a rule judges, or others that it does not say.
pub fn may_be_judged(template: Part<'_>) -> bool {
    names_judged(&serde_json::from_str(template.text).unwrap_or_default())
}

/// The same of a value that has a template in it, if only as a text.
pub fn names_judged(value: &Value) -> bool {
    // What stands in a resource may be judged with it: subnets in their network.
    let service = |kind: &'static str| match kind.match_indices('/').nth(1) {
        Some((at, _)) => kind.get(..at).unwrap_or(kind),
        None => kind,
    };
    let kinds = KINDS.iter().map(|(kind, ..)| service(kind));
    let kinds: Vec<&str> = kinds.chain(["microsoft.resources/deployment"]).collect();
    any_text(value, &|text| {
        let text = text.to_ascii_lowercase();
        // An extension is declared with this name.
        text == "kubernetes" || kinds.iter().any(|kind| text.contains(kind))
    })
}
