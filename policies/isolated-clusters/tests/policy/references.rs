//! Crossplane takes an id from another object where a reference or a selector stands beside it. The list beside this file
//! holds every such field in the CRDs of provider-upjet-azure (August 2026) for the kinds that the policy judges: one that
//! the policy looks at, or one with a reason why not.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use isolated_clusters::FRONTEND_KEYS;
use isolated_clusters::fields::{CROSSPLANE_POOL, FieldMap};
use isolated_clusters::kinds::{KINDS, Operator};

const REFERENCES: &str = include_str!("crossplane-references.txt");

/// The field that holds the id, of one that holds a reference or a selector.
fn id_of(field: &str) -> Option<&str> {
    ["Refs", "Ref", "Selector"].iter().find_map(|ending| field.strip_suffix(ending))
}

/// Whether a shape has this field, whose path has no signs for lists.
fn has(field_map: FieldMap, field: &str) -> bool {
    field_map.iter().any(|(_, place)| place.replace("[?]", "").replace("[]", "") == field)
}

/// Whether the policy looks at this field of a kind.
fn is_looked_at(field_map: FieldMap, id: &str) -> bool {
    let in_pool = id.strip_prefix("defaultNodePool.").is_some_and(|id| has(CROSSPLANE_POOL, id));
    let in_frontend = id.strip_prefix("frontendIpConfiguration.").is_some_and(|id| FRONTEND_KEYS.contains(&id));
    has(field_map, id) || in_pool || in_frontend
}

#[test]
fn every_reference_of_crossplane_is_looked_at_or_is_of_no_matter() -> Result<()> {
    let mut kinds = BTreeSet::new();
    for line in REFERENCES.lines() {
        let (field, reason) = line.split_once(" # ").map_or((line, None), |(field, reason)| (field, Some(reason)));
        let (kind, field) = field.split_once(' ').context("a line has a kind and a field")?;
        let known = KINDS.iter().find(|known| known.kind == kind && matches!(known.operator, Operator::Crossplane(_)));
        let field_map = known.with_context(|| format!("{kind} is not judged"))?.field_map;
        let id = id_of(field).with_context(|| format!("{field} is no reference"))?;
        let looked_at = is_looked_at(field_map, id);
        ensure!(looked_at == reason.is_none(), "{line}: looked at: {looked_at}");
        kinds.insert(kind);
    }
    for known in KINDS.iter().filter(|known| matches!(known.operator, Operator::Crossplane(_))) {
        ensure!(
            kinds.contains(known.kind),
            "{} has no line: every kind is in a resource group, or of another object",
            known.kind
        );
    }
    Ok(())
}
