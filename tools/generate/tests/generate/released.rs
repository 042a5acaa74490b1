//! What a release has promised, later releases keep: `docs/releases/VERSION.json` has the rules and settings of each, and
//! docs/stability.md says what may change.

use std::collections::{BTreeMap, BTreeSet};

use isolation_all_policies::{POLICIES, pages, policy};
use isolation_generate::root;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Released {
    /// Names by id.
    rules: BTreeMap<String, String>,
    /// Keys by policy.
    settings: BTreeMap<String, Vec<String>>,
}

/// Settings that a release has and a later one has not. A removal stands in the changelog below Removed, and in no release
/// that differs in its last number alone.
const REMOVED: &[(&str, &str)] = &[];

/// Rules that were retired. Their ids are never given to others.
const RETIRED: &[&str] = &[];

/// `1.2.3` as numbers, so that releases can be put in order.
fn order(version: &str) -> Vec<u32> {
    version.split('.').map(|part| part.parse().unwrap()).collect()
}

fn releases() -> Vec<(String, Released)> {
    let mut all: Vec<(String, Released)> = std::fs::read_dir(root().join("docs/releases"))
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let version = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            (version, serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
        })
        .collect();
    all.sort_by_key(|(version, _)| order(version));
    assert!(!all.is_empty());
    all
}

#[test]
fn a_rule_that_was_released_keeps_its_id_and_its_name() {
    let now: BTreeMap<&str, &str> = pages().map(|(_, page)| (page.rule.id, page.rule.name)).collect();
    for (version, released) in releases() {
        for (id, name) in &released.rules {
            match now.get(id.as_str()) {
                Some(kept) => assert_eq!(kept, name, "{id} was called so in {version}"),
                None => assert!(RETIRED.contains(&id.as_str()), "{id} of {version} is gone"),
            }
        }
    }
    assert!(RETIRED.iter().all(|id| !now.contains_key(id)), "an id of a retired rule was given to another");
}

#[test]
fn a_rule_says_in_which_release_it_came() {
    let releases = releases();
    let (newest, _) = releases.last().unwrap();
    for (_, page) in pages() {
        let since = page.rule.since;
        let first = releases.iter().find(|(_, released)| released.rules.contains_key(page.rule.id));
        match first {
            Some((version, _)) => assert_eq!(since, version, "{}", page.rule.id),
            None => assert!(order(since) > order(newest), "{}: since {since}, but not in {newest}", page.rule.id),
        }
    }
}

#[test]
fn ids_and_names_are_given_once() {
    let (mut ids, mut names) = (BTreeSet::new(), BTreeSet::new());
    for (_, page) in pages() {
        assert!(ids.insert(page.rule.id), "{} is listed twice", page.rule.id);
        assert!(names.insert(page.rule.name), "{} is listed twice", page.rule.name);
        assert!(page.rule.id.strip_prefix("NI").is_some_and(|n| n.len() == 3 && n.bytes().all(|b| b.is_ascii_digit())));
    }
}

#[test]
fn a_setting_that_was_released_is_still_there() {
    for (version, released) in releases() {
        for (name, keys) in &released.settings {
            let entry = policy(name).unwrap_or_else(|| panic!("{name} of {version} is gone"));
            for key in keys.iter().filter(|key| !entry.has_setting(key)) {
                assert!(REMOVED.contains(&(name.as_str(), key.as_str())), "{name}: {key} of {version} is gone");
            }
        }
    }
}

/// The newest release is written down before anything is added to it: `RECORD=1` writes it where it is missing.
#[test]
fn the_version_of_the_sources_is_among_the_releases() {
    let version = env!("CARGO_PKG_VERSION");
    let path = root().join("docs/releases").join(format!("{version}.json"));
    if std::env::var_os("RECORD").is_some() && !path.exists() {
        let rules: BTreeMap<_, _> = pages().map(|(_, page)| (page.rule.id, page.rule.name)).collect();
        let keys = |tables: [&'static [isolation::settings::Setting]; 2]| {
            tables.into_iter().flatten().map(|setting| setting.key).collect::<BTreeSet<_>>()
        };
        let settings: BTreeMap<_, _> = POLICIES.iter().map(|entry| (entry.name, keys((entry.settings)()))).collect();
        let record = serde_json::json!({"rules": rules, "settings": settings});
        std::fs::write(&path, serde_json::to_string_pretty(&record).unwrap() + "\n").unwrap();
    }
    assert!(
        path.exists(),
        "{} is missing: RECORD=1 cargo test -p isolation-generate --test generate released::",
        path.display()
    );
}
