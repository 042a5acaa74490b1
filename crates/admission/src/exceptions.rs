//! The exceptions of `isolation.yaml`, and those in objects' annotations.

use isolation::similar::nearest_swapped;
use isolation_document::{Mismatch, Path, typed};
use isolation_report::{
    Entry, Exception, Objects, Pattern, Problem, Rules, Scope, Severity, date, read_exception, rule_id,
};

use crate::input::Item;

/// The key in `isolation.yaml`. (`exceptions` is a setting of private-images.)
pub const KEY: &str = "allow";

/// What an annotation's key begins with that allows a rule: `isolation.allow/NI101: REASON`.
pub const ANNOTATION: &str = "isolation.allow/";

/// Reads one entry.
///
/// # Errors
///
/// What is wrong with it, and with which of its keys.
pub fn entry(
    value: &serde_json::Value,
    rules: &Rules,
) -> Result<(Vec<String>, Pattern, String, Option<String>), Mismatch> {
    let wrong = |key: &str, what: String| Mismatch { path: Path::root().key(key), what };
    let entry: Entry = typed(value)?;
    let hint = |name: &str| nearest_swapped(name, rules.words()).map(|near| format!("; did you mean {near}?"));
    let ids = entry
        .rules()
        .iter()
        .map(|name| rule_id(name, rules).map_err(|what| format!("{what}{}", hint(name).unwrap_or_default())))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|what| wrong("rule", what))?;
    let Entry { object: Objects { kind, namespace, name }, path, value, reason, expires, .. } = entry;
    if ids.is_empty() {
        return Err(wrong("rule", "name at least one".to_owned()));
    }
    if reason.trim().is_empty() {
        return Err(wrong("reason", "say why it is allowed".to_owned()));
    }
    if kind.is_none() && namespace.is_none() && name.is_none() {
        return Err(wrong("object", "give at least one of kind, namespace and name".to_owned()));
    }
    if let Some(expires) = &expires {
        date(expires).map_err(|what| wrong("expires", what))?;
    }
    Ok((ids, Pattern { kind, namespace, name, path, value }, reason, expires))
}

/// The exceptions in an object's annotations, and what of them cannot be read. The value is the reason, with
/// `until DAY because` in front or without.
pub fn in_annotations(item: &Item, rules: &Rules) -> (Vec<Exception>, Vec<Problem>) {
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    for key in item.keys("metadata.annotations").unwrap_or_default() {
        let Some(name) = key.strip_prefix(ANNOTATION) else { continue };
        let path = format!("metadata.annotations[{key}]");
        let text = item.value(&path).and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default();
        let text = text.trim();
        let form = if text.starts_with("until ") {
            format!("allow {name} {text}")
        } else {
            format!("allow {name} because {text}")
        };
        let place = item.place(&path);
        match read_exception(&form, rules) {
            Ok((rules, expires, reason)) => {
                found.push(Exception { rules, scope: Scope::Object(item.whole()), reason, expires, place });
            }
            Err(what) => {
                let help = if rules.find(name).is_some() {
                    format!("Write `{ANNOTATION}{name}: REASON`, or `until 2027-03-31 because REASON` as its value")
                } else if let Some(near) = nearest_swapped(name, rules.words()) {
                    format!("Did you mean {near}? `isolation rules` lists all rules")
                } else {
                    "`isolation rules` lists all rules".to_owned()
                };
                problems.push(Problem { severity: Severity::Deny, place, what, help });
            }
        }
    }
    (found, problems)
}
