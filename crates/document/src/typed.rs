//! A value as a type, for files that people write: what is wrong with one is told by its key, what stands there, and what may.
//!
//! `serde_json` reads into the same types, but its errors are those of programs ("expected struct Entry"), and name no key.

use std::fmt::{self, Display};

use serde::de::value::{MapDeserializer, SeqDeserializer, StrDeserializer};
use serde::de::{self, DeserializeOwned, Deserializer, Expected, IntoDeserializer, MapAccess, Unexpected, Visitor};
use serde_json::{Map, Value};
use serde_path_to_error::Segment;

use crate::path::Path;
use crate::quote::quoted;

/// Why a value is not of a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// The field, from the value that was read; empty for that value itself.
    pub path: Path,
    /// What is wrong: a clause.
    pub what: String,
}

impl Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let colon = if self.path.is_root() { "" } else { ": " };
        write!(f, "{}{colon}{}", self.path.as_str(), self.what)
    }
}

impl std::error::Error for Mismatch {}

/// Reads a value as a type.
///
/// # Errors
///
/// The first field that the type does not have, lacks, or has with another value.
pub fn typed<T: DeserializeOwned>(value: &Value) -> Result<T, Mismatch> {
    serde_path_to_error::deserialize(Typed(value)).map_err(|error| {
        let outer = error.path().iter().fold(Path::root(), |path, segment| match segment {
            Segment::Seq { index } => path.index(*index),
            Segment::Map { key } | Segment::Enum { variant: key } => path.key(key),
            Segment::Unknown => path,
        });
        let Mismatch { path, what } = error.into_inner();
        Mismatch { path: path.below(&outer), what }
    })
}

/// How many characters of a string a message shows.
const SHOWN: usize = 60;

impl Mismatch {
    fn new(what: impl Into<String>) -> Self {
        Mismatch { path: Path::root(), what: what.into() }
    }
}

impl de::Error for Mismatch {
    fn custom<T: Display>(what: T) -> Self {
        Mismatch::new(what.to_string())
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Mismatch::new(format!("expected {}, found {}", may_be(expected), is(found)))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid_type(found, expected)
    }

    fn invalid_length(length: usize, expected: &dyn Expected) -> Self {
        Mismatch::new(format!("expected {}, found {length}", may_be(expected)))
    }

    fn unknown_variant(found: &str, known: &'static [&'static str]) -> Self {
        Mismatch::new(format!("expected {}, found {}", one_of(known), shown(found)))
    }

    fn unknown_field(_: &str, known: &'static [&'static str]) -> Self {
        // The key is read, so the path has it.
        Mismatch::new(format!("unknown key (known: {})", known.join(", ")))
    }

    fn missing_field(key: &'static str) -> Self {
        Mismatch { path: Path::root().key(key), what: "is required".to_owned() }
    }
}

fn one_of(words: &[&str]) -> String {
    match words {
        [word] => quoted(word),
        words => format!("one of {}", words.join(", ")),
    }
}

/// What may stand there: serde's words are those of Rust's types.
fn may_be(expected: &dyn Expected) -> String {
    let text = expected.to_string();
    let bits = text.strip_prefix(['u', 'i', 'f']).unwrap_or_default();
    match text.as_str() {
        "a map" => "an object".to_owned(),
        "a sequence" => "a list".to_owned(),
        "a boolean" => "true or false".to_owned(),
        _ if ["8", "16", "32", "64", "128", "size"].contains(&bits) => match text.as_bytes() {
            [b'f', ..] => "a number".to_owned(),
            [b'u', ..] => "a whole number that is not negative".to_owned(),
            _ => "a whole number".to_owned(),
        },
        _ if text.starts_with("struct ") => "an object".to_owned(),
        _ => match text.strip_prefix("a tuple of size ") {
            Some(size) => format!("a list of {size}"),
            None => text,
        },
    }
}

fn is(found: Unexpected<'_>) -> String {
    match found {
        Unexpected::Bool(value) => value.to_string(),
        Unexpected::Unsigned(value) => value.to_string(),
        Unexpected::Signed(value) => value.to_string(),
        Unexpected::Float(value) => value.to_string(),
        Unexpected::Str(text) => shown(text),
        Unexpected::Unit | Unexpected::Option => "nothing".to_owned(),
        Unexpected::Seq => "a list".to_owned(),
        Unexpected::Map => "an object".to_owned(),
        other => other.to_string(),
    }
}

fn shown(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => quoted(&format!("{}…", text.get(..end).unwrap_or_default())),
        None => quoted(text),
    }
}

fn unexpected(value: &Value) -> Unexpected<'_> {
    match value {
        Value::Null => Unexpected::Unit,
        Value::Bool(value) => Unexpected::Bool(*value),
        Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
            (Some(number), ..) => Unexpected::Unsigned(number),
            (_, Some(number), _) => Unexpected::Signed(number),
            (.., number) => Unexpected::Float(number.unwrap_or_default()),
        },
        Value::String(text) => Unexpected::Str(text),
        Value::Array(_) => Unexpected::Seq,
        Value::Object(_) => Unexpected::Map,
    }
}

/// A value to read.
#[derive(Clone, Copy)]
struct Typed<'v>(&'v Value);

impl<'de> IntoDeserializer<'de, Mismatch> for Typed<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

fn members_of(members: &Map<String, Value>) -> impl MapAccess<'_, Error = Mismatch> {
    MapDeserializer::new(members.iter().map(|(key, value)| (key.as_str(), Typed(value))))
}

impl<'de> Deserializer<'de> for Typed<'de> {
    type Error = Mismatch;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match (self.0, unexpected(self.0)) {
            (Value::String(text), _) => visitor.visit_borrowed_str(text),
            (Value::Array(items), _) => visitor.visit_seq(SeqDeserializer::new(items.iter().map(Typed))),
            (Value::Object(members), _) => visitor.visit_map(members_of(members)),
            (_, Unexpected::Bool(value)) => visitor.visit_bool(value),
            (_, Unexpected::Unsigned(number)) => visitor.visit_u64(number),
            (_, Unexpected::Signed(number)) => visitor.visit_i64(number),
            (_, Unexpected::Float(number)) => visitor.visit_f64(number),
            _ => visitor.visit_unit(),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_newtype_struct(self)
    }

    /// A struct that stands as a list of its members is nothing that anybody writes.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        self.deserialize_map(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.0 {
            Value::Object(_) => self.deserialize_any(visitor),
            other => Err(de::Error::invalid_type(unexpected(other), &visitor)),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        match self.0 {
            Value::String(text) => visitor.visit_enum(StrDeserializer::new(text)),
            other => Err(Mismatch::new(format!("expected {}, found {}", one_of(variants), is(unexpected(other))))),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    struct Test {
        name: String,
        #[serde(default)]
        level: Option<Level>,
        #[serde(default)]
        many: Vec<Inner>,
        #[serde(default)]
        labels: BTreeMap<String, String>,
        #[serde(default)]
        replicas: Option<u32>,
        #[serde(default)]
        offset: Option<i16>,
        #[serde(default)]
        share: Option<f64>,
        #[serde(default)]
        wanted: bool,
        #[serde(default)]
        names: Option<Names>,
        #[serde(default)]
        pair: Option<(String, String)>,
        #[serde(default)]
        anything: Value,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "lowercase")]
    enum Level {
        Deny,
        Warn,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Inner {
        key: String,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(untagged, expecting = "expected a name or a list of names")]
    enum Names {
        One(String),
        Many(Vec<String>),
    }

    #[test]
    fn reads_what_serde_json_reads() {
        for value in [
            json!({"name": "a"}),
            json!({"name": "a", "level": "warn", "many": [{"key": "b", "more": 1}], "labels": {"c": "d"}, "replicas": 2,
                   "wanted": true, "names": ["e"], "pair": ["f", "g"], "anything": {"h": [null, 1.5, -1]}}),
            json!({"name": "a", "level": null, "replicas": null, "names": "e"}),
        ] {
            let expected: Test = serde_json::from_value(value.clone()).unwrap();
            assert_eq!(typed::<Test>(&value), Ok(expected));
        }
    }

    #[test]
    fn says_where_and_what_may_stand_there() {
        let said = |mut value: Value| {
            if let Value::Object(members) = &mut value {
                members.entry("name").or_insert("a".into());
            }
            typed::<Test>(&value).unwrap_err().to_string()
        };
        assert_eq!(said(json!([])), "expected an object, found a list");
        assert_eq!(typed::<Test>(&json!({})).unwrap_err().to_string(), "name: is required");
        assert_eq!(said(json!({"name": 5})), "name: expected a string, found 5");
        assert_eq!(said(json!({"name": null})), "name: expected a string, found nothing");
        assert_eq!(said(json!({"level": "Warn"})), "level: expected one of deny, warn, found \"Warn\"");
        assert_eq!(said(json!({"level": [1]})), "level: expected one of deny, warn, found a list");
        assert_eq!(said(json!({"level": {"deny": null}})), "level: expected one of deny, warn, found an object");
        assert_eq!(said(json!({"many": "a"})), "many: expected a list, found \"a\"");
        assert_eq!(said(json!({"many": [{"key": "a"}, "b"]})), "many[1]: expected an object, found \"b\"");
        assert_eq!(said(json!({"many": [{}]})), "many[0].key: is required");
        assert_eq!(said(json!({"labels": {"a/b": true}})), "labels[a/b]: expected a string, found true");
        assert_eq!(said(json!({"replicas": -1})), "replicas: expected a whole number that is not negative, found -1");
        assert_eq!(said(json!({"labels": 5})), "labels: expected an object, found 5");
        assert_eq!(said(json!({"offset": "a"})), "offset: expected a whole number, found \"a\"");
        assert_eq!(said(json!({"share": "a"})), "share: expected a number, found \"a\"");
        assert_eq!(said(json!({"wanted": "yes"})), "wanted: expected true or false, found \"yes\"");
        assert_eq!(said(json!({"names": 5})), "names: expected a name or a list of names");
        assert_eq!(said(json!({"pair": ["a"]})), "pair: expected a list of 2, found 1");
        let keys = "name, level, many, labels, replicas, offset, share, wanted, names, pair, anything";
        assert_eq!(said(json!({"naem": 1})), format!("naem: unknown key (known: {keys})"));
        let long = said(json!({"many": "x".repeat(500)}));
        assert!(long.len() < 120 && long.ends_with("…\""), "{long}");
    }
}
