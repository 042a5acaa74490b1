//! Manifests: an object is judged the same however it is written: as JSON, with its keys in another order, as an item of a list;
//! and nothing that is printed of it moves a cursor, begins a line of its own or is not what its format wants.

use anyhow::{Context as _, Result, ensure};
use isolation_document::path::steps;
use isolation_inventory::Format as ImagesFormat;
use isolation_manifest::{List, Object, Problem, parts, read_part};
use isolation_report::{Baseline, Context, Format, is_harmful};
use serde_json::{Value, json};

use crate::judging::{self, Judged, KINDS};
use crate::random::Random;
use crate::rewrite::turned;
use crate::target::{Target, change_text, chosen};
use crate::targets::fix;
use crate::{lines, mutate};

/// A configuration and a text.
pub const TARGET: Target = Target {
    name: "manifests",
    check,
    change: |data, random| change_text(data, random, change),
    seeds: fix::seeds,
    longest: 8192,
};

fn change(text: &str, random: &mut Random) -> Option<String> {
    match random.below(3) {
        0 => mutate::json(text, random).or_else(|| mutate::text(text, random)),
        _ => lines::change(text, random),
    }
}

fn check(data: &[u8]) -> Result<()> {
    let Some((choice, text)) = chosen(data) else { return Ok(()) };
    let judged = judging::judge(choice, text)?;
    places(text, &judged)?;
    in_runs(text)?;
    in_runs(&format!("apiVersion: v1\nkind: List\nitems:\n- a: b\n- {}", text.replace('\n', "\n  ")))?;
    formats(&judged).with_context(|| text.to_owned())?;
    images(choice, &judged)?;
    let objects: Vec<Value> = judged.input.items.iter().map(|item| item.to_json()).collect();
    // What stands in an annotation or comment is about the text and not about the object.
    if objects.is_empty() || objects.iter().any(|object| object.get("items").is_some()) {
        return Ok(());
    }
    let found = judged.found();
    let ways: [(&str, String); 3] = [
        ("as JSON, one after another", objects.iter().map(|object| format!("{object}\n")).collect()),
        ("with keys in another order", objects.iter().map(|object| turned(object) + "\n").collect()),
        ("as items of a list", json!({"apiVersion": "v1", "kind": "List", "items": objects}).to_string()),
    ];
    for (way, other) in ways {
        let again = judging::judge(choice, &other)?;
        // Deeper than readers of JSON go, or with numbers that they do not hold.
        if again.input.items.len() != objects.len() {
            ensure!(!again.input.faults.is_empty(), "{way} there are other objects:\n{text}\n{other}");
            continue;
        }
        ensure!(
            again.found() == found,
            "{way} {:?} is found, and {:?} as it is written:\n{text}\n{other}",
            again.found(),
            found
        );
    }
    Ok(())
}

/// A list that is read a few items at a time has the objects that it has as a whole.
fn in_runs(text: &str) -> Result<()> {
    let told = |found: &[Result<Object, Problem>]| -> Vec<String> {
        let told = |found: &Result<Object, Problem>| match found {
            Ok(object) => format!("{} {} {}", object.span().start, object.subject(), object.to_json()),
            Err(problem) => format!("{problem:?}"),
        };
        found.iter().map(told).collect()
    };
    for part in parts(text).into_iter().flatten() {
        let Some(list) = List::find(text, &part) else { continue };
        let (mut whole, mut items) = (Vec::new(), Vec::new());
        if list.runs(64).iter().all(|run| list.read(text, run, &mut items)) {
            read_part(text, &part, &mut whole);
            let (items, whole) = (told(&items), told(&whole));
            ensure!(items == whole, "in runs {items:?}\nas a whole {whole:?}\nare in\n{text}");
        }
    }
    Ok(())
}

/// Every place is a part of the text.
pub(crate) fn places(text: &str, judged: &Judged) -> Result<()> {
    for finding in &judged.report.findings {
        let span = &finding.location.place.span;
        ensure!(text.get(span.clone()).is_some(), "{span:?} is no part of\n{text}");
        let _ = steps(&finding.location.path);
    }
    for fault in judged.input.faults.iter().filter_map(|fault| fault.place.as_ref()) {
        ensure!(text.get(fault.span.clone()).is_some(), "{:?} is no part of\n{text}", fault.span);
    }
    Ok(())
}

/// What is printed is of its form.
pub(crate) fn formats(judged: &Judged) -> Result<()> {
    let context = Context { rules: judging::rules().clone(), ..Context::default() };
    let written = |format: Format| -> Result<String> {
        let mut out = Vec::new();
        format.write(&judged.report, &context, &mut out)?;
        Ok(String::from_utf8(out)?)
    };
    for format in [Format::Json, Format::Sarif] {
        serde_json::from_str::<Value>(&written(format)?).with_context(|| format!("{format:?} is not JSON"))?;
    }
    // Escape sequences colour the text; nothing else in it may move the cursor.
    let human = written(Format::Human)?;
    let plain = without_colours(&human);
    let harmful = plain.char_indices().find(|(_, c)| is_harmful(*c) && *c != '\n');
    ensure!(harmful.is_none(), "{harmful:?} reaches the terminal:\n{plain:?}");
    for line in written(Format::Github)?.lines() {
        ensure!(line.starts_with("::") || !line.contains("::"), "a line of annotations is {line:?}");
        ensure!(!line.contains(is_harmful), "an annotation has {line:?}");
    }
    let junit = written(Format::Junit)?;
    let wrong = junit.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t' | '\r'));
    ensure!(wrong.is_none(), "{wrong:?} is no character of XML");
    written(Format::Markdown)?;
    let baseline = Baseline::of(&judged.report).write()?;
    Baseline::read(&baseline).with_context(|| baseline.clone())?;
    Ok(())
}

/// The text without the sequences that set colours and links: CSI … m, and OSC 8 … ST.
fn without_colours(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("\u{1b}[") {
        out.push_str(before);
        rest = match behind.find(|c: char| !(c.is_ascii_digit() || c == ';')) {
            Some(end) if behind[end..].starts_with('m') => &behind[end + 1..],
            _ => {
                out.push_str("\u{1b}[");
                behind
            }
        };
    }
    out.push_str(rest);
    out
}

/// The images of the objects, in every format.
fn images(choice: usize, judged: &Judged) -> Result<()> {
    let settings =
        json!({"registries": ["myacr.azurecr.io"], "cacheRules": [{"source": "docker.io/*", "target": "h/*"}]});
    let settings = if choice.is_multiple_of(KINDS) { settings } else { json!({"registries": ["a.io"]}) };
    let Ok(inventory) = isolation_inventory::read(&judged.input.items, &settings, "default") else { return Ok(()) };
    for format in [
        ImagesFormat::Table,
        ImagesFormat::Json,
        ImagesFormat::List,
        ImagesFormat::Script,
        ImagesFormat::CacheRules,
        ImagesFormat::Hauler,
    ] {
        let mut out = Vec::new();
        if format.write(&inventory, &mut out).is_err() {
            continue;
        }
        let text = String::from_utf8(out)?;
        if format == ImagesFormat::Json {
            serde_json::from_str::<Value>(&text)?;
        }
        let harmful = text.char_indices().find(|(_, c)| is_harmful(*c) && !matches!(c, '\n' | '\t'));
        ensure!(harmful.is_none(), "{format:?} has {harmful:?}:\n{text:?}");
    }
    Ok(())
}
