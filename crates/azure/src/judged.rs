//! Which resources rules judge, in which form, and what they read of them.

use serde_json::{Map, Value};

use crate::found::{Form, Found};
use crate::names::{AZURERM, KINDS, Reads, is_machine, reads};
use crate::translate::{self, Translated, Version};

/// A state of a resource in the form that is judged, and its kind; none where no rule speaks of it.
pub fn judged(found: &Found<'_>, state: &Value) -> Option<(Translated, &'static str)> {
    if let Form::Kubernetes { within } = found.form {
        return Some((translate::kubernetes(state, within), ""));
    }
    let name = if found.is_named { &*found.name } else { "…" };
    match found.form {
        Form::Arm { with_properties } => {
            let (_, group, kind) = KINDS.iter().find(|(known, ..)| found.of_type.eq_ignore_ascii_case(known))?;
            let is_machine = is_machine(&found.of_type);
            let path = if found.is_of_azapi() { "type" } else { "apiVersion" };
            // Only a cluster's version decides, and what is only a part of one leaves the rest to the version that wrote it.
            let is_cluster = *kind == "ManagedCluster" && !found.is_part;
            let version = Version { name: Some(&*found.version).filter(|_| is_cluster).unwrap_or_default(), path };
            Some((translate::arm(state, (group, kind), name, with_properties, is_machine, version), kind))
        }
        Form::Azurerm => {
            let (_, service, kind) = AZURERM.iter().find(|(known, ..)| *known == found.of_type)?;
            let is_group = service.contains('.');
            let group = if is_group { (*service).to_owned() } else { format!("{service}.azure.upbound.io") };
            Some((translate::azurerm(state, &group, kind, name), kind))
        }
        Form::Kubernetes { .. } => None,
    }
}

/// The kind that it is judged as; none where no rule speaks of it, and empty of an object of Kubernetes, which has its own.
pub fn kind_of(found: &Found<'_>) -> Option<&'static str> {
    let known = match found.form {
        Form::Arm { .. } => KINDS.iter().find(|(known, ..)| found.of_type.eq_ignore_ascii_case(known)),
        Form::Azurerm => AZURERM.iter().find(|(known, ..)| *known == found.of_type),
        Form::Kubernetes { .. } => return Some(""),
    };
    known.map(|(.., kind)| *kind)
}

/// What rules read of the fields of a kind below these keys.
pub fn read_by_rules(value: &Value, kind: &str, keys: &mut Vec<String>) -> Value {
    match value {
        Value::Object(members) => {
            let mut read = Map::new();
            for (key, value) in members {
                // Crossplane's fields, and those of Azure's children, stand deeper.
                let is_frame = matches!(key.as_str(), "forProvider" | "properties");
                if !is_frame {
                    keys.push(key.clone());
                }
                if is_frame || reads(kind, keys) != Reads::Nothing {
                    read.insert(key.clone(), read_by_rules(value, kind, keys));
                }
                if !is_frame {
                    keys.pop();
                }
            }
            Value::Object(read)
        }
        Value::Array(items) => items.iter().map(|item| read_by_rules(item, kind, keys)).collect(),
        scalar => scalar.clone(),
    }
}
