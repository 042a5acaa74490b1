//! Rejects requests for cluster extensions that network isolated clusters do not support.

#![warn(clippy::indexing_slicing, clippy::string_slice)]

pub mod cluster;
mod extension_namespace;
mod flux_configuration;
pub mod kinds;
pub mod list;
mod marketplace_extension;
mod settings;
mod unlisted_extension;
mod unreadable_type;
mod unsupported_extension;

use isolation::json::Kind;
use isolation::management::{self, Resource};
use isolation::{Cluster, Dispatch, Findings, Policy, Request, Rule, Value, places};

use crate::kinds::ExtensionSource;
pub use settings::Settings;

isolation::rules![
    unsupported_extension,
    flux_configuration,
    unreadable_type,
    marketplace_extension,
    unlisted_extension,
    extension_namespace,
];

/// The policy.
#[derive(Debug)]
pub struct SupportedExtensions;

#[cfg(target_os = "wasi")]
isolation_guest::export!(SupportedExtensions);

impl Policy for SupportedExtensions {
    type Settings<'d> = Settings;
    const NAME: &'static str = "supported-extensions";
    const RULES: &'static [&'static Rule] = RULES;
    const SETTINGS: &'static [isolation::settings::Setting] = settings::TABLE;

    fn settings<'d>(reader: &mut isolation::settings::Reader<'d>) -> Settings {
        Settings::read(reader)
    }

    fn judge(request: &Request<'_>, object: Value<'_>, settings: &Settings, _: &dyn Cluster, findings: &mut Findings) {
        management::for_each_resource(findings, request, object, &mut |findings, resource| {
            judge_resource(&resource, settings, findings);
        });
    }
}

/// Judges one object, or one that another embeds.
fn judge_resource(resource: &Resource<'_>, settings: &Settings, findings: &mut Findings) {
    let Some(asks) = Dispatch::find(kinds::KINDS, &resource.group, &resource.kind) else { return };
    if resource.inert().is_some() || cluster::is_of_other(resource) {
        return;
    }
    let object = resource.object;
    match *asks {
        ExtensionSource::One(holders) => judge_one(object, holders, settings, findings),
        ExtensionSource::Each(place) => places::visit(findings, object, place, &mut |findings, extension| {
            judge_one(extension, &[&[]], settings, findings);
        }),
        ExtensionSource::Flux => flux_configuration::check(object, settings, findings),
        ExtensionSource::Namespace => extension_namespace::check(object, settings, findings),
    }
}

/// Judges one extension, whose type may be in any of several holders below `value`.
fn judge_one(value: Value<'_>, holders: &[&[&str]], settings: &Settings, findings: &mut Findings) {
    if !findings.expect(value, Kind::Object) {
        return;
    }
    let before = findings.denials();
    let mut named = false;
    for keys in holders {
        if let Some(holder) = findings.descend(value, keys)
            && let Some(named_type) = holder.field("extensionType")
        {
            named = true;
            judge_type(holder, named_type, settings, findings);
        }
    }
    // An unreadable holder has already been reported.
    if !named && findings.denials() == before {
        unreadable_type::report_missing(value, holders, findings);
    }
}

/// Judges the type of an extension; `holder` holds its other fields too.
fn judge_type(holder: Value<'_>, named_type: Value<'_>, settings: &Settings, findings: &mut Findings) {
    if !findings.expect(named_type, Kind::String) {
        return;
    }
    let text = named_type.as_str().unwrap_or_default();
    if !list::is_type(&text) {
        return unreadable_type::report(named_type, &text, findings);
    }
    // Azure ignores the case of a type, and its own pages write both `Microsoft.Dapr` and `microsoft.dapr`.
    let lower = text.to_ascii_lowercase();
    if settings.allows(&lower) || unsupported_extension::check(named_type, &lower, settings, findings) {
        return;
    }
    marketplace_extension::check(holder, named_type, &lower, settings, findings);
    unlisted_extension::check(named_type, &lower, settings, findings);
}
