//! User name and password for a registry, from where `docker login` and `az acr login` put them.

use std::env;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use docker_credential::{CredentialRetrievalError, DockerCredential, get_credential_from_reader};
use thiserror::Error;

/// Where credentials come from.
#[derive(Clone, Default, PartialEq, Eq)]
pub enum Credentials {
    /// Docker's configuration: `$DOCKER_CONFIG/config.json`, or `~/.docker/config.json`. Without an entry for the
    /// registry, none are sent.
    #[default]
    Docker,
    /// A configuration file in Docker's format at another place.
    File(PathBuf),
    /// These.
    Password {
        /// The user name.
        user: String,
        /// The password.
        password: String,
    },
    /// None.
    Anonymous,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Docker => f.write_str("Docker"),
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
            Self::Password { user, .. } => f.debug_struct("Password").field("user", user).finish_non_exhaustive(),
            Self::Anonymous => f.write_str("Anonymous"),
        }
    }
}

/// Why stored credentials cannot be used. That there are none is not an error: the registry may need none.
#[derive(Debug, Error)]
#[allow(missing_docs)]
pub enum CredentialsError {
    #[error("{} cannot be read: {cause}. Repair or remove it, then run `docker login {host}`", path.display())]
    Unreadable { path: PathBuf, host: String, cause: String },
    #[error(
        "the credential helper `docker-credential-{helper}` that {} names for {host} failed: {cause}. Install it, or \
         remove it from that file and run `docker login {host}`",
        path.display()
    )]
    Helper { path: PathBuf, host: String, helper: String, cause: String },
}

/// What is sent to a registry.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Secret {
    None,
    Password {
        user: String,
        password: String,
    },
    /// A refresh token, which is exchanged for an access token; `az acr login` stores one.
    IdentityToken(String),
}

impl Credentials {
    /// The secret for a host.
    pub(crate) fn of(&self, host: &str) -> Result<Secret, CredentialsError> {
        match self {
            Self::Anonymous => Ok(Secret::None),
            Self::Password { user, password } => {
                Ok(Secret::Password { user: user.clone(), password: password.clone() })
            }
            Self::File(path) => read(path, host),
            Self::Docker => match docker_configuration() {
                Some(path) if path.exists() => read(&path, host),
                _ => Ok(Secret::None),
            },
        }
    }
}

fn docker_configuration() -> Option<PathBuf> {
    let directory = match env::var_os("DOCKER_CONFIG") {
        Some(directory) => PathBuf::from(directory),
        None => Path::new(&env::var_os("HOME")?).join(".docker"),
    };
    Some(directory.join("config.json"))
}

fn read(path: &Path, host: &str) -> Result<Secret, CredentialsError> {
    let unreadable =
        |cause: String| CredentialsError::Unreadable { path: path.to_owned(), host: host.to_owned(), cause };
    let bytes = fs::read(path).map_err(|error| unreadable(error.to_string()))?;
    match get_credential_from_reader(bytes.as_slice(), server(host)) {
        Ok(DockerCredential::UsernamePassword(user, password)) => Ok(Secret::Password { user, password }),
        Ok(DockerCredential::IdentityToken(token)) => Ok(Secret::IdentityToken(token)),
        Err(CredentialRetrievalError::NoCredentialConfigured) => Ok(Secret::None),
        // What every helper of Docker's prints when it works and holds nothing for the host.
        Err(CredentialRetrievalError::HelperFailure { stdout, stderr, .. })
            if format!("{stdout}{stderr}").contains("credentials not found") =>
        {
            Ok(Secret::None)
        }
        Err(
            error @ (CredentialRetrievalError::HelperCommunicationError
            | CredentialRetrievalError::MalformedHelperResponse
            | CredentialRetrievalError::HelperFailure { .. }),
        ) => Err(CredentialsError::Helper {
            path: path.to_owned(),
            host: host.to_owned(),
            helper: helper_name(&bytes, host),
            // A helper may print secrets on its standard output, never on its error output.
            cause: match error {
                CredentialRetrievalError::HelperFailure { stderr, .. } => stderr.trim().to_owned(),
                other => other.to_string(),
            },
        }),
        Err(CredentialRetrievalError::ConfigReadError) => Err(unreadable("it is not Docker's configuration".into())),
        Err(other) => Err(unreadable(other.to_string())),
    }
}

/// The key that Docker keeps a host's credentials under.
fn server(host: &str) -> &str {
    match host {
        "docker.io" | "index.docker.io" => "https://index.docker.io/v1/",
        other => other,
    }
}

/// The helper that a configuration names for a host.
fn helper_name(configuration: &[u8], host: &str) -> String {
    let value: serde_json::Value = serde_json::from_slice(configuration).unwrap_or_default();
    let named = value["credHelpers"][host].as_str().or(value["credsStore"].as_str());
    named.unwrap_or("?").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(configuration: &str, host: &str) -> Result<Secret, String> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("config.json");
        fs::write(&path, configuration).unwrap();
        Credentials::File(path).of(host).map_err(|error| error.to_string())
    }

    #[test]
    fn finds_what_docker_login_stored() {
        let stored = r#"{"auths": {"myacr.azurecr.io": {"auth": "cHVzaGVyOnBhc3M6d29yZA=="}}}"#;
        let password = Secret::Password { user: "pusher".into(), password: "pass:word".into() };
        assert!(secret(stored, "myacr.azurecr.io") == Ok(password));
        assert!(secret(stored, "other.azurecr.io") == Ok(Secret::None));
        assert!(secret("{}", "myacr.azurecr.io") == Ok(Secret::None));
    }

    #[test]
    fn finds_the_token_that_az_acr_login_stores() {
        let stored = r#"{"auths": {"myacr.azurecr.io": {"auth": "MDA6", "identitytoken": "t"}}}"#;
        assert!(secret(stored, "myacr.azurecr.io") == Ok(Secret::IdentityToken("t".into())));
    }

    #[test]
    fn does_not_go_on_without_credentials_that_are_there_but_broken() {
        let error = secret("not json", "myacr.azurecr.io").err().unwrap();
        assert!(error.contains("docker login myacr.azurecr.io"), "{error}");
        let error = secret(r#"{"credsStore": "absent-for-sure"}"#, "myacr.azurecr.io").err().unwrap();
        assert!(error.contains("docker-credential-absent-for-sure"), "{error}");
        assert!(Credentials::File("/absent/config.json".into()).of("myacr.azurecr.io").is_err());
    }

    #[test]
    fn does_not_print_passwords() {
        let password = Credentials::Password { user: "a".into(), password: "hidden".into() };
        assert!(!format!("{password:?}").contains("hidden"));
    }
}
