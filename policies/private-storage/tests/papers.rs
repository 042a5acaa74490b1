//! The policy's files say what its code does.

use isolation::Policy;
use isolation::policy::tables;
use isolation_cases::{check_reach, check_readme, message_of, rules_table, settings_table};
use private_storage::{PAGES, PrivateStorage, kinds};

const NAME: &str = PrivateStorage::NAME;

#[test]
fn the_rules_send_what_the_code_judges() -> anyhow::Result<()> {
    let plural = |kind: &str| {
        let lower = kind.to_ascii_lowercase();
        if lower.ends_with('s') { lower + "es" } else { lower + "s" }
    };
    let judged: Vec<_> = kinds().iter().map(|(group, kind)| (*group, plural(kind))).collect();
    let judged: Vec<_> = judged.iter().map(|(group, plural)| (*group, plural.as_str())).collect();
    check_reach(NAME, &judged)
}

#[test]
fn the_readme_says_what_the_code_says() -> anyhow::Result<()> {
    check_readme(
        NAME,
        &[
            ("settings", settings_table(&tables::<PrivateStorage>())),
            ("rules", rules_table(PAGES)),
            ("message", message_of(NAME, "claim-looked-up-public")?),
        ],
    )
}
