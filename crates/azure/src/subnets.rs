//! Subnets that are written within their network.

use std::collections::BTreeMap;

use isolation_document::Path;
use serde_json::Value;

use crate::evaluated::evaluated;
use crate::expression::Scope;
use crate::found::{Deployed, Form, Found, Gathered, Unknown, Unread};
use crate::text::{Fields, Part, member};
use crate::uncertain::GIVE;

/// Those in a network of a plan, or of what `az` prints.
pub fn of_network<'t>(network: &Found<'t>) -> Vec<Found<'t>> {
    let (path, of_type) = match network.form {
        Form::Azurerm if network.of_type == "azurerm_virtual_network" => ("subnet", "azurerm_subnet".to_owned()),
        Form::Arm { with_properties } if network.of_type.eq_ignore_ascii_case("Microsoft.Network/virtualNetworks") => {
            (if with_properties { "properties.subnets" } else { "subnets" }, format!("{}/subnets", network.of_type))
        }
        _ => return Vec::new(),
    };
    let list = path.split('.').try_fold(&network.value, |value, key| member(value, key));
    let items = list.and_then(Value::as_array).into_iter().flatten().enumerate();
    let mut unknown: BTreeMap<&str, Vec<Unknown>> = BTreeMap::new();
    for Unknown { path: of_it, partly } in &network.unknown {
        let inside = of_it.strip_prefix(path).and_then(|rest| rest.strip_prefix('[')?.split_once("]."));
        if let Some((index, rest)) = inside {
            unknown.entry(index).or_default().push(Unknown { path: rest.to_owned(), partly: partly.clone() });
        }
    }
    let subnet = |(index, value): (usize, &Value)| {
        let place = format!("{path}[{index}]");
        let form = match network.form {
            Form::Arm { .. } => Form::Arm { with_properties: value.get("properties").is_some_and(Value::is_object) },
            form => form,
        };
        Found {
            version: network.version.clone(),
            name: member(value, "name").and_then(Value::as_str).unwrap_or("…").to_owned(),
            value: value.clone(),
            inside: if network.inside.is_empty() { place.clone() } else { format!("{}.{place}", network.inside) },
            unknown: unknown.get(index.to_string().as_str()).cloned().unwrap_or_default(),
            is_part: network.is_part,
            deployed: network.deployed,
            ..Found::new(form, &*of_type, network.part)
        }
    };
    items.map(subnet).collect()
}

/// Those in a network of a template.
pub fn of_template<'t>(
    fields: &Fields<'t>,
    (network, name): (&str, &str),
    scope: &Scope<'_>,
    deployed: Deployed,
    gathered: &mut Gathered<'t>,
) {
    let Some(properties) = fields.get("properties") else { return };
    let all = serde_json::from_str::<Value>(properties.text).unwrap_or_default();
    let mut of_all = Vec::new();
    let all = evaluated(all, scope, &Path::root(), &mut of_all);
    if of_all.iter().any(|Unknown { path, .. }| path.is_empty() || path.eq_ignore_ascii_case("subnets")) {
        gathered.unread.push(Unread {
            subject: format!("{network} {name}"),
            part: properties,
            what: "its subnets are known only when it is deployed",
            help: GIVE,
            is_elsewhere: false,
        });
    }
    let mut of_each: BTreeMap<usize, Vec<Unknown>> = BTreeMap::new();
    for Unknown { path, partly } in &of_all {
        let index = path.get("subnets[".len()..).filter(|_| path.to_ascii_lowercase().starts_with("subnets["));
        if let Some((index, rest)) = index.and_then(|rest| rest.split_once("]."))
            && let Ok(index) = index.parse()
        {
            of_each.entry(index).or_default().push(Unknown { path: rest.to_owned(), partly: partly.clone() });
        }
    }
    let named = Fields::of(properties).get("subnets");
    let written = named.and_then(|subnets| subnets.items()).unwrap_or_default();
    for (index, made) in member(&all, "subnets").and_then(Value::as_array).into_iter().flatten().enumerate() {
        let mut unknown = Vec::new();
        let (part, value) = match written.get(index) {
            Some(part) => {
                let value = serde_json::from_str(part.text).unwrap_or_default();
                (*part, evaluated(value, scope, &Path::root(), &mut unknown))
            }
            // What a variable or a loop makes has a place, and no text of its own: there may be many.
            None => {
                unknown.extend(of_each.remove(&index).unwrap_or_default());
                (Part { text: "", start: named.unwrap_or(properties).start }, made.clone())
            }
        };
        let name = member(&value, "name").and_then(Value::as_str).unwrap_or("…").to_owned();
        let form = Form::Arm { with_properties: true };
        let subnet = Found::new(form, format!("{network}/subnets"), part);
        gathered.found.push(Found { name, value, unknown, deployed, ..subnet });
    }
}
