//! Where to push: `HOST[/PREFIX]`.

use std::fmt;
use std::str::FromStr;

use oci_client::Reference;
use thiserror::Error;

use crate::image::digest_of;
use crate::module::Module;

/// Why a text does not name a registry.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("`{text}` does not name a registry: {why}. Write HOST[:PORT][/PREFIX], such as `{example}`")]
pub struct RegistryError {
    text: String,
    why: &'static str,
    example: String,
}

/// A registry and the prefix under which the policies' repositories are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registry {
    host: String,
    prefix: String,
}

impl Registry {
    /// Host, and port where one is given.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The repository of a policy, without the host.
    pub fn repository(&self, name: &str) -> String {
        if self.prefix.is_empty() { name.to_owned() } else { format!("{}/{name}", self.prefix) }
    }

    /// What a policy's `module` says of a module that is, or will be, in this registry: `registry://HOST/REPOSITORY@sha256:…`.
    /// The registry is not contacted: the digest follows from the module.
    pub fn module_uri(&self, module: &Module) -> String {
        format!("registry://{}/{}@{}", self.host, self.repository(module.name()), digest_of(module))
    }

    pub(crate) fn reference(&self, name: &str, tag: &str) -> Reference {
        Reference::with_tag(self.host.clone(), self.repository(name), tag.to_owned())
    }
}

impl fmt::Display for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.host)?;
        if self.prefix.is_empty() { Ok(()) } else { write!(f, "/{}", self.prefix) }
    }
}

impl FromStr for Registry {
    type Err = RegistryError;

    fn from_str(text: &str) -> Result<Self, RegistryError> {
        let refuse = |why, example: String| Err(RegistryError { text: text.to_owned(), why, example });
        if let Some((_, rest)) = text.split_once("://") {
            return refuse("it has a scheme", rest.trim_end_matches('/').to_owned());
        }
        let text = text.trim_end_matches('/');
        let (host, prefix) = text.split_once('/').unwrap_or((text, ""));
        let example = || "myacr.azurecr.io/policies".to_owned();
        // As containerd tells a host from a repository of Docker Hub.
        if host != "localhost" && !host.contains(['.', ':']) {
            return refuse("its first part is not a host", example());
        }
        if prefix.contains('@') || prefix.contains(':') {
            return refuse("each policy gets its own tag, so a tag cannot be given", example());
        }
        if prefix.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return refuse("repositories are lower case", format!("{host}/{}", prefix.to_ascii_lowercase()));
        }
        let (host, prefix) = (host.to_ascii_lowercase(), prefix.to_owned());
        let registry = Self { host, prefix };
        match Reference::try_from(format!("{registry}/x:v0")) {
            // A text such as `:5000` reads as a repository of Docker Hub.
            Ok(reference) if reference.registry() == registry.host => Ok(registry),
            _ => refuse("host or prefix contains an invalid character", example()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_hosts_with_and_without_port_and_prefix() {
        for (text, repository) in [
            ("myacr.azurecr.io", "x"),
            ("myacr.azurecr.io/policies/aks", "policies/aks/x"),
            ("localhost:5000/policies/", "policies/x"),
            ("localhost", "x"),
            ("10.0.0.4:5000", "x"),
            ("MyACR.azurecr.io", "x"),
        ] {
            let registry: Registry = text.parse().unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(registry.repository("x"), repository, "{text}");
            assert_eq!(registry.host(), text.split('/').next().unwrap().to_lowercase());
        }
    }

    #[test]
    fn refuses_with_what_to_write() {
        for (text, part) in [
            ("https://myacr.azurecr.io/policies/", "such as `myacr.azurecr.io/policies`"),
            ("policies", "is not a host"),
            ("", "is not a host"),
            ("myacr.azurecr.io/policies:v1", "its own tag"),
            ("myacr.azurecr.io/Policies", "such as `myacr.azurecr.io/policies`"),
            ("myacr.azurecr.io/a b", "invalid character"),
            ("myacr.azurecr.io/a//b", "invalid character"),
            (":5000", "invalid character"),
            ("user@host.io", "invalid character"),
        ] {
            let error = text.parse::<Registry>().unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
    }
}
