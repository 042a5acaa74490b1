//! All kinds of the API groups that the tables know: each is in a table, or `kinds.yaml` says why not.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use isolation::images::table::{PODS, PULLED};
use serde::Deserialize;

/// The kinds of one API group.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    group: String,
    seen: String,
    named: BTreeSet<String>,
    #[serde(default)]
    others: BTreeMap<String, String>,
}

fn groups() -> Result<Vec<Group>> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kinds.yaml"))?;
    yaml_serde::from_str(&text).context("kinds.yaml")
}

#[test]
fn every_kind_is_in_a_table_or_says_why_not() -> Result<()> {
    let mut tables = BTreeMap::<&str, BTreeSet<String>>::new();
    for custom in PULLED.iter().chain(PODS) {
        tables.entry(custom.group).or_default().extend(custom.kinds.iter().map(|kind| (*kind).to_owned()));
    }
    let groups = groups()?;
    let mut problems = Vec::new();
    for group in &groups {
        let Some(table) = tables.remove(group.group.as_str()) else {
            problems.push(format!("{}: no table has this group", group.group));
            continue;
        };
        let name = &group.group;
        problems.extend(group.named.difference(&table).map(|kind| format!("{name} {kind}: stands in no table")));
        problems.extend(
            table.difference(&group.named).map(|kind| format!("{name} {kind}: stands in a table and not here")),
        );
        for (kind, reason) in &group.others {
            if table.contains(kind) || reason.len() < 10 {
                problems.push(format!("{name} {kind}: is in a table, or has no reason for being in none"));
            }
        }
        if group.seen.is_empty() {
            problems.push(format!("{name}: says not where it was seen"));
        }
    }
    problems.extend(tables.keys().map(|group| format!("{group}: kinds.yaml lacks it")));
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    Ok(())
}

/// Every YAML file below a folder.
fn files(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            files(&path, found)?;
        } else if path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml") {
            found.push(path);
        }
    }
    Ok(())
}

/// With `CRDS=FOLDER`, the definitions of a project's new version are held against the list.
#[test]
fn every_definition_in_a_folder_is_known() -> Result<()> {
    let Some(folder) = std::env::var_os("CRDS") else { return Ok(()) };
    let groups = groups()?;
    let mut found = Vec::new();
    files(Path::new(&folder), &mut found)?;
    let mut unknown = BTreeSet::new();
    for file in found {
        let text = std::fs::read_to_string(&file)?;
        for document in text.split("\n---").filter(|document| document.contains("CustomResourceDefinition")) {
            let Ok(definition) = yaml_serde::from_str::<serde_json::Value>(document) else { continue };
            let at = |pointer: &str| definition.pointer(pointer).and_then(|value| value.as_str()).unwrap_or_default();
            let (name, kind) = (at("/spec/group"), at("/spec/names/kind"));
            let group = groups.iter().find(|group| group.group == name);
            if group.is_some_and(|group| !group.named.contains(kind) && !group.others.contains_key(kind)) {
                unknown.insert(format!("{name} {kind}: {}", file.display()));
            }
        }
    }
    assert!(unknown.is_empty(), "{unknown:#?}");
    Ok(())
}
