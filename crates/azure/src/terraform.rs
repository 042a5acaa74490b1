//! Plans of Terraform and OpenTofu, as `terraform show -json PLAN` prints them: resources of the providers azurerm and azapi.

use isolation_document::Path;
use serde_json::{Map, Value};

use crate::found::{Form, Found};
use crate::text::Part;

/// The resources that a plan makes, changes or keeps. What it deletes is not there afterwards.
pub fn resources(plan: Part<'_>) -> Vec<Found<'_>> {
    let changes = plan.members().and_then(|members| members.get("resource_changes")?.items());
    changes.unwrap_or_default().into_iter().filter_map(resource).collect()
}

fn resource(part: Part<'_>) -> Option<Found<'_>> {
    let mut change: Value = serde_json::from_str(part.text).ok()?;
    let text = |key: &str| change.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (mode, of_type, address, provider) = (text("mode"), text("type"), text("address"), text("provider_name"));
    if mode != "managed" {
        return None;
    }
    let unknown_tree = change.pointer("/change/after_unknown").cloned().unwrap_or_default();
    let after = change.pointer_mut("/change/after").map(Value::take).filter(Value::is_object)?;
    let mut unknown = Vec::new();
    if of_type.starts_with("azapi_") && of_type != "azapi_resource_action" {
        return azapi(part, after, &unknown_tree, &address);
    }
    if !of_type.starts_with("azurerm_") {
        return None;
    }
    leaves(&unknown_tree, &Path::root(), &mut unknown);
    let name = after.get("name").and_then(Value::as_str).unwrap_or_default();
    let name = if name.is_empty() { address } else { name.to_owned() };
    let inside = "change.after".to_owned();
    Some(Found { form: Form::Azurerm, version: provider, name, of_type, value: after, part, inside, unknown })
}

/// A resource of the provider azapi: Azure's own words in `body`, which older releases hold as a text.
fn azapi<'t>(part: Part<'t>, mut after: Value, unknown_tree: &Value, address: &str) -> Option<Found<'t>> {
    let written = after.get("type").and_then(Value::as_str)?.to_owned();
    let (of_type, version) = written.split_once('@').unwrap_or((&written, ""));
    let name = after.get("name").and_then(Value::as_str).unwrap_or(address).to_owned();
    let mut unknown = Vec::new();
    let body_unknown = unknown_tree.get("body").cloned().unwrap_or_default();
    let (value, inside) = match after.get_mut("body").map(Value::take) {
        Some(Value::String(text)) => (serde_json::from_str(&text).ok()?, "change.after.body".to_owned()),
        Some(body @ Value::Object(_)) => (body, "change.after.body".to_owned()),
        _ => (Value::Object(Map::new()), "change.after".to_owned()),
    };
    if body_unknown == Value::Bool(true) {
        unknown.push("properties".to_owned());
    } else {
        leaves(&body_unknown, &Path::root(), &mut unknown);
    }
    Some(Found {
        form: Form::Arm { with_properties: true },
        of_type: of_type.to_owned(),
        version: version.to_owned(),
        name,
        value,
        part,
        inside,
        unknown,
    })
}

/// The paths of what is `true` in the tree of what is known after the plan is applied.
fn leaves(tree: &Value, path: &Path, found: &mut Vec<String>) {
    match tree {
        Value::Bool(true) => found.push(path.to_string()),
        Value::Object(entries) => entries.iter().for_each(|(key, value)| leaves(value, &path.clone().key(key), found)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| leaves(item, &path.clone().index(index), found));
        }
        _ => {}
    }
}
