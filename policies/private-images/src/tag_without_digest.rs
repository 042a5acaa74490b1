//! Rejects references without a digest, where the settings require one.
//!
//! ## What it does
//!
//! With `digests: required`, rejects every reference that names an image by its tag alone, or by nothing.
//!
//! ## Why it matters
//!
//! A tag may name another image tomorrow. Where a registry's cache is filled from outside the cluster, a digest is the one
//! name that says what will run.
//!
//! ## Fields
//!
//! The same as `public-registry`, except where the version stands in a field of its own: Kustomize's `newName`, Flux's
//! URLs, the keys of OpenKruise's `NodeImage`.
//!
//! ## Instead
//!
//! Append the digest, which `az acr manifest show-metadata` prints: `myacr.azurecr.io/team/app:1.0@sha256:…`. The tag may
//! stay for people to read; the runtime goes by the digest.
//!
//! ## Settings
//!
//! `digests`; `exceptions` need none.
//!
//! ## Not covered
//!
//! References that hold a workflow's parameters: the pods that become of them are judged.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/container-registry/container-registry-image-tag-version>

use isolation::image::Reference;
use isolation::images::Image;
use isolation::{Findings, Rule};

use crate::settings::Settings;

/// The rule.
pub const RULE: Rule = Rule { id: "NI103", name: "tag-without-digest", since: "0.1.0" };

/// Judges one reference.
pub fn check(image: Image<'_>, text: &str, reference: &Reference<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    if !settings.digests || reference.digest.is_some() || !image.naming.has_version() {
        return;
    }
    let what = match reference.tag {
        Some(_) => "has a tag but no digest, and a tag may name another image tomorrow",
        None => "has neither tag nor digest, so it means whatever `latest` names",
    };
    // A reference that has to be another one is not offered with a digest.
    let fix = if settings.admits(reference, image.naming) {
        ["Append the image's digest: \"", text, "@sha256:…\", with its 64 digits"].concat()
    } else {
        "Append the image's digest, @sha256:… with its 64 digits, to the reference in the private registry".to_owned()
    };
    findings.deny(&RULE, image.value, what, fix);
}
