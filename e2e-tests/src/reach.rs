//! A policy judges exactly what its rules send it.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use isolation_policy_module::{Metadata, families};

/// The folder of a policy.
pub(crate) fn folder(policy: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../policies").join(policy)
}

/// Holds `metadata.yml` and `custom-resources.yml` of a policy against the resources that its code judges: group, and
/// plural or `plural/subresource`. A kind that no rule sends is never judged, and a rule for a kind that the code does not
/// know accepts everything of it.
///
/// # Errors
///
/// Every resource that stands on one side only, or twice in the files.
pub fn check_reach(policy: &str, judged: &[(&str, &str)]) -> Result<()> {
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
            if !sent.insert((group.as_str(), resource.as_str())) {
                problems.push(format!("{resource} of {group:?} stands in two rules"));
            }
        }
    }
    let judged: BTreeSet<_> = judged.iter().copied().collect();
    let never = judged.difference(&sent).map(|(group, resource)| format!("no rule sends {resource} of {group:?}"));
    let unknown =
        sent.difference(&judged).map(|(group, resource)| format!("the code knows no {resource} of {group:?}"));
    problems.extend(never.chain(unknown));
    if problems.is_empty() { Ok(()) } else { bail!("{policy}: {}", problems.join("\n")) }
}
