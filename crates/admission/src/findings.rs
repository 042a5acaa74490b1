//! From a policy's answer to findings with their places.

use std::collections::HashMap;
use std::sync::Arc;

use isolation_all_policies::page;
use isolation_document::Kind;
use isolation_report::{Change, Finding, Fix, Location, NotEvaluated, RuleRef, Severity, Whole};
use serde_json::Value;

use crate::annotation::{AnnotationChange, AnnotationFinding};
use crate::input::Item;
use crate::judge::Answer;

/// Takes out the rejections of what may turn out to be nothing: nobody knows whether they are right.
pub fn doubtful(item: &Item, answer: &mut Answer) -> Vec<NotEvaluated> {
    let mut doubts = Vec::new();
    if item.original.is_none() {
        return doubts;
    }
    let Some(found) = &mut answer.findings else { return doubts };
    found.retain(|found| {
        let uncertainty = item.uncertainty(&found.path).filter(|_| found.severity != "warn");
        let Some(uncertainty) = uncertainty else { return true };
        doubts.push(NotEvaluated {
            place: Some(item.place(&found.path)),
            subject: item.reference().to_string(),
            what: format!(
                "{}: {}; if it does, {} rejects it: {}",
                item.reference(),
                uncertainty.what,
                found.rule,
                found.what
            ),
            help: uncertainty.help,
        });
        false
    });
    doubts
}

/// The findings in an answer of the policy of this title.
pub fn findings(item: &Item, policy: &str, answer: Answer) -> Vec<Finding> {
    let Answer { accepted, message, warnings, findings, omitted, .. } = answer;
    match findings {
        Some(found) => {
            // Of what is written and not known its own reader says so.
            let found = found.into_iter().filter(|found| !(found.missing && item.is_unknown(&found.path)));
            let mut wholes = Wholes::new();
            let mut found: Vec<_> = found.map(|found| finding(item, policy, found, &mut wholes)).collect();
            if omitted > 0 {
                found.push(refusal(item, policy, format!("and {omitted} more like these")));
            }
            found
        }
        // A policy that is not ours, or an object that could not be read at all: all there is are its texts.
        None => {
            let denied = (!accepted).then(|| plain(item, policy, Severity::Deny, &message));
            let warnings = warnings.iter().map(|warning| plain(item, policy, Severity::Warn, warning));
            denied.into_iter().chain(warnings).collect()
        }
    }
}

/// A rejection that speaks of the object as a whole.
pub fn refusal(item: &Item, policy: &str, what: impl AsRef<str>) -> Finding {
    plain(item, policy, Severity::Deny, what.as_ref())
}

/// The values of an object that are too long to be shown, by the index of their node.
type Wholes = HashMap<u32, Arc<Whole>>;

fn finding(item: &Item, policy: &str, found: AnnotationFinding, wholes: &mut Wholes) -> Finding {
    let text = item.fix(&found);
    // Messages show texts in quotes; here it is the value itself.
    let written = || item.original.as_ref()?.value(&found.path);
    let value = found.value.map(|shown| written().unwrap_or_else(|| plain_value(item, &found.path, shown)));
    let path = item.path(&found.path).into_owned();
    // What is not set says nothing.
    let part = found.part.into_iter().filter_map(|path| Some((item.value(&path)?.to_string(), path)));
    let part = part.map(|(value, path)| (item.path(&path).into_owned(), value)).collect();
    // In a text that is no manifest the field is another one, with other values.
    let change = found.change.and_then(change).filter(|_| path == found.path);
    Finding {
        policy: policy.to_owned(),
        rule: rule(&found.rule),
        severity: if found.severity == "warn" { Severity::Warn } else { Severity::Deny },
        object: item.reference(),
        subject: item.whole(),
        whole: whole(item, &found.path, value.as_deref(), wholes).filter(|_| !found.lacking),
        part,
        location: Location { place: item.place(&found.path), path },
        value,
        missing: found.missing,
        what: found.what,
        fix: Some(Fix { text, change }).filter(|fix| !fix.text.is_empty()),
        notes: item.notes(),
    }
}

/// The value that a message shows in quotes. Escapes of characters that cannot be seen are not JSON's: then the object has it.
fn plain_value(item: &Item, path: &str, shown: String) -> String {
    let Some(quoted) = shown.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else { return shown };
    if let Ok(text) = serde_json::from_str(&shown) {
        return text;
    }
    match item.value(path) {
        Some(Value::String(text)) if !quoted.ends_with('…') => text,
        _ => quoted.to_owned(),
    }
}

/// One of the two: a value, or none.
fn change(AnnotationChange { set, remove, safe }: AnnotationChange) -> Option<Change> {
    (set.is_some() != remove).then_some(Change { to: set, safe, edit: None })
}

/// A finding that is a text, which may end with the id of a rule.
fn plain(item: &Item, policy: &str, severity: Severity, text: &str) -> Finding {
    let ending = text.strip_suffix(']').and_then(|text| text.rsplit_once(" ["));
    let (what, id) = ending.unwrap_or((text, ""));
    Finding {
        policy: policy.to_owned(),
        rule: rule(id),
        severity,
        object: item.reference(),
        subject: item.whole(),
        whole: None,
        part: Vec::new(),
        location: Location { path: String::new(), place: item.place("") },
        value: None,
        missing: false,
        what: what.trim_end_matches('.').to_owned(),
        fix: None,
        notes: item.notes(),
    }
}

/// The value at `path` where what is shown of it is not all: a message cuts what is long, and shows no lists and objects. A
/// text or a number that is not shown at all must not be told.
fn whole(item: &Item, path: &str, shown: Option<&str>, wholes: &mut Wholes) -> Option<Arc<Whole>> {
    let value = Some(path).filter(|path| !path.is_empty()).and_then(|path| item.at(path))?;
    let told = match value.kind() {
        Kind::Object | Kind::List => false,
        Kind::String => shown.is_none_or(|shown| value.is_text(shown)),
        _ => true,
    };
    let whole = || Arc::new(Whole::new(serde_json::to_value(value).unwrap_or_default()));
    (!told).then(|| Arc::clone(wholes.entry(value.index()).or_insert_with(whole)))
}

fn rule(id: &str) -> Option<RuleRef> {
    let name = page(id).map(|(_, page)| page.rule.name);
    (!id.is_empty()).then(|| RuleRef { id: id.to_owned(), name })
}
