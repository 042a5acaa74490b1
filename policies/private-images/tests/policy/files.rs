//! The policy's files say what its code does.

use isolation::Policy;
use isolation::images::table::{Custom, PODS, PULLED};
use isolation::pods::WORKLOADS;
use isolation::policy::tables;
use isolation_cases::{check_reach, check_readme, families_of, message_of, rules_table, settings_table, table};
use private_images::{PAGES, PrivateImages};

const NAME: &str = PrivateImages::NAME;

#[test]
fn the_rules_send_what_the_code_judges() -> anyhow::Result<()> {
    let mut judged: Vec<_> = WORKLOADS.iter().map(|workload| (workload.group, workload.kind)).collect();
    judged.push(("", "Pod/ephemeralcontainers"));
    for custom in PULLED.iter().chain(PODS) {
        judged.extend(custom.kinds.iter().map(|kind| (custom.group, *kind)));
    }
    check_reach(NAME, judged)
}

/// The custom resources of a table, by group, with the families that send them.
fn custom_resources(known: &[Custom]) -> anyhow::Result<String> {
    let mut rows = std::collections::BTreeMap::<&str, std::collections::BTreeSet<&str>>::new();
    for custom in known {
        rows.entry(custom.group).or_default().extend(custom.kinds);
    }
    let row = |(group, kinds): (&str, std::collections::BTreeSet<&str>)| {
        let kinds: Vec<_> = kinds.into_iter().collect();
        let families = families_of(NAME, group, &kinds)?;
        let families = if families.is_empty() { "always judged".to_owned() } else { families };
        let group = if group.is_empty() { "(built-in)".to_owned() } else { format!("`{group}`") };
        Ok(vec![group, kinds.join(", "), families])
    };
    Ok(table(&["group", "kinds", "family"], rows.into_iter().map(row).collect::<anyhow::Result<Vec<_>>>()?))
}

#[test]
fn the_readme_says_what_the_code_says() -> anyhow::Result<()> {
    check_readme(
        NAME,
        &[
            ("settings", settings_table(&tables::<PrivateImages>())),
            ("rules", rules_table(PAGES)),
            ("message", message_of(NAME, "readme")?),
            ("pulled", custom_resources(PULLED)?),
            ("pods", custom_resources(PODS)?),
        ],
    )
}
