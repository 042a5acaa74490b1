//! The settings of `private-images`.

use std::borrow::Cow;

use isolation::doc;
use isolation::image::Reference;
use isolation::settings::{Reader, Setting, Shape};

/// Every setting of this policy.
pub const TABLE: &[Setting] = &[
    Setting::new(
        "registries",
        Shape::Texts,
        doc!(
            "The registries that images may come from: a host, optionally with a port and a repository prefix, as in \
             `myacr.azurecr.io` or `myacr.azurecr.io/team`."
        ),
    )
    .required()
    .example("[\"myacr.azurecr.io\"]"),
    Setting::new(
        "mcr",
        Shape::Choice(&["allow", "deny"]),
        doc!(
            "Whether `mcr.microsoft.com` is allowed. The nodes of a network isolated cluster redirect exactly this host \
             to the private registry, so `allow` is safe there; `deny` is the strict choice."
        ),
    )
    .default("\"allow\""),
];

/// The host that the nodes of a network isolated cluster redirect to the private registry.
const MCR: &str = "mcr.microsoft.com";

/// A registry, and the repositories in it, that images may come from.
#[derive(Debug, Clone)]
pub struct Allowed<'d> {
    /// Host and port, in lower case.
    pub host: Cow<'d, str>,
    /// The prefix of the repository, without slashes at its ends; empty for the whole registry.
    pub prefix: Cow<'d, str>,
}

impl Allowed<'_> {
    fn admits(&self, reference: &Reference<'_>) -> bool {
        self.host == reference.registry
            && (self.prefix.is_empty()
                || reference
                    .repository
                    .strip_prefix(self.prefix.as_ref())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
    }
}

/// The settings, read and checked.
#[derive(Debug)]
pub struct Settings<'d> {
    /// Where images may come from.
    pub registries: Vec<Allowed<'d>>,
    /// Whether `mcr.microsoft.com` is allowed.
    pub mcr: bool,
}

impl<'d> Settings<'d> {
    /// Reads the settings.
    pub fn read(reader: &mut Reader<'d>) -> Self {
        let mut registries = Vec::new();
        for (value, text) in reader.texts("registries") {
            match allowed(text) {
                Ok(allowed) => registries.push(allowed),
                Err(problem) => reader.problem(value, problem),
            }
        }
        Settings { registries, mcr: !reader.is("mcr", "deny") }
    }

    /// Whether an image may come from where this reference says.
    pub fn admits(&self, reference: &Reference<'_>) -> bool {
        (self.mcr && reference.registry == MCR) || self.registries.iter().any(|allowed| allowed.admits(reference))
    }
}

fn allowed(text: Cow<'_, str>) -> Result<Allowed<'_>, &'static str> {
    if text.contains("://") {
        return Err("a registry is written without a scheme");
    }
    if text.contains('*') {
        return Err("wildcards would admit registries that are not yours; name each registry");
    }
    if text.contains('@') {
        return Err("a registry has no digest");
    }
    let (host, prefix) = match text.split_once('/') {
        Some((host, prefix)) => (host.to_ascii_lowercase(), prefix.trim_end_matches('/').to_owned()),
        None => (text.to_ascii_lowercase(), String::new()),
    };
    if prefix.contains(':') {
        return Err("a registry has no tag");
    }
    // A reference below the registry must be one that an image can have.
    let sample = if prefix.is_empty() { format!("{host}/x") } else { format!("{host}/{prefix}/x") };
    match Reference::read(&sample) {
        Ok(reference) if reference.explicit => {
            let host = reference.registry.into_owned();
            Ok(Allowed { host: Cow::Owned(host), prefix: Cow::Owned(prefix) })
        }
        Ok(_) => Err("expected a registry's host, such as myacr.azurecr.io"),
        Err(_) => Err("no image reference can begin like this; expected a host such as myacr.azurecr.io"),
    }
}
