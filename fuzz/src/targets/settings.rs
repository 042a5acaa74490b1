//! Settings: a policy says why it does not take them, the same each time and problem by problem; with settings that it
//! refuses it accepts nothing.

use anyhow::{Result, bail, ensure};
use isolation_all_policies::POLICIES;
use serde_json::{Value, json};

use crate::answers::{answer, settings_are_valid, shown};
use crate::random::Random;
use crate::target::{Target, change_text, choosing};
use crate::{mutate, seeds};

/// A policy and its settings.
pub const TARGET: Target =
    Target { name: "settings", check, change: |data, random| change_text(data, random, change), seeds, longest: 4096 };

fn change(text: &str, random: &mut Random) -> Option<String> {
    if random.below(8) == 0 { mutate::text(text, random) } else { mutate::json(text, random) }
}

fn check(data: &[u8]) -> Result<()> {
    let Some((first, settings)) = data.split_first() else { return Ok(()) };
    let Some(entry) = POLICIES.get(usize::from(*first) % POLICIES.len()) else { return Ok(()) };
    let valid = settings_are_valid(entry, settings)?;
    let problems = (entry.settings_problems)(settings);
    ensure!(valid == problems.is_empty(), "{}: valid is {valid}, with {problems:?}", entry.name);
    for problem in &problems {
        ensure!(!problem.to_string().contains(['\n', '\r']), "{}: more than a line: {problem}", entry.name);
    }
    // Engines pass nothing at all for a policy without settings, which then has every default.
    if settings.iter().all(u8::is_ascii_whitespace) {
        return Ok(());
    }
    let Ok(read) = serde_json::from_slice::<Value>(settings) else {
        ensure!(!valid, "{} takes settings that are not JSON: {}", entry.name, shown(settings));
        return Ok(());
    };
    let object = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": {"containers": []}});
    let kind = json!({"group": "", "version": "v1", "kind": "Pod"});
    let request = json!({"uid": "u", "operation": "CREATE", "kind": kind, "namespace": "a", "object": object});
    let payload = json!({"request": request, "settings": read}).to_string();
    if answer(entry, payload.as_bytes(), &payload)?.accepted && !valid && !names_a_key_twice(settings, &read) {
        bail!("{} accepts with settings that it refuses\n{payload}", entry.name);
    }
    Ok(())
}

/// What was read of these settings is less than what they say.
fn names_a_key_twice(settings: &[u8], read: &Value) -> bool {
    let problem = isolation_document::Document::read(settings).err();
    problem.is_some_and(|_| isolation_document::Document::read(read.to_string().as_bytes()).is_ok())
}

fn seeds() -> Result<Vec<Vec<u8>>> {
    let settings =
        seeds::all()?.iter().filter_map(|seed| Some((seed.policy, seed.value()?.get("settings")?.to_string())));
    let mut all: Vec<_> = settings.map(|(policy, text)| choosing(policy, &text)).collect();
    all.sort();
    all.dedup();
    Ok(all)
}
