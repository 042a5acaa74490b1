//! Fields whose values only a deployment knows.

use isolation_document::path::{Step, steps};
use serde_json::{Map, Value};

use crate::found::{Deployed, Form, Found, Unknown};
use crate::names::{Name, Reads, is_machine, keys_in_pool, name_of, reads};
use crate::outcome::PLACE;
use crate::translate::camel;

/// What to do where a parameter has no value.
pub const GIVE: &str = "Give the parameter a value: a file of parameters beside the template, or a default value";

/// What to do where nothing in the text could say it.
pub const AGAIN: &str = "Check it again after deployment, with the output of az";

/// Whether a field is the id of the registry that a cluster starts from. Settings may list which it may be.
pub fn is_registry(path: &str) -> bool {
    path.rsplit('.').next().is_some_and(|key| key.replace('_', "").eq_ignore_ascii_case("containerRegistryId"))
}

/// A field whose value is not known, of which something is to be said.
#[derive(Debug)]
pub struct Uncertain {
    /// Its path.
    pub path: String,
    /// Whether it is an id.
    pub is_id: bool,
    /// Whether it may be nothing at all: no part of it is known, and a template may give null or an empty text. What is unknown in a
    /// plan is computed by the provider of what it names.
    pub is_nothing_known: bool,
    /// Whether the name at its end is not known.
    pub is_nameless: bool,
}

/// Puts something in the place of what is not known and makes a field be there: an id names something, whatever it is, and what
/// is in an object makes it one that is not empty. What is left is doubtful.
pub fn stand_in(found: &mut Found<'_>, kind: &str, is_template: bool) -> Vec<Uncertain> {
    if matches!(found.form, Form::Kubernetes { .. }) {
        return of_object(found);
    }
    let mut doubts = Vec::new();
    for Unknown { path, partly } in &found.unknown {
        let steps = steps(path);
        let (mut keys, is_id, is_list) = keys_of(&steps, found.form);
        if is_machine(&found.of_type) {
            keys = keys_in_pool(keys);
        }
        match reads(kind, &keys) {
            // A cluster's decides whether it can say that it is isolated.
            Reads::Nothing if kind == "ManagedCluster" && path.eq_ignore_ascii_case("apiVersion") => {
                doubts.push(Uncertain { path: path.clone(), is_id, is_nothing_known: false, is_nameless: false });
                continue;
            }
            Reads::Nothing => continue,
            // It only exempts: without it the subnet is judged as any other.
            _ if matches!(&*keys, [key] if key == "delegations" || key == "delegation") => continue,
            // What is not deployed by default has no doubt that is worth more than a note.
            Reads::Value if !is_id || (partly.is_none() && found.deployed == Deployed::NotByDefault) => {
                doubts.push(Uncertain {
                    path: path.clone(),
                    is_id: false,
                    is_nothing_known: false,
                    is_nameless: false,
                });
                continue;
            }
            // Of what `resourceId` names only the place is unknown.
            Reads::Value if partly.as_deref().is_none_or(|id| !id.starts_with(PLACE) || names_nothing(id)) => {
                let is_nothing_known = partly.is_none() && is_template;
                let is_nameless = partly.as_deref().is_none_or(|id| id.rsplit('/').next() == Some("…"));
                doubts.push(Uncertain { path: path.clone(), is_id, is_nothing_known, is_nameless });
            }
            Reads::Value | Reads::Presence => {}
        }
        let text = Value::from(partly.as_deref().unwrap_or("…"));
        let value = if is_list { Value::Array(vec![text]) } else { text };
        set(&mut found.value, &steps, value);
    }
    doubts
}

fn names_nothing(id: &str) -> bool {
    id.strip_prefix(PLACE).is_none_or(|rest| rest.contains('…'))
}

/// The same of an object of Kubernetes: all that a rule may read.
fn of_object(found: &Found<'_>) -> Vec<Uncertain> {
    // KServe pulls a model from there.
    let reads_variables = found.value.to_string().contains("STORAGE_URI");
    let is_read = |path: &str| {
        let is_name = path.ends_with("metadata.name") || path.ends_with("metadata.namespace");
        let is_variable = path.ends_with("].value") && path.contains(".env[");
        !(is_name || path.ends_with(".replicas") || (is_variable && !reads_variables))
    };
    // No rule reads Secrets.
    let unknown = found.unknown.iter().filter(|unknown| found.of_type != "Secret" && is_read(&unknown.path));
    let doubt = |unknown: &Unknown| Uncertain {
        path: unknown.path.clone(),
        is_id: false,
        is_nothing_known: false,
        is_nameless: false,
    };
    unknown.map(doubt).collect()
}

/// The keys of a field in the judged form, whether it is an id, and whether it is a list of them.
fn keys_of(steps: &[Step], form: Form) -> (Vec<String>, bool, bool) {
    let (mut keys, mut is_id, mut is_list) = (Vec::new(), false, false);
    for step in steps {
        let Step::Key(key) = step else {
            is_list = false;
            continue;
        };
        if key.eq_ignore_ascii_case("properties") {
            continue;
        }
        let (name, its_id, its_list) = match form {
            Form::Kubernetes { .. } => (key.clone(), false, false),
            Form::Azurerm => (camel(key), key.ends_with("_id") || key.ends_with("_ids"), key.ends_with("_ids")),
            Form::Arm { .. } => match name_of(key) {
                Some(Name::Reference(name)) => ((*name).to_owned(), true, false),
                Some(Name::References(name)) => ((*name).to_owned(), true, true),
                Some(Name::Same(name)) => ((*name).to_owned(), *name == "id", false),
                None => (key.clone(), false, false),
            },
        };
        keys.push(name);
        (is_id, is_list) = (its_id, its_list);
    }
    (keys, is_id, is_list)
}

/// Writes a value at a place, and what it stands in.
fn set(within: &mut Value, steps: &[Step], value: Value) {
    let Some((step, rest)) = steps.split_first() else {
        *within = value;
        return;
    };
    match step {
        Step::Key(key) => {
            if !within.is_object() {
                *within = Value::Object(Map::new());
            }
            if let Some(members) = within.as_object_mut() {
                set(members.entry(key).or_insert(Value::Null), rest, value);
            }
        }
        Step::Index(index) => {
            // A list that is not there is not made, however long it would be.
            if let Some(item) = within.as_array_mut().and_then(|items| items.get_mut(*index)) {
                set(item, rest, value);
            }
        }
        Step::AnyIndex => {}
    }
}
