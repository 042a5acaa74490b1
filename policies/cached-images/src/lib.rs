//! Rewrites public references to the private registry, where cache rules fill the repositories.

#![warn(clippy::indexing_slicing, clippy::string_slice)]

mod compared;
mod occupied_repository;
mod old_references;
mod overlong_reference;
mod settings;
mod upstream_reference;

use isolation::image::{Cached, Reference};
use isolation::images::{self, Image, Naming};
use isolation::{Cluster, Findings, Policy, Request, Rewriting, Rule, Value};

use compared::{Operator, is_compared_with_its_owner};
use old_references::OldReferences;
pub use settings::Settings;
pub use upstream_reference::WRITE_IN_MANIFEST;

isolation::rules![upstream_reference, overlong_reference, occupied_repository];

/// The policy.
#[derive(Debug)]
pub struct CachedImages;

#[cfg(target_os = "wasi")]
isolation_guest::export!(CachedImages);

impl Policy for CachedImages {
    type Settings<'d> = Settings<'d>;
    const NAME: &'static str = "cached-images";
    const RULES: &'static [&'static Rule] = RULES;
    const SETTINGS: &'static [isolation::settings::Setting] = settings::TABLE;

    fn settings<'d>(reader: &mut isolation::settings::Reader<'d>) -> Settings<'d> {
        Settings::read(reader)
    }

    fn judge(
        request: &Request<'_>,
        object: Value<'_>,
        settings: &Settings<'_>,
        _: &dyn Cluster,
        findings: &mut Findings,
    ) {
        if is_compared_with_its_owner(request, object) || is_mirror_pod(request, object) {
            return;
        }
        let operator = Operator::of(request, object);
        let is_pod = request.is("", "Pod");
        // Most objects name no image that a rule covers; then the old object is not read.
        let mut before = None;
        let mut rewriting = Rewriting::new(object);
        images::for_each_image(findings, request, object, &settings.extra, &mut |findings, image| {
            let Some(text) = image.text(findings).filter(|_| is_pulled_by_a_node(&image)) else { return };
            // `private-images` rejects unreadable references.
            let Ok(reference) = Reference::read(&text) else { return };
            let Some(cached) = settings.rules.cached(&reference) else { return };
            let before = before.get_or_insert_with(|| OldReferences::read(request, settings));
            if before.holds(object, image.value) {
                return;
            }
            match cached {
                Cached::Name(cached) => {
                    if let Some(source) = operator.and_then(|operator| operator.source_of(image.value)) {
                        return upstream_reference::report_compared(image.value, &cached, source, findings);
                    }
                    // Of a template all is compared. The pods are rewritten.
                    if operator.is_some() && !is_pod {
                        return;
                    }
                    upstream_reference::report(image.value, &cached, settings, findings);
                    // What is allowed stays as it is, as in files that `isolation check --fix` changes.
                    if settings.rewrites && !findings.allows(&upstream_reference::RULE, image.value) {
                        rewriting.replace(image.value, &cached);
                    }
                }
                Cached::OfAnotherRule(repository) => {
                    occupied_repository::report(image.value, &repository, findings);
                }
                Cached::TooLong => overlong_reference::report(image.value, findings),
            }
        });
        if let Some(rewritten) = rewriting.finish() {
            findings.rewrite(rewritten);
        }
    }
}

/// Whether a node pulls this image, with the cluster's credentials for its registry. Other programs that pull (Flux,
/// Crossplane, policy servers) have credentials of their own, for the registry in their own settings. A build cannot push
/// its image to a cache.
fn is_pulled_by_a_node(image: &Image<'_>) -> bool {
    let is_pushed = || image.value.parent().and_then(|holder| holder.key()).is_some_and(|key| key == "output");
    matches!(image.naming, Naming::Image | Naming::Repository)
        && !image.embedded
        && !image.is_left_to_istio()
        && !is_pushed()
}

/// Whether this is a mirror pod: it shows a static pod, and the node does not read it.
fn is_mirror_pod(request: &Request<'_>, object: Value<'_>) -> bool {
    request.is("", "Pod") && object.descend(&["metadata", "annotations", "kubernetes.io/config.mirror"]).is_some()
}
