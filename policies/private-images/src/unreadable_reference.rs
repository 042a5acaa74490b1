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
//! The same as `public-registry`. In custom resources an empty text counts as not set.
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

use isolation::image::{BadReference, Reference};
use isolation::{Findings, Rule, Value};

/// The rule.
pub const RULE: Rule = Rule { id: "NI102", name: "unreadable-reference", since: "0.1.0" };

/// Reports a reference that cannot be read. It starts at the byte `start` of `text`.
pub fn report(image: Value<'_>, text: &str, start: usize, error: BadReference, findings: &mut Findings) {
    let at = start + error.offset;
    let (before, rest) = text.split_at_checked(at).unwrap_or((text, ""));
    let position = (before.chars().count() + 1).to_string();
    let is_url = before.ends_with(':') && rest.starts_with("//");
    let problem = if is_url {
        "it has a scheme, as a URL has"
    } else if rest.starts_with(['$', '{', '<', '%']) {
        "a placeholder that nobody has replaced"
    } else {
        error.problem
    };
    let mut what = ["not an image reference: at character ", &position, ", ", problem].concat();
    // A letter of another alphabet may look like one that is allowed.
    if let Some(strange) = rest.chars().next().filter(|c| !c.is_ascii()) {
        what.push_str(" (the one there is ");
        what.extend(strange.escape_unicode());
        what.push(')');
    }
    let fix = match mended(text) {
        Some(mended) => ["Write \"", &mended, "\""].concat(),
        None => "Write registry/repository:tag, as in \"myacr.azurecr.io/team/app:1.0\"".to_owned(),
    };
    findings.deny(&RULE, image, what, fix);
}

/// The text without what people write by mistake, if that is a reference with a registry.
fn mended(text: &str) -> Option<String> {
    let text = text.trim_ascii();
    let text = ["https://", "http://", "docker://", "oci://"]
        .iter()
        .find_map(|scheme| text.strip_prefix(scheme))
        .unwrap_or(text);
    let slash = text.rfind('/').unwrap_or(0);
    let version = text.get(slash..)?.find([':', '@']).map_or(text.len(), |at| slash + at);
    let mended = [text.get(..version)?.to_ascii_lowercase().as_str(), text.get(version..)?].concat();
    Reference::read(&mended).is_ok_and(|reference| reference.explicit).then_some(mended)
}

/// Reports a scheme that nothing is pulled by.
pub fn report_scheme(image: Value<'_>, findings: &mut Findings) {
    findings.deny(
        &RULE,
        image,
        "begins with a scheme that its controller does not know",
        "Write registry://registry/repository:tag, as in \"registry://myacr.azurecr.io/policies/private-images:v1.0.0\"",
    );
}
