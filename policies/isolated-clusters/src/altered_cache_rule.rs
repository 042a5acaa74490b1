//! Rejects a cache rule for AKS's images that is not exactly the one that nodes rely on.
//!
//! ## What it does
//!
//! A rule named `aks-managed-mcr` must have the source `mcr.microsoft.com/*` and the target
//! `aks-managed-repository/*`; a rule with this source or this target must have this name. No other rule may have
//! `aks-managed-repository` as its target, or anything below it.
//!
//! ## Why it matters
//!
//! Nodes ask the registry for `aks-managed-repository/…` and nothing else. With another name, source or target they
//! find nothing there, and no new node becomes ready. Another rule with a target in there, such as
//! `aks-managed-repository/oss/kubernetes/kube-proxy`, is the more specific one, and would give them its images.
//!
//! ## Fields
//!
//! `spec.azureName`, `spec.sourceRepository` and `spec.targetRepository` of an ASO `RegistryCacheRule`; the external
//! name, `sourceRepo` and `targetRepo` of a Crossplane `CacheRule`.
//!
//! ## Instead
//!
//! Write the three exactly so. Other cache rules, for other registries, are free.
//!
//! ## Settings
//!
//! None.
//!
//! ## Not covered
//!
//! Clusters from before March 2025 with a rule whose target is `/*`.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/network-isolated>

use isolation::{Findings, Rule, Value};

use crate::spec::{Spec, Report};
use crate::fields::Field;

/// The rule.
pub const RULE: Rule = Rule { id: "NI619", name: "altered-cache-rule", since: "0.1.0" };

/// The name of the rule.
pub const NAME: &str = "aks-managed-mcr";
/// What it pulls.
pub const SOURCE: &str = "mcr.microsoft.com/*";
/// Where it keeps it.
pub const TARGET: &str = "aks-managed-repository/*";

/// The folder in which nodes look for their images.
const FOLDER: &str = "aks-managed-repository";

/// Whether a target is the folder of AKS or lies in it.
pub fn intrudes(target: &str) -> bool {
    let path = target.strip_prefix('/').unwrap_or(target);
    path.split('/').next().is_some_and(|first| first.eq_ignore_ascii_case(FOLDER))
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

/// Judges a cache rule; `name` is what it is called in Azure, and where that is written.
pub fn check(rule: &Spec<'_>, name: Option<Value<'_>>, update: bool, findings: &mut Findings) {
    let text = name.and_then(|name| name.as_str());
    if !is_it(rule, text.as_deref(), findings) {
        let what = "nodes take what they start from out of aks-managed-repository, and would get this rule's images there";
        return rule.report_texts(findings, Field::CacheTarget, &intrudes, &Report::deny(&RULE, what, "Write another target"));
    }
    if let Some(name) = name
        && !name.is_text(NAME)
    {
        let what = "AKS knows the cache rule for its images by one name only";
        findings.deny(&RULE, name, what, ["Write ", NAME].concat());
    }
    for (field, word) in [(Field::CacheSource, SOURCE), (Field::CacheTarget, TARGET)] {
        let answer = rule.find(findings, field);
        let what = if update {
            "nodes that start from this registry find their images no longer when the rule changes"
        } else {
            "nodes that start from this registry find their images only under the rule that AKS prescribes"
        };
        for found in &answer.found {
            if found.text(findings).is_some_and(|text| text != word) {
                found.deny_text(findings, &RULE, what, &["Write ", word].concat());
            }
        }
        if answer.found.is_empty() {
            rule.report_missing(findings, &answer, &Report::deny(&RULE, what, word));
        }
    }
}
