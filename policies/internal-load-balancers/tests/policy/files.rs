//! The policy's files say what its code does.

use std::collections::BTreeMap;

use internal_load_balancers::operators::{AnnotationPlace, OPERATORS};
use internal_load_balancers::{InternalLoadBalancers, KINDS, PAGES};
use isolation::Policy;
use isolation::places::is_readable;
use isolation::policy::tables;
use isolation_cases::{check_reach, check_readme, families_of, message_of, rules_table, settings_table, table};

const NAME: &str = InternalLoadBalancers::NAME;

#[test]
fn the_rules_send_what_the_code_judges() -> anyhow::Result<()> {
    let own = KINDS.iter().map(|kind| (kind.group, kind.kind));
    let operators = OPERATORS.iter().flat_map(|operator| operator.kinds.iter().map(|kind| (operator.group, *kind)));
    check_reach(NAME, own.chain(operators))
}

/// The custom resources of operators, by group, with the families that send them.
fn operators() -> anyhow::Result<String> {
    let mut rows = BTreeMap::<&str, Vec<&str>>::new();
    for operator in OPERATORS {
        rows.entry(operator.group).or_default().extend(operator.kinds);
    }
    let row = |(group, kinds): (&str, Vec<&str>)| {
        Ok(vec![format!("`{group}`"), kinds.join(", "), families_of(NAME, group, &kinds)?])
    };
    Ok(table(&["group", "kinds", "family"], rows.into_iter().map(row).collect::<anyhow::Result<Vec<_>>>()?))
}

/// Every place must lead somewhere, and the paths of a message must be readable.
#[test]
fn every_place_in_the_table_can_be_read() {
    for service in OPERATORS.iter().flat_map(|operator| operator.services) {
        assert!(is_readable(service.at), "{service:?}");
        for place in service.annotations.iter().copied().flatten() {
            let at = match place {
                AnnotationPlace::Beside(at)
                | AnnotationPlace::OfObject(at)
                | AnnotationPlace::Text(at)
                | AnnotationPlace::NoService(at) => at,
                // A key, not a path.
                AnnotationPlace::Pairs(_) | AnnotationPlace::Patches(_) => continue,
            };
            assert!(is_readable(at) && !at.is_empty(), "{service:?}");
        }
    }
}

#[test]
fn the_readme_says_what_the_code_says() -> anyhow::Result<()> {
    check_readme(
        NAME,
        &[
            ("settings", settings_table(&tables::<InternalLoadBalancers>())),
            ("rules", rules_table(PAGES)),
            ("operators", operators()?),
            ("message", message_of(NAME, "internal-capital-true")?),
        ],
    )
}
