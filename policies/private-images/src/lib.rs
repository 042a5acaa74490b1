//! Nothing is pulled from anywhere but the private registry.

#![warn(clippy::indexing_slicing, clippy::string_slice)]

mod advice;
mod allowed;
mod judge;
mod module_from_web;
mod public_registry;
mod settings;
mod tag_without_digest;
mod undecided_reference;
mod unreadable_document;
mod unreadable_reference;

use isolation::{Cluster, Findings, Policy, Request, Rule, Value, images};

pub use advice::{Advice, Remedy};
pub use allowed::Allowed;
pub use judge::image as judge;
pub use settings::Settings;
pub use undecided_reference::has_parameters;

isolation::rules![
    public_registry,
    unreadable_reference,
    tag_without_digest,
    module_from_web,
    unreadable_document,
    undecided_reference,
];

/// The policy.
#[derive(Debug)]
pub struct PrivateImages;

#[cfg(target_os = "wasi")]
isolation_guest::export!(PrivateImages);

impl Policy for PrivateImages {
    type Settings<'d> = Settings<'d>;
    const NAME: &'static str = "private-images";
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
        images::for_each_image(findings, request, object, &settings.places, &mut |findings, image| {
            judge::image(request, image, settings, findings);
        });
    }
}
