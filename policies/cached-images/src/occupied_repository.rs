//! Warns of references whose repository in the private registry belongs to another cache rule.
//!
//! ## Why it matters
//!
//! A rule for a single repository takes precedence over a rule that ends in `/*`. Suppose the rule for `quay.io/*`
//! targets the registry's root, and the rule for `docker.io/library/redis` targets `library/redis`. Then
//! `library/redis` is Docker Hub's image, and a pod that asked for `quay.io/library/redis` would run another
//! publisher's image.
//!
//! ## What it does
//!
//! Leaves a reference unchanged where its cache rule would rewrite it to a repository that a second, more specific rule
//! fills from another source, and warns.
//!
//! ## Fields
//!
//! Those of `upstream-reference`.
//!
//! ## Instead
//!
//! Give the cache rules targets that do not overlap, such as `quay/*` and `dockerhub/library/redis`.
//!
//! ## Settings
//!
//! `cacheRules`. Repositories below `aks-managed-repository` belong to the rule `aks-managed-mcr`, whether it is listed
//! or not.
//!
//! ## Not covered
//!
//! Cache rules that the setting does not list, and images imported into the repository.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/container-registry/artifact-cache-overview>

use isolation::{Findings, Rule, Value};

/// The rule.
pub const RULE: Rule = Rule { id: "NI703", name: "occupied-repository", since: "0.2.0" };

/// Reports a reference that is not rewritten.
pub fn report(image: Value<'_>, repository: &str, findings: &mut Findings) {
    let what = ["not rewritten: another cache rule fills \"", repository, "\" in the private registry"].concat();
    findings.warn(&RULE, image, what, "Give the cache rules separate targets, such as quay/* and dockerhub/*");
}
