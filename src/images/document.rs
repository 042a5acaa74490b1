//! Documents inside strings: patches of a pod and containers in annotations.

use crate::json::{Document, Value};

/// Keys that lead to an image. The controllers read these documents with Go's `encoding/json`, which takes keys in any case
/// and two characters beside ASCII for letters. The API server, and whatever reads objects as it does, compares keys exactly;
/// so this is about documents in strings alone.
const KEYS: &[&str] =
    &["containers", "ephemeralContainers", "image", "initContainers", "reference", "volumes", "spec", "template"];

/// Why a document in a string cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// A key is spelled in another case.
    OtherCase,
    /// It becomes JSON or YAML only when its parameters are replaced.
    Parameters,
    /// A key stands in it twice.
    NamedTwice,
    /// It is neither JSON nor YAML.
    NoDocument,
}

impl Unreadable {
    /// The reason as a clause.
    pub fn text(self) -> &'static str {
        match self {
            Unreadable::OtherCase => "it spells a key such as `image` in another case, which the controller accepts",
            Unreadable::Parameters => "it is neither JSON nor YAML before its parameters are replaced",
            Unreadable::NamedTwice => "it names a key twice",
            Unreadable::NoDocument => "it is neither JSON nor YAML",
        }
    }
}

/// Reads the document that a string holds, JSON or YAML. `None` when it can name no image, whatever it is.
///
/// A text in which the word `image` cannot stand, not even behind an escape, a tag or a parameter, needs no reading: that
/// leaves the usual patch of a pod's resources alone, whatever its parameters make of it.
///
/// # Errors
///
/// Why it cannot be read.
pub(super) fn read(text: &str) -> Result<Option<Document<'_>>, Unreadable> {
    match Document::read(text.as_bytes()).or_else(|unreadable| match unreadable.problem.contains("names a key twice") {
        true => Err(unreadable),
        false => isolation_yaml::document(text),
    }) {
        Ok(document) if has_odd_case(document.root()) => Err(Unreadable::OtherCase),
        Ok(document) => Ok(Some(document)),
        Err(_) if cannot_name_images(text) => Ok(None),
        Err(_) if text.contains("{{") => Err(Unreadable::Parameters),
        Err(unreadable) if unreadable.problem.contains(" twice") => Err(Unreadable::NamedTwice),
        Err(_) => Err(Unreadable::NoDocument),
    }
}

fn cannot_name_images(text: &str) -> bool {
    // A backslash begins an escape, an exclamation mark a tag such as `!!binary`, two braces a parameter.
    !text.contains(['\\', '!'])
        && !text.contains("{{")
        && !text.as_bytes().windows(5).any(|word| word.eq_ignore_ascii_case(b"image"))
}

fn has_odd_case(value: Value<'_>) -> bool {
    value
        .entries()
        .any(|(key, value)| KEYS.iter().any(|known| *known != key && is_folded(&key, known)) || has_odd_case(value))
        || value.items().any(has_odd_case)
}

/// Whether Go's `encoding/json` takes the key `name` for `key`.
fn is_folded(name: &str, key: &str) -> bool {
    let folded = name.chars().map(|c| match c {
        '\u{17f}' => 's',
        '\u{212a}' => 'k',
        c => c.to_ascii_lowercase(),
    });
    folded.eq(key.chars().map(|c| c.to_ascii_lowercase()))
}
