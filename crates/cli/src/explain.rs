//! The rules and their pages.

use std::io::Write as _;

use anyhow::{Result, bail};
use isolation::similar::nearest_swapped;
use serde::Deserialize;
use serde_json::json;

use crate::args::output::Output;
use crate::output::rules;
use isolation_all_policies::{Entry, page, pages};

/// `isolation rules`
pub fn list(output: Output) -> Result<()> {
    let mut out = anstream::stdout().lock();
    if output == Output::Json {
        let known = rules();
        let list: Vec<_> = pages()
            .map(|(entry, page)| {
                json!({
                    "id": page.rule.id, "name": page.rule.name, "since": page.rule.since,
                    "policy": entry.map(|entry| entry.name), "summary": page.summary(),
                    "url": known.get(page.rule.id).map(isolation_report::RuleInfo::url),
                })
            })
            .collect();
        writeln!(out, "{}", serde_json::to_string_pretty(&list)?)?;
        return Ok(());
    }
    let width = pages().map(|(_, page)| page.rule.name.len()).max().unwrap_or_default();
    let mut group = "";
    for (entry, page) in pages() {
        let policy = name(entry);
        if group != policy {
            group = policy;
            writeln!(out, "{policy}")?;
        }
        writeln!(out, "  {}  {:width$}  {}", page.rule.id, page.rule.name, page.summary())?;
    }
    Ok(())
}

/// Whose rule it is.
fn name(entry: Option<&Entry>) -> &'static str {
    entry.map_or("every policy", |entry| entry.name)
}

/// `isolation explain ID`
pub fn explain(id: &str) -> Result<()> {
    let Some((entry, page)) = page(id) else {
        let names = pages().flat_map(|(_, page)| [page.rule.id, page.rule.name]);
        let hint = nearest_swapped(id, names).map(|near| format!("; did you mean {near}?")).unwrap_or_default();
        bail!("unknown rule {id}{hint} (`isolation rules` lists them)");
    };
    let rule = page.rule;
    let policy = name(entry);
    let mut out = anstream::stdout().lock();
    let text = page.text();
    // Who has read what to write instead wants to see it, as on the page in the documentation.
    let (before, after) = text.split_at(text.find("## Settings").unwrap_or(text.len()));
    let examples = examples(rule.id)?;
    write!(out, "# {} {} ({policy}, since {})\n\n{before}{examples}{after}", rule.id, rule.name, rule.since)?;
    Ok(())
}

/// What a rule rejects and what it accepts, as the gallery of the page in the browser has it.
#[derive(Deserialize)]
struct Examples {
    id: String,
    bad: Sample,
    good: Sample,
}

#[derive(Deserialize)]
struct Sample {
    manifests: String,
    settings: String,
}

/// Settings that only the gallery needs.
const OF_GALLERY: &str = "# This example is about another policy.\nprivate-images: false\n";

/// The examples of a rule, in Markdown; empty where there are none, as for rules about the request itself.
fn examples(id: &str) -> Result<String> {
    let all: Vec<Examples> = serde_json::from_str(include_str!("../../../docs/examples.json"))?;
    let Some(Examples { bad, good, .. }) = all.into_iter().find(|examples| examples.id == id) else {
        return Ok(String::new());
    };
    let section = |heading: &str, Sample { manifests, settings }: Sample| {
        let settings = settings.replace(OF_GALLERY, "");
        let settings = match settings.as_str() {
            "" => String::new(),
            settings => format!("With this in `isolation.yaml`:\n\n```yaml\n{settings}```\n\n"),
        };
        format!("## {heading}\n\n```yaml\n{manifests}```\n\n{settings}")
    };
    Ok(section("Bad", bad) + &section("Good", good))
}
