//! Finding the images, and asking `private-images` about each.

use std::collections::BTreeMap;

use isolation::image::Reference;
use isolation::images::{self, Named, Naming};
use isolation::settings::{Reader, SettingsProblem};
use isolation::{Document, Findings, Request, Severity, Value as Tree, policy};
use isolation_admission::Item;
use isolation_manifest::Object;
use isolation_report::NotEvaluated;
use isolation_request::{AdmissionRequest, creation};
use private_images::{Advice, Allowed, PrivateImages, Remedy, Settings};
use serde_json::{Value, json};

use crate::image::{Image, Inventory, Kind, Reach, Target, Use};

/// Settings that are not valid.
#[derive(Debug, thiserror::Error)]
#[error("private-images: {}", .0.iter().map(SettingsProblem::to_string).collect::<Vec<_>>().join("; "))]
pub struct SettingsError(pub Vec<SettingsProblem>);

/// The images that these objects name, by the settings of `private-images`. `registries` may be missing: then nothing but
/// what the nodes redirect is reached.
///
/// # Errors
///
/// Settings that are not valid.
pub fn read(items: &[Item], settings: &Value, namespace: &str) -> Result<Inventory, SettingsError> {
    let text = settings.to_string();
    let problem = |what: String| SettingsError(vec![SettingsProblem { path: "settings".to_owned(), what }]);
    let document = Document::read(text.as_bytes()).map_err(|error| problem(error.to_string()))?;
    let mut reader = Reader::new(Some(document.root()), &policy::tables::<PrivateImages>());
    let read = Settings::read(&mut reader);
    let unnamed = read.registries.is_empty();
    let mut problems = reader.problems();
    problems.retain(|problem| !(unnamed && problem.path == "settings.registries"));
    if !problems.is_empty() {
        return Err(SettingsError(problems));
    }
    let mut found = BTreeMap::new();
    let unread = |item| of_object(item, &read, namespace, &mut found).err().map(|why| not_evaluated(item, &why));
    let not_evaluated = items.iter().filter_map(unread).collect();
    let cache_rules = settings["cacheRules"].as_array().cloned().unwrap_or_default();
    Ok(Inventory {
        images: found.into_values().collect(),
        registry: read.home_registry().unwrap_or_default(),
        cache_rules,
        not_evaluated,
    })
}

/// An object whose images nobody knows, so that a list without them is not taken for the whole.
fn not_evaluated(item: &Item, why: &str) -> NotEvaluated {
    NotEvaluated {
        place: Some(item.whole()),
        subject: item.object.subject(),
        what: format!("its images are not listed: {why}"),
        help: "Reduce its nesting or make it smaller; a policy rejects an object that it cannot read".to_owned(),
    }
}

/// What tells one image from another: its name, how it is reached, and what to name instead.
type Key = (String, Reach, Option<Target>);

/// Adds the images of an object; why it could not be read otherwise.
fn of_object(
    item: &Item,
    settings: &Settings<'_>,
    namespace: &str,
    found: &mut BTreeMap<Key, Image>,
) -> Result<(), String> {
    let Object { api_version, kind, .. } = &item.object;
    if let Some(tree) = creation(item.object.value(), api_version, kind, namespace) {
        return of_request(item, tree.root(), settings, found);
    }
    // What nests deep is read as a policy reads it: from the text of a request.
    let object = item.to_json();
    let request = AdmissionRequest { object: Some(&object), namespace: Some(namespace), ..AdmissionRequest::default() };
    let request = request.build().map_err(|incomplete| incomplete.to_string())?;
    // A policy's request stands below a key, which is a level of what a reader counts.
    let text = json!({ "request": request }).to_string();
    let document = Document::read(text.as_bytes()).map_err(|error| error.to_string())?;
    let request = document.root().get("request").ok_or("there is no request")?;
    of_request(item, request, settings, found)
}

fn of_request(
    item: &Item,
    request: Tree<'_>,
    settings: &Settings<'_>,
    found: &mut BTreeMap<Key, Image>,
) -> Result<(), String> {
    let request = Request::read(request)?;
    let object = request.object.ok_or("there is no object in the request")?;
    let mut findings = Findings::new(object);
    let mut uses = Vec::new();
    images::for_each_image(&mut findings, &request, object, &settings.places, &mut |findings, image| {
        let path = findings.path(image.value).to_string();
        let Some(Listed { image: listed, text }) = of_image(&request, image, settings, findings) else { return };
        let (place, by_node) = (item.place(&path), image.settled(&text).naming.is_pulled_by_nodes());
        uses.push((listed, Use { object: item.reference(), place, path, text, by_node }));
    });
    // In the order in which they are written, and not in which they are looked for.
    uses.sort_by_key(|(_, place)| place.place.span.start);
    for (image, place) in uses {
        let key = (image.name.clone(), image.reach, image.instead.clone());
        found.entry(key).or_insert(image).uses.push(place);
    }
    Ok(())
}

/// The report on one image, and the text that names it.
struct Listed {
    image: Image,
    text: String,
}

/// What a document that cannot be read is called.
const DOCUMENT: &str = "(an unreadable document)";

fn of_image(
    request: &Request<'_>,
    found: images::Image<'_>,
    settings: &Settings<'_>,
    findings: &mut Findings,
) -> Option<Listed> {
    // Which image it becomes is Istio's choice.
    if found.is_left_to_istio() {
        return None;
    }
    let is_document = matches!(found.naming, Naming::Unknown(_));
    let text = if is_document { DOCUMENT.to_owned() } else { found.text(findings)?.into_owned() };
    let found = found.settled(&text);
    // The words are those of the policy.
    let mut judged = Findings::default();
    private_images::judge(request, found, settings, &mut judged);
    let advice: Vec<&str> = judged.kept().iter().map(|finding| finding.fix.text.as_str()).collect();
    let listed = |name: String, kind, reach, instead| {
        // Without a private registry there is nothing to write instead.
        let advice = if settings.registries.is_empty() { String::new() } else { advice.join(". ") };
        Some(Listed { image: Image { name, kind, reach, instead, advice, uses: Vec::new() }, text: text.clone() })
    };
    if is_document {
        return listed(text.clone(), Kind::Other, Reach::Unreadable, None);
    }
    let (part, start, reference) = match found.naming.read(&text) {
        // A parameter may hide the scheme.
        Named::Nothing if !judged.kept().is_empty() => {
            return listed(text.clone(), Kind::Other, Reach::Parameters, None);
        }
        Named::Nothing => return None,
        Named::Web => return listed(text.clone(), Kind::Other, Reach::Web, None),
        Named::UnknownScheme(_) => return listed(text.clone(), Kind::Other, Reach::Unreadable, None),
        Named::Reference(part, start) => (part, start, Reference::read(part)),
        Named::Located(part, start) => (part, start, Reference::located(part)),
    };
    if found.parameters && private_images::has_parameters(part) {
        let reach = match judged.kept().first() {
            None => Reach::Registry,
            Some(finding) if finding.severity == Severity::Deny => Reach::Internet,
            Some(_) => Reach::Parameters,
        };
        return listed(part.to_owned(), Kind::Other, reach, None);
    }
    let Ok(reference) = reference else { return listed(text.clone(), Kind::Other, Reach::Unreadable, None) };
    // Crossplane completes a short name by a registry of its own.
    if found.naming == Naming::Package && !reference.explicit {
        let name = Advice::of(found, &text, start, &reference, settings).name;
        let instead = name.filter(|_| !settings.registries.is_empty()).map(|name| Target { name, import: true });
        return listed(part.to_owned(), Kind::Other, Reach::Internet, instead);
    }
    let (name, kind) = completed(&reference, found.naming);
    if settings.excepts(&reference) && found.naming != Naming::Prefix {
        return listed(name, kind, Reach::Exception, None);
    }
    if settings.admits(&reference, found.naming) {
        let holds = |registry: &Allowed<'_>| registry.holds(&reference.registry, &reference.repository);
        let is_listed = settings.registries.iter().any(holds);
        return listed(name, kind, if is_listed { Reach::Registry } else { Reach::Redirect }, None);
    }
    let instead = Advice::of(found, &text, start, &reference, settings);
    let reach = match instead.remedy {
        Remedy::Rename => Reach::Misspelt,
        Remedy::Cached => Reach::CacheRule,
        Remedy::Import | Remedy::AddRule => Reach::Internet,
    };
    let target = instead.name.map(|mut name| {
        if kind == Kind::Image && !is_versioned(&reference) {
            name.push_str(LATEST);
        }
        Target { name, import: instead.remedy == Remedy::Import }
    });
    listed(name, kind, reach, target)
}

/// The tag that a runtime pulls where none is written.
const LATEST: &str = ":latest";

fn is_versioned(reference: &Reference<'_>) -> bool {
    reference.tag.is_some() || reference.digest.is_some()
}

/// The name of what a reference names, as a runtime completes it, and what it is: `nginx`, `nginx:latest` and
/// `docker.io/library/nginx` are one image.
pub fn completed(reference: &Reference<'_>, naming: Naming) -> (String, Kind) {
    let versioned = is_versioned(reference);
    let mut name = reference.full().trim_end_matches('/').to_owned();
    let is_image = naming.has_version() || naming == Naming::Override && versioned;
    if !is_image {
        return (name, Kind::Repository);
    }
    if !versioned {
        name.push_str(LATEST);
    }
    (name, Kind::Image)
}
