//! The policy's files say what its code does.

use cached_images::{CachedImages, PAGES};
use isolation::Policy;
use isolation::images::{Content, Naming, Place, table};
use isolation::pods::WORKLOADS;
use isolation::policy::tables;
use isolation_cases::{check_reach, check_readme, message_of, rules_table, settings_table};

const NAME: &str = CachedImages::NAME;

/// Whether one of these places holds a reference that a node pulls. Places may hold each other, hence the depth.
fn is_rewritten(places: &[Place], depth: usize) -> bool {
    depth > 0
        && places.iter().any(|place| match place.holds {
            Content::Name(naming) => {
                matches!(naming, Naming::Image | Naming::Repository)
                    && place.paths().any(|path| !path.ends_with("output.image"))
            }
            Content::Places(_) | Content::If(_) | Content::Pod | Content::PodSpec => {
                is_rewritten(place.holds.places(), depth - 1)
            }
            Content::Keys | Content::Parameter(_) | Content::Object | Content::Document(_) => false,
        })
}

#[test]
fn the_rules_send_what_the_code_rewrites() -> anyhow::Result<()> {
    let mut judged: Vec<_> = WORKLOADS.iter().map(|workload| (workload.group, workload.kind)).collect();
    judged.push(("", "Pod/ephemeralcontainers"));
    for custom in table::PULLED.iter().chain(table::PODS).filter(|custom| is_rewritten(custom.places, 8)) {
        judged.extend(custom.kinds.iter().map(|kind| (custom.group, *kind)));
    }
    check_reach(NAME, judged)
}

#[test]
fn the_readme_says_what_the_code_says() -> anyhow::Result<()> {
    check_readme(
        NAME,
        &[
            ("settings", settings_table(&tables::<CachedImages>())),
            ("rules", rules_table(PAGES)),
            ("message", message_of(NAME, "worked-example")?),
        ],
    )
}
