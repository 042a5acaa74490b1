//! Rejects a cache rule for AKS's images that differs from the one that nodes rely on.
//!
//! ## Why it matters
//!
//! Nodes pull only from `aks-managed-repository/…`, which the cache rule `aks-managed-mcr` fills. With another name,
//! source or target they find nothing there, and no new node becomes ready. Another rule with a target below it, such
//! as `aks-managed-repository/oss/kubernetes/kube-proxy`, is more specific, so nodes would get its images.
//!
//! ## What it does
//!
//! A rule named `aks-managed-mcr` must have the source `mcr.microsoft.com/*` and the target `aks-managed-repository/*`;
//! a rule with this source or this target must have this name. No other rule may have the target
//! `aks-managed-repository`, or one below it. A rule for the whole registry, with the target `*`, gets a warning: targets
//! with a wildcard may not overlap, so Azure refuses whichever of the two rules comes second.
//!
//! ## Fields
//!
//! `spec.azureName`, `spec.sourceRepository` and `spec.targetRepository` of an ASO `RegistryCacheRule`; the external
//! name, `sourceRepo` and `targetRepo` of a Crossplane `CacheRule`.
//!
//! ## Instead
//!
//! Write name, source and target exactly as above. Other cache rules, for other registries, are not restricted.
//!
//! ## Settings
//!
//! None.
//!
//! ## Not covered
//!
//! Clusters created before March 2025 with a rule whose target is `/*`.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/network-isolated>,
//! <https://learn.microsoft.com/azure/container-registry/wildcards-artifact-cache>

use isolation::{Findings, Fix, Rule, Value};

use crate::fields::Field;
use crate::spec::{Report, Spec};

/// The rule.
pub const RULE: Rule = Rule { id: "NI619", name: "altered-cache-rule", since: "0.1.0" };

/// The name of the rule.
pub const NAME: &str = "aks-managed-mcr";
/// Its source.
pub const SOURCE: &str = "mcr.microsoft.com/*";
/// Its target.
pub const TARGET: &str = "aks-managed-repository/*";

/// The folder from which nodes pull their images.
const FOLDER: &str = "aks-managed-repository";

/// Whether a target is AKS's folder or inside it.
pub fn intrudes(target: &str) -> bool {
    let path = target.strip_prefix('/').unwrap_or(target);
    path.split('/').next().is_some_and(|first| first.eq_ignore_ascii_case(FOLDER))
}

/// Whether a target is the whole registry, and so holds AKS's folder.
fn is_around(target: &str) -> bool {
    matches!(target, "*" | "/*")
}

/// Whether a cache rule is, or is meant to be, the one that nodes rely on.
pub fn is_it(rule: &Spec<'_>, name: Option<&str>, findings: &mut Findings) -> bool {
    let says = |findings: &mut Findings, field, word: &str| {
        let found = rule.find(findings, field).found;
        found.iter().any(|found| found.value.as_str().is_some_and(|text| text.eq_ignore_ascii_case(word)))
    };
    name.is_some_and(|name| name.eq_ignore_ascii_case(NAME))
        || says(findings, Field::CacheSource, SOURCE)
        || says(findings, Field::CacheTarget, TARGET)
}

/// Judges a cache rule; `name` is its name in Azure, with its place in the object.
pub fn check(rule: &Spec<'_>, name: Option<Value<'_>>, update: bool, findings: &mut Findings) {
    let text = name.and_then(|name| name.as_str());
    if !is_it(rule, text.as_deref(), findings) {
        // A registry may serve no cluster, so this is only a warning.
        let what = "holds aks-managed-repository, and Azure refuses overlapping rules: this one, or the one for nodes";
        let fix = "Write a repository and /*, such as dockerhub/*";
        rule.report_texts(findings, Field::CacheTarget, &is_around, &Report::warn(&RULE, what, fix));
        let what = "nodes pull their bootstrap images from aks-managed-repository, and would get this rule's images";
        return rule.report_texts(
            findings,
            Field::CacheTarget,
            &intrudes,
            &Report::deny(&RULE, what, "Write another target"),
        );
    }
    if let Some(name) = name
        && !name.is_text(NAME)
    {
        let what = "AKS knows the cache rule for its images only by one name";
        let is_meant = text.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(NAME));
        findings.deny(&RULE, name, what, Fix::set(["Write ", NAME].concat(), NAME).safe_if(is_meant));
    }
    for (field, word) in [(Field::CacheSource, SOURCE), (Field::CacheTarget, TARGET)] {
        let answer = rule.find(findings, field);
        let what = if update {
            "with this change, nodes that use this registry can no longer find their images"
        } else {
            "nodes that start from this registry find their images only with the rule that AKS requires"
        };
        for found in &answer.found {
            if found.text(findings).is_some_and(|text| text != word) {
                found.deny_text(findings, &RULE, what, found.set(&["Write ", word].concat(), word.into()));
            }
        }
        if answer.found.is_empty() {
            rule.report_missing(findings, &answer, &Report::deny(&RULE, what, &["\"", word, "\""].concat()));
        }
    }
}
