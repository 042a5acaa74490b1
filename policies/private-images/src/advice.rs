//! What to write instead of a reference that is refused. Whatever is offered here is admitted when it is written.

use std::borrow::Cow;

use isolation::Fix;
use isolation::image::{Reference, login_server};
use isolation::images::{Image, Naming, without_version};

use crate::settings::{MCR, Settings};

/// What stands in a text before the reference and has to stay there: a scheme, or `old=` of Kustomize, which finds the image to
/// replace by its old name.
fn lead<'t>(image: Image<'_>, text: &'t str, start: usize) -> Cow<'t, str> {
    let before = text.get(..start).unwrap_or_default();
    match image.naming {
        Naming::Override if !text.contains('=') => [without_version(text), "="].concat().into(),
        // `old=*:tag`, whose reference is the old name.
        Naming::Override => text.find('=').and_then(|at| text.get(..=at)).unwrap_or(before).into(),
        _ => before.into(),
    }
}

/// The text with `name` in place of the reference that starts at its byte `start`.
pub fn written(image: Image<'_>, text: &str, start: usize, name: &str) -> String {
    // `old=*:tag` names the tag alone.
    let version = match image.naming {
        Naming::Override => text.split_once("=*").map_or("", |(_, version)| version),
        Naming::Constrained => text.get(without_version(text).len()..).unwrap_or_default(),
        _ => "",
    };
    [&lead(image, text, start), name, version].concat()
}

/// The same in quotes.
pub fn quoted(image: Image<'_>, text: &str, start: usize, name: &str) -> String {
    let fields = match image.naming {
        Naming::Parted => Some(("registry.name: \"", "\" and image.repository: \"")),
        Naming::Mirror => Some(("registry: \"", "\" and path: \"")),
        _ => None,
    };
    if let Some((registry, path)) = fields {
        let (host, repository) = without_version(name).split_once('/').unwrap_or((name, ""));
        return [registry, host, path, repository, "\""].concat();
    }
    ["\"", &written(image, text, start, name), "\""].concat()
}

/// A sentence that offers this text. Of a key there is no value to change, and of two fields no one value.
pub fn fix(image: Image<'_>, sentence: String, text: String) -> Fix {
    match image.naming {
        Naming::Key | Naming::Parted | Naming::Mirror => sentence.into(),
        _ => Fix::set(sentence, text),
    }
}

/// What to write instead of a rejected reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// How the cluster then gets the image.
    pub remedy: Remedy,
    /// The reference to write; `None` where a new cache rule decides it.
    pub name: Option<String>,
    /// The whole advice: a sentence, and the text to write.
    pub fix: Fix,
}

/// How the cluster gets an image whose name follows the advice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// As before: only the spelling changes, so that runtimes recognise it.
    Rename,
    /// From a cache rule.
    Cached,
    /// By an import.
    Import,
    /// From a new cache rule.
    AddRule,
}

impl Advice {
    /// What to write instead of the reference that starts at the byte `start` of `text`.
    pub fn of(
        image: Image<'_>,
        text: &str,
        start: usize,
        reference: &Reference<'_>,
        settings: &Settings<'_>,
    ) -> Advice {
        let named = |host: &str| named(host, reference);
        let fits = |name: &String| is_admitted(image.naming, name, settings);
        let verb = if image.naming == Naming::Key { "Name the key " } else { "Write " };
        let write = |remedy: Remedy, before: &str, name: String, after: &str| {
            let sentence = [before, &quoted(image, text, start, &name), after].concat();
            Advice {
                remedy,
                fix: fix(image, sentence, written(image, text, start, &name)).safe_if(true),
                name: Some(name),
            }
        };
        if !reference.is_in_lower_case()
            && let Some(name) = Some(named(&reference.registry)).filter(fits)
        {
            return write(Remedy::Rename, verb, name, "");
        }
        if let Some(name) = login_server(&reference.registry).map(|login| named(&login)).filter(fits) {
            return write(Remedy::Rename, "Name the login server: write ", name, "");
        }
        if same_but_port(MCR, &reference.registry)
            && let Some(name) = Some(named(MCR)).filter(fits)
        {
            return write(Remedy::Rename, verb, name, "");
        }
        if let Some(name) = settings.cache.rewrite(reference).filter(fits) {
            return write(Remedy::Cached, verb, name, ", which a cache rule fills");
        }
        let twin = settings.registries.iter().find(|allowed| same_but_port(&allowed.host, &reference.registry));
        if let Some(name) = twin.map(|twin| named(&twin.host)).filter(fits) {
            // Another port may be another registry.
            let advice = write(Remedy::Rename, verb, name, "");
            return Advice { fix: advice.fix.safe_if(false), ..advice };
        }
        Advice::import(image, text, start, reference, settings)
    }

    /// How to import an image into the private registry, and what to write then.
    pub fn import(
        image: Image<'_>,
        text: &str,
        start: usize,
        reference: &Reference<'_>,
        settings: &Settings<'_>,
    ) -> Advice {
        let Some(mut name) = settings.home(&reference.repository) else {
            let source = [&reference.registry, "/", &reference.repository].concat();
            let text =
                ["Add a cache rule for ", &source, " to the private registry and to the policy's setting cacheRules"]
                    .concat();
            return Advice { remedy: Remedy::AddRule, name: None, fix: text.into() };
        };
        reference.append_version(&mut name);
        let host = name.split('/').next().unwrap_or_default();
        let how = if matches!(image.naming, Naming::Prefix | Naming::Mirror) {
            "Import its images into the private registry"
        } else if host.contains(".azurecr.") {
            "Import it into the private registry (az acr import)"
        } else {
            "Push it to the private registry"
        };
        let verb = if image.naming == Naming::Key { " and name the key " } else { " and write " };
        let sentence = [how, verb, &quoted(image, text, start, &name)].concat();
        Advice {
            remedy: Remedy::Import,
            fix: fix(image, sentence, written(image, text, start, &name)),
            name: Some(name),
        }
    }
}

/// The same image in another registry.
pub fn named(host: &str, reference: &Reference<'_>) -> String {
    let slash = if reference.repository.is_empty() { "" } else { "/" };
    let mut name = [host, slash, &reference.repository].concat();
    reference.append_version(&mut name);
    name
}

/// Whether a reference that is offered would be admitted.
pub fn is_admitted(naming: Naming, name: &str, settings: &Settings<'_>) -> bool {
    let reference = match naming {
        Naming::Url | Naming::Chart | Naming::Prefix | Naming::Parted | Naming::Mirror => Reference::located(name),
        _ => Reference::read(name),
    };
    reference.is_ok_and(|reference| settings.excepts(&reference) || settings.admits(&reference, naming))
}

/// Whether two registries are one host with different ports.
pub fn same_but_port(a: &str, b: &str) -> bool {
    let host = |text: &str| text.rfind(':').filter(|_| !text.ends_with(']')).unwrap_or(text.len());
    a != b && a.get(..host(a)) == b.get(..host(b))
}
