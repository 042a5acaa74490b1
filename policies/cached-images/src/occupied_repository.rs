//! Warns of references whose repository in the private registry another cache rule fills.
//!
//! ## What it does
//!
//! Leaves a reference as it is where the target of its cache rule and the rest of its name make a repository that a rule of
//! its own fills from elsewhere, and says so.
//!
//! ## Why it matters
//!
//! Of two cache rules the one for a single repository goes before the one that ends in `/*`. With `quay.io/*` kept below the
//! root and `docker.io/library/redis` in `library/redis`, the name `library/redis` is Docker Hub's image: a pod that asked for
//! `quay.io/library/redis` would run what another publisher made.
//!
//! ## Fields
//!
//! The same as `upstream-reference`.
//!
//! ## Instead
//!
//! Give the cache rules targets that do not meet, such as `quay/*` and `dockerhub/library/redis`.
//!
//! ## Settings
//!
//! `cacheRules`. Those below `aks-managed-repository` belong to the rule `aks-managed-mcr`, whether it is listed or not.
//!
//! ## Not covered
//!
//! Rules that the registry has and the setting does not list, and images that somebody imported into the repository.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/container-registry/artifact-cache-overview>

use isolation::{Findings, Rule, Value};

/// The rule.
pub const RULE: Rule = Rule { id: "NI703", name: "occupied-repository", since: "0.2.0" };

/// Tells that a reference stays as it is.
pub fn report(image: Value<'_>, repository: &str, findings: &mut Findings) {
    let what = ["not rewritten: another cache rule fills \"", repository, "\" in the private registry from elsewhere"].concat();
    findings.warn(&RULE, image, what, "Give the two cache rules targets that do not meet, such as quay/* and dockerhub/*");
}
