//! The rules that send objects to this policy name exactly the kinds whose images it rewrites.

use std::collections::BTreeSet;

use isolation::images::{Holds, Naming, Place, table};
use isolation::pods::WORKLOADS;
use isolation_manifest::plural;
use isolation_metadata::{Metadata, Rule, families};

type Resources = BTreeSet<(String, String)>;

/// The resources that rules name, but for subresources.
fn resources<'r>(rules: impl IntoIterator<Item = &'r Rule>) -> Resources {
    let mut all = Resources::new();
    for rule in rules {
        for group in &rule.api_groups {
            all.extend(rule.resources.iter().map(|resource| (group.clone(), resource.clone())));
        }
    }
    all.retain(|(_, resource)| !resource.contains('/'));
    all
}

/// Whether one of these places holds a reference that a node pulls. Places may hold each other, hence the depth.
fn is_rewritten(places: &[Place], depth: usize) -> bool {
    depth > 0
        && places.iter().any(|place| match place.holds {
            Holds::Name(naming) => {
                matches!(naming, Naming::Image | Naming::Repository) && !place.at.ends_with("output.image")
            }
            Holds::Places(places) => is_rewritten(places, depth - 1),
            Holds::Keys | Holds::Document(_) => false,
        })
}

#[test]
fn built_in_kinds() -> anyhow::Result<()> {
    let metadata = Metadata::read(include_str!("../metadata.yml"))?;
    let expected: Resources =
        WORKLOADS.iter().map(|workload| (workload.group.to_owned(), plural(workload.kind))).collect();
    assert_eq!(resources(&metadata.rules), expected);
    Ok(())
}

#[test]
fn custom_kinds() -> anyhow::Result<()> {
    let families = families(include_str!("../custom-resources.yml"))?;
    let rewritten = table::CUSTOM.iter().filter(|custom| is_rewritten(custom.places, 8));
    let expected: Resources =
        rewritten.flat_map(|custom| custom.kinds.iter().map(|kind| (custom.group.to_owned(), plural(kind)))).collect();
    assert_eq!(resources(families.iter().flat_map(|family| &family.rules)), expected);
    Ok(())
}
