//! Speaks of references that a cache rule covers, but whose name in the private registry would be too long.
//!
//! ## What it does
//!
//! Leaves a reference as it is where its repository in the private registry would have more than 255 characters, and says so.
//!
//! ## Why it matters
//!
//! No container runtime takes a longer name. The reference that stays leads to a registry that a network isolated cluster
//! does not reach, so the pod does not start.
//!
//! ## Fields
//!
//! The same as `upstream-reference`.
//!
//! ## Instead
//!
//! Give the cache rule a shorter target, or copy the image to the private registry under a shorter name
//! (`az acr import`) and write that.
//!
//! ## Settings
//!
//! `cacheRules`.
//!
//! ## Not covered
//!
//! References that are too long as they are: `private-images` refuses them as unreadable.
//!
//! ## References
//!
//! <https://github.com/distribution/reference>

use isolation::{Findings, Rule, Value};

/// The rule.
pub const RULE: Rule = Rule { id: "NI702", name: "overlong-reference", since: "0.1.0" };

/// Tells that a reference stays as it is.
pub fn report(image: Value<'_>, findings: &mut Findings) {
    findings.warn(
        &RULE,
        image,
        "not rewritten: its repository in the private registry would be longer than 255 characters, which no runtime takes",
        "Give the cache rule a shorter target, or copy the image under a shorter name with `az acr import`",
    );
}
