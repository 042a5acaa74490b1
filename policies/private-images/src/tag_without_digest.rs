//! Rejects references without a digest, where the settings require one.
//!
//! ## Why it matters
//!
//! A tag may point to another image tomorrow. Where a cache is filled from outside the cluster, only a digest says
//! exactly what will run.
//!
//! ## What it does
//!
//! With `digests: required`, rejects every reference that has only a tag, or neither tag nor digest.
//!
//! ## Fields
//!
//! Those of `public-registry`, except where a separate field holds the version: Kustomize's `newName`, Flux's URLs, the
//! keys of OpenKruise's `NodeImage`.
//!
//! ## Instead
//!
//! Append the digest: `myacr.azurecr.io/team/app:1.0@sha256:…`. `az acr manifest show-metadata` prints it. The tag may
//! stay for readers; the runtime uses the digest.
//!
//! ## Settings
//!
//! `digests`. References in `exceptions` need no digest.
//!
//! ## Not covered
//!
//! References that contain workflow parameters: the pods created from them are judged.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/container-registry/container-registry-image-tag-version>

use isolation::image::Reference;
use isolation::images::{Image, Naming};
use isolation::{Findings, Rule};

use crate::settings::Settings;

/// The rule.
pub const RULE: Rule = Rule { id: "NI103", name: "tag-without-digest", since: "0.1.0" };

/// Judges one reference.
pub fn check(
    image: Image<'_>,
    text: &str,
    reference: &Reference<'_>,
    settings: &Settings<'_>,
    findings: &mut Findings,
) {
    if !settings.digests || reference.digest.is_some() || !image.naming.has_version() {
        return;
    }
    let what = match reference.tag {
        Some(_) => "has a tag but no digest, and a tag may point to another image tomorrow",
        None => "has neither tag nor digest, so it means `latest`",
    };
    // A reference that has to be another one is not offered with a digest.
    let fix = if image.naming == Naming::Parted {
        "Write the image's digest as its tag: sha256:… with its 64 digits".to_owned()
    } else if settings.admits(reference, image.naming) {
        ["Append the image's digest: \"", text, "@sha256:…\", with its 64 digits"].concat()
    } else {
        "Append the digest, @sha256:… with its 64 digits, to the reference in the private registry".to_owned()
    };
    findings.deny(&RULE, image.value, what, fix);
}
