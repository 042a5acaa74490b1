//! The policy's files say what its code does.

use isolation::Policy;
use isolation::images::table::{Custom, PODS, PULLED};
use isolation::pods::WORKLOADS;
use isolation::policy::tables;
use isolation_cases::{check_reach, check_readme, message_of, rules_table, settings_table};
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

/// The custom resources of a table, by group.
fn custom_resources(table: &[Custom]) -> String {
    let mut rows = std::collections::BTreeMap::<&str, std::collections::BTreeSet<&str>>::new();
    for custom in table {
        rows.entry(custom.group).or_default().extend(custom.kinds);
    }
    let mut table = String::from("| group | kinds |\n| --- | --- |\n");
    for (group, kinds) in rows {
        let kinds: Vec<_> = kinds.into_iter().collect();
        let group = if group.is_empty() { "(built-in)".to_owned() } else { format!("`{group}`") };
        table += &format!("| {group} | {} |\n", kinds.join(", "));
    }
    table.trim_end().to_owned()
}

#[test]
fn the_readme_says_what_the_code_says() -> anyhow::Result<()> {
    check_readme(
        NAME,
        &[
            ("settings", settings_table(&tables::<PrivateImages>())),
            ("rules", rules_table(PAGES)),
            ("message", message_of(NAME, "readme")?),
            ("pulled", custom_resources(PULLED)),
            ("pods", custom_resources(PODS)),
        ],
    )
}
