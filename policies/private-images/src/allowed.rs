//! What the settings admit: registries and exceptions, read and compared.

use std::borrow::Cow;

use isolation::fingerprint::fingerprint;
use isolation::image::{Reference, not_a_login_server};

/// A registry, and the repositories in it, that images may come from.
#[derive(Debug, Clone)]
pub struct Allowed<'d> {
    /// Host and port, in lower case.
    pub host: Cow<'d, str>,
    /// The prefix of the repository, without slashes at its ends; empty for the whole registry.
    pub prefix: Cow<'d, str>,
    /// The fingerprint of the host.
    mark: u32,
}

/// What is wrong with a text whatever it names: a clause.
fn not_a_registry(text: &str) -> Option<&'static str> {
    if text.contains("://") {
        Some("a registry has no scheme, as in myacr.azurecr.io")
    } else if text.contains('*') {
        Some("a wildcard would admit registries that are not yours, name each one")
    } else {
        None
    }
}

/// Whether `repository` is `prefix` or lies below it. The empty prefix holds everything.
fn is_below(repository: &str, prefix: &str) -> bool {
    prefix.is_empty() || repository.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl<'d> Allowed<'d> {
    /// Whether the repository of that host is admitted.
    pub fn holds(&self, host: &str, repository: &str) -> bool {
        self.host == host && is_below(repository, &self.prefix)
    }

    /// Whether everything that the other one admits is admitted.
    pub fn includes(&self, other: &Allowed<'_>) -> bool {
        self.mark == other.mark && self.holds(&other.host, &other.prefix)
    }

    /// Whether every text that begins with `lead` is a reference that is admitted, whatever follows.
    pub fn holds_all(&self, lead: &str) -> bool {
        let Some((host, path)) = lead.split_once('/') else { return false };
        let below = self.prefix.is_empty()
            || path.strip_prefix(self.prefix.as_ref()).is_some_and(|rest| rest.starts_with(['/', ':', '@']));
        host.eq_ignore_ascii_case(&self.host) && below
    }

    /// Reads an item of the setting `registries`.
    ///
    /// # Errors
    ///
    /// What is wrong with it: a clause.
    pub fn read(text: Cow<'d, str>) -> Result<Self, &'static str> {
        if let Some(problem) = not_a_registry(&text) {
            return Err(problem);
        }
        if text.contains('@') {
            return Err("a registry has no digest (put single images in `exceptions`)");
        }
        let (host, prefix) = text.split_once('/').unwrap_or((&text, ""));
        let prefix = prefix.strip_suffix('/').unwrap_or(prefix);
        if prefix.contains(':') {
            return Err("a registry has no tag (put single images in `exceptions`)");
        }
        if !host.starts_with('[')
            && host.split_once(':').is_some_and(|(_, port)| port.bytes().any(|b| !b.is_ascii_digit()))
        {
            return Err("a registry has no tag, and a port has only digits");
        }
        let host = host.to_ascii_lowercase();
        if let Some(problem) = not_a_login_server(&host) {
            return Err(problem);
        }
        // An image below the registry must be one that can be named.
        let sample = if prefix.is_empty() { [&host, "/x"].concat() } else { [&host, "/", prefix, "/x"].concat() };
        match Reference::read(&sample) {
            Ok(reference) if reference.explicit => {
                let host = Cow::Owned(reference.registry.into_owned());
                Ok(Allowed { mark: fingerprint(&host), host, prefix: Cow::Owned(prefix.to_owned()) })
            }
            Ok(_) => Err("not a registry host: without a dot or port, it means a repository of docker.io"),
            Err(_) => Err("no image reference begins like this, expected a host such as myacr.azurecr.io"),
        }
    }
}

/// An image, a repository or all repositories below a prefix, admitted whatever `registries` says.
#[derive(Debug, Clone)]
pub struct Exception<'d> {
    /// Host and port, in lower case.
    pub host: Cow<'d, str>,
    /// The repository, as a reference to it is read.
    pub repository: Cow<'d, str>,
    /// Whether it is excepted itself, and not only what is below.
    itself: bool,
    /// Where the repositories below begin, if they are excepted.
    below: Option<String>,
    tag: Option<String>,
    digest: Option<String>,
}

impl<'d> Exception<'d> {
    /// Whether this reference is excepted.
    pub fn admits(&self, reference: &Reference<'_>) -> bool {
        let same = self.itself && reference.repository == self.repository;
        let below = |prefix: &String| {
            reference.repository.strip_prefix(prefix.as_str()).is_some_and(|rest| rest.starts_with('/'))
        };
        let exact = self.tag.is_some() || self.digest.is_some();
        self.host == reference.registry
            && (same || self.below.as_ref().is_some_and(below))
            && (!exact || (self.tag.as_deref() == reference.tag && self.digest.as_deref() == reference.digest))
    }

    /// The shortest repository that is excepted, or below which all are.
    pub fn shortest(&self) -> &str {
        self.below.as_ref().map_or(&self.repository, |below| below)
    }

    /// Reads an item of the setting `exceptions`.
    ///
    /// # Errors
    ///
    /// What is wrong with it: a clause.
    pub fn read(text: Cow<'d, str>) -> Result<Self, &'static str> {
        if text.contains("://") {
            return Err("a reference has no scheme");
        }
        if text.contains('*') {
            return Err(
                "wildcards are not supported: a `/` at the end admits every repository below, as in quay.io/vendor/",
            );
        }
        let path = text.strip_suffix('/').unwrap_or(&text);
        let Ok(reference) = Reference::read(path) else {
            return Err("not an image reference, such as quay.io/vendor/app:1.4 or quay.io/vendor/");
        };
        let (first, rest) = path.split_once('/').unwrap_or((path, ""));
        if rest.is_empty() && first.split(':').next().is_some_and(|host| host.contains('.')) {
            return Err("a whole registry, put it in `registries`");
        }
        let exact = reference.tag.is_some() || reference.digest.is_some();
        let itself = path.len() == text.len();
        if exact && !itself {
            return Err("a single image has nothing below it, remove the `/` at the end");
        }
        // `alpine` and `docker.io/alpine` are the repository library/alpine, and what is below it is below that. Only a `/` at
        // the end says that an organisation is meant.
        let below = match (itself, reference.explicit) {
            (true, _) => reference.repository.as_ref(),
            (false, true) => rest,
            (false, false) => path,
        };
        Ok(Exception {
            repository: Cow::Owned(reference.repository.as_ref().to_owned()),
            itself,
            below: (!exact).then(|| below.to_owned()),
            tag: reference.tag.map(str::to_owned),
            digest: reference.digest.map(str::to_owned),
            host: Cow::Owned(reference.registry.into_owned()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excepts(exception: &str, image: &str) -> bool {
        let exception = Exception::read(Cow::Borrowed(exception)).expect(exception);
        exception.admits(&Reference::read(image).expect(image))
    }

    #[test]
    fn an_exception_admits_what_it_says_and_no_more() {
        assert!(excepts("quay.io/vendor/app:1", "quay.io/vendor/app:1"));
        assert!(!excepts("quay.io/vendor/app:1", "quay.io/vendor/app:2"));
        assert!(!excepts("quay.io/vendor/app:1", "quay.io/vendor/app"));
        assert!(excepts("quay.io/vendor/app", "QUAY.io/vendor/app:2"));
        assert!(excepts("quay.io/vendor/app", "quay.io/vendor/app/x:2"));
        assert!(!excepts("quay.io/vendor/app", "quay.io/vendor/apps:2"));
        assert!(!excepts("quay.io/vendor/app:1", "quay.io/vendor/app/x:1"));
        assert!(excepts("quay.io/vendor/", "quay.io/vendor/app/x:2"));
        assert!(!excepts("quay.io/vendor/", "quay.io/vendors/app"));
        assert!(!excepts("quay.io/vendor/", "quay.io/vendor"));
        assert!(excepts("docker.io/bitnami/", "bitnami/redis:7"));
        assert!(!excepts("docker.io/bitnami", "bitnami/redis:7") && excepts("docker.io/bitnami", "bitnami"));
        assert!(excepts("alpine", "alpine:3") && excepts("alpine", "index.docker.io/library/alpine"));
        assert!(!excepts("alpine", "alpine/evil:1") && !excepts("library/alpine", "alpine/evil:1"));
        assert!(!excepts("index.docker.io/alpine", "alpine/evil:1") && excepts("alpine/", "alpine/git:1"));
        assert!(!excepts("docker.io/bitnami/", "bitnami") && !excepts("docker.io/bitnami", "bitnamis/redis"));
        assert!(excepts("auto", "docker.io/library/auto"));
    }

    #[test]
    fn a_lead_admits_only_what_nothing_can_lead_away() {
        let team = Allowed::read(Cow::Borrowed("myacr.azurecr.io/team")).unwrap();
        assert!(team.holds_all("MyACR.azurecr.io/team/app:"));
        assert!(!team.holds_all("myacr.azurecr.io/team"));
        assert!(!team.holds_all("myacr.azurecr.io/"));
        assert!(!team.holds_all("myacr.azurecr.io"));
    }
}
