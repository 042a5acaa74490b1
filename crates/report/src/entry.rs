//! An entry of the key `allow` of `isolation.yaml`, as it is written.

use std::fmt;

use serde::de::value::SeqAccessDeserializer;
use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// What is allowed, where, and why; nothing of it is checked but its form.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    #[serde(deserialize_with = "names")]
    rule: Vec<String>,
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

/// A key that is written has a text: one left without a value, as a template leaves it, would match everything.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    String::deserialize(deserializer).map(Some)
}

/// One name, or a list of them.
fn names<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    struct Names;
    impl<'de> Visitor<'de> for Names {
        type Value = Vec<String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a rule's id or name, or a list of them")
        }

        fn visit_str<E>(self, name: &str) -> Result<Vec<String>, E> {
            Ok(vec![name.to_owned()])
        }

        fn visit_seq<A: SeqAccess<'de>>(self, names: A) -> Result<Vec<String>, A::Error> {
            Vec::deserialize(SeqAccessDeserializer::new(names))
        }
    }
    deserializer.deserialize_any(Names)
}

impl Entry {
    /// The rules, by id or name.
    pub fn rules(&self) -> &[String] {
        &self.rule
    }
}
