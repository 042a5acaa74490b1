//! ARM templates, as people write them and as `az bicep build` prints them.

use std::collections::BTreeMap;

use isolation_document::Path;
use serde_json::{Map, Value};

use crate::expression::{Outcome, Scope};
use crate::found::{Change, Form, Found};
use crate::text::Part;

/// How deep deployments may stand in one another: Azure takes fewer.
const DEPTH: usize = 8;

/// Whether this is a template, by its schema.
pub fn is_template(schema: &str) -> bool {
    let schema = schema.to_ascii_lowercase();
    schema.contains("deploymenttemplate.json")
}

/// Whether this is a file of parameters, by its schema.
pub fn is_parameters(schema: &str) -> bool {
    schema.to_ascii_lowercase().contains("deploymentparameters.json")
}

/// The resources of a template.
pub fn resources<'t>(template: Part<'t>, given: &Map<String, Value>) -> Vec<Found<'t>> {
    let mut found = Vec::new();
    let scope = Scope::default();
    let given = given.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.clone())).collect();
    deployment(template, scope, given, 0, &mut found);
    found
}

/// A template with values for its parameters.
fn deployment<'t>(
    template: Part<'t>,
    mut scope: Scope,
    given: BTreeMap<String, Value>,
    depth: usize,
    found: &mut Vec<Found<'t>>,
) {
    let Some(members) = template.members().filter(|_| depth < DEPTH) else { return };
    let value = |key: &str| members.get(key).and_then(|part| serde_json::from_str::<Value>(part.text).ok());
    for (name, parameter) in value("parameters").as_ref().and_then(Value::as_object).into_iter().flatten() {
        if let Some(default) = parameter.get("defaultValue") {
            scope.parameters.insert(name.to_ascii_lowercase(), default.clone());
        }
    }
    scope.parameters.extend(given);
    for (name, variable) in value("variables").as_ref().and_then(Value::as_object).into_iter().flatten() {
        scope.variables.insert(name.to_ascii_lowercase(), variable.clone());
    }
    let Some(resources) = members.get("resources") else { return };
    // A list, or with symbolic names an object.
    let parts = resources.items().or_else(|| Some(resources.members()?.into_values().collect()));
    for part in parts.unwrap_or_default() {
        resource(part, "", &scope, depth, found);
    }
}

fn resource<'t>(part: Part<'t>, parent: &str, scope: &Scope, depth: usize, found: &mut Vec<Found<'t>>) {
    let Ok(mut value) = serde_json::from_str::<Value>(part.text) else { return };
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let is_off = match value.get("condition") {
        Some(Value::Bool(condition)) => !condition,
        Some(Value::String(condition)) => scope.value(condition) == Outcome::Known(Value::Bool(false)),
        _ => false,
    };
    // What exists already is only referred to.
    if is_off || value.get("existing") == Some(&Value::Bool(true)) {
        return;
    }
    let own = text(&value, "type");
    let of_type = if parent.is_empty() || own.contains('.') { own } else { format!("{parent}/{own}") };
    let members = part.members().unwrap_or_default();
    if of_type.eq_ignore_ascii_case("Microsoft.Resources/deployments") {
        return nested(&members, scope, depth, found);
    }
    for child in members.get("resources").and_then(|children| children.items()).unwrap_or_default() {
        resource(child, &of_type, scope, depth, found);
    }
    if of_type.eq_ignore_ascii_case("Microsoft.Network/virtualNetworks") {
        subnets(&members, &of_type, scope, found);
    }
    let name = match scope.value(&text(&value, "name")) {
        Outcome::Known(Value::String(name)) | Outcome::Partly(name) => name,
        Outcome::Known(_) | Outcome::Unknown => "…".to_owned(),
    };
    if let Some(entries) = value.as_object_mut() {
        entries.remove("resources");
    }
    let mut unknown = Vec::new();
    let value = resolved(value, scope, &Path::root(), &mut unknown);
    let api_version = text(&value, "apiVersion");
    found.push(Found {
        form: Form::Arm { with_properties: true },
        version: api_version,
        name: name.rsplit('/').next().unwrap_or_default().to_owned(),
        of_type,
        value,
        change: Change::Created,
        part,
        inside: String::new(),
        unknown,
    });
}

/// The template of a deployment within this one, as a module of Bicep becomes.
fn nested<'t>(members: &BTreeMap<String, Part<'t>>, scope: &Scope, depth: usize, found: &mut Vec<Found<'t>>) {
    let Some(properties) = members.get("properties").and_then(|properties| properties.members()) else { return };
    let Some(template) = properties.get("template") else { return };
    let value = |key: &str| properties.get(key).and_then(|part| serde_json::from_str::<Value>(part.text).ok());
    let is_inner = value("expressionEvaluationOptions").is_some_and(|options| {
        options.get("scope").and_then(Value::as_str).is_some_and(|scope| scope.eq_ignore_ascii_case("inner"))
    });
    let mut given = BTreeMap::new();
    for (name, parameter) in value("parameters").as_ref().and_then(Value::as_object).into_iter().flatten() {
        let value = match parameter.get("value") {
            Some(Value::String(text)) => match scope.value(text) {
                Outcome::Known(value) => value,
                // Nothing that the template knows: no default may take its place.
                Outcome::Partly(_) | Outcome::Unknown => Value::from("[unknown()]"),
            },
            Some(value) => value.clone(),
            None => continue,
        };
        given.insert(name.to_ascii_lowercase(), value);
    }
    let scope = if is_inner { Scope::default() } else { scope.clone() };
    deployment(*template, scope, given, depth + 1, found);
}

/// The subnets that are written within their network.
fn subnets<'t>(members: &BTreeMap<String, Part<'t>>, network: &str, scope: &Scope, found: &mut Vec<Found<'t>>) {
    let properties = members.get("properties").and_then(|properties| properties.members()).unwrap_or_default();
    for part in properties.get("subnets").and_then(|subnets| subnets.items()).unwrap_or_default() {
        let Ok(value) = serde_json::from_str::<Value>(part.text) else { continue };
        let name = value.get("name").and_then(Value::as_str).map(|name| scope.value(name));
        let name = match name {
            Some(Outcome::Known(Value::String(name)) | Outcome::Partly(name)) => name,
            _ => "…".to_owned(),
        };
        let mut unknown = Vec::new();
        let value = resolved(value, scope, &Path::root(), &mut unknown);
        found.push(Found {
            form: Form::Arm { with_properties: true },
            version: String::new(),
            name,
            of_type: format!("{network}/subnets"),
            value,
            change: Change::Created,
            part,
            inside: String::new(),
            unknown,
        });
    }
}

/// A value with its expressions replaced by what they give. What gives nothing is left out, and its path noted.
fn resolved(value: Value, scope: &Scope, path: &Path, unknown: &mut Vec<String>) -> Value {
    match value {
        Value::Object(entries) => {
            let mut out = Map::new();
            for (key, value) in entries {
                let here = path.clone().key(&key);
                if let Value::String(text) = &value
                    && !matches!(scope.value(text), Outcome::Known(_))
                {
                    unknown.push(here.to_string());
                    continue;
                }
                out.insert(key, resolved(value, scope, &here, unknown));
            }
            Value::Object(out)
        }
        Value::Array(items) => {
            let items = items.into_iter().enumerate();
            items.map(|(index, item)| resolved(item, scope, &path.clone().index(index), unknown)).collect()
        }
        Value::String(text) => match scope.value(&text) {
            // What a variable holds may hold expressions itself.
            Outcome::Known(value @ (Value::Object(_) | Value::Array(_))) => resolved(value, scope, path, unknown),
            Outcome::Known(value) => value,
            Outcome::Partly(_) | Outcome::Unknown => {
                unknown.push(path.to_string());
                Value::Null
            }
        },
        other => other,
    }
}
