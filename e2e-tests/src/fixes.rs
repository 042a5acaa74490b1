//! What a message says to write is written, and judged again.
//!
//! A finding that carries its change as data is changed so. Of a fix that gives one value ("Write none", "Write networkEndpointType: privateEndpoint, or …") or says to leave the field
//! out, the first is applied to the object at the finding's path; so is the text in quotes that a fix offers ("Import it … and
//! write "myacr.azurecr.io/app:1""). The rule must then have nothing to say of that field, and no other rule anything new.

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::case::{Case, cases_of};
use crate::request;
use crate::run::Engine;

/// A finding, as far as it is needed here.
#[derive(Debug, Deserialize)]
struct Finding {
    rule: String,
    severity: String,
    path: String,
    #[serde(default)]
    missing: bool,
    fix: String,
    change: Option<Said>,
}

/// The change that a finding carries as data.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    set: Option<Value>,
    #[serde(default)]
    remove: bool,
    #[serde(rename = "safe")]
    _safe: bool,
}

impl Said {
    fn change(self) -> Option<Change> {
        match (self.set, self.remove) {
            (Some(value), false) => Some(Change::Set(value)),
            (None, true) => Some(Change::Remove),
            _ => None,
        }
    }
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq)]
enum Step {
    Key(String),
    Index(usize),
}

/// What a fix does to the field.
#[derive(Debug, PartialEq)]
enum Change {
    Set(Value),
    /// The same under a key in another casing.
    Rename(String, Value),
    Remove,
}

/// The steps of a path; `None` for the object as a whole and for a path into a document inside a string.
fn steps(path: &str) -> Option<Vec<Step>> {
    if path.is_empty() || path.contains(" -> ") || path.starts_with('(') {
        return None;
    }
    let mut steps = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(inner) = rest.strip_prefix("[\"") {
            let (key, next) = inner.split_once("\"]")?;
            steps.push(Step::Key(key.to_owned()));
            rest = next;
        } else if let Some(inner) = rest.strip_prefix('[') {
            let (key, next) = inner.split_once(']')?;
            steps.push(key.parse().map_or_else(|_| Step::Key(key.to_owned()), Step::Index));
            rest = next;
        } else {
            let dotless = rest.strip_prefix('.').unwrap_or(rest);
            let end = dotless.find(['.', '[']).unwrap_or(dotless.len());
            let (key, next) = dotless.split_at(end);
            steps.push(Step::Key(key.to_owned()));
            rest = next;
        }
    }
    Some(steps)
}

/// What a fix says to do with the field at the end of `steps`, if it is one value or nothing.
fn change(fix: &str, steps: &[Step]) -> Option<Change> {
    const REMOVALS: &[&str] = &[
        "Omit it",
        "Omit them",
        "Remove it",
        "Remove the annotation",
        "Remove the field",
        "Remove the label",
        "Remove the selector",
        "Remove the toleration",
    ];
    if REMOVALS.iter().any(|words| fix.starts_with(words)) {
        return Some(Change::Remove);
    }
    let written = fix.strip_prefix("Write ").and_then(|text| written(text, steps));
    written.or_else(|| offered(fix))
}

/// The text that a sentence offers in quotes. The digits of a digest, which nobody can know, are filled in.
fn offered(fix: &str) -> Option<Change> {
    let (_, rest) = ["write \"", "as in \"", "digest: \""].iter().find_map(|words| fix.split_once(words))?;
    let (text, _) = rest.split_once('"')?;
    Some(Change::Set(json!(text.replace('…', &"0".repeat(64)))))
}

/// The value behind "Write", if it is one.
fn written(text: &str, steps: &[Step]) -> Option<Change> {
    let end = [", which ", ", or ", ", and ", "; ", ": the ", ", with ", ", in ", ". ", " or ", " under "]
        .iter()
        .filter_map(|sign| text.find(sign))
        .min();
    let text = text.get(..end.unwrap_or(text.len()))?;
    let (text, name) = match (text.split_once(": "), steps.last()) {
        (Some((key, value)), Some(Step::Key(last))) if last == key => (value, None),
        (Some((key, value)), Some(Step::Key(last))) if last.eq_ignore_ascii_case(key) => (value, Some(key.to_owned())),
        (None, _) => (text, None),
        _ => return None,
    };
    let is_json = text.starts_with(['"', '{', '[']) || matches!(text, "true" | "false");
    let value = match serde_json::from_str(text) {
        Ok(value) if is_json => value,
        _ if text.contains(char::is_whitespace) => return None,
        _ => json!(text),
    };
    Some(match name {
        Some(name) => Change::Rename(name, value),
        None => Change::Set(value),
    })
}

/// Makes the change; whether the path led to where it could be made.
fn apply(value: &mut Value, steps: &[Step], change: &Change) -> bool {
    let Some((step, rest)) = steps.split_first() else { return false };
    match (step, value) {
        (Step::Key(key), Value::Object(members)) if rest.is_empty() => {
            match change {
                Change::Set(new) => members.insert(key.clone(), new.clone()),
                Change::Rename(name, new) => {
                    members.remove(key);
                    members.insert(name.clone(), new.clone())
                }
                Change::Remove => members.remove(key),
            };
            true
        }
        (Step::Key(key), Value::Object(members)) => {
            apply(members.entry(key.clone()).or_insert_with(|| Value::Object(Map::new())), rest, change)
        }
        (Step::Index(index), Value::Array(items)) if rest.is_empty() && *index < items.len() => {
            match change {
                Change::Set(new) | Change::Rename(_, new) => items[*index] = new.clone(),
                Change::Remove => drop(items.remove(*index)),
            }
            true
        }
        (Step::Index(index), Value::Array(items)) => {
            items.get_mut(*index).is_some_and(|item| apply(item, rest, change))
        }
        _ => false,
    }
}

fn findings(engine: &dyn Engine, payload: &Value, case: &Case) -> Result<Vec<Finding>> {
    let answer: Value = serde_json::from_str(&engine.validate(&payload.to_string(), &case.input.cluster)?)?;
    match answer["audit_annotations"]["findings"].as_str() {
        Some(text) => Ok(serde_json::from_str(text)?),
        None => Ok(Vec::new()),
    }
}

/// Applies what the findings in a policy's cases say to do, one at a time, and judges again; how many were applied.
/// `exceptions` are rules whose fix is only a part of what has to be done.
///
/// # Errors
///
/// A fix after which the rule says the same again.
pub fn check_fixes(policy: &str, engine: &dyn Engine, exceptions: &[&str]) -> Result<usize> {
    let mut applied = 0;
    let mut failures = Vec::new();
    for case in cases_of(policy)? {
        if case.input.object.is_none() || case.input.payload.is_some() {
            continue;
        }
        let payload: Value = serde_json::from_str(&request::payload(&case)?)?;
        let context = || format!("case {}", case.name());
        let found = findings(engine, &payload, &case).with_context(context)?;
        for finding in &found {
            let Some(steps) = steps(&finding.path) else { continue };
            let said = finding.change.clone().map(Said::change);
            if let Some(None) = said {
                failures.push(format!("{}: {} is neither set nor removed", case.name(), finding.path));
            }
            // What the sentence offers and what the data says are one thing.
            let told = change(&finding.fix, &steps);
            let change = match (said.flatten(), told) {
                // A key in another casing is read all the same, and its value is what is wrong.
                (Some(Change::Set(said)), Some(Change::Rename(_, told))) if said == told => Change::Set(said),
                (Some(said), Some(told)) if said != told => {
                    failures.push(format!("{}: {} says {told:?} and carries {said:?}", case.name(), finding.path));
                    continue;
                }
                (Some(change), _) | (None, Some(change)) => change,
                (None, None) => continue,
            };
            let mut payload = payload.clone();
            if exceptions.contains(&finding.rule.as_str()) {
                continue;
            }
            if !apply(&mut payload["request"]["object"], &steps, &change) {
                // Something on the way is of another type, which is a finding of its own.
                if !finding.missing {
                    failures.push(format!("{}: {} leads nowhere", case.name(), finding.path));
                }
                continue;
            }
            let version = payload["request"]["object"]["apiVersion"].as_str().and_then(|text| text.rsplit('/').next());
            payload["request"]["kind"]["version"] = json!(version);
            applied += 1;
            let again = findings(engine, &payload, &case).with_context(context)?;
            let known = |other: &Finding| found.iter().any(|old| old.rule == other.rule && old.path == other.path);
            let bad = |other: &&Finding| {
                other.path == finding.path
                    && match other.rule == finding.rule {
                        true => other.severity == finding.severity,
                        false => other.severity == "deny" && !known(other),
                    }
            };
            if let Some(again) = again.iter().find(bad) {
                failures.push(format!("{}: {} after {change:?}: {again:?}", case.name(), finding.path));
            }
        }
    }
    if !failures.is_empty() {
        bail!("{} fixes do not mend:\n{}", failures.len(), failures.join("\n"));
    }
    Ok(applied)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fix_is_a_value_or_none() {
        let at = |path: &str| steps(path).unwrap_or_default();
        assert_eq!(change("Write none", &at("spec.a")), Some(Change::Set(json!("none"))));
        assert_eq!(change("Write \"Cache\"", &at("spec.a")), Some(Change::Set(json!("Cache"))));
        assert_eq!(change("Write false", &at("spec.a")), Some(Change::Set(json!(false))));
        assert_eq!(change("Write a: b, or leave it out", &at("spec.a")), Some(Change::Set(json!("b"))));
        assert_eq!(change("Write a: \"b\" under spec, in time", &at("spec.a")), Some(Change::Set(json!("b"))));
        assert_eq!(change("Write a: b", &at("spec.A")), Some(Change::Rename("a".to_owned(), json!("b"))));
        assert_eq!(change("Omit it", &at("spec.a")), Some(Change::Remove));
        assert_eq!(change("Remove the label", &at("spec.a")), Some(Change::Remove));
        assert_eq!(change("Write the key as the API does", &at("spec.a")), None);
        assert_eq!(change("Name another class", &at("spec.a")), None);
        let offers = [
            "Import it into the private registry (az acr import) and write \"a.io/b\"",
            "Write \"a.io/b\", which a cache rule fills",
            "Write registry/repository:tag, as in \"a.io/b\"",
            "Name the login server: write \"a.io/b\"",
        ];
        for fix in offers {
            assert_eq!(change(fix, &at("spec.a")), Some(Change::Set(json!("a.io/b"))), "{fix}");
        }
    }

    #[test]
    fn a_path_leads_through_keys_and_positions() {
        let mut object = json!({"a": [{"b.c/d": "x"}], "metadata": {"annotations": {"e.f/g": "y"}}});
        let Some(first) = steps("a[0][\"b.c/d\"]") else { panic!("unreadable") };
        assert!(apply(&mut object, &first, &Change::Set(json!("z"))));
        let Some(second) = steps("metadata.annotations[e.f/g]") else { panic!("unreadable") };
        assert!(apply(&mut object, &second, &Change::Remove));
        assert_eq!(object, json!({"a": [{"b.c/d": "z"}], "metadata": {"annotations": {}}}));
        assert_eq!(steps("(the object)"), None);
    }
}
