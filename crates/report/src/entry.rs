//! An entry of the key `allow` of `isolation.yaml`, as it is written.

use serde::{Deserialize, Deserializer};

/// What is allowed, where, and why; nothing of it is checked but its form.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    rule: Names,
    /// The objects.
    pub object: Objects,
    /// The field.
    #[serde(default, deserialize_with = "text")]
    pub path: Option<String>,
    /// The value.
    #[serde(default, deserialize_with = "text")]
    pub value: Option<String>,
    /// Why.
    pub reason: String,
    /// The last day on which it holds.
    #[serde(default, deserialize_with = "text")]
    pub expires: Option<String>,
}

/// Which objects an entry is about.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Objects {
    /// The kind, or kind and group.
    #[serde(default, deserialize_with = "text")]
    pub kind: Option<String>,
    /// The namespace.
    #[serde(default, deserialize_with = "text")]
    pub namespace: Option<String>,
    /// The name.
    #[serde(default, deserialize_with = "text")]
    pub name: Option<String>,
}

#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(untagged)]
enum Names {
    One(String),
    Many(Vec<String>),
}

/// A key that is written has a text: one left without a value, as a template leaves it, would match everything.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    String::deserialize(deserializer).map(Some)
}

impl Entry {
    /// The rules, by id or name.
    pub fn rules(&self) -> &[String] {
        match &self.rule {
            Names::One(name) => std::slice::from_ref(name),
            Names::Many(names) => names,
        }
    }
}
