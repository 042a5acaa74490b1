//! Rejects a cache rule whose target Azure Container Registry does not accept.
//!
//! ## Why it matters
//!
//! Azure refuses such a rule, which only the object's status shows, or fills a repository that nobody uses. In a
//! cluster without a way out, pods that name the expected repository then do not start, because nothing else fills it.
//!
//! ## What it does
//!
//! The target of a cache rule must be a repository: in lower case, without the registry's name, without a tag, and with
//! `/*` at its end exactly where the source has it.
//!
//! ## Fields
//!
//! `spec.targetRepository` and `spec.sourceRepository` of an ASO `RegistryCacheRule`; `targetRepo` and `sourceRepo` of
//! a Crossplane `CacheRule`, in `forProvider` and `initProvider`.
//!
//! ## Instead
//!
//! ```yaml
//! sourceRepository: docker.io/library/*
//! targetRepository: dockerhub/library/*
//! ```
//!
//! ## Settings
//!
//! None.
//!
//! ## Not covered
//!
//! - Two rules with the same target, or with one target inside another: each rule is an object, and Azure refuses the
//!   second. The setting `cacheRules` of `private-images` and `cached-images` finds them.
//! - Rules in the repository of AKS's images, which `altered-cache-rule` judges.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/container-registry/artifact-cache-overview>

use isolation::image::unusable_target;
use isolation::{Findings, Rule};

use crate::altered_cache_rule::intrudes;
use crate::fields::Field;
use crate::spec::Spec;

/// The rule.
pub const RULE: Rule = Rule { id: "NI625", name: "refused-cache-rule", since: "0.2.0" };

/// Judges the targets of a cache rule. Where several sources count, each target must go with one of them.
pub fn check(rule: &Spec<'_>, findings: &mut Findings) {
    let sources = rule.find(findings, Field::CacheSource);
    let sources: Vec<_> = sources.found.iter().filter_map(|found| found.text(findings)).collect();
    for found in &rule.find(findings, Field::CacheTarget).found {
        let Some(target) = found.text(findings).filter(|target| !intrudes(target)) else { continue };
        let problem = |source: &str| unusable_target(None, source, &target);
        // The schema requires a source; without one, only the target is judged.
        let problem = match sources.split_first() {
            None => problem(&target),
            Some((first, others)) => problem(first).filter(|_| others.iter().all(|source| problem(source).is_some())),
        };
        if let Some(problem) = problem {
            let fix = match sources.first().is_none_or(|source| source.ends_with("/*")) {
                true => "Write a repository of the registry and /*, such as dockerhub/library/*",
                false => "Write a repository of the registry, such as dockerhub/library/nginx",
            };
            found.deny_text(findings, &RULE, problem, fix);
        }
    }
}
