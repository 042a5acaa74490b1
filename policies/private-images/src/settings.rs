//! The settings of `private-images`.

use isolation::doc;
use isolation::image::{CACHE_RULES, CacheRules, DOCKER_HUB, Reference, cache_registry};
use isolation::images::{CUSTOM_RESOURCES, Extra, Naming};
use isolation::settings::{Reader, Setting, Shape};

use crate::allowed::{Allowed, Exception};

/// Every setting of this policy.
pub const TABLE: &[Setting] = &[
    Setting::new(
        "registries",
        Shape::Texts,
        doc!(
            "The registries that images may come from: a host, optionally with a port and a repository prefix, as in \
             `myacr.azurecr.io` or `myacr.azurecr.io/team`. Host and port must match completely; a prefix matches \
             whole path components only."
        ),
    )
    .required()
    .example("[\"myacr.azurecr.io\"]"),
    Setting::new(
        "mcr",
        Shape::Enum(&["allow", "deny"]),
        doc!(
            "Whether nodes may pull from `mcr.microsoft.com`. The nodes of a network isolated cluster redirect exactly \
             this host to the private registry, so `allow` is safe there. `deny` is the strict choice."
        ),
    )
    .default("\"allow\""),
    Setting::new(
        "exceptions",
        Shape::Texts,
        doc!(
            "References that are admitted as they are, even without a digest. With a tag or digest: exactly that \
             image (`quay.io/vendor/app:1.4`). Without: the repository and everything below it (`quay.io/vendor`). \
             With `/` at the end: only what is below (`quay.io/vendor/`). They are read as a container runtime reads \
             them, so `alpine` is `docker.io/library/alpine`; the organisation is `docker.io/alpine/`."
        ),
    )
    .example("[\"quay.io/vendor/app:1.4\"]"),
    Setting::new(
        "digests",
        Shape::Enum(&["optional", "required"]),
        doc!("`required` rejects references without a digest: a tag may point to another image tomorrow."),
    )
    .default("\"optional\""),
    CACHE_RULES,
    cache_registry(doc!("The registry of cache rules that name none. If unset, the first of `registries`.")),
    CUSTOM_RESOURCES,
];

/// The host that the nodes of a network isolated cluster redirect to the private registry.
pub const MCR: &str = "mcr.microsoft.com";

/// The settings, read and checked.
#[derive(Debug)]
pub struct Settings<'d> {
    /// Where images may come from.
    pub registries: Vec<Allowed<'d>>,
    /// Whether nodes may pull from `mcr.microsoft.com`.
    pub mcr: bool,
    /// References that are always admitted.
    pub exceptions: Vec<Exception<'d>>,
    /// Whether a reference must have a digest.
    pub digests: bool,
    /// Where the private registry holds public images.
    pub cache: CacheRules<'d>,
    /// Further paths of images.
    pub places: Vec<Extra<'d>>,
}

impl<'d> Settings<'d> {
    /// Reads the settings.
    pub fn read(reader: &mut Reader<'d>) -> Self {
        let mcr = reader.is("mcr", "allow");
        let mut registries: Vec<Allowed<'d>> = Vec::new();
        for (value, text) in reader.texts("registries").into_iter().filter(|(_, text)| !text.is_empty()) {
            match Allowed::read(text) {
                Ok(allowed) => {
                    if let Some(problem) = useless_registry(&allowed, &registries, mcr) {
                        reader.problem(value, problem);
                    }
                    registries.push(allowed);
                }
                Err(problem) => reader.problem(value, problem),
            }
        }
        let cache = CacheRules::read(reader, registries.first().map(|allowed| allowed.host.as_ref()));
        if let (true, Some(value)) = (reader.get(CACHE_RULES.key).is_none(), reader.get("registry")) {
            reader
                .problem(value, "names the registry of cache rules, but there are none: images come from `registries`");
        }
        let mut settings = Settings {
            registries,
            mcr,
            exceptions: Vec::new(),
            digests: reader.is("digests", "required"),
            cache,
            places: Extra::read(reader),
        };
        for (value, text) in reader.texts("exceptions").into_iter().filter(|(_, text)| !text.is_empty()) {
            match Exception::read(text) {
                Ok(exception) => {
                    if !settings.digests && settings.covers(&exception) {
                        reader.problem(value, "has no effect: `registries` already admits it");
                    }
                    settings.exceptions.push(exception);
                }
                Err(problem) => reader.problem(value, problem),
            }
        }
        for (value, registry, target) in settings.cache.targets() {
            if !settings.registries.iter().any(|allowed| allowed.holds(registry, target)) {
                reader.problem(
                    value,
                    "the rule's registry and target are not in `registries`, so its images are rejected",
                );
            }
        }
        settings
    }

    /// Whether `registries` admits everything that an exception admits.
    fn covers(&self, exception: &Exception<'_>) -> bool {
        self.registries.iter().any(|allowed| allowed.holds(&exception.host, exception.shortest()))
    }

    /// Whether an image may come from the registry and repository of this reference. The host must be lower case: the
    /// runtime recognises `docker.io`, redirected hosts and hosts with credentials only so.
    pub fn admits(&self, reference: &Reference<'_>, naming: Naming) -> bool {
        reference.is_in_lower_case()
            && (self.is_redirected(&reference.registry, naming)
                || self.registries.iter().any(|allowed| allowed.holds(&reference.registry, &reference.repository)))
    }

    /// Whether nodes pull the image from the private registry although the reference names another. They compare the host
    /// byte by byte.
    pub fn is_redirected(&self, registry: &str, naming: Naming) -> bool {
        self.mcr && naming.is_pulled_by_nodes() && registry == MCR
    }

    /// Whether an exception admits this reference.
    pub fn excepts(&self, reference: &Reference<'_>) -> bool {
        reference.is_in_lower_case() && self.exceptions.iter().any(|exception| exception.admits(reference))
    }

    /// The name that `repository` gets in the private registry: a repository that no cache rule fills. `None` if there is
    /// none.
    pub fn home(&self, repository: &str) -> Option<String> {
        let home = self.private()?;
        let join = |parts: &[&str]| {
            let mut path = String::new();
            for part in parts.iter().filter(|part| !part.is_empty()) {
                path.push_str(if path.is_empty() { "" } else { "/" });
                path.push_str(part);
            }
            path
        };
        let free = |path: &String| path.is_empty() || !self.cache.hold(&home.host, path);
        let path = [join(&[&home.prefix, repository]), join(&[&home.prefix, "imported", repository])]
            .into_iter()
            .find(free)?;
        Some(join(&[&home.host, &path]))
    }

    /// The registry, and the prefix in it, to import images into; `None` if there is none.
    pub fn home_registry(&self) -> Option<String> {
        let Allowed { host, prefix, .. } = self.private()?;
        let slash = if prefix.is_empty() { "" } else { "/" };
        Some([host, slash, prefix].concat())
    }

    /// The registry to import images into: the first Azure Container Registry, or else the first that is not known to be
    /// public.
    fn private(&self) -> Option<&Allowed<'d>> {
        let is_azure = |allowed: &&Allowed<'d>| allowed.host.contains(".azurecr.");
        let is_own = |allowed: &&Allowed<'d>| !PUBLIC.contains(&allowed.host.as_ref());
        let all = || self.registries.iter();
        all().find(is_azure).or_else(|| all().find(is_own)).or_else(|| self.registries.first())
    }

    /// An example of an admitted reference in the private registry.
    pub fn example(&self, path: &str) -> String {
        self.home(path).unwrap_or_else(|| ["myacr.azurecr.io/", path].concat())
    }
}

/// Public registries: no one can import images into them, even where they are allowed.
const PUBLIC: &[&str] = &[
    MCR,
    DOCKER_HUB,
    "ghcr.io",
    "quay.io",
    "gcr.io",
    "registry.k8s.io",
    "public.ecr.aws",
    "nvcr.io",
    "xpkg.crossplane.io",
];

fn useless_registry(allowed: &Allowed<'_>, others: &[Allowed<'_>], mcr: bool) -> Option<&'static str> {
    if !mcr && allowed.host == MCR && allowed.prefix.is_empty() {
        return Some("contradicts `mcr: deny`, write `mcr: allow`");
    }
    let known = others.iter().any(|other| other.includes(allowed));
    known.then_some("has no effect: a registry listed before it includes it")
}

#[cfg(test)]
mod tests {
    use isolation::json::Document;

    use super::*;

    #[test]
    fn images_are_imported_into_the_first_registry_of_azure_and_below_its_prefix() {
        for (registries, home) in [
            (r#"["ghcr.io/team", "registry.shop.example"]"#, Some("registry.shop.example")),
            (r#"["registry.shop.example", "myacr.azurecr.io"]"#, Some("myacr.azurecr.io")),
            (r#"["myacr.azurecr.io/mirror", "other.azurecr.io"]"#, Some("myacr.azurecr.io/mirror")),
            (r#"["ghcr.io/team"]"#, Some("ghcr.io/team")),
            ("[]", None),
        ] {
            let text = format!(r#"{{"registries": {registries}}}"#);
            let document = Document::read(text.as_bytes()).unwrap();
            let settings = Settings::read(&mut Reader::new(Some(document.root()), &[TABLE]));
            assert_eq!(settings.home_registry().as_deref(), home, "{registries}");
        }
    }
}
