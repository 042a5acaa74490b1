//! Warns of references that a cache rule covers, but whose name in the private registry would be too long.
//!
//! ## Why it matters
//!
//! No container runtime accepts a repository of more than 255 characters. The unchanged reference names a registry that
//! a network isolated cluster cannot reach, so the pod does not start.
//!
//! ## What it does
//!
//! Leaves a reference unchanged where its repository in the private registry would have more than 255 characters, and
//! warns.
//!
//! ## Fields
//!
//! Those of `upstream-reference`.
//!
//! ## Instead
//!
//! Give the cache rule a shorter target, or import the image into the private registry under a shorter name
//! (`az acr import`) and write that name.
//!
//! ## Settings
//!
//! `cacheRules`.
//!
//! ## Not covered
//!
//! References that are too long before rewriting: `private-images` rejects them as unreadable.
//!
//! ## References
//!
//! <https://github.com/distribution/reference>

use isolation::{Findings, Rule, Value};

/// The rule.
pub const RULE: Rule = Rule { id: "NI702", name: "overlong-reference", since: "0.1.0" };

/// Reports a reference that is not rewritten.
pub fn report(image: Value<'_>, findings: &mut Findings) {
    findings.warn(
        &RULE,
        image,
        "not rewritten: its repository in the private registry would exceed 255 characters, which no runtime accepts",
        "Give the cache rule a shorter target, or import the image under a shorter name (az acr import)",
    );
}
