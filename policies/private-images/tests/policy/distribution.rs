//! Our reader of image references against what containerd and the kubelet read them with.
//!
//! `distribution.json` holds the answers of `ParseNormalizedNamed` of `distribution/reference` (April 2026, behind 0.6.0) to a
//! part of the texts that `references.rs` makes, and to some by hand. Of all its 150,120 texts, that reader takes 66,211 and
//! ours differs in what [`deliberate`] names alone; it never takes what that reader refuses.

use std::collections::BTreeMap;

use isolation::image::Reference;
use serde::Deserialize;

#[derive(Deserialize)]
struct Recorded {
    text: String,
    /// Why it is no reference, in the words of that reader.
    refused: Option<String>,
    #[serde(default)]
    registry: String,
    #[serde(default)]
    repository: String,
    tag: Option<String>,
    digest: Option<String>,
}

/// Why ours may differ.
fn deliberate(recorded: &Recorded, ours: Option<&Reference<'_>>) -> Option<&'static str> {
    match ours {
        None if recorded.registry.is_empty() => Some(
            "an underscore in the first component: it is taken for no host and then for no part of Docker Hub, so nothing can be pulled",
        ),
        Some(ours)
            if ours.registry == recorded.registry.to_ascii_lowercase() && ours.repository == recorded.repository =>
        {
            Some("a host in upper case: it is the same host in lower case")
        }
        Some(ours)
            if recorded.registry.eq_ignore_ascii_case("docker.io")
                && ours.repository == format!("library/{}", recorded.repository) =>
        {
            Some("docker.io in upper case: the short name below it is expanded too")
        }
        _ => None,
    }
}

#[test]
fn the_reader_takes_nothing_that_the_runtimes_refuse_and_finds_the_same_parts() {
    let recorded: Vec<Recorded> = serde_json::from_str(include_str!("distribution.json")).unwrap();
    let mut reasons = BTreeMap::<&str, usize>::new();
    for recorded in &recorded {
        let ours = Reference::read(&recorded.text).ok();
        if let (Some(ours), Some(refused)) = (&ours, &recorded.refused) {
            panic!("{:?} is taken as {ours:?}; the runtimes say: {refused}", recorded.text);
        }
        if let Some(ours) = &ours {
            let (tag, digest) = (recorded.tag.as_deref(), recorded.digest.as_deref());
            assert_eq!((ours.tag, ours.digest), (tag, digest), "{:?}", recorded.text);
        }
        let same = match &ours {
            None => recorded.refused.is_some(),
            Some(ours) => ours.registry == recorded.registry && ours.repository == recorded.repository,
        };
        if !same {
            let reason = deliberate(recorded, ours.as_ref());
            let reason = reason.unwrap_or_else(|| panic!("{:?}: ours is {ours:?}", recorded.text));
            *reasons.entry(reason).or_default() += 1;
        }
    }
    assert_eq!(reasons.len(), 3, "every reason is met: {reasons:#?}");
}
