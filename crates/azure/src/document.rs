//! What a text of Azure's is: what `az` printed, a template or values for its parameters, a plan.

use std::borrow::Cow;

use serde_json::value::RawValue;

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

/// Whether this is a template, by its schema.
fn is_template(schema: &str) -> bool {
    let schema = schema.to_ascii_lowercase();
    schema.contains("deploymenttemplate.json")
}

/// Whether this is a file of parameters, by its schema.
fn is_parameters(schema: &str) -> bool {
    schema.to_ascii_lowercase().contains("deploymentparameters.json")
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
        if is_template(&schema) {
            return Some(Document::Template(whole));
        }
        return is_parameters(&schema).then_some(Document::Parameters(whole));
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

/// A text as [`document`] reads it: blanks in place of the comments that templates and files of parameters may have.
/// <https://learn.microsoft.com/azure/azure-resource-manager/templates/syntax#comments-and-metadata>
pub fn without_comments(text: &str) -> Cow<'_, str> {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text).trim_start();
    // A template says its schema: dumps of clusters need not be searched any further.
    let may_be_template = body.starts_with(['{', '/']) && text.contains("\"$schema\"");
    let has_comments = may_be_template && (text.contains("//") || text.contains("/*"));
    // To Azure a carriage return alone ends a comment, too.
    let ends_otherwise = || text.replace("\r\n", "").contains('\r');
    if !has_comments || serde_json::from_str::<&RawValue>(body).is_ok() || ends_otherwise() {
        return Cow::Borrowed(text);
    }
    let mut plain = text.to_owned();
    let is_stripped = json_strip_comments::strip(&mut plain).is_ok();
    match document(&plain).filter(|_| is_stripped) {
        Some(Document::Template(_) | Document::Parameters(_)) => Cow::Owned(plain),
        _ => Cow::Borrowed(text),
    }
}

/// Whether a text is one of Azure's: what `az` prints of resources, an ARM template or its parameters, a plan of Terraform.
pub fn is_of_azure_text(text: &str) -> bool {
    document(&without_comments(text)).is_some()
}
