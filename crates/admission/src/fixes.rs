//! The changes that mend what was found, in the texts that hold the objects: what mutating policies write, and what findings
//! carry. What is planned here, `--fix` writes into files and the page into its editor.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use isolation_document::path::{Path, Step, steps};
use isolation_manifest::{Change, ObjectChange, apply, edits};
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
    pub wanted: BTreeMap<usize, ObjectChange>,
}

impl Planned<'_> {
    /// Takes out the changes that would give a string another text, before and after, against which something is said; with
    /// what is said, and with the field.
    pub fn hold<T>(&mut self, said: impl Fn(&str, &str) -> Option<T>) -> Vec<(Place, T)> {
        let mut held = Vec::new();
        for (at, wanted) in &mut self.wanted {
            let Some(item) = self.items.get(*at) else { continue };
            let mut keep = |change: &Change| {
                let said = renamed(item, &change.path, change.to.as_ref()).and_then(|(old, new)| said(&old, new));
                let stays = said.is_none();
                held.extend(said.map(|said| (item.place(&change.path), said)));
                stays
            };
            wanted.changes.retain(&mut keep);
        }
        self.wanted.retain(|_, wanted| wanted.object.is_some() || !wanted.changes.is_empty());
        held
    }
}

/// The text of a string that is to change, before and after.
fn renamed<'n>(item: &Item, path: &str, to: Option<&'n Value>) -> Option<(String, &'n str)> {
    let new = to?.as_str()?;
    let steps = steps(path);
    let (here, rest) = item.object.value().follow(&steps);
    let old = here.text().filter(|old| rest.is_empty() && *old != new)?;
    Some((old.to_string(), new))
}

/// Plans what mutating policies would write (`rewritten`, by item), and the changes that findings carry: those that are safe,
/// or all. Texts in which nothing is to change are left out.
pub fn plan<'i>(input: &'i Input, rewritten: Vec<Option<Value>>, findings: &[Finding], all: bool) -> Vec<Planned<'i>> {
    let changes = Changes::of(findings, all);
    let mut items = input.items.iter().zip(rewritten).peekable();
    let mut plans = Vec::new();
    for (index, source) in input.sources.iter().enumerate() {
        let mut plan = Planned { index, source, items: Vec::new(), wanted: BTreeMap::new() };
        while let Some((item, rewritten)) = items.next_if(|(item, _)| Arc::ptr_eq(&item.source, source)) {
            if let Some(intended) = changes.wanted(item, rewritten.as_ref()) {
                plan.wanted.insert(plan.items.len(), intended);
            }
            plan.items.push(item);
        }
        if !plan.wanted.is_empty() {
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
    pub fn wanted(&self, item: &Item, rewritten: Option<&Value>) -> Option<ObjectChange> {
        // What is written in another form is not written as the object that is judged.
        if item.original.is_some() {
            return None;
        }
        let known = self.0.get(&key(&item.whole())).cloned().unwrap_or_default();
        let Some(object) = rewritten else {
            return (!known.is_empty()).then_some(ObjectChange { object: None, changes: known });
        };
        let was = item.to_json();
        let known = known.into_iter().filter(|change| at(object, &change.path) == at(&was, &change.path));
        let mut changes = Vec::new();
        let object = (!texts_that_change(&was, object, Path::root(), &mut changes)).then(|| object.clone());
        if object.is_some() {
            changes.clear();
        }
        changes.extend(known);
        (object.is_some() || !changes.is_empty()).then_some(ObjectChange { object, changes })
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

/// The strings that change, as changes; whether nothing else does.
fn texts_that_change(old: &Value, new: &Value, path: Path, found: &mut Vec<Change>) -> bool {
    match (old, new) {
        (Value::String(old), Value::String(text)) => {
            if old != text {
                found.push(Change { path: path.as_str().to_owned(), to: Some(new.clone()) });
            }
            true
        }
        (Value::Array(old), Value::Array(new)) => {
            let mut both = old.iter().zip(new).enumerate();
            old.len() == new.len()
                && both.all(|(index, (old, new))| texts_that_change(old, new, path.clone().index(index), found))
        }
        (Value::Object(old), Value::Object(new)) => {
            let mut both = old.iter().map(|(key, old)| (key, old, new.get(key)));
            old.len() == new.len()
                && both.all(|(key, old, new)| {
                    new.is_some_and(|new| texts_that_change(old, new, path.clone().key(key), found))
                })
        }
        (Value::Number(old), Value::Number(new)) => old == new || old.as_f64() == new.as_f64(),
        (old, new) => old == new,
    }
}

/// Works out how the changes of findings are written in the texts, for those who apply them one by one: code scanning, editors
/// and the page. `can_be_made` says whether the text of this position may change, and this string in it, before and after.
pub fn locate(
    input: &Input,
    mut can_be_made: impl FnMut(usize, Option<(&str, &str)>) -> bool,
    findings: &mut [Finding],
) {
    let mut by_object: HashMap<_, Vec<usize>> = HashMap::new();
    for (number, finding) in findings.iter().enumerate().filter(|(_, finding)| finding.change().is_some()) {
        by_object.entry(key(&finding.subject)).or_default().push(number);
    }
    let mut items = input.items.iter().peekable();
    for (index, source) in input.sources.iter().enumerate() {
        let (mut changes, mut numbers) = (Vec::new(), Vec::new());
        let mut ordinal = 0;
        while let Some(item) = items.next_if(|item| Arc::ptr_eq(&item.source, source)) {
            let of_it = by_object.get(&key(&item.whole())).filter(|_| item.original.is_none());
            for number in of_it.into_iter().flatten() {
                let Some(finding) = findings.get(*number) else { continue };
                let Some(change) = finding.change() else { continue };
                let path = &finding.location.path;
                let renamed = renamed(item, path, change.to.as_ref());
                if can_be_made(index, renamed.as_ref().map(|(old, new)| (old.as_str(), *new))) {
                    changes.push((ordinal, Change { path: path.clone(), to: change.to.clone() }));
                    numbers.push(*number);
                }
            }
            ordinal += 1;
        }
        if changes.is_empty() {
            continue;
        }
        for (number, edit) in numbers.into_iter().zip(edits(&source.text, &changes)) {
            let change = findings.get_mut(number).and_then(|finding| finding.fix.as_mut()?.change.as_mut());
            if let Some(change) = change {
                change.edit = edit.map(|(span, text)| Edit { place: Place::new(source, span), text });
            }
        }
    }
}
