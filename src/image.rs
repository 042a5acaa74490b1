//! Image references, read as containerd and the kubelet read them.
//!
//! The grammar is that of `distribution/reference`, with the kubelet's normalisation: the first component is a registry
//! only if it has a dot, a colon or an upper-case letter, or is `localhost`; otherwise the registry is `docker.io`, whose
//! repositories of one component are below `library/`.

mod acr;
mod cache;

use std::borrow::Cow;

use acr::is_registry_of_azure;
pub use acr::{login_server, not_a_login_server, registry_name};
pub use cache::{CACHE_RULES, CacheRules, Cached, cache_registry, unusable_target};

/// The registry of references that name none.
pub const DOCKER_HUB: &str = "docker.io";

/// The longest repository, without its registry, that a runtime takes: `distribution/reference` since 0.6.
const REPOSITORY_BYTES: usize = 255;

/// An image reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference<'a> {
    /// The registry's host with its port, in lower case: `myacr.azurecr.io`, `localhost:5000`.
    pub registry: Cow<'a, str>,
    /// Whether the reference names its registry.
    pub explicit: bool,
    /// The repository, with `library/` where it is implied: `library/nginx`.
    pub repository: Cow<'a, str>,
    /// The tag, if there is one.
    pub tag: Option<&'a str>,
    /// The digest, if there is one: `sha256:…`.
    pub digest: Option<&'a str>,
}

/// Why a text is not an image reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadReference {
    /// The byte offset of the first character that cannot stand where it does.
    pub offset: usize,
    /// What is wrong there: a clause.
    pub problem: &'static str,
}

fn bad<T>(offset: usize, problem: &'static str) -> Result<T, BadReference> {
    Err(BadReference { offset, problem })
}

impl<'a> Reference<'a> {
    /// Reads a reference.
    ///
    /// # Errors
    ///
    /// What a container runtime would refuse to pull, with the position of the first bad character.
    pub fn read(text: &'a str) -> Result<Self, BadReference> {
        if text.is_empty() {
            return bad(0, "it is empty");
        }
        Self::read_split(text, split_registry)
    }

    /// Reads what follows `oci://`: the first component is the registry, whatever it looks like, and the repository may
    /// be missing.
    ///
    /// # Errors
    ///
    /// As [`Self::read`].
    pub fn located(text: &'a str) -> Result<Self, BadReference> {
        let text = text.strip_suffix('/').unwrap_or(text);
        if text.contains('/') {
            return Self::read_split(text, |name| match name.split_once('/') {
                Some((host, rest)) => (host, true, rest, host.len() + 1),
                None => (name, true, "", name.len()),
            });
        }
        check_registry(text)?;
        let registry = match text.bytes().any(|b| b.is_ascii_uppercase()) {
            true => Cow::Owned(text.to_ascii_lowercase()),
            false => Cow::Borrowed(text),
        };
        Ok(Reference { registry, explicit: true, repository: Cow::Borrowed(""), tag: None, digest: None })
    }

    /// Reads a reference whose name `split` takes apart: registry, whether it was named, the rest, where the rest starts.
    fn read_split(text: &'a str, split: fn(&'a str) -> (&'a str, bool, &'a str, usize)) -> Result<Self, BadReference> {
        let (name, digest) = match text.split_once('@') {
            Some((name, digest)) => (name, Some(digest)),
            None => (text, None),
        };
        let (registry, explicit, rest, rest_offset) = split(name);
        if explicit {
            check_registry(registry)?;
        }
        // A colon behind the last slash starts the tag.
        let (path, tag) = match rest.rsplit_once(':') {
            Some((path, tag)) if !tag.contains('/') => (path, Some(tag)),
            _ => (rest, None),
        };
        check_repository(path, rest_offset)?;
        if let Some(tag) = tag {
            check_tag(tag, rest_offset + path.len() + 1)?;
        }
        if let Some(digest) = digest {
            check_digest(digest, name.len() + 1)?;
        }
        if !explicit && text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return bad(0, "64 hexadecimal digits are an image ID, which cannot be pulled");
        }
        let registry = match registry {
            // The name that Docker's clients have for the same registry.
            "index.docker.io" => Cow::Borrowed(DOCKER_HUB),
            host if host.bytes().any(|b| b.is_ascii_uppercase()) => Cow::Owned(host.to_ascii_lowercase()),
            host => Cow::Borrowed(host),
        };
        let repository = if registry == DOCKER_HUB && !path.contains('/') {
            Cow::Owned(["library/", path].concat())
        } else {
            Cow::Borrowed(path)
        };
        if repository.len() > REPOSITORY_BYTES {
            let implied = repository.len() - path.len();
            let offset = rest_offset + REPOSITORY_BYTES.saturating_sub(implied);
            return bad(offset.min(text.len()), "the repository is longer than 255 characters");
        }
        Ok(Reference { registry, explicit, repository, tag, digest })
    }

    /// Whether the registry is written in lower case, letter by letter as it stands in `registry`. A runtime compares it so
    /// with its redirects, its credentials and `docker.io`.
    pub fn is_in_lower_case(&self) -> bool {
        matches!(self.registry, Cow::Borrowed(_))
    }

    /// The reference in full: registry, repository, tag and digest.
    pub fn full(&self) -> String {
        let mut full = [&self.registry, "/", &self.repository].concat();
        self.append_version(&mut full);
        full
    }

    /// Appends `:tag` and `@digest`, as far as the reference has them.
    pub fn append_version(&self, name: &mut String) {
        for (sign, part) in [(':', self.tag), ('@', self.digest)] {
            if let Some(part) = part {
                name.push(sign);
                name.push_str(part);
            }
        }
    }
}

/// The registry, whether it was named, the rest, and where the rest starts.
fn split_registry(name: &str) -> (&str, bool, &str, usize) {
    match name.split_once('/') {
        Some((first, rest)) if is_registry(first) => (first, true, rest, first.len() + 1),
        _ => (DOCKER_HUB, false, name, 0),
    }
}

fn is_registry(first: &str) -> bool {
    first == "localhost" || first.contains(['.', ':']) || first.bytes().any(|b| b.is_ascii_uppercase())
}

/// Checks a registry's host and port.
fn check_registry(registry: &str) -> Result<(), BadReference> {
    if let Some(inner) = registry.strip_prefix('[') {
        let Some((address, port)) = inner.split_once(']') else {
            return bad(registry.len(), "the bracket of the IPv6 address is not closed");
        };
        if let Some(offset) = address.bytes().position(|b| !(b.is_ascii_hexdigit() || b == b':')) {
            return bad(offset + 1, "an IPv6 address has only hexadecimal digits and colons");
        }
        if address.is_empty() {
            return bad(1, "an IPv6 address has only hexadecimal digits and colons");
        }
        return match port.strip_prefix(':') {
            Some(port) => check_port(port, address.len() + 3),
            None if port.is_empty() => Ok(()),
            None => bad(address.len() + 2, "only a colon and a port may follow an IPv6 address"),
        };
    }
    let (host, port) = match registry.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (registry, None),
    };
    let mut offset = 0;
    for label in host.split('.') {
        if let Some(at) = label.bytes().position(|b| !(b.is_ascii_alphanumeric() || b == b'-')) {
            return bad(offset + at, "a registry host has only letters, digits, hyphens and dots");
        }
        if label.is_empty() {
            return bad(offset, "a part of the registry host is empty");
        }
        if label.starts_with('-') {
            return bad(offset, "a part of the registry host begins with a hyphen");
        }
        if label.ends_with('-') {
            return bad(offset + label.len() - 1, "a part of the registry host ends with a hyphen");
        }
        offset += label.len() + 1;
    }
    port.map_or(Ok(()), |port| check_port(port, host.len() + 1))
}

fn check_port(port: &str, offset: usize) -> Result<(), BadReference> {
    match port.bytes().position(|b| !b.is_ascii_digit()) {
        Some(at) => bad(offset + at, "a port has only digits"),
        None if port.is_empty() => bad(offset, "the port is missing"),
        None => Ok(()),
    }
}

/// Checks a repository: components of lower-case letters and digits, separated inside by `.`, `_`, `__` or hyphens.
fn check_repository(path: &str, start: usize) -> Result<(), BadReference> {
    let mut offset = start;
    for component in path.split('/') {
        let mut rest = component.as_bytes();
        if rest.is_empty() {
            return bad(offset, "a part of the repository between slashes is empty");
        }
        loop {
            let run = rest.iter().take_while(|b| b.is_ascii_lowercase() || b.is_ascii_digit()).count();
            rest = rest.get(run..).unwrap_or_default();
            let at = offset + component.len() - rest.len();
            let separators = match rest.first() {
                None => break,
                Some(b'A'..=b'Z') => return bad(at, "a repository must be lower case"),
                Some(b'.' | b'_' | b'-') if run == 0 => {
                    return bad(at, "a separator (. _ -) needs a letter or digit on both sides");
                }
                Some(b'-') => rest.iter().take_while(|b| **b == b'-').count(),
                Some(b'_') if rest.get(1) == Some(&b'_') => 2,
                Some(b'.' | b'_') => 1,
                Some(_) => {
                    return bad(at, "a repository has only lower-case letters, digits and the separators . _ - /");
                }
            };
            rest = rest.get(separators..).unwrap_or_default();
            if rest.is_empty() {
                return bad(offset + component.len() - 1, "a separator (. _ -) needs a letter or digit on both sides");
            }
        }
        offset += component.len() + 1;
    }
    Ok(())
}

fn check_tag(tag: &str, offset: usize) -> Result<(), BadReference> {
    let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    match tag.bytes().enumerate().find(|(at, b)| !(word(*b) || (*at > 0 && matches!(b, b'.' | b'-')))) {
        Some((at, _)) => {
            bad(offset + at, "a tag has only letters, digits, `_`, `.` and `-`, and does not begin with `.` or `-`")
        }
        None if tag.is_empty() => bad(offset, "the tag is empty"),
        None if tag.len() > 128 => bad(offset + 128, "the tag is longer than 128 characters"),
        None => Ok(()),
    }
}

/// Checks a digest. The runtimes know sha256, sha384 and sha512, in lower-case hexadecimal digits of exactly their length.
fn check_digest(digest: &str, offset: usize) -> Result<(), BadReference> {
    let Some((algorithm, hex)) = digest.split_once(':') else {
        return bad(offset + digest.len(), "a digest is an algorithm, a colon and hexadecimal digits");
    };
    let length = match algorithm {
        "sha256" => 64,
        "sha384" => 96,
        "sha512" => 128,
        _ => return bad(offset, "the digest's algorithm is not sha256, sha384 or sha512"),
    };
    let start = offset + algorithm.len() + 1;
    match hex.bytes().position(|b| !matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
        Some(at) => bad(start + at, "a digest has only lower-case hexadecimal digits"),
        None if hex.len() != length => bad(start + hex.len().min(length), "the digest has the wrong length"),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
