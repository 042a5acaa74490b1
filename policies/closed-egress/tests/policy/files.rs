//! The policy's files say what its code does.

use closed_egress::{ClosedEgress, KINDS, PAGES};
use isolation::Policy;
use isolation::images::{Content, Place, table};
use isolation::pods::WORKLOADS;
use isolation::policy::tables;
use isolation_cases::{check_reach, check_readme, message_of, rules_table, settings_table};

const NAME: &str = ClosedEgress::NAME;

/// Whether one of these places holds a pod. Places may hold each other, hence the depth.
fn hold_pods(places: &[Place], depth: usize) -> bool {
    depth > 0
        && places.iter().any(|place| match place.holds {
            Content::Pod | Content::PodSpec => true,
            Content::Places(places) => hold_pods(places, depth - 1),
            Content::Name(_)
            | Content::Keys
            | Content::Parameter(_)
            | Content::Object
            | Content::If(_)
            | Content::Document(_) => false,
        })
}

#[test]
fn the_rules_send_what_the_code_judges() -> anyhow::Result<()> {
    let mut pods: Vec<_> = WORKLOADS.iter().map(|workload| (workload.group, workload.kind)).collect();
    for custom in table::PODS.iter().filter(|custom| hold_pods(custom.places, 8)) {
        pods.extend(custom.kinds.iter().map(|kind| (custom.group, *kind)));
    }
    check_reach(NAME, KINDS.iter().map(|kind| (kind.group, kind.kind)).chain(pods))
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
