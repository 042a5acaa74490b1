//! The changes that mend what was found, in the texts that hold the objects: what mutating policies write, and what findings
//! carry. What is planned here, `--fix` writes into files and the page into its editor.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;

use isolation_document::path::{Step, steps};
use isolation_manifest::{Change, Wanted, apply, rewrite};
use isolation_report::{Edit, Finding, Place, Source};
use serde_json::Value;

use crate::input::{Input, Item};

/// What is to change in one text.
#[derive(Debug)]
pub struct Planned<'i> {
    /// The text, by its position in the input.
    pub index: usize,
    /// The text.
    pub source: &'i Arc<Source>,
    /// Its objects, in the order they are written.
    pub items: Vec<&'i Item>,
    /// What is to become of them, by their position among `items`.
    pub wanted: BTreeMap<usize, Wanted>,
    /// The strings that are to change, before and after.
    pub renamed: Vec<(String, String)>,
}

impl Planned<'_> {
    /// Whether nothing is to change but images, by mutating policies.
    pub fn only_images(&self) -> bool {
        self.wanted.values().all(|wanted| wanted.changes.is_empty())
    }
}

/// Plans what mutating policies would write (`rewritten`, by item), and the changes that findings carry: those that are safe,
/// or all. Texts in which nothing is to change are left out.
pub fn plan<'i>(input: &'i Input, rewritten: Vec<Option<Value>>, findings: &[Finding], all: bool) -> Vec<Planned<'i>> {
    let changes = Changes::of(findings, all);
    let mut items = input.items.iter().zip(rewritten).peekable();
    let mut plans = Vec::new();
    for (index, source) in input.sources.iter().enumerate() {
        let mut plan = Planned { index, source, items: Vec::new(), wanted: BTreeMap::new(), renamed: Vec::new() };
        while let Some((item, rewritten)) = items.next_if(|(item, _)| Arc::ptr_eq(&item.source, source)) {
            if let Some(intended) = changes.wanted(item, rewritten.as_ref()) {
                let was = item.to_json();
                let mut object = rewritten.unwrap_or_else(|| was.clone());
                for change in &intended.changes {
                    apply(&mut object, change);
                }
                strings_that_change(&was, &object, &mut plan.renamed);
                plan.wanted.insert(plan.items.len(), intended);
            }
            plan.items.push(item);
        }
        let changes_nothing = plan.wanted.is_empty()
            || plan.only_images()
                && plan.renamed.is_empty()
                && rewrite(&source.text, &plan.wanted).is_ok_and(|same| same.places == 0);
        if !changes_nothing {
            plans.push(plan);
        }
    }
    plans
}

/// Takes back what policies have made of fields (`rewritten`, by item) that these findings are about, because exceptions allow
/// them as they are.
pub fn keep<'f>(allowed: impl Iterator<Item = &'f Finding>, items: &[Item], rewritten: &mut [Option<Value>]) {
    let mut paths: HashMap<_, Vec<&str>> = HashMap::new();
    allowed.for_each(|finding| paths.entry(key(&finding.subject)).or_default().push(&finding.location.path));
    for (item, object) in items.iter().zip(rewritten).filter(|_| !paths.is_empty()) {
        let (Some(paths), Some(new)) = (paths.get(&key(&item.whole())), object.as_mut()) else { continue };
        let was = item.to_json();
        for path in paths {
            if let Some(value) = at(&was, path).filter(|value| value.is_string()) {
                apply(new, &Change { path: (*path).to_owned(), to: Some(value.clone()) });
            }
        }
        if *new == was {
            *object = None;
        }
    }
}

/// The changes that findings carry, by where their object is written.
#[derive(Debug)]
pub struct Changes(HashMap<(*const Source, usize), Vec<Change>>);

impl Changes {
    /// Those of these findings: the ones that are safe, or all.
    pub fn of(findings: &[Finding], all: bool) -> Self {
        let mut changes: HashMap<_, Vec<Change>> = HashMap::new();
        for finding in findings {
            let Some(change) = finding.change().filter(|change| all || change.safe) else { continue };
            let known = changes.entry(key(&finding.subject)).or_default();
            let path = &finding.location.path;
            // Of two policies that say something of one field, the first is heard.
            if known.iter().all(|other| other.path != *path) {
                known.push(Change { path: path.clone(), to: change.to.clone() });
            }
        }
        Changes(changes)
    }

    /// What an object is to be, if policies rewrote it (`rewritten`) or findings change it. A field that a policy has
    /// rewritten is not changed otherwise.
    pub fn wanted(&self, item: &Item, rewritten: Option<&Value>) -> Option<Wanted> {
        let known = self.0.get(&key(&item.whole())).cloned().unwrap_or_default();
        let changes: Vec<Change> = match rewritten {
            Some(object) if !known.is_empty() => {
                let was = item.to_json();
                known.into_iter().filter(|change| at(object, &change.path) == at(&was, &change.path)).collect()
            }
            _ => known,
        };
        (rewritten.is_some() || !changes.is_empty()).then(|| Wanted { object: rewritten.cloned(), changes })
    }
}

/// An object, by where it is written.
fn key(whole: &Place) -> (*const Source, usize) {
    (Arc::as_ptr(&whole.source), whole.span.start)
}

/// The field of an object.
fn at<'v>(object: &'v Value, path: &str) -> Option<&'v Value> {
    steps(path).iter().try_fold(object, |value, step| match step {
        Step::Key(key) => value.get(key),
        Step::Index(index) => value.get(index),
        Step::AnyIndex => None,
    })
}

/// The changed strings, before and after.
fn strings_that_change(old: &Value, new: &Value, found: &mut Vec<(String, String)>) {
    match (old, new) {
        (Value::String(old), Value::String(new)) if old != new => found.push((old.clone(), new.clone())),
        (Value::Array(old), Value::Array(new)) => {
            old.iter().zip(new).for_each(|(old, new)| strings_that_change(old, new, found));
        }
        (Value::Object(old), Value::Object(new)) => {
            for (key, old) in old {
                if let Some(new) = new.get(key) {
                    strings_that_change(old, new, found);
                }
            }
        }
        _ => {}
    }
}

/// How much text is read to find out how the findings' changes are written, in bytes: it is read once for each.
const LOCATED: usize = 64 << 20;

/// Works out how the changes of findings are written in the texts, for those who apply them one by one: code scanning, editors
/// and the page. `is_kept` says whether somebody keeps the text of this position.
pub fn locate(input: &Input, is_kept: impl Fn(usize) -> bool, findings: &mut [Finding]) {
    let mut ordinals: HashMap<(*const Source, usize), (usize, usize)> = HashMap::new();
    let mut items = input.items.iter().peekable();
    for (index, source) in input.sources.iter().enumerate() {
        let mut ordinal = 0;
        while let Some(item) = items.next_if(|item| Arc::ptr_eq(&item.source, source)) {
            if is_kept(index) {
                ordinals.insert(key(&item.whole()), (index, ordinal));
            }
            ordinal += 1;
        }
    }
    let mut budget = LOCATED;
    for finding in findings {
        let Some((source, ordinal)) = ordinals
            .get(&key(&finding.subject))
            .and_then(|(index, ordinal)| Some((input.sources.get(*index)?, *ordinal)))
        else {
            continue;
        };
        let path = finding.location.path.clone();
        let Some(change) = finding.fix.as_mut().and_then(|fix| fix.change.as_mut()) else { continue };
        let Some(left) = budget.checked_sub(source.text.len()) else { return };
        budget = left;
        let changes = vec![Change { path, to: change.to.clone() }];
        let wanted = BTreeMap::from([(ordinal, Wanted { object: None, changes })]);
        if let Ok(rewritten) = rewrite(&source.text, &wanted)
            && rewritten.places > 0
        {
            let (span, text) = difference(&source.text, &rewritten.text);
            change.edit = Some(Edit { place: Place::new(source, span), text });
        }
    }
}

/// The bytes of a text in place of which another one has something else, and what.
fn difference(old: &str, new: &str) -> (Range<usize>, String) {
    let common = |a: &mut dyn Iterator<Item = (char, char)>| -> usize {
        a.take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum()
    };
    let start = common(&mut old.chars().zip(new.chars()));
    let (rest, other) = (old.get(start..).unwrap_or_default(), new.get(start..).unwrap_or_default());
    let end = common(&mut rest.chars().rev().zip(other.chars().rev()));
    let text = other.get(..other.len() - end).unwrap_or_default();
    (start..old.len() - end, text.to_owned())
}
