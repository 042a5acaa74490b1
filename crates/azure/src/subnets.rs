//! Subnets that are written within their network, outside of templates.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::found::{Change, Form, Found, Unknown};
use crate::text::member;

/// The subnets that are written within a network.
pub fn subnets<'t>(network: &Found<'t>) -> Vec<Found<'t>> {
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
        Found {
            form: match network.form {
                Form::Arm { .. } => {
                    Form::Arm { with_properties: value.get("properties").is_some_and(Value::is_object) }
                }
                form => form,
            },
            of_type: of_type.clone(),
            version: network.version.clone(),
            name: member(value, "name").and_then(Value::as_str).unwrap_or("…").to_owned(),
            value: value.clone(),
            change: Change::Created,
            part: network.part,
            inside: if network.inside.is_empty() { place.clone() } else { format!("{}.{place}", network.inside) },
            unknown: unknown.get(index.to_string().as_str()).cloned().unwrap_or_default(),
            is_part: network.is_part,
            on: String::new(),
            deployed: network.deployed,
        }
    };
    items.map(subnet).collect()
}
