//! The policy's files say what its code does, and the clusters to copy are cases.

use std::collections::BTreeSet;

use anyhow::Context;
use isolated_clusters::kinds::{KINDS, Operator};
use isolated_clusters::{IsolatedClusters, PAGES};
use isolation::Policy;
use isolation::kinds;
use isolation::management::{CAPZ, EMBEDDING, crossplane_service};
use isolation::policy::tables;
use isolation_cases::{cases_of, check_reach, check_readme, message_of, rules_table, settings_table};

const NAME: &str = IsolatedClusters::NAME;

#[test]
fn the_rules_send_what_the_code_judges() -> anyhow::Result<()> {
    let groups = |operator| match operator {
        Operator::Aso(group) => vec![group],
        Operator::Capz(_) | Operator::CapzTemplate(_) => vec![CAPZ],
        Operator::Crossplane(service) => {
            let served = |known: &kinds::Kind| crossplane_service(known.group) == Some(service);
            kinds::KINDS
                .iter()
                .filter(|known| served(known))
                .map(|known| known.group)
                .collect::<BTreeSet<_>>()
                .into_iter()
                .collect()
        }
    };
    let own = KINDS.iter().flat_map(|known| groups(known.operator).into_iter().map(|group| (group, known.kind)));
    check_reach(NAME, own.chain(EMBEDDING.iter().map(|(kind, _)| (CAPZ, *kind))))
}

/// The object of a case as a block of YAML in Markdown.
fn object_of(name: &str) -> anyhow::Result<String> {
    let cases = cases_of(NAME)?;
    let case = cases.iter().find(|case| case.name() == format!("{NAME}/{name}")).context("no such case")?;
    let (_, object) = case.head.split_once("\nobject:\n").context("the case has no object")?;
    let lines: String = object.lines().map(|line| format!("{}\n", line.strip_prefix("  ").unwrap_or(line))).collect();
    Ok(format!("```yaml\n{lines}```"))
}

#[test]
fn the_readme_says_what_the_code_says() -> anyhow::Result<()> {
    check_readme(
        NAME,
        &[
            ("aso", object_of("compliant-aso-cluster")?),
            ("capz", object_of("compliant-capz-cluster")?),
            ("capz-aso", object_of("compliant-capz-aso-cluster")?),
            ("crossplane", object_of("compliant-crossplane-cluster")?),
            ("settings", settings_table(&tables::<IsolatedClusters>())),
            ("rules", rules_table(PAGES)),
            ("message", message_of(NAME, "capz-later-patch-wins")?),
        ],
    )
}
