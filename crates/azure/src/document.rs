//! What a text of Azure's is: what `az` printed, a template or values for its parameters, a plan.

use crate::template;
use crate::text::Part;

/// What a text is, by what stands at its top.
#[derive(Debug)]
pub enum Document<'t> {
    /// What az printed: resources.
    Live(Vec<Part<'t>>),
    /// An ARM template.
    Template(Part<'t>),
    /// Values for the parameters of one.
    Parameters(Part<'t>),
    /// A plan of Terraform.
    Plan(Part<'t>),
}

/// What a text is; none where it is not Azure's.
pub fn document(text: &str) -> Option<Document<'_>> {
    let whole = Part::whole(text);
    if whole.text.starts_with('[') {
        let items = whole.items()?;
        return items.first().is_some_and(|first| is_resource(*first)).then_some(Document::Live(items));
    }
    if !whole.text.starts_with('{') {
        return None;
    }
    // What kubectl prints begins with this key, and need not be taken apart to see that it is Kubernetes'.
    if whole.text.get(1..)?.trim_start().starts_with("\"apiVersion\"") {
        return None;
    }
    let members = whole.members()?;
    // Nothing of Azure's has it at its top. Whatever else an object of Kubernetes says of itself, it is judged as one.
    if members.contains_key("apiVersion") {
        return None;
    }
    let text_of = |key: &str| members.get(key).and_then(|part| serde_json::from_str::<String>(part.text).ok());
    if let Some(schema) = text_of("$schema") {
        if template::is_template(&schema) {
            return Some(Document::Template(whole));
        }
        return template::is_parameters(&schema).then_some(Document::Parameters(whole));
    }
    if members.contains_key("format_version") && members.contains_key("resource_changes") {
        return Some(Document::Plan(whole));
    }
    if let Some(items) = members.get("value").and_then(|value| value.items()) {
        return items.first().is_some_and(|first| is_resource(*first)).then_some(Document::Live(items));
    }
    is_resource(whole).then(|| Document::Live(vec![whole]))
}

/// Whether this is a resource of Azure: an id and a type say so.
fn is_resource(part: Part<'_>) -> bool {
    let Some(members) = part.members() else { return false };
    let text_of = |key: &str| members.get(key).and_then(|part| serde_json::from_str::<String>(part.text).ok());
    let is_type = text_of("type")
        .is_some_and(|of_type| of_type.get(..10).is_some_and(|head| head.eq_ignore_ascii_case("microsoft.")));
    is_type && text_of("id").is_some_and(|id| id.starts_with('/'))
}

/// Whether a text is one of Azure's: what `az` prints of resources, an ARM template or its parameters, a plan of Terraform.
pub fn is_of_azure_text(text: &str) -> bool {
    document(text).is_some()
}
