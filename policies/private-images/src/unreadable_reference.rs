//! Rejects image references that no container runtime can read.
//!
//! ## Why it matters
//!
//! An invalid reference cannot be compared with the allowed registries, and no runtime would pull it.
//!
//! ## What it does
//!
//! Parses every image reference as containerd does. Rejects an invalid one and gives the position of the first bad
//! character.
//!
//! ## Fields
//!
//! Those of `public-registry`. In custom resources, an empty string counts as not set.
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
use isolation::images::{Image, Naming, without_version};
use isolation::placeholder::{PLACEHOLDER, is_placeholder};
use isolation::{Findings, Rule};

use crate::advice::{self, Advice};
use crate::settings::Settings;

/// The rule.
pub const RULE: Rule = Rule { id: "NI102", name: "unreadable-reference", since: "0.1.0" };

/// Reports a reference that cannot be read. It starts at the byte `start` of `text`.
pub fn report(
    image: Image<'_>,
    text: &str,
    start: usize,
    error: BadReference,
    settings: &Settings<'_>,
    findings: &mut Findings,
) {
    let at = start + error.offset;
    let (before, rest) = text.split_at_checked(at).unwrap_or((text, ""));
    // The registry is not in the value that is shown.
    let elsewhere = if image.naming == Naming::Parted { text.find('/').map_or(0, |slash| slash + 1) } else { 0 };
    let position = (before.get(elsewhere..).unwrap_or(before).chars().count() + 1).to_string();
    let given = text.get(start..).unwrap_or_default();
    let part = without_version(text).get(before.rfind('/').map_or(start, |slash| slash + 1)..).unwrap_or_default();
    let is_left = rest.starts_with(['$', '{', '<', '%', '[']) || part.split('/').next().is_some_and(is_placeholder);
    let problem = if before.ends_with(':') && rest.starts_with("//") {
        // ko replaces it by what it builds: https://ko.build/features/k8s/
        if before.ends_with("ko:") {
            "an import path, which `ko resolve` replaces"
        } else {
            "it has a scheme, like a URL"
        }
    } else if before.ends_with("map") && rest.starts_with('[') {
        // As Go prints it.
        "a map that a template wrote as a text"
    } else if is_left {
        PLACEHOLDER
    } else {
        error.problem
    };
    let mut what = ["not an image reference: ", problem].concat();
    if !text.is_empty() {
        what.push_str(" (character ");
        what.push_str(&position);
        // A letter of another alphabet may look like one that is allowed.
        if let Some(strange) = rest.chars().next().filter(|c| !c.is_ascii()) {
            what.push_str(", found ");
            what.extend(strange.escape_unicode());
        }
        what.push(')');
    }
    // In lower case a placeholder would look like a name.
    let mended = if is_left { None } else { mended(given) };
    let mut fix = match &mended {
        Some((mended, _)) if advice::is_admitted(image.naming, mended, settings) => {
            let sentence = ["Write ", &advice::quoted(image, text, start, mended)].concat();
            advice::fix(image, sentence, advice::written(image, text, start, mended)).safe_if(true)
        }
        Some((mended, _)) => match Reference::read(mended) {
            Ok(reference) => Advice::of(image, text, start, &reference, settings).fix,
            Err(_) => general(image, text, start, settings).into(),
        },
        None => general(image, text, start, settings).into(),
    };
    if let (Some((_, true)), Some(change)) = (&mended, &mut fix.change) {
        change.safe = false;
    }
    findings.deny(&RULE, image.value, what, fix);
}

/// What to write where nobody can tell what was meant.
fn general(image: Image<'_>, text: &str, start: usize, settings: &Settings<'_>) -> String {
    // Of a text that may be anything, no part can be kept but a scheme.
    let example = settings.example(if image.naming.has_version() { "team/app:1.0" } else { "team/app" });
    let example = match image.naming {
        Naming::Url | Naming::Chart | Naming::Model | Naming::Disk | Naming::Module(_) => {
            advice::quoted(image, text, start, &example)
        }
        Naming::Override => ["\"name=", &example, "\""].concat(),
        _ => ["\"", &example, "\""].concat(),
    };
    ["Write registry/repository:tag, as in ", &example].concat()
}

/// The text without what people write by mistake, if that is a reference with a registry, and whether it is a guess: a repository in
/// upper case does not exist, and which one is meant nobody knows.
fn mended(text: &str) -> Option<(String, bool)> {
    let text = text.trim_ascii();
    let text = ["https://", "http://", "docker://", "oci://", "registry://"]
        .iter()
        .find_map(|scheme| text.strip_prefix(scheme))
        .unwrap_or(text);
    let name = without_version(text);
    let lower = name.to_ascii_lowercase();
    let host = name.find('/').unwrap_or(0);
    let is_guess = name.get(host..) != lower.get(host..);
    let mended = [&lower, text.get(name.len()..)?].concat();
    Reference::read(&mended).is_ok_and(|reference| reference.explicit).then_some((mended, is_guess))
}

/// Reports a scheme that its consumer does not know. `rest` stands behind it.
pub fn report_scheme(image: Image<'_>, rest: &str, settings: &Settings<'_>, findings: &mut Findings) {
    let own = image.naming.own_scheme().text();
    let fix = if advice::is_admitted(image.naming, rest, settings) {
        ["Write \"", own, "://", rest, "\""].concat()
    } else {
        let example = settings.example("modules/name:v1.0.0");
        ["Write ", own, "://registry/repository:tag, as in \"", own, "://", &example, "\""].concat()
    };
    findings.deny(&RULE, image.value, "begins with a scheme that its controller does not support", fix);
}
