//! What `report` reads: lists of objects, what az prints, templates and plans, earlier reports. A report comes of it whatever it
//! says, and the same one each time; its formats are well formed, and nothing in them moves a cursor.

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use isolation_azure::{Settled, State, read_state, resources};
use isolation_readiness::{Found, InputInfo, InputKind, Objects, Readiness, Survey, formats};
use isolation_report::{Source, is_harmful};
use serde_json::{Value, json};

use crate::judging;
use crate::random::Random;
use crate::target::{Target, change_text, choosing, chosen};
use crate::{lines, mutate, seeds};

/// A configuration and a text: pages of a dump, or what az prints.
pub const TARGET: Target =
    Target { name: "dumps", check, change: |data, random| change_text(data, random, change), seeds, longest: 16384 };

fn change(text: &str, random: &mut Random) -> Option<String> {
    match random.below(4) {
        0 => mutate::text(text, random),
        1 => lines::change(text, random),
        _ => mutate::json(text, random).or_else(|| lines::change(text, random)),
    }
}

fn check(data: &[u8]) -> Result<()> {
    let Some((choice, text)) = chosen(data) else { return Ok(()) };
    if let Some(earlier) = read(text) {
        printed(&earlier).with_context(|| format!("an earlier report: {text}"))?;
    }
    let document = document(choice, text)?;
    ensure!(printed(&document)? == printed(&self::document(choice, text)?)?, "another report of the same: {text}");
    let Some(again) = read(&json(&document)?) else {
        anyhow::bail!("a report is not read back: {text}");
    };
    ensure!(json(&again)? == json(&document)?, "a report is another one when read back: {text}");
    Ok(())
}

fn read(text: &str) -> Option<Readiness> {
    formats::json::read(&serde_json::from_str(text).ok()?).ok()
}

fn json(document: &Readiness) -> Result<String> {
    let mut out = Vec::new();
    formats::json::write(document, &mut out)?;
    Ok(String::from_utf8(out)?)
}

/// What is reported of a text, judged by the policies and settings of this choice.
pub fn document(choice: usize, text: &str) -> Result<Readiness> {
    let mut judged = judging::judge(choice, text)?;
    let mut azure = State::default();
    if let Ok(value) = serde_json::from_str::<Value>(text) {
        read_state(&value, None, &mut azure);
    }
    let source = Arc::new(Source::new("objects.yaml", text));
    if let Some(read) = resources(&source, &Settled::default()) {
        judged.input.items.extend(read.items);
    }
    let items = &judged.input.items;
    let mut objects = Objects::new("default");
    objects.add(items);
    let mut found = Found::new(objects, BTreeSet::new());
    found.add(items, &judged.report.findings, &judged.report.allowed);
    let survey = Survey {
        found,
        report: &judged.report,
        azure: &azure,
        input: vec![InputInfo { name: "objects.yaml".to_owned(), kind: InputKind::Files, objects: 0 }],
        name: "objects.yaml".to_owned(),
        registries: vec!["myacr.azurecr.io".to_owned()],
        cache_rules: isolation_readiness::known_cache_rules(&[], &azure),
        unseen: Vec::new(),
        incomplete: false,
        tool: "isolation".to_owned(),
        created: "2026-11-26T10:00:00Z".to_owned(),
        since: None,
    };
    Ok(survey.document())
}

/// Every form of a report; what is not of its form is an error.
pub fn printed(document: &Readiness) -> Result<Vec<String>> {
    let mut all = Vec::new();
    for format in [formats::html::write, formats::markdown::write, formats::terminal::write, formats::json::write] {
        let mut out = Vec::new();
        format(document, &mut out)?;
        all.push(String::from_utf8(out)?);
    }
    let [html, _, terminal, json] = all.as_slice() else { return Ok(all) };
    serde_json::from_str::<Value>(json)?;
    let plain: String = terminal
        .split('\u{1b}')
        .enumerate()
        .map(|(at, part)| if at == 0 { part } else { part.trim_start_matches(|c| c != 'm') })
        .collect();
    let harmful = plain.char_indices().find(|(_, c)| is_harmful(*c) && *c != '\n');
    ensure!(harmful.is_none(), "{harmful:?} reaches the terminal: {plain:?}");
    // One script, ours.
    ensure!(html.matches("<script").count() <= 2, "there are other scripts in\n{html}");
    Ok(all)
}

fn seeds() -> Result<Vec<Vec<u8>>> {
    let mut all: Vec<Vec<u8>> = AZURE.iter().flat_map(|text| (0..2).map(|choice| choosing(choice, text))).collect();
    let mut list = Vec::new();
    for (number, seed) in seeds::all()?.iter().enumerate() {
        list.extend(seed.object());
        if list.len() == 4 {
            all.push(choosing(number, &json!({"apiVersion": "v1", "kind": "List", "items": list}).to_string()));
            list.clear();
        }
    }
    Ok(all)
}

const AZURE: &[&str] = &[
    include_str!("../../../crates/azure/tests/inputs/main.json"),
    include_str!("../../../crates/azure/tests/inputs/main.parameters.json"),
    include_str!("../../../crates/azure/tests/inputs/plan.json"),
    include_str!("az.json"),
];
