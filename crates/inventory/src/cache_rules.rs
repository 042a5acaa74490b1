//! A script that makes cache rules for what is on the internet, so that the private registry fetches it when it is first
//! pulled. <https://learn.microsoft.com/azure/container-registry/artifact-cache-overview>

use std::collections::BTreeMap;
use std::io::Write;

use isolation::Document;
use isolation::image::{CACHE_RULES, CacheRules, DOCKER_HUB, Reference, registry_name};
use isolation::settings::Reader;
use serde_json::{Value, json};

use crate::error::FormatError;
use crate::image::{Inventory, Kind, Reach};
use crate::shell::{comment, word};

/// A public registry that artifact cache can pull from.
#[derive(Clone, Copy, Debug)]
pub struct Upstream {
    /// Its host.
    pub host: &'static str,
    /// What the repositories that the cache fills are kept below, by habit.
    pub folder: &'static str,
    /// Whether the cache needs credentials for it.
    pub credentials: bool,
}

const fn upstream(host: &'static str, folder: &'static str, credentials: bool) -> Upstream {
    Upstream { host, folder, credentials }
}

/// Where artifact cache can pull from, but for registries of Google's regions (`europe-docker.pkg.dev`).
/// <https://learn.microsoft.com/azure/container-registry/artifact-cache-overview#upstream-support>
pub const UPSTREAMS: &[Upstream] = &[
    upstream(DOCKER_HUB, "dockerhub", true),
    upstream("gcr.io", "gcr", false),
    upstream("ghcr.io", "ghcr", false),
    upstream("mcr.microsoft.com", "mcr", false),
    upstream("public.ecr.aws", "ecr", false),
    upstream("quay.io", "quay", false),
    upstream("registry.k8s.io", "k8s", false),
];

/// A cache rule that would hold images.
#[derive(Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Its name, which is no other rule's.
    pub name: String,
    /// What it pulls.
    pub source: String,
    /// Where it keeps it.
    pub target: String,
    /// How many images it would hold.
    pub images: usize,
}

/// What new cache rules have to get along with.
#[derive(Clone, Copy)]
pub struct ExistingRules<'b> {
    /// The rules that there are, as the setting `cacheRules` has them.
    pub rules: &'b [Value],
    /// Their names, where they are known.
    pub names: &'b [&'b str],
    /// The login server of the registry.
    pub registry: &'b str,
}

/// Writes the script.
pub fn write(inventory: &Inventory, out: &mut dyn Write) -> Result<(), FormatError> {
    let host = inventory.registry.split('/').next().filter(|host| !host.is_empty()).ok_or(FormatError::NoRegistry)?;
    let Some(registry) = registry_name(host) else { return Err(FormatError::NoCacheRules(host.to_owned())) };
    let (sources, others) = sources(inventory);
    let existing = ExistingRules { rules: &inventory.cache_rules, names: &[], registry: host };
    let (proposals, refused) = proposals(&sources, existing);
    writeln!(out, "#!/bin/sh\n# Cache rules of {host}, which fetches an image when it is first pulled.")?;
    writeln!(
        out,
        "# Docker Hub and Google's regional registries want credentials: create a credential set (az acr credential-set create)"
    )?;
    writeln!(
        out,
        "# and add --cred-set to their rules. A rule for all repositories below a name has a `/*`; narrow what is too wide."
    )?;
    writeln!(out, "set -eu\n")?;
    for Proposal { name, source, target, images } in &proposals {
        let images = if *images == 1 { "1 image".to_owned() } else { format!("{images} images") };
        writeln!(
            out,
            "az acr cache create --registry {} --name {} --source-repo {} --target-repo {}  # {images}",
            word(registry),
            word(name),
            word(source),
            word(target)
        )?;
    }
    if !refused.is_empty() {
        writeln!(out, "\n# The registry would refuse rules for these because of its other rules:")?;
        refused.iter().try_for_each(|source| writeln!(out, "{}", comment(source)))?;
    }
    if !others.is_empty() {
        writeln!(out, "\n# No rule is proposed for these; import them (--output script):")?;
        // <https://learn.microsoft.com/azure/container-registry/artifact-cache-acr-to-acr-cli>
        if others.iter().any(|name| name.split('/').next().is_some_and(|host| host.ends_with(".azurecr.io"))) {
            writeln!(
                out,
                "# A rule for another Azure Container Registry needs a user-assigned identity that may pull from it\n\
                 # (az acr cache create --identity, Azure CLI 2.85.0 or later)."
            )?;
        }
        others.iter().try_for_each(|name| writeln!(out, "{}", comment(name)))?;
    }
    if !proposals.is_empty() {
        writeln!(
            out,
            "\n# For isolation.yaml, so that `isolation check --fix` writes the new names:\n#\n# cacheRules:"
        )?;
        for rule in &inventory.cache_rules {
            writeln!(out, "#   - {rule}")?;
        }
        for Proposal { source, target, .. } in &proposals {
            // With the registry, it can also be pasted into a section that names none.
            writeln!(out, "#   - {}", json!({"registry": host, "source": source, "target": target}))?;
        }
    }
    Ok(())
}

/// The sources of rules that would hold what is on the internet, with the number of images; and what no rule is proposed for.
fn sources(inventory: &Inventory) -> (BTreeMap<String, usize>, Vec<&str>) {
    let (mut sources, mut others) = (BTreeMap::new(), Vec::new());
    for image in inventory.images.iter().filter(|image| matches!(image.reach, Reach::Internet | Reach::Web)) {
        let reference = Reference::read(&image.name).ok().filter(|_| image.kind != Kind::Other);
        let known = |reference: &Reference<'_>| {
            UPSTREAMS.iter().any(|upstream| reference.registry == upstream.host)
                || reference.registry.ends_with("-docker.pkg.dev")
        };
        let Some(reference) = reference.filter(known) else {
            others.push(image.name.as_str());
            continue;
        };
        *sources.entry(source_of(&reference)).or_default() += 1;
    }
    (sources, others)
}

/// The source of a rule that holds an image and those beside it.
pub fn source_of(reference: &Reference<'_>) -> String {
    match reference.repository.rsplit_once('/') {
        Some((parent, _)) => format!("{}/{parent}/*", reference.registry),
        None => format!("{}/{}", reference.registry, reference.repository),
    }
}

/// Rules for these sources that the registry takes beside those it has, each with a name of its own, and the sources for which
/// there is none. Of sources of which one lies within another, the wider is enough.
pub fn proposals<'s>(
    sources: &'s BTreeMap<String, usize>,
    existing: ExistingRules<'_>,
) -> (Vec<Proposal>, Vec<&'s str>) {
    let within = |source: &str, wider: &str| {
        wider != source && wider.strip_suffix('*').is_some_and(|lead| source.starts_with(lead))
    };
    let (mut proposals, mut refused) = (Vec::<Proposal>::new(), Vec::new());
    for source in sources.keys().filter(|source| !sources.keys().any(|wider| within(source, wider))) {
        let held = sources.iter().filter(|(other, _)| *other == source || within(other, source));
        let images = held.map(|(_, number)| number).sum();
        let (registry, path) = source.split_once('/').unwrap_or((source, ""));
        let label = UPSTREAMS.iter().find(|upstream| upstream.host == registry).map_or(registry, |known| known.folder);
        // A target that meets another one goes below a name of its own.
        let name = rule_name(label, path, existing.names, &proposals);
        let with = |lead: &str| Proposal {
            name: name.clone(),
            source: source.clone(),
            target: format!("{lead}{label}/{path}"),
            images,
        };
        match ["", "cache/"].map(with).into_iter().find(|proposal| is_taken(proposal, &proposals, existing)) {
            Some(proposal) => proposals.push(proposal),
            None => refused.push(source.as_str()),
        }
    }
    (proposals, refused)
}

/// Whether the registry takes a rule beside all others, as the setting `cacheRules` is checked.
fn is_taken(proposal: &Proposal, others: &[Proposal], existing: ExistingRules<'_>) -> bool {
    let host = existing.registry;
    let mut rules = existing.rules.to_vec();
    rules.extend(
        others
            .iter()
            .chain([proposal])
            .map(|rule| json!({"source": rule.source, "target": rule.target, "registry": host})),
    );
    let text = json!({ CACHE_RULES.key: rules }).to_string();
    let Ok(document) = Document::read(text.as_bytes()) else { return false };
    let mut reader = Reader::new(Some(document.root()), &[&[CACHE_RULES]]);
    CacheRules::read(&mut reader, Some(host));
    reader.problems().is_empty()
}

/// The name of a rule: 5 to 50 letters, digits and hyphens, and no other rule's.
/// <https://learn.microsoft.com/rest/api/container-registry/cache-rules/create>
fn rule_name(label: &str, path: &str, known: &[&str], others: &[Proposal]) -> String {
    let letter = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let name: String = format!("{label}/{}", path.trim_end_matches("/*")).chars().map(letter).collect();
    let name = name.trim_matches('-');
    let name = if name.len() < 5 { format!("cache-{name}") } else { name.to_owned() };
    let short = |length: usize| name.get(..length.min(name.len())).unwrap_or(&name).trim_end_matches('-').to_owned();
    let free = |name: &String| {
        known.iter().all(|other| !other.eq_ignore_ascii_case(name)) && others.iter().all(|other| other.name != *name)
    };
    let numbered = (2..).map(|number| format!("{}-{number}", short(46)));
    [short(50)].into_iter().chain(numbered).find(free).unwrap_or_default()
}
