//! What a click mends: the change of the text that a finding's own words ask for.
//!
//! Nothing is offered that was not tried: the text is changed, read and judged again, and only a change after which every
//! object is what was meant, the finding is gone and no new one is there becomes an [`Edit`].

mod text;
mod wish;

use std::ops::Range;

use isolation_admission::Input;
use isolation_document::path::{Step, steps};
use isolation_report::{Finding, Report, Source};
use serde::Serialize;
use serde_json::Value as Json;

use crate::judge::{self, MANIFESTS};
use crate::units::{Span, Units};
use wish::Wish;

/// The most findings that fixes are looked for. Each is one more run.
const FINDINGS: usize = 40;

/// What a click does.
#[derive(Debug, Serialize)]
pub struct Edit {
    /// What stands on the button.
    pub title: String,
    /// The one place that changes.
    pub changes: [Change; 1],
}

/// A part of the text and what is to stand there.
#[derive(Debug, Serialize)]
pub struct Change {
    #[serde(flatten)]
    span: Span,
    insert: String,
}

/// Bytes of the text and what is to stand there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Splice {
    pub span: Range<usize>,
    pub insert: String,
}

/// The edit for each finding of a report, in its order; none where nothing simple mends it.
pub fn edits(settings: &str, manifests: &str, namespace: &str) -> Vec<Option<Edit>> {
    let Ok(before) = judge::report(settings, manifests, namespace) else { return Vec::new() };
    let input = Input::read([Source::new(MANIFESTS, manifests)]);
    let units = Units::of(manifests);
    let edit = |finding: &Finding| {
        let wish = Wish::of(finding)?;
        let at = input.items.iter().position(|item| {
            item.reference() == finding.object && item.place(&finding.location.path).span == finding.location.place.span
        })?;
        let path = steps(&finding.location.path);
        let object = input.items.get(at)?.object.value();
        let splice = text::splice(manifests, object, &path, &wish)?;
        let mended =
            format!("{}{}{}", manifests.get(..splice.span.start)?, splice.insert, manifests.get(splice.span.end..)?);
        let intended = intended(input.items.get(at)?.to_json(), &path, &wish)?;
        let is_right = is_as_meant(&input, at, &intended, &mended)
            && judge::report(settings, &mended, namespace).is_ok_and(|after| is_better(&before, &after, finding));
        is_right.then(|| Edit {
            title: wish.title(finding),
            changes: [Change { span: units.span(&splice.span), insert: splice.insert }],
        })
    };
    before.findings.iter().take(FINDINGS).map(edit).collect()
}

/// The object as it is to be. What is left empty by a removal goes, too.
fn intended(mut object: Json, path: &[Step], wish: &Wish) -> Option<Json> {
    let (last, holders) = path.split_last()?;
    let mut here = &mut object;
    for step in holders {
        here = match step {
            Step::Key(key) => {
                let members = here.as_object_mut()?;
                members.entry(key.clone()).or_insert_with(|| Json::Object(serde_json::Map::new()))
            }
            Step::Index(index) => here.get_mut(*index)?,
            Step::AnyIndex => return None,
        };
    }
    match (wish, last) {
        (Wish::Set(value), Step::Key(key)) => {
            here.as_object_mut()?.insert(key.clone(), value.clone());
        }
        (Wish::Set(value), Step::Index(index)) => *here.get_mut(*index)? = value.clone(),
        (Wish::Rename(name, value), Step::Key(key)) => {
            here.as_object_mut()?.remove(key);
            here.as_object_mut()?.insert(name.clone(), value.clone());
        }
        (Wish::Remove, Step::Key(key)) => {
            here.as_object_mut()?.remove(key)?;
        }
        (Wish::Remove, Step::Index(index)) => {
            here.as_array_mut().filter(|items| *index < items.len())?.remove(*index);
        }
        _ => return None,
    }
    Some(object)
}

/// Whether every object of a text is what it was, and the one at `at` what is meant. A holder of nothing may have gone.
fn is_as_meant(before: &Input, at: usize, intended: &Json, mended: &str) -> bool {
    let after = Input::read([Source::new(MANIFESTS, mended)]);
    after.items.len() == before.items.len()
        && after.faults.len() == before.faults.len()
        && before.items.iter().zip(&after.items).enumerate().all(|(index, (old, new))| {
            if index == at {
                without_empty(new.to_json()) == without_empty(intended.clone())
            } else {
                old.to_json() == new.to_json()
            }
        })
}

fn without_empty(value: Json) -> Json {
    match value {
        Json::Object(members) => Json::Object(
            members
                .into_iter()
                .map(|(key, value)| (key, without_empty(value)))
                .filter(|(_, value)| !value.is_null() && !value.as_object().is_some_and(serde_json::Map::is_empty))
                .collect(),
        ),
        Json::Array(items) => Json::Array(items.into_iter().map(without_empty).collect()),
        other => other,
    }
}

/// Whether the finding is gone and nothing has come.
fn is_better(before: &Report, after: &Report, finding: &Finding) -> bool {
    let key = |finding: &Finding| {
        let rule = finding.rule.as_ref().map(|rule| rule.id.clone());
        (rule, finding.object.to_string(), finding.location.path.clone())
    };
    let known: Vec<_> = before.findings.iter().map(key).collect();
    let gone = key(finding);
    after.findings.len() < before.findings.len()
        && after.not_evaluated.len() <= before.not_evaluated.len()
        && after.findings.iter().map(key).all(|key| {
            // Of a list that is shorter now, what comes later has moved up.
            known.contains(&key)
                && (key != gone || matches!(steps(&finding.location.path).last(), Some(Step::Index(_))))
        })
}

#[cfg(test)]
mod tests;
