//! `questions-ui.yml`: the form in which Rancher asks for a policy's settings.
//!
//! The policies of others begin with a question of the variable `description` that only carries a text. Ours do not: what a
//! form sends under a key that is no setting, `validate_settings` refuses.

use anyhow::Result;
use isolation::settings::{Setting, Shape};
use isolation_all_policies::Entry;
use serde::Serialize;
use serde_json::Value;

const HEAD: &str = "# Written by `make generate` from the policy's settings: the form that Rancher shows.\n";

#[derive(Serialize)]
struct Format {
    questions: Vec<Question>,
}

#[derive(Serialize)]
struct Question {
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<Value>,
    description: &'static str,
    group: &'static str,
    label: String,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    options: &'static [&'static str],
    required: bool,
    /// A list or an object has no field of its own.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    hide_input: bool,
    #[serde(rename = "type")]
    kind: &'static str,
    variable: String,
    /// The members of an object; their variables are paths.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    subquestions: Vec<Question>,
    /// The members of a list's objects; their variables are keys.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sequence_questions: Vec<Question>,
}

/// The form for a policy's settings.
pub fn form(entry: &Entry) -> Result<String> {
    let settings = (entry.settings)();
    let questions = settings.iter().copied().flatten().map(|setting| question(setting, "")).collect::<Result<_>>()?;
    Ok([HEAD, &yaml_serde::to_string(&Format { questions })?].concat())
}

fn question(setting: &Setting, holder: &str) -> Result<Question> {
    let variable = format!("{holder}{}", setting.key);
    let of = |members: &'static [Setting], holder: &str| {
        members.iter().map(|member| question(member, holder)).collect::<Result<Vec<_>>>()
    };
    // Rancher fills a new row with the defaults, and an empty text is a value. What has no default it leaves out.
    let row = |members: Vec<Question>| {
        let without = |mut member: Question| {
            member.default = member.default.filter(|value| value != "");
            member
        };
        members.into_iter().map(without).collect()
    };
    let (kind, empty, members): (_, Value, &'static [Setting]) = match setting.shape {
        Shape::Enum(_) => ("enum", "".into(), &[]),
        Shape::Bool => ("boolean", false.into(), &[]),
        Shape::Text => ("string", "".into(), &[]),
        Shape::Texts => ("array[", Value::Array(Vec::new()), &[]),
        Shape::Objects(members) => ("sequence[", Value::Array(Vec::new()), members),
        Shape::Object(members) => ("map[", Value::Object(serde_json::Map::new()), members),
    };
    Ok(Question {
        default: Some(if setting.default.is_empty() { empty } else { serde_json::from_str(setting.default)? }),
        description: setting.doc,
        group: "Settings",
        label: label(setting.key),
        options: if let Shape::Enum(words) = setting.shape { words } else { &[] },
        required: setting.required,
        hide_input: matches!(kind, "sequence[" | "map["),
        kind,
        subquestions: if kind == "map[" { of(members, &format!("{variable}."))? } else { Vec::new() },
        sequence_questions: if kind == "sequence[" { row(of(members, "")?) } else { Vec::new() },
        variable,
    })
}

/// Words that are not written like others.
const NAMES: &[(&str, &str)] = &[
    ("dns", "DNS"),
    ("ip", "IP"),
    ("mcr", "MCR"),
    ("nfs", "NFS"),
    ("nginx", "NGINX"),
    ("vnet", "VNet"),
    ("windows", "Windows"),
];

/// A key as a form writes it: `privateDnsZones` is "Private DNS zones".
fn label(key: &str) -> String {
    let mut words = vec![String::new()];
    for c in key.chars() {
        if c.is_ascii_uppercase() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(c.to_ascii_lowercase());
        }
    }
    for word in &mut words {
        if let Some((_, name)) = NAMES.iter().find(|(known, _)| known == word) {
            (*name).clone_into(word);
        }
    }
    let text = words.join(" ");
    let mut chars = text.chars();
    chars.next().map(|first| first.to_ascii_uppercase().to_string() + chars.as_str()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_become_labels() {
        assert_eq!(label("registries"), "Registries");
        assert_eq!(label("privateDnsZones"), "Private DNS zones");
        assert_eq!(label("applicationGatewayUsesPrivateIp"), "Application gateway uses private IP");
        assert_eq!(label("mcr"), "MCR");
    }

    #[test]
    fn the_members_of_an_object_are_paths_and_those_of_a_list_are_keys() {
        const MEMBERS: &[Setting] = &[Setting::new("key", Shape::Text, "")];
        let object = question(&Setting::new("object", Shape::Object(MEMBERS), ""), "").unwrap();
        assert_eq!((object.kind, object.subquestions[0].variable.as_str()), ("map[", "object.key"));
        let list = question(&Setting::new("list", Shape::Objects(MEMBERS), ""), "").unwrap();
        assert_eq!((list.kind, list.sequence_questions[0].variable.as_str()), ("sequence[", "key"));
        // A new row holds what has a default: an empty text in it would be one that somebody wrote.
        assert_eq!(
            (object.subquestions[0].default.as_ref().unwrap(), &list.sequence_questions[0].default),
            (&"".into(), &None)
        );
    }
}
