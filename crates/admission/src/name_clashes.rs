//! Fixes that would give an image the name of another one. An import keeps the repository and not the host, so images of two
//! publishers may get one name, and whoever asks for the second would run the first.

use std::collections::HashMap;
use std::sync::Arc;

use isolation::image::Reference;
use isolation_document::Value;
use isolation_document::path::steps;
use isolation_report::{Finding, Place, Source};

use crate::input::{Input, Item};

/// An image that would get a name which may be another image's.
#[derive(Debug)]
pub struct NameClash {
    /// The field.
    pub place: Place,
    /// The image that is named there.
    pub image: String,
    /// The name that it would get.
    pub name: String,
    /// Another image that would get this name, so that neither is changed; `None` where an object has the name already, most
    /// often because the image was imported before: then the change stays.
    pub other: Option<String>,
}

/// The rule whose fixes import images.
const IMPORTING: &str = "NI101";

/// Takes the change from the findings of different images that would get one name, so that a second run finds them all again. What
/// clashes, and which names are in use already.
pub fn remove_name_clashes(input: &Input, findings: &mut [Finding]) -> Vec<NameClash> {
    let key = |source: &Arc<Source>, start: usize| (Arc::as_ptr(source), start);
    let mut wanted = Vec::new();
    let items: HashMap<_, &Item> =
        input.items.iter().map(|item| (key(&item.source, item.whole().span.start), item)).collect();
    for (number, finding) in findings.iter().enumerate() {
        let Some(change) = finding.change().filter(|change| !change.safe) else { continue };
        if finding.rule.as_ref().is_none_or(|rule| rule.id != IMPORTING) {
            continue;
        }
        let subject = &finding.subject;
        let Some(item) = items.get(&key(&subject.source, subject.span.start)) else { continue };
        let steps = steps(&finding.location.path);
        let (here, rest) = item.object.value().follow(&steps);
        let (Some(old), Some(new)) = (here.text().filter(|_| rest.is_empty()), change.to.as_ref()) else { continue };
        if let (Some(image), Some(name)) = (repository(old), new.as_str().and_then(name)) {
            wanted.push((number, item, image, name));
        }
    }
    let mut used: HashMap<&str, bool> = wanted.iter().map(|(.., name)| (name.as_str(), false)).collect();
    for item in input.items.iter().filter(|_| !wanted.is_empty()) {
        find(item.object.value(), &mut used);
    }
    // The first image that would get a name, and another one.
    let mut images: HashMap<&str, [Option<&str>; 2]> = HashMap::new();
    for (.., image, name) in &wanted {
        let [first, second] = images.entry(name).or_default();
        if *first.get_or_insert(image) != image {
            second.get_or_insert(image);
        }
    }
    let mut clashes = Vec::new();
    let mut taken = Vec::new();
    for (number, item, image, name) in &wanted {
        let others = images.get(name.as_str()).into_iter().flatten().flatten();
        let other = others.copied().find(|other| other != image).map(str::to_owned);
        let Some(finding) = findings.get(*number) else { continue };
        if other.is_some() {
            taken.push(*number);
        } else if !used.get(name.as_str()).is_some_and(|used| *used) {
            continue;
        }
        clashes.push(NameClash {
            place: item.place(&finding.location.path),
            image: image.clone(),
            name: name.clone(),
            other,
        });
    }
    for number in taken {
        if let Some(fix) = findings.get_mut(number).and_then(|finding| finding.fix.as_mut()) {
            fix.change = None;
        }
    }
    clashes
}

/// Marks the names that an object has already.
fn find(value: Value<'_>, used: &mut HashMap<&str, bool>) {
    if let Some(name) = value.text().filter(|text| text.contains('/')).and_then(name)
        && let Some(used) = used.get_mut(name.as_str())
    {
        *used = true;
    }
    value.entries().for_each(|(_, member)| find(member, used));
    value.items().for_each(|item| find(item, used));
}

/// The reference in a text: behind a scheme, and behind the name that Kustomize replaces.
fn reference(text: &str) -> Option<Reference<'_>> {
    let text = text.rsplit_once("://").map_or(text, |(_, rest)| rest);
    let text = text.rsplit_once('=').map_or(text, |(_, new)| new);
    Reference::read(text).ok().filter(|reference| !reference.repository.is_empty())
}

/// An image without its version.
fn repository(text: &str) -> Option<String> {
    let reference = reference(text)?;
    Some([&reference.registry, "/", &reference.repository].concat())
}

/// The name that an image is asked for by. Behind a tag a digest is no part of it; alone it can only be of one image.
fn name(text: &str) -> Option<String> {
    let reference = reference(text)?;
    let tag = match (reference.tag, reference.digest) {
        (None, Some(_)) => return None,
        (tag, _) => tag.unwrap_or("latest"),
    };
    Some([&reference.registry, "/", &reference.repository, ":", tag].concat())
}
