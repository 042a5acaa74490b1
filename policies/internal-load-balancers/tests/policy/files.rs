//! The policy's files say what its code does.

use internal_load_balancers::{InternalLoadBalancers, KINDS, PAGES};
use isolation::Policy;
use isolation::policy::tables;
use isolation_cases::{check_reach, check_readme, message_of, rules_table, settings_table};

const NAME: &str = InternalLoadBalancers::NAME;

#[test]
fn the_rules_send_what_the_code_judges() -> anyhow::Result<()> {
    check_reach(NAME, KINDS.iter().map(|kind| (kind.group, kind.kind)))
}

#[test]
fn the_readme_says_what_the_code_says() -> anyhow::Result<()> {
    check_readme(
        NAME,
        &[
            ("settings", settings_table(&tables::<InternalLoadBalancers>())),
            ("rules", rules_table(PAGES)),
            ("message", message_of(NAME, "internal-capital-true")?),
        ],
    )
}
