//! The policy's files say what its code does.

use closed_egress::{ClosedEgress, KINDS, PAGES};
use isolation::Policy;
use isolation::pods::WORKLOADS;
use isolation::policy::tables;
use isolation_cases::{check_reach, check_readme, message_of, rules_table, settings_table};

const NAME: &str = ClosedEgress::NAME;

#[test]
fn the_rules_send_what_the_code_judges() -> anyhow::Result<()> {
    let plurals: Vec<_> = WORKLOADS.iter().map(|workload| (workload.group, plural(workload.kind))).collect();
    let mut judged: Vec<_> = KINDS.iter().map(|kind| (kind.group, kind.resource)).collect();
    judged.extend(plurals.iter().map(|(group, plural)| (*group, plural.as_str())));
    check_reach(NAME, &judged)
}

#[test]
fn the_readme_says_what_the_code_says() -> anyhow::Result<()> {
    check_readme(
        NAME,
        &[
            ("settings", settings_table(&tables::<ClosedEgress>())),
            ("rules", rules_table(PAGES)),
            ("message", message_of(NAME, "static-gateway-annotation-template")?),
        ],
    )
}

/// The plural of a built-in workload.
fn plural(kind: &str) -> String {
    kind.to_ascii_lowercase() + "s"
}
