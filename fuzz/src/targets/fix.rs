//! `check --fix`: after it, every object of every document, read anew, equals what the policies made of it, and everything else
//! is as it was, byte for byte. Otherwise the text is left alone.
//!
//! The program checks that itself before it writes. Here it is checked again by other means: the object that is intended is
//! put together apart from the program, the lines that no change is about must all be there in their order, and another
//! reader of YAML must find in the new text what it found in the old one, but for the changes.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, bail, ensure};
use isolation_admission::{Changes, Input, Item};
use isolation_document::Builder;
use isolation_document::path::{Step, steps};
use isolation_manifest::{Change, ObjectChange, Rewritten, rewrite};
use isolation_report::Source;
use isolation_yaml::{MAX_ALIASED, Places};
use serde_json::{Map, Value, json};

use crate::judging::{self, Judged, KINDS};
use crate::random::Random;
use crate::seeds;
use crate::target::{Target, change_text, choosing, chosen};
use crate::{lines, mutate};

/// A text and a configuration, and whether changes are made that are not safe.
pub const TARGET: Target = Target {
    name: "fix",
    check,
    change: |data, random| change_text(data, random, lines_or_json),
    seeds,
    longest: 8192,
};

/// Lines of what people write, values of what programs write.
fn lines_or_json(text: &str, random: &mut Random) -> Option<String> {
    if text.starts_with('{') && random.below(2) == 0 {
        return mutate::json(text, random);
    }
    lines::change(text, random)
}

fn check(data: &[u8]) -> Result<()> {
    let Some((choice, text)) = chosen(data) else { return Ok(()) };
    let judged = judging::judge(choice, text)?;
    let wanted = wanted(&judged, choice / KINDS % 2 == 1);
    if wanted.is_empty() {
        return Ok(());
    }
    // What is not written is left alone as it is.
    let Ok(rewritten) = rewrite(text, &wanted) else { return Ok(()) };
    is_right(text, &judged, &wanted, &rewritten)
        .with_context(|| format!("{wanted:?}\n--- before\n{text}\n--- after\n{}", rewritten.text))
}

/// What each object is to be, by its position.
fn wanted(judged: &Judged, all: bool) -> BTreeMap<usize, ObjectChange> {
    let changes = Changes::of(&judged.report.findings, all);
    let items = judged.input.items.iter().zip(&judged.rewritten).enumerate();
    items.filter_map(|(at, (item, rewritten))| Some((at, changes.wanted(item, rewritten.as_ref())?))).collect()
}

fn is_right(text: &str, judged: &Judged, wanted: &BTreeMap<usize, ObjectChange>, new: &Rewritten) -> Result<()> {
    let items = &judged.input.items;
    let mut intended = Vec::with_capacity(items.len());
    let mut places = BTreeSet::new();
    for (at, item) in items.iter().enumerate() {
        let was = item.to_json();
        let Some(ObjectChange { object, changes }) = wanted.get(&at) else {
            intended.push(was);
            continue;
        };
        let mut object = object.clone().unwrap_or_else(|| was.clone());
        differences(&was, &object, "", &mut places, at);
        let skipped: Vec<&Change> =
            new.skipped.iter().filter(|left| left.object == at).map(|left| &left.change).collect();
        let mut made: Vec<&Change> = changes.iter().filter(|change| !skipped.contains(change)).collect();
        made.sort_by_key(|change| change.order());
        for change in made {
            make(&mut object, &steps(&change.path), change.to.as_ref())
                .with_context(|| format!("the change {change:?} cannot be made, and is not left out"))?;
            places.insert((at, change.path.clone()));
        }
        intended.push(object);
    }
    let after = Input::read([Source::new("objects.yaml", new.text.as_str())]);
    ensure!(after.faults.len() == judged.input.faults.len(), "there are other faults: {:?}", after.faults);
    ensure!(after.items.len() == items.len(), "there were {} objects and are {}", items.len(), after.items.len());
    for (at, (item, intended)) in after.items.iter().zip(&intended).enumerate() {
        ensure!(item.to_json() == *intended, "object {at} is\n{}\nand was to be\n{intended}", item.to_json());
    }
    if new.text == text {
        ensure!(new.places == 0 || same(items, &intended), "nothing is written, and something was to be");
        return Ok(());
    }
    the_rest_stays(text, &new.text, items, &places)?;
    other_readers_agree(text, &new.text, items, &intended)
}

fn same(items: &[Item], intended: &[Value]) -> bool {
    items.iter().zip(intended).all(|(item, intended)| item.to_json() == *intended)
}

/// The fields in which two objects differ.
fn differences(was: &Value, is: &Value, path: &str, places: &mut BTreeSet<(usize, String)>, at: usize) {
    match (was, is) {
        (Value::Array(was), Value::Array(is)) if was.len() == is.len() => {
            for (index, (was, is)) in was.iter().zip(is).enumerate() {
                differences(was, is, &format!("{path}[{index}]"), places, at);
            }
        }
        (Value::Object(was), Value::Object(is)) => {
            for (key, was) in was {
                let quoted = json!(key);
                differences(was, is.get(key).unwrap_or(&Value::Null), &format!("{path}[{quoted}]"), places, at);
            }
        }
        (was, is) if was != is => drop(places.insert((at, path.to_owned()))),
        _ => {}
    }
}

/// Makes a change; none where the path does not lead to where it can be made.
fn make(value: &mut Value, path: &[Step], to: Option<&Value>) -> Option<()> {
    let (last, holders) = path.split_last()?;
    let mut here = value;
    for step in holders {
        here = match step {
            Step::Key(key) if to.is_some() => {
                if here.is_null() {
                    *here = Value::Object(Map::new());
                }
                here.as_object_mut()?.entry(key.clone()).or_insert_with(|| Value::Object(Map::new()))
            }
            Step::Key(key) => here.get_mut(key)?,
            Step::Index(index) => here.get_mut(*index)?,
            Step::AnyIndex => return None,
        };
    }
    if to.is_some() && here.is_null() {
        *here = Value::Object(Map::new());
    }
    match (last, here, to) {
        (Step::Key(key), Value::Object(members), Some(to)) => drop(members.insert(key.clone(), to.clone())),
        (Step::Key(key), Value::Object(members), None) => drop(members.remove(key)?),
        (Step::Index(index), Value::Array(items), Some(to)) => *items.get_mut(*index)? = to.clone(),
        (Step::Index(index), Value::Array(items), None) if *index < items.len() => drop(items.remove(*index)),
        _ => return None,
    }
    Some(())
}

/// Every line that no change is about is in the new text, in its order.
fn the_rest_stays(old: &str, new: &str, items: &[Item], places: &BTreeSet<(usize, String)>) -> Result<()> {
    let starts: Vec<usize> =
        std::iter::once(0).chain(old.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at + 1)).collect();
    let line_of = |byte: usize| starts.partition_point(|start| *start <= byte).saturating_sub(1);
    let mut touched = BTreeSet::new();
    // Lines of which nothing changes but signs: in braces, the comma behind the entry before and the brackets around the last one.
    let mut beside = BTreeSet::new();
    for (at, path) in places {
        let Some(item) = items.get(*at) else { continue };
        // JSON is read without places. As YAML, of which it is a part but for pairs of escapes, it is read with them.
        let whole = item.object.span();
        let mut builder = Builder::new("");
        let own = old.get(whole.clone()).unwrap_or_default();
        let is_placed = item.object.value().span().is_some();
        let placed =
            if is_placed || isolation_yaml::read(own, &mut builder, Places::From(whole.start), MAX_ALIASED).is_err() {
                None
            } else {
                Some(builder.finish())
            };
        if !is_placed && placed.is_none() {
            touched.extend(line_of(whole.start)..=line_of(whole.end));
            continue;
        }
        // What is taken out goes with all that it holds; what is put in goes into a holder in braces, or on its own line.
        let root = placed.as_ref().map_or_else(|| item.object.value(), |document| document.root());
        let is_flow = |value: isolation_document::Value<'_>| {
            value.span().is_some_and(|span| old.get(span.start..).is_some_and(|text| text.starts_with(['{', '['])))
        };
        let steps = steps(path);
        let (here, missing) = root.follow(&steps);
        let located = item.place(path).span;
        let whole = here.span().unwrap_or_else(|| located.clone());
        let start = here.key_span().map_or(whole.start, |key| key.start.min(whole.start)).min(located.start);
        let (first, last) = (line_of(start), line_of(whole.end.max(located.end)));
        // To a block, what is put in is a line of its own, and no other changes.
        if !missing.is_empty() && here.entries().next().is_some() && !is_flow(here) {
            continue;
        }
        // Comments before what follows a block belong to that, though readers of YAML let the block reach so far.
        let signs: &[char] = if here.key_span().is_some() { &[' ', '-'] } else { &[' '] };
        let indent = |line: &str| line.len() - line.trim_start_matches(signs).len();
        let limit = old.lines().nth(first).map_or(0, indent);
        let is_of_the_next = |line: &str| line.trim_start().starts_with('#') && indent(line) <= limit && !is_flow(here);
        // Between two keys of a block that goes, they go with it.
        let is_empty = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
        let block = old.get(start..whole.end.max(located.end)).unwrap_or_default();
        let said = block.lines().enumerate().filter(|(_, line)| !is_empty(line)).last().map_or(0, |(at, _)| first + at);
        let lines = old.lines().enumerate().take(last + 1).skip(first);
        touched.extend(lines.filter(|(at, line)| *at <= said || !is_of_the_next(line)).map(|(at, _)| at));
        if is_flow(here) || here.parent().is_some_and(is_flow) {
            beside.extend([first.saturating_sub(1), last + 1]);
        }
    }
    // An alias of what changes is written out, wherever it is.
    let written_out = |line: &str| line.contains('*');
    // A carriage return at the end of the text is half a line break once something follows.
    let whole = |text| str::strip_suffix(text, '\r').unwrap_or(text);
    let mut rest = whole(new).lines();
    for (number, line) in whole(old).lines().enumerate() {
        if touched.contains(&number) || written_out(line) {
            continue;
        }
        if beside.contains(&number) {
            let words = |line: &str| line.replace([',', '{', '}', '[', ']', ' ', '\t', '\r'], "");
            if !words(line).is_empty() && !rest.any(|other| words(other).contains(&words(line))) {
                bail!("line {} has changed in more than its signs: {line:?}", number + 1);
            }
            continue;
        }
        // The first key of an item gives its place behind the dash to the next one.
        let behind_a_change = number.checked_sub(1).is_some_and(|before| touched.contains(&before));
        let content = |line: &str| line.trim_start_matches([' ', '-']).to_owned();
        if !rest.any(|other| other == line || behind_a_change && content(other) == content(line)) {
            bail!("line {} is gone or moved: {line:?}; only these lines were to change: {touched:?}", number + 1);
        }
    }
    Ok(())
}

/// What another reader finds in the old text as we do, it finds in the new one as it was intended.
fn other_readers_agree(old: &str, new: &str, items: &[Item], intended: &[Value]) -> Result<()> {
    let before: Vec<Value> = items.iter().map(Item::to_json).collect();
    if other_reader(old).is_some_and(|found| found == before) {
        let found = other_reader(new).context("libyaml does not read the new text")?;
        ensure!(found == intended, "libyaml reads\n{found:?}\nand this was intended:\n{intended:?}");
    }
    Ok(())
}

/// The objects of a text as libyaml's continuation reads them; none where it does not.
fn other_reader(text: &str) -> Option<Vec<Value>> {
    use serde::Deserialize as _;
    let documents = yaml_serde::Deserializer::from_str(text).map(|document| Value::deserialize(document).ok());
    let documents: Option<Vec<Value>> = documents.collect();
    Some(documents?.into_iter().filter(|document| !document.is_null()).collect())
}

/// Objects that have something to mend, written as people and programs write them.
pub(super) fn seeds() -> Result<Vec<Vec<u8>>> {
    let mut all = Vec::new();
    for (number, seed) in seeds::all()?.iter().enumerate() {
        let Some(object) = seed.object().filter(|object| object["kind"].is_string()) else { continue };
        let yaml = yaml_serde::to_string(&object)?;
        let text = match number % 7 {
            0 => object.to_string(),
            1 => serde_json::to_string_pretty(&object)?,
            2 => format!("# {}\n---\n{yaml}---\n# the end\n", seed.name),
            3 => json!({"apiVersion": "v1", "kind": "List", "items": [object, object]}).to_string(),
            4 => yaml.replace('\n', "\r\n"),
            5 => format!("{yaml}---\n{yaml}"),
            _ => yaml,
        };
        let writes = seed.entry().is_some_and(|entry| entry.name == "cached-images");
        all.push(choosing(if writes { number / 7 % 2 * 4 } else { number % (2 * KINDS) }, &text));
    }
    for text in WRITTEN.split("\n=====\n") {
        all.extend((0..2 * KINDS).map(|choice| choosing(choice, text)));
    }
    Ok(all)
}

/// What people write, and the cases above do not.
const WRITTEN: &str = include_str!("fix.txt");

#[cfg(test)]
mod tests {
    use super::*;

    fn stays(old: &str, path: &str, new: &str) -> bool {
        let items = Input::read([Source::new("objects.yaml", old)]).items;
        the_rest_stays(old, new, &items, &BTreeSet::from([(0, path.to_owned())])).is_ok()
    }

    #[test]
    fn of_lines_beside_a_change_only_the_signs_may_be_others() {
        let json =
            "{\n  \"kind\": \"Pod\",\n  \"apiVersion\": \"v1\",\n  \"a\": {\n    \"b\": 1\n  },\n  \"c\": 2\n}\n";
        assert!(stays(json, "c", &json.replace(",\n  \"c\": 2", "")));
        assert!(stays(json, "a.b", &json.replace("{\n    \"b\": 1\n  }", "{}")));
        assert!(stays(json, "a", &json.replace("\"a\": {\n    \"b\": 1\n  },\n  ", "")));
        assert!(!stays(json, "c", &json.replace(",\n  \"c\": 2", "").replace('1', "3")));
        assert!(!stays(json, "a.b", &json.replace("{\n    \"b\": 1\n  }", "{}").replace("\"c\": 2", "\"c\": 3")));
        assert!(!stays(json, "a.b", &json.replace("{\n    \"b\": 1\n  }", "{}").replace("v1", "v2")));
        let yaml = "kind: Pod\napiVersion: v1\na:\n  # why\n  b: 1\n  c: 2 # because\nd: 3\n";
        assert!(stays(yaml, "a.b", &yaml.replace("  b: 1\n", "")));
        assert!(!stays(yaml, "a.b", &yaml.replace("  b: 1\n", "").replace("  # why\n", "")));
        assert!(!stays(yaml, "a.b", &yaml.replace("  b: 1\n", "").replace(" # because", "")));
        let nested = "kind: Pod\napiVersion: v1\na:\n  b:\n    c: 1\n    # of b\n  # of d\n  d: 2\n";
        assert!(stays(nested, "a.b", "kind: Pod\napiVersion: v1\na:\n  # of d\n  d: 2\n"));
        assert!(!stays(nested, "a.b", "kind: Pod\napiVersion: v1\na:\n  d: 2\n"));
        let between = "kind: Pod\napiVersion: v1\na:\n  b:\n    c: 1\n  # of b\n    e: 1\n  d: 2\n";
        assert!(stays(between, "a.b", "kind: Pod\napiVersion: v1\na:\n  d: 2\n"));
        assert!(stays(nested, "a.e", &format!("{nested}  e: 3\n")));
        assert!(!stays(nested, "a.e", "kind: Pod\napiVersion: v1\na:\n  b:\n    c: 1\n    # of b\n  d: 2\n  e: 3\n"));
    }
}
