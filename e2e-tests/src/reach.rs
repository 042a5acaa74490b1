//! A policy judges exactly what its rules send it.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use isolation::kinds;
use isolation_policy_module::{Metadata, families};

/// The folder of a policy.
pub(crate) fn folder(policy: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../policies").join(policy)
}

/// The families of a policy that send any of these kinds, as Markdown; empty for kinds that it is sent in any case.
///
/// # Errors
///
/// A `custom-resources.yml` that is not right.
pub fn families_of(policy: &str, group: &str, kinds: &[&str]) -> Result<String> {
    let path = folder(policy).join("custom-resources.yml");
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let sent: Vec<_> = kinds.iter().map(|kind| kinds::plural(group, kind)).collect();
    let mut names = Vec::new();
    for family in families(&text)? {
        let sends = family.rules.iter().any(|rule| {
            rule.api_groups.iter().any(|known| known == group)
                && rule.resources.iter().any(|resource| sent.iter().any(|plural| plural == resource))
        });
        if sends {
            names.push(format!("`{}`", family.family));
        }
    }
    Ok(names.join(", "))
}

/// Holds `metadata.yml` and `custom-resources.yml` of a policy against what its code judges: group, and kind or
/// `Kind/subresource`. A kind that no rule sends is never judged, and a rule for a kind that the code does not know accepts
/// everything of it.
///
/// # Errors
///
/// Every resource that stands on one side only, or twice in the files, and every kind that the table of kinds lacks.
pub fn check_reach(policy: &str, judged: impl IntoIterator<Item = (&'static str, &'static str)>) -> Result<()> {
    let read = |file: &str| {
        let path = folder(policy).join(file);
        std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    let mut rules = Metadata::read(&read("metadata.yml")?)?.rules;
    if folder(policy).join("custom-resources.yml").exists() {
        rules.extend(families(&read("custom-resources.yml")?)?.into_iter().flat_map(|family| family.rules));
    }
    let mut problems = Vec::new();
    let mut sent = BTreeSet::new();
    for rule in &rules {
        for (group, resource) in rule.api_groups.iter().flat_map(|group| rule.resources.iter().map(move |r| (group, r)))
        {
            if !sent.insert((group.clone(), resource.clone())) {
                problems.push(format!("{resource} of {group:?} stands in two rules"));
            }
        }
    }
    let mut known = BTreeSet::new();
    for (group, kind) in judged {
        let (kind, subresource) = kind.split_once('/').map_or((kind, None), |(kind, sub)| (kind, Some(sub)));
        let Some(found) = kinds::find(group, kind) else {
            problems.push(format!("{kind} of {group:?} is judged and not in KINDS of src/kinds.rs: add a line"));
            continue;
        };
        let plural = found.plural;
        known.insert((group.to_owned(), subresource.map_or(plural.to_owned(), |sub| format!("{plural}/{sub}"))));
    }
    let never = known.difference(&sent).map(|(group, resource)| format!("no rule sends {resource} of {group:?}"));
    let unknown = sent.difference(&known).map(|(group, resource)| format!("the code knows no {resource} of {group:?}"));
    problems.extend(never.chain(unknown));
    if problems.is_empty() { Ok(()) } else { bail!("{policy}: {}", problems.join("\n")) }
}
