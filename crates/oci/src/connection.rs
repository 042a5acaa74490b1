//! A connection to one registry: the client's options, and each request with its failure.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use oci_client::client::{Certificate, CertificateEncoding, ClientConfig, ClientProtocol};
use oci_client::errors::{OciDistributionError, OciErrorCode};
use oci_client::manifest::OCI_IMAGE_MEDIA_TYPE;
use oci_client::secrets::RegistryAuth;
use oci_client::{Client, Reference, RegistryOperation};
use thiserror::Error;

use crate::credentials::{CredentialsError, Secret};
use crate::failure::{Asked, Failure, TOKEN_USER};
use crate::image::Blob;
use crate::options::Options;
use crate::progress::Progress;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const READ_TIMEOUT: Duration = Duration::from_secs(60);
/// Small enough that a bar moves on a slow line.
const CHUNK: usize = 64 * 1024;

/// Why no connection can be tried.
#[derive(Debug, Error)]
#[allow(missing_docs)]
pub enum ConnectionError {
    #[error(transparent)]
    Credentials(#[from] CredentialsError),
    #[error("the certificates in {} cannot be read: {cause}. Give a file of PEM certificates", path.display())]
    Certificates { path: PathBuf, cause: String },
    #[error("no connection to {host} can be prepared: {cause}. Check the proxy settings and the system's certificates")]
    Client { host: String, cause: String },
}

/// A connection to one registry.
pub(crate) struct Connection {
    client: Client,
    auth: RegistryAuth,
    asked: Asked,
}

impl Connection {
    pub fn new(host: &str, options: &Options) -> Result<Self, ConnectionError> {
        // Another part of the process may have chosen already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let (auth, user) = match options.credentials.of(host)? {
            Secret::None => (RegistryAuth::Anonymous, None),
            Secret::Password { user, password } => (RegistryAuth::Basic(user.clone(), password), Some(user)),
            Secret::IdentityToken(token) => {
                (RegistryAuth::Basic(TOKEN_USER.to_owned(), token), Some(TOKEN_USER.to_owned()))
            }
        };
        let config = ClientConfig {
            protocol: if options.plain_http { ClientProtocol::Http } else { ClientProtocol::Https },
            extra_root_certificates: options.ca_file.as_deref().map(certificates).transpose()?.unwrap_or_default(),
            // One request a blob, so that its bytes can be counted as they leave.
            use_monolithic_push: true,
            connect_timeout: Some(CONNECT_TIMEOUT),
            read_timeout: Some(READ_TIMEOUT),
            user_agent: concat!("isolation/", env!("CARGO_PKG_VERSION")),
            http_proxy: options.proxies.http.clone(),
            https_proxy: options.proxies.https.clone(),
            no_proxy: options.proxies.except.clone(),
            ..ClientConfig::default()
        };
        // Not Client::new, which would go on without the certificates.
        let client = Client::try_from(config).map_err(|error| match &options.ca_file {
            Some(path) => ConnectionError::Certificates { path: path.clone(), cause: text_of(&error) },
            None => ConnectionError::Client { host: host.to_owned(), cause: text_of(&error) },
        })?;
        Ok(Self { client, auth, asked: Asked { host: host.to_owned(), user, plain: options.plain_http } })
    }

    /// The digest that a tag has, or none where there is no such tag, or none that this user may see.
    pub async fn digest_of(&self, reference: &Reference) -> Result<Option<String>, Failure> {
        let asked = self.authorized(reference, RegistryOperation::Pull, async || {
            match self.client.fetch_manifest_digest(reference, &self.auth).await {
                Err(error) if is_absent(&error) => Ok(None),
                found => found.map(Some),
            }
        });
        match asked.await {
            // Registries hide what a user may not see, and some hide what does not exist behind the same answer; the upload
            // that follows gets the true one.
            Err(Failure::Unauthorized { .. } | Failure::NarrowToken | Failure::NoToken(_) | Failure::Denied(_)) => {
                Ok(None)
            }
            found => found,
        }
    }

    pub async fn has(&self, reference: &Reference, blob: &Blob) -> Result<bool, Failure> {
        self.client.store_auth_if_needed(reference.registry(), &self.auth).await;
        match self.client.blob_exists(reference, &blob.digest).await.map_err(|error| self.failure(error)) {
            Err(failure) if failure.is_transient() => Err(failure),
            // Whether it may be written is what counts, and the next request asks that. A registry may send this one to a
            // storage that no way leads to.
            found => Ok(found.unwrap_or(false)),
        }
    }

    pub async fn upload(
        &self,
        reference: &Reference,
        blob: &Blob,
        name: &str,
        progress: &Arc<dyn Progress>,
    ) -> Result<(), Failure> {
        let size = blob.bytes.len() as u64;
        progress.upload(name, size);
        let send = async || {
            let (mut rest, name, progress) = (blob.bytes.clone(), name.to_owned(), Arc::clone(progress));
            let chunks = std::iter::from_fn(move || {
                let chunk = rest.split_to(rest.len().min(CHUNK));
                (!chunk.is_empty()).then(|| {
                    progress.sent(&name, chunk.len() as u64);
                    Ok::<Bytes, OciDistributionError>(chunk)
                })
            });
            self.client.push_blob_stream(reference, stream::iter(chunks), &blob.digest, Some(size)).await
        };
        self.authorized(reference, RegistryOperation::Push, send).await.map(drop)
    }

    pub async fn put_manifest(&self, reference: &Reference, manifest: &Blob) -> Result<(), Failure> {
        let media_type = reqwest::header::HeaderValue::from_static(OCI_IMAGE_MEDIA_TYPE);
        let put = async || self.client.push_manifest_raw(reference, manifest.bytes.clone(), media_type.clone()).await;
        self.authorized(reference, RegistryOperation::Push, put).await.map(drop)
    }

    /// Sends a request. Where it is refused for want of credentials, learns what became of the token: the client asks for one by
    /// itself, but drops what the token service says, and goes on without.
    async fn authorized<T>(
        &self,
        reference: &Reference,
        operation: RegistryOperation,
        request: impl AsyncFn() -> Result<T, OciDistributionError>,
    ) -> Result<T, Failure> {
        let refused = match request().await.map_err(|error| self.failure(error)) {
            Err(refused @ Failure::Unauthorized { .. }) => refused,
            other => return other,
        };
        match self.client.auth(reference, &self.auth, operation).await {
            Err(error) => Err(self.failure(error)),
            // The registry gives no tokens.
            Ok(None) => Err(refused),
            Ok(Some(_)) => match request().await.map_err(|error| self.failure(error)) {
                Err(Failure::Unauthorized { user: Some(_) }) => Err(Failure::NarrowToken),
                other => other,
            },
        }
    }

    fn failure(&self, error: OciDistributionError) -> Failure {
        Failure::of(error, &self.asked)
    }
}

/// Whether a look for a tag found none, or none that this user may see.
fn is_absent(error: &OciDistributionError) -> bool {
    match error {
        OciDistributionError::ImageManifestNotFoundError(_) => true,
        OciDistributionError::ServerError { code, .. } => matches!(code, 403 | 404),
        OciDistributionError::RegistryError { envelope, .. } => envelope.errors.iter().all(|error| {
            matches!(
                error.code,
                OciErrorCode::ManifestUnknown
                    | OciErrorCode::NameUnknown
                    | OciErrorCode::NotFound
                    | OciErrorCode::Denied
            )
        }),
        _ => false,
    }
}

/// Each certificate of a PEM file.
fn certificates(path: &Path) -> Result<Vec<Certificate>, ConnectionError> {
    let failed = |cause: String| ConnectionError::Certificates { path: path.to_owned(), cause };
    let text = fs::read_to_string(path).map_err(|error: io::Error| failed(error.to_string()))?;
    let end = "-----END CERTIFICATE-----";
    let found: Vec<Certificate> = text
        .split_inclusive(end)
        .filter(|part| part.contains("-----BEGIN CERTIFICATE-----") && part.ends_with(end))
        .map(|part| Certificate { encoding: CertificateEncoding::Pem, data: part.into() })
        .collect();
    if found.is_empty() { Err(failed("it contains no `BEGIN CERTIFICATE`".to_owned())) } else { Ok(found) }
}

/// The innermost cause, which says what is wrong.
fn text_of(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
