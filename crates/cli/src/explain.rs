//! The rules and their pages.

use std::io::Write as _;

use anyhow::{Result, bail};
use isolation::similar::nearest_swapped;
use serde_json::json;

use crate::args::output::Output;
use crate::output::rules;
use isolation_all_policies::{POLICIES, page, pages};

/// `isolation rules`
pub fn list(output: Output) -> Result<()> {
    let mut out = anstream::stdout().lock();
    let all = POLICIES.iter().flat_map(|entry| entry.pages.iter().map(move |page| (entry, page)));
    if output == Output::Json {
        let known = rules();
        let list: Vec<_> = all
            .map(|(entry, page)| {
                json!({
                    "id": page.rule.id, "name": page.rule.name, "since": page.rule.since,
                    "policy": entry.name, "summary": page.summary(),
                    "url": known.get(page.rule.id).map(isolation_report::RuleInfo::url),
                })
            })
            .collect();
        writeln!(out, "{}", serde_json::to_string_pretty(&list)?)?;
        return Ok(());
    }
    let width =
        POLICIES.iter().flat_map(|entry| entry.pages).map(|page| page.rule.name.len()).max().unwrap_or_default();
    for entry in POLICIES {
        writeln!(out, "{}", entry.name)?;
        for page in entry.pages {
            writeln!(out, "  {}  {:width$}  {}", page.rule.id, page.rule.name, page.summary())?;
        }
    }
    Ok(())
}

/// `isolation explain ID`
pub fn explain(id: &str) -> Result<()> {
    let Some((entry, page)) = page(id) else {
        let names = pages().flat_map(|(_, page)| [page.rule.id, page.rule.name]);
        let hint = nearest_swapped(id, names).map(|near| format!("; did you mean {near}?")).unwrap_or_default();
        bail!("there is no rule {id}{hint} (`isolation rules` lists them)");
    };
    let rule = page.rule;
    let policy = entry.map_or("every policy", |entry| entry.name);
    let mut out = anstream::stdout().lock();
    write!(out, "# {} {} ({}, since {})\n\n{}", rule.id, rule.name, policy, rule.since, page.text())?;
    Ok(())
}
