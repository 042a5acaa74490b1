//! From modules to references by digest.
//!
//! All modules' contents go up first, and only then the manifests, which make them visible: what fails leaves no policy
//! that is half there, and as a rule none at all. What the registry already has is not sent again.

use std::collections::BTreeSet;
use std::sync::Arc;

use oci_client::Reference;
use thiserror::Error;

use crate::connection::{Connection, ConnectionError};
use crate::failure::Failure;
use crate::image::Image;
use crate::module::Module;
use crate::options::{Options, Retry};
use crate::progress::Progress;
use crate::published::{Outcome, Published};
use crate::registry::Registry;

/// Why a push ended.
#[derive(Debug, Error)]
pub enum PushError {
    /// Two modules have the same name, of which one would replace the other.
    #[error("two modules are named `{0}`, and one would replace the other. Pass only one")]
    SameName(String),
    /// No connection could be tried.
    #[error(transparent)]
    Connection(#[from] ConnectionError),
    /// The machine gives no resources for a connection.
    #[error("no connection can be prepared: {0}")]
    Runtime(std::io::Error),
    /// The registry did not take a module.
    #[error("{reference}: {failure}{}. {}", tries(*attempts), failure.fix(host, *plain))]
    Failed {
        /// The registry's host.
        host: String,
        /// What was to be pushed, `HOST/REPOSITORY:TAG`.
        reference: String,
        /// How often it was tried.
        attempts: u32,
        /// The last failure.
        failure: Failure,
        /// Whether the registry was asked without TLS.
        plain: bool,
    },
}

fn tries(attempts: u32) -> String {
    if attempts > 1 { format!(", {attempts} times in a row") } else { String::new() }
}

/// Pushes modules as `HOST[/PREFIX]/NAME:vVERSION`; returns them in the order given.
///
/// # Errors
///
/// The first failure that did not pass. Modules of which the error does not speak may not be in the registry either;
/// pushing again completes them.
pub fn push(
    modules: &[Module],
    registry: &Registry,
    options: &Options,
    progress: Arc<dyn Progress>,
) -> Result<Vec<Published>, PushError> {
    let images: Vec<Image> = modules.iter().map(Image::of).collect();
    push_images(&images, registry, options, progress)
}

pub(crate) fn push_images(
    images: &[Image],
    registry: &Registry,
    options: &Options,
    progress: Arc<dyn Progress>,
) -> Result<Vec<Published>, PushError> {
    let mut names = BTreeSet::new();
    if let Some(twice) = images.iter().find(|image| !names.insert(&image.name)) {
        return Err(PushError::SameName(twice.name.clone()));
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(PushError::Runtime)?;
    let connection = Connection::new(registry.host(), options)?;
    let pusher = Pusher { connection, registry, retry: options.retry, plain: options.plain_http, progress };
    runtime.block_on(pusher.push(images))
}

struct Pusher<'a> {
    connection: Connection,
    registry: &'a Registry,
    retry: Retry,
    plain: bool,
    progress: Arc<dyn Progress>,
}

impl Pusher<'_> {
    async fn push(&self, images: &[Image]) -> Result<Vec<Published>, PushError> {
        let mut before = Vec::new();
        for image in images {
            let there = self.persist(image, async |at| self.connection.digest_of(at).await).await?;
            if there.as_ref() != Some(&image.manifest.digest) {
                self.upload(image).await?;
            }
            before.push(there);
        }
        let mut published = Vec::new();
        for (image, before) in images.iter().zip(before) {
            let outcome = match before {
                Some(digest) if digest == image.manifest.digest => Outcome::AlreadyThere,
                before => {
                    self.make_visible(image).await?;
                    before.map_or(Outcome::New, Outcome::Replaced)
                }
            };
            let done = self.published(image, outcome);
            self.progress.published(&done);
            published.push(done);
        }
        Ok(published)
    }

    async fn upload(&self, image: &Image) -> Result<(), PushError> {
        for blob in &image.blobs {
            self.persist(image, async |at| {
                if self.connection.has(at, blob).await? {
                    return Ok(());
                }
                self.connection.upload(at, blob, &image.name, &self.progress).await
            })
            .await?;
        }
        Ok(())
    }

    /// Puts the manifest, and asks for it: some registries rewrite manifests, and then no digest can be pinned.
    async fn make_visible(&self, image: &Image) -> Result<(), PushError> {
        self.persist(image, async |at| {
            self.connection.put_manifest(at, &image.manifest).await?;
            match self.connection.digest_of(at).await? {
                Some(stored) if stored != image.manifest.digest => {
                    Err(Failure::Rewritten { sent: image.manifest.digest.clone(), stored })
                }
                // A user who may push but not pull sees nothing.
                _ => Ok(()),
            }
        })
        .await
    }

    /// Does something until it succeeds, fails for good, or has failed often enough.
    async fn persist<T>(
        &self,
        image: &Image,
        action: impl AsyncFn(&Reference) -> Result<T, Failure>,
    ) -> Result<T, PushError> {
        let reference = self.registry.reference(&image.name, &image.tag);
        let mut attempts = 1;
        loop {
            let failure = match action(&reference).await {
                Ok(done) => return Ok(done),
                Err(failure) => failure,
            };
            match self.retry.wait_after(attempts).filter(|_| failure.is_transient()) {
                Some(wait) => {
                    self.progress.retry(&image.name, &failure, wait);
                    tokio::time::sleep(wait).await;
                    attempts += 1;
                }
                None => {
                    let host = self.registry.host().to_owned();
                    let (reference, plain) = (reference.whole(), self.plain);
                    return Err(PushError::Failed { host, reference, attempts, failure, plain });
                }
            }
        }
    }

    fn published(&self, image: &Image, outcome: Outcome) -> Published {
        Published {
            name: image.name.clone(),
            tag: image.tag.clone(),
            repository: format!("{}/{}", self.registry.host(), self.registry.repository(&image.name)),
            digest: image.manifest.digest.clone(),
            is_module: image.is_module,
            outcome,
        }
    }
}
