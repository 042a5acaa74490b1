//! Values written as JSON.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::tree::Kind;
use crate::value::Value;

/// Writes the value as it was read: keys in their order, numbers as `serde_json` holds them.
impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.kind() {
            Kind::Null => serializer.serialize_unit(),
            Kind::Bool => serializer.serialize_bool(self.as_bool().unwrap_or_default()),
            Kind::String => serializer.serialize_str(self.text().unwrap_or_default()),
            Kind::Number => number(self.number().unwrap_or_default(), serializer),
            Kind::List => {
                let mut list = serializer.serialize_seq(None)?;
                for item in self.items() {
                    list.serialize_element(&item)?;
                }
                list.end()
            }
            Kind::Object => {
                let mut object = serializer.serialize_map(None)?;
                for (key, value) in self.entries() {
                    object.serialize_entry(&key, &value)?;
                }
                object.end()
            }
        }
    }
}

fn number<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    if let Ok(number) = text.parse::<u64>() {
        return serializer.serialize_u64(number);
    }
    if let Ok(number) = text.parse::<i64>() {
        return serializer.serialize_i64(number);
    }
    serializer.serialize_f64(text.parse().map_err(serde::ser::Error::custom)?)
}

impl Value<'_> {
    /// The value as compact JSON.
    pub fn to_json(&self) -> String {
        // There is nothing in it that JSON cannot hold.
        serde_json::to_string(self).unwrap_or_default()
    }
}
