//! What the words of a finding ask for.
//!
//! Every finding says what to write instead, in a form that the tests of the policies hold it to: they apply what it says and
//! judge again. "Write KEY: VALUE", "Write VALUE", "… and write "TEXT"", "Remove it".

use isolation_document::path::{Step, steps};
use isolation_report::Finding;
use serde_json::Value as Json;

/// A change of one field.
#[derive(Clone, Debug, PartialEq)]
pub enum Wish {
    /// This value in place of what is there, or of nothing.
    Set(Json),
    /// The same, under a key in another spelling.
    Rename(String, Json),
    /// No field.
    Remove,
}

/// How sentences begin that ask for less.
const REMOVALS: &[&str] = &["Leave it out", "Leave them out", "Remove "];

/// What ends the value in a sentence that goes on.
const ENDS: &[&str] = &[", which ", ", or ", ", and ", "; ", ": the ", ", with ", ", in ", ". ", " or ", " under "];

impl Wish {
    /// The change that a finding asks for, if it is one and a simple one.
    pub fn of(finding: &Finding) -> Option<Self> {
        let path = &finding.location.path;
        // A path into a document inside a string ends in that string.
        if path.is_empty() || path.contains(" -> ") {
            return None;
        }
        let words = finding.fix.as_ref()?.text.as_str();
        if REMOVALS.iter().any(|begin| words.starts_with(begin)) {
            return (!finding.missing).then_some(Wish::Remove);
        }
        let written = words.strip_prefix("Write ").and_then(|words| written(words, &steps(path)));
        written.or_else(|| offered(words))
    }

    /// What a button says that makes the change.
    pub fn title(&self, finding: &Finding) -> String {
        let key = match steps(&finding.location.path).pop() {
            Some(Step::Key(key)) => key,
            _ => finding.location.path.clone(),
        };
        match self {
            Wish::Remove => format!("Remove {key}"),
            Wish::Rename(name, value) => format!("Write {name}: {value}"),
            Wish::Set(value) if finding.missing => format!("Write {key}: {value}"),
            Wish::Set(value) => format!("Write {value}"),
        }
    }
}

/// The text in quotes that a sentence offers. A digest whose digits nobody knows is none.
fn offered(words: &str) -> Option<Wish> {
    let (_, rest) = ["write \"", "Write \""].iter().find_map(|begin| words.split_once(begin))?;
    let (text, _) = rest.split_once('"')?;
    (!text.contains('…')).then(|| Wish::Set(text.into()))
}

/// The value behind "Write", if it is one.
fn written(words: &str, path: &[Step]) -> Option<Wish> {
    let end = ENDS.iter().filter_map(|sign| words.find(sign)).min();
    let words = words.get(..end.unwrap_or(words.len()))?;
    let Some(Step::Key(last)) = path.last() else { return None };
    let (text, name) = match words.split_once(": ") {
        Some((key, value)) if key == last => (value, None),
        Some((key, value)) if key.eq_ignore_ascii_case(last) => (value, Some(key.to_owned())),
        Some(_) => return None,
        None => (words, None),
    };
    let is_json = text.starts_with(['"', '{', '[']) || matches!(text, "true" | "false");
    let value: Json = match serde_json::from_str(text) {
        Ok(value) if is_json => value,
        _ if text.contains(char::is_whitespace) || text.is_empty() => return None,
        _ => text.into(),
    };
    Some(match name {
        Some(name) => Wish::Rename(name, value),
        None => Wish::Set(value),
    })
}
