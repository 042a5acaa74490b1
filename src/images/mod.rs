//! Every path at which an object can name an image, and the one visitor that goes through them.
//!
//! The built-in kinds come from [`crate::pods`], the custom ones from the two tables of [`table`], and a setting may add
//! more. The visitor gets the value that names an image, and how it names it, so no policy knows a kind by name.

mod document;
mod extra;
mod naming;
pub mod table;

pub use document::Unreadable;
pub use extra::{CUSTOM_RESOURCES, Extra};
pub use naming::{Named, Naming, Scheme, without_version};
pub use table::{Content, Place};

use std::borrow::Cow;

use crate::finding::Findings;
use crate::json::{Kind, Value};
use crate::pods::Pod;
use crate::request::Request;
use crate::{places, pods};
use table::Parameter;

/// A value that names an image.
#[derive(Clone, Copy, Debug)]
pub struct Image<'v> {
    /// The value: a string, for [`Naming::Mirror`] an object, or for [`Naming::Key`] whatever stands under the key that names the
    /// image.
    pub value: Value<'v>,
    /// How it names the image.
    pub naming: Naming,
    /// Whether the kind is a template of its controller's own, so that `{{…}}` or `$(…)` may stand in the text.
    pub parameters: bool,
    /// Whether the value stands in a document that a string of the object holds, or in an object that is made later.
    pub embedded: bool,
    /// Whether the place belongs to a built-in kind, where an empty text is a mistake. Elsewhere it means "not set".
    pub built_in: bool,
}

/// Fields beside a name that say which of several artifacts is meant.
const BESIDE: &[&str] = &[
    "chart",
    "chartName",
    "chartVersion",
    "components",
    "dd.csi.datadog.com/library.package",
    "dd.csi.datadog.com/library.version",
    "digest",
    "matchImages",
    "name",
    "newTag",
    "redisProxyVersion",
    "ref",
    "sha",
    "sha256",
    "tag",
    "tagSelection",
    "targetRevision",
    "variant",
    "version",
];

/// The fields that a mirror is named by.
const MIRROR: [&str; 2] = ["registry", "path"];

/// Objects in such a holder whose fields count as well.
const ABOVE: &[&str] = &["distribution", "fetchConfig", "repository", "rewriteImage"];

impl<'v> Image<'v> {
    /// What says, beside the value, which artifact is meant: the name of a chart, a version. With something else there it is
    /// another artifact. What a node pulls as an image names it in full.
    pub fn beside(&self) -> Vec<Value<'v>> {
        let mut found = Vec::new();
        let mut next = if matches!(self.naming, Naming::Image | Naming::Key) { None } else { self.value.parent() };
        while let Some(holder) = next {
            for key in BESIDE {
                found.extend(holder.field(key));
            }
            let is_above = holder.key().is_some_and(|key| ABOVE.contains(&&*key));
            next = holder.parent().filter(|_| is_above);
        }
        match self.naming {
            Naming::Parted => found.extend(self.registry()),
            Naming::Mirror => found.extend(MIRROR.iter().filter_map(|key| self.value.field(key))),
            _ => {}
        }
        // Tekton's parameters name the bundle, and what to take out of it.
        if self.naming == Naming::Pulled && self.value.key().is_some_and(|key| key == "value") {
            found.extend(self.value.parent().and_then(|parameter| parameter.parent()));
        }
        found
    }

    /// The object that names the registry of [`Naming::Parted`].
    fn registry(&self) -> Option<Value<'v>> {
        self.value.parent()?.parent()?.field("registry")
    }

    /// The reference that Falco's operator or kube-image-keeper makes of several fields.
    fn joined(&self, findings: &mut Findings) -> Option<String> {
        let mut part = |holder: Option<Value<'v>>, key| {
            let text = holder?.field(key).filter(|value| findings.expect(*value, Kind::String))?.text();
            text.filter(|text| !text.is_empty())
        };
        if self.naming == Naming::Mirror {
            let parts =
                ["registry", "path"].map(|key| part(Some(self.value), key).unwrap_or_default().trim_matches('/'));
            return Some(parts.join("/").trim_matches('/').to_owned());
        }
        let image = self.value.parent();
        let repository = part(image, "repository")?;
        let host = part(self.registry(), "name").unwrap_or("ghcr.io");
        let tag = part(image, "tag");
        let sign = tag.map_or("", |tag| if tag.starts_with("sha256:") { "@" } else { ":" });
        Some([host, "/", repository, sign, tag.unwrap_or_default()].concat())
    }

    /// The text that names the image. A value of another type is reported, and `None`. So is, in a custom resource, an
    /// empty text, which stands for the controller's default.
    pub fn text(&self, findings: &mut Findings) -> Option<Cow<'_, str>> {
        let text = match self.naming {
            Naming::Key => self.value.key(),
            Naming::Parted | Naming::Mirror => self.joined(findings).map(Cow::Owned),
            _ if findings.expect(self.value, Kind::String) => self.value.as_str(),
            _ => None,
        };
        text.filter(|text| self.built_in || !text.is_empty())
    }

    /// The image with the naming that is meant where `text`, the one that it is named by, or what stands beside it decides that.
    #[must_use]
    pub fn settled(self, text: &str) -> Self {
        // Argo CD takes a source for a chart where its field `chart` says something.
        let is_chart = || {
            let chart = self.value.parent().and_then(|source| source.field("chart"));
            chart.is_some_and(|chart| !chart.is_text(""))
        };
        // Only this one is fetched by a container of KServe's.
        let is_fetched = || text.get(..10).is_some_and(|scheme| scheme.eq_ignore_ascii_case("oci+fetch:"));
        match self.naming {
            Naming::Chart if !is_chart() => Image { naming: Naming::Url, ..self },
            Naming::Model if is_fetched() => Image { naming: Naming::Url, ..self },
            _ => self,
        }
    }

    /// Whether this is no image but the word that Istio's injector replaces by one when the pod is made: `auto` in the
    /// container `istio-proxy`. With any other word there, it keeps that.
    pub fn is_left_to_istio(&self) -> bool {
        let container = || self.value.parent().and_then(|container| container.field("name"));
        self.naming == Naming::Image
            && self.value.is_text("auto")
            && container().is_some_and(|name| name.is_text("istio-proxy"))
    }
}

/// What is called with every image. The values may live shorter than the object: see [`Image::embedded`].
pub type Found<'f> = &'f mut dyn FnMut(&mut Findings, Image<'_>);

/// Groups whose controllers replace parameters in an image's text before they make a pod of it.
const PARAMETERS: &[&str] = &[
    "argoproj.io",
    "config.projectsveltos.io",
    "fluxcd.controlplane.io",
    "kargo.akuity.io",
    "kubeflow.org",
    "kyverno.io",
    "serving.kserve.io",
    "shipwright.io",
    "tekton.dev",
    "triggers.tekton.dev",
];

/// What is true of all images that one object names.
#[derive(Clone, Copy)]
struct Context {
    parameters: bool,
    embedded: bool,
    built_in: bool,
}

/// Calls `found` with every image that `object` names. Kinds that name none are skipped.
pub fn for_each_image(
    findings: &mut Findings,
    request: &Request<'_>,
    object: Value<'_>,
    extra: &[Extra<'_>],
    found: Found<'_>,
) {
    let parameters = PARAMETERS.contains(&request.group.as_ref());
    let context = Context { parameters, embedded: false, built_in: false };
    visit_kind(findings, &request.group, &request.kind, object, context, found);
    for extra in extra.iter().filter(|extra| request.is(&extra.group, &extra.kind)) {
        for place in &extra.images {
            visit_one(findings, object, place, Content::Name(Naming::Image), context, found);
        }
        for place in &extra.pod_specs {
            visit_one(findings, object, place, Content::PodSpec, context, found);
        }
    }
}

/// The images of an object of this kind.
fn visit_kind(findings: &mut Findings, group: &str, kind: &str, object: Value<'_>, context: Context, found: Found<'_>) {
    if let Some(workload) = pods::workload_of(group, kind) {
        let context = Context { built_in: true, ..context };
        places::visit(findings, object, workload.template, &mut |findings, pod| {
            visit_all(findings, pod, table::POD, context, found);
        });
    }
    for custom in table::custom_of(group, kind) {
        visit_all(findings, object, custom.places, context, found);
    }
}

/// The API group and the kind that an object says it is of.
fn kind_of<'d>(object: Value<'d>) -> Option<(Cow<'d, str>, Cow<'d, str>)> {
    let api_version = object.field("apiVersion")?.as_str()?;
    let group = match api_version.split_once('/') {
        Some((group, _)) => Cow::Owned(group.to_owned()),
        None => Cow::Borrowed(""),
    };
    Some((group, object.field("kind")?.as_str()?))
}

/// Calls `found` with every pod, and every template of one, that `object` holds, whether its kind is a built-in one or one of
/// the table. Where a custom resource has a pod's spec alone, the pod is without labels and annotations.
pub fn for_each_pod<'d>(
    findings: &mut Findings,
    request: &Request<'_>,
    object: Value<'d>,
    found: &mut dyn FnMut(&mut Findings, Pod<'d>),
) {
    if let Some(workload) = pods::workload_of(&request.group, &request.kind) {
        pods::for_each_pod(findings, workload, object, found);
    }
    for custom in table::pods_of(&request.group, &request.kind) {
        visit_pods(findings, object, custom.places, found);
    }
}

fn visit_pods<'d>(
    findings: &mut Findings,
    value: Value<'d>,
    places: &[Place],
    found: &mut dyn FnMut(&mut Findings, Pod<'d>),
) {
    for place in places {
        let paths = matches!(place.holds, Content::Places(_) | Content::Pod | Content::PodSpec).then(|| place.paths());
        for at in paths.into_iter().flatten() {
            places::visit(findings, value, at, &mut |findings, value| {
                if !findings.expect(value, Kind::Object) {
                    return;
                }
                match place.holds {
                    Content::Pod => {
                        let pod = Pod::read(findings, value);
                        found(findings, pod);
                    }
                    Content::PodSpec => found(findings, Pod { value, spec: Some(value) }),
                    _ => visit_pods(findings, value, place.holds.places(), found),
                }
            });
        }
    }
}

fn visit_all(findings: &mut Findings, value: Value<'_>, places: &[Place], context: Context, found: Found<'_>) {
    if findings.expect(value, Kind::Object) {
        for place in places {
            for at in place.paths() {
                visit_one(findings, value, at, place.holds, context, found);
            }
        }
    }
}

fn visit_one(findings: &mut Findings, value: Value<'_>, at: &str, holds: Content, context: Context, found: Found<'_>) {
    let Context { parameters, embedded, built_in } = context;
    places::visit(findings, value, at, &mut |findings, value| match holds {
        Content::Name(naming) => found(findings, Image { value, naming, parameters, embedded, built_in }),
        Content::Places(_) | Content::Pod | Content::PodSpec => {
            visit_all(findings, value, holds.places(), context, found)
        }
        Content::Keys => {
            if findings.expect(value, Kind::Object) {
                for (_, value) in value.entries() {
                    found(findings, Image { value, naming: Naming::Key, parameters, embedded, built_in });
                }
            }
        }
        // Its controller creates it later, and what it says of itself is what it will be then.
        Content::Object => {
            if value.kind() == Kind::Object
                && let Some((group, kind)) = kind_of(value)
            {
                visit_kind(findings, &group, &kind, value, Context { embedded: true, ..context }, found);
            }
        }
        // Tekton takes a list of names and values, and in an old version an object.
        Content::Parameter(parameter) => {
            let Parameter { name: key, naming } = *parameter;
            let named = value.items().filter(|item| item.field("name").is_some_and(|name| name.is_text(key)));
            for value in named.filter_map(|item| item.field("value")).chain(value.field(key)) {
                found(findings, Image { value, naming, parameters, embedded, built_in });
            }
        }
        Content::If(condition) => {
            if findings.expect(value, Kind::Object) {
                let mut holds = false;
                places::visit(findings, value, condition.at, &mut |_, value| {
                    holds |= condition.texts.iter().any(|text| value.is_text(text));
                });
                if holds {
                    visit_all(findings, value, condition.places, context, found);
                }
            }
        }
        Content::Document(places) => {
            if !findings.expect(value, Kind::String) {
                return;
            }
            let text = value.as_str().unwrap_or_default();
            match document::read(&text) {
                Ok(None) => {}
                Ok(Some(document)) => findings.inside(value, document.root(), |findings| {
                    let context = Context { embedded: true, ..context };
                    visit_all(findings, document.root(), places, context, found);
                }),
                Err(problem) => {
                    let naming = Naming::Unknown(problem);
                    found(findings, Image { value, naming, parameters, embedded, built_in });
                }
            }
        }
    });
}

#[cfg(test)]
mod tests;
