//! Rejects image references that no container runtime can read.
//!
//! ## What it does
//!
//! Reads every image reference as containerd does and rejects what cannot be read, with the position of the first bad
//! character.
//!
//! ## Why it matters
//!
//! What cannot be read cannot be compared with the allowed registries. It would not be pulled either.
//!
//! ## Fields
//!
//! The same as `public-registry`.
//!
//! ## Instead
//!
//! Write a reference such as `myacr.azurecr.io/team/app:1.0`.
//!
//! ## Settings
//!
//! None.
//!
//! ## Not covered
//!
//! Whether the image exists.
//!
//! ## References
//!
//! <https://github.com/distribution/reference>

use isolation::image::BadReference;
use isolation::{Findings, Rule, Value};

/// The rule.
pub const RULE: Rule = Rule { id: "NI102", name: "unreadable-reference", since: "0.1.0" };

/// Reports a reference that cannot be read.
pub fn report(image: Value<'_>, error: BadReference, findings: &mut Findings) {
    let what = format!("not an image reference: at character {}, {}", error.offset + 1, error.problem);
    findings.deny(&RULE, image, what, "Write registry/repository:tag, as in \"myacr.azurecr.io/team/app:1.0\"");
}
