//! Nothing is pulled from anywhere but the private registry.

mod settings;

use isolation::image::Reference;
use isolation::json::Kind;
use isolation::{Cluster, Findings, Policy, Request, Rule, Value, pods};

pub use settings::Settings;

isolation::rules![public_registry, unreadable_reference];

/// The policy.
#[derive(Debug)]
pub struct PrivateImages;

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
        let Some(workload) = pods::workload_of(&request.group, &request.kind) else { return };
        pods::for_each_pod(findings, workload, object, &mut |findings, pod| {
            let Some(spec) = pod.spec else { return };
            pods::for_each_container(findings, spec, &mut |findings, container| {
                if let Some(image) = container.field("image") {
                    judge_image(image, settings, findings);
                }
            });
            for volume in pods::volumes(findings, spec) {
                if findings.expect(volume, Kind::Object)
                    && let Some(source) = findings.object(volume, "image")
                    && let Some(reference) = source.field("reference")
                {
                    judge_image(reference, settings, findings);
                }
            }
        });
    }
}

/// Judges one image reference, wherever it stands.
fn judge_image(image: Value<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    if !findings.expect(image, Kind::String) {
        return;
    }
    let text = image.as_str().unwrap_or_default();
    match Reference::read(&text) {
        Ok(reference) => public_registry::check(image, &reference, settings, findings),
        Err(error) => unreadable_reference::report(image, error, findings),
    }
}
