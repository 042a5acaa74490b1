//! JSON into a document, and strings as JSON writes them.
//!
//! `serde_json` reads; the visitor here puts what it finds into the list of nodes. It accepts what `serde_json` accepts, which
//! is what every engine reads requests with, but for one deliberate difference: an object that names a key twice is refused.
//! Readers disagree about which of the two counts, so a policy must not guess.

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use crate::tree::{Builder, Document, MAX_BYTES};

/// Why a text could not be read: a clause that says where, `expected value at line 1 column 5`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// What is wrong, and where.
    pub problem: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The column in bytes, counted from 1.
    pub column: usize,
}

impl std::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.problem)
    }
}

impl std::error::Error for Unreadable {}

impl From<serde_json::Error> for Unreadable {
    fn from(error: serde_json::Error) -> Self {
        Unreadable { line: error.line(), column: error.column(), problem: error.to_string() }
    }
}

impl<'a> Document<'a> {
    /// Reads `bytes`, all of it, as one JSON value.
    ///
    /// # Errors
    ///
    /// What is not JSON, not UTF-8, nested deeper than 127 levels, larger than 256 MiB, or names a key twice.
    pub fn read(bytes: &'a [u8]) -> Result<Self, Unreadable> {
        if bytes.len() > MAX_BYTES {
            return Err(serde_json::Error::custom("the text is larger than 256 MiB").into());
        }
        let text = std::str::from_utf8(bytes).map_err(|error| not_utf8(bytes, error.valid_up_to()))?;
        let mut builder = Builder::new(text);
        fill(text, &mut builder)?;
        Ok(builder.finish())
    }
}

/// Reads `text`, all of it, as one JSON value into the builder.
///
/// # Errors
///
/// What [`Document::read`] refuses. The builder is then of no use.
pub fn fill(text: &str, builder: &mut Builder<'_>) -> Result<(), Unreadable> {
    let mut reader = serde_json::Deserializer::from_str(text);
    Fill(builder).deserialize(&mut reader)?;
    reader.end()?;
    Ok(())
}

#[cold]
fn not_utf8(bytes: &[u8], at: usize) -> Unreadable {
    let before = bytes.get(..at).unwrap_or_default();
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
    Unreadable { problem: format!("the text is not UTF-8 at line {line} column {column}"), line, column }
}

/// Puts the next value into the document.
struct Fill<'b, 'a>(&'b mut Builder<'a>);

impl<'de> DeserializeSeed<'de> for Fill<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Fill<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.0.null();
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.0.boolean(value);
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.0.whole_number(value);
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.0.whole_number(value);
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        // JSON has no number that is not one, and `serde_json` refuses what is too large.
        let number = serde_json::Number::from_f64(value).map(|number| number.to_string());
        self.0.number(number.as_deref().unwrap_or("0"));
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.0.string(text);
        Ok(())
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<(), E> {
        self.0.string(text);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        self.0.open_list();
        while items.next_element_seed(Fill(self.0))?.is_some() {}
        self.0.close_list();
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        self.0.open_object();
        while members.next_key_seed(FillKey(self.0))?.is_some() {
            members.next_value_seed(Fill(self.0))?;
        }
        if self.0.closes() { Ok(()) } else { Err(A::Error::custom("an object names a key twice")) }
    }
}

/// Puts the next key into the document.
struct FillKey<'b, 'a>(&'b mut Builder<'a>);

impl<'de> DeserializeSeed<'de> for FillKey<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for FillKey<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.0.key(text);
        Ok(())
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<(), E> {
        self.0.key(text);
        Ok(())
    }
}
