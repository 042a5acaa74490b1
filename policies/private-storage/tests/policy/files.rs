//! The policy's files say what its code does.

use isolation::Policy;
use isolation::policy::tables;
use isolation_cases::{check_reach, check_readme, message_of, rules_table, settings_table};
use private_storage::{PAGES, PrivateStorage, kinds};

const NAME: &str = PrivateStorage::NAME;

#[test]
fn the_rules_send_what_the_code_judges() -> anyhow::Result<()> {
    check_reach(NAME, kinds())
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
