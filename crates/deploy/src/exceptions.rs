//! Exceptions of `isolation.yaml` as admission can honour them: entries of the policies' setting `allowedViolations`.
//!
//! An exception lets a rule pass in some objects, fields and values. The setting says exactly that, so nothing is wider in the
//! cluster than in the file. What the setting cannot say is left out and named, with the reason: never more is let through than
//! was written.

use isolation::allowed_violations::ALLOWED_VIOLATIONS;
use isolation_report::{Entry, Objects};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::data::PolicyData;

/// The key of the setting.
pub(crate) const SETTING: &str = ALLOWED_VIOLATIONS.key;

/// An entry of the key `allow`.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Exception(pub(crate) Entry);

impl Exception {
    /// What the entry says of objects, fields and values, in the order in which the setting has it.
    pub(crate) fn patterns(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let Entry { object: Objects { kind, namespace, name }, path, value, .. } = &self.0;
        let all = [("kind", kind), ("namespace", namespace), ("name", name), ("path", path), ("value", value)];
        all.into_iter().filter_map(|(key, text)| Some((key, text.as_deref()?)))
    }

    /// Why no policy can honour it, whatever its rule: a clause.
    pub(crate) fn beyond_any_policy(&self) -> Option<String> {
        if let Some(day) = &self.0.expires {
            return Some(format!("policies do not know the date, so they would honour it after {day}"));
        }
        let (key, _) = self.patterns().find(|(_, text)| text.is_empty())?;
        Some(format!("a policy's settings take no empty {key}"))
    }
}

/// The entries of a policy's setting.
pub(crate) fn setting(exceptions: &[Exception], policy: &PolicyData) -> Vec<Value> {
    let honoured = exceptions.iter().filter(|exception| exception.beyond_any_policy().is_none());
    let mut entries = Vec::new();
    for exception in honoured {
        for rule in exception.0.rules().iter().filter_map(|name| policy.rule(name)) {
            let mut entry = Map::from_iter([("rule".to_owned(), rule.id.into())]);
            entry.extend(exception.patterns().map(|(key, text)| (key.to_owned(), text.into())));
            entries.push(Value::Object(entry));
        }
    }
    entries
}
