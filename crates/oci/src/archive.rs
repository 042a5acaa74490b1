//! Everything in one file, to carry where no network reaches.
//!
//! The file is an OCI image layout in a tar archive, with files beside it:
//!
//! ```text
//! SHA256SUMS              of all the others: `sha256sum -c SHA256SUMS` after unpacking
//! blobs/sha256/…          modules, configurations, manifests
//! index.json              one manifest a module, and one of the chart: the very ones that a push creates
//! oci-layout
//! resources/…             policies, ready to apply
//! sboms/…                 what each module is made of
//! ```
//!
//! The same content gives the same bytes, wherever and whenever it is written. Reading checks every digest before
//! anything is used. The archive is not signed: whoever could alter it on the way could also write another, so compare
//! its digest, which both sides print.

mod layout;
mod read;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use thiserror::Error;

use crate::chart::Chart;
use crate::digest::sha256;
use crate::image::Image;
use crate::module::{Module, ModuleError};
use crate::options::Options;
use crate::progress::Progress;
use crate::published::Published;
use crate::push::{PushError, push_images};
use crate::registry::Registry;

/// Why an archive cannot be written or read.
#[derive(Debug, Error)]
#[allow(missing_docs)]
pub enum ArchiveError {
    #[error("{} cannot be written: {cause}", path.display())]
    Unwritable { path: PathBuf, cause: std::io::Error },
    #[error("{} cannot be read: {cause}", path.display())]
    Unreadable { path: PathBuf, cause: std::io::Error },
    #[error(
        "`{0}` cannot be a file's path in an archive. Use letters, digits, `.`, `_`, `-` and `/`, at most 99 in all"
    )]
    Path(String),
    #[error("`{0}` would be in the archive twice. Give it once")]
    Twice(String),
    #[error("it is compressed with {0}. Unpack it first: `{0} -dc FILE >isolation.tar`")]
    Compressed(&'static str),
    #[error("it is not an archive that `isolation bundle` wrote: {0}")]
    Foreign(String),
    #[error("it ends early, so it was truncated: {0}. Copy it again")]
    Truncated(String),
    #[error("it lacks `{0}`, so it was truncated or altered. Copy it again")]
    Lacks(String),
    #[error("`{file}` in it was altered: it should be {expected} and is {actual}. Copy it again")]
    Altered { file: String, expected: String, actual: String },
    #[error("it contains `{0}`, which its SHA256SUMS do not list. Do not use it before you know where it comes from")]
    Unlisted(String),
    #[error(
        "`{file}` in it cannot be used: {why}. Write the archive again, or use the version of `isolation` that wrote it"
    )]
    Unusable { file: String, why: String },
    #[error(transparent)]
    Module(#[from] ModuleError),
}

/// Modules and files, as they are in an archive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Archive {
    modules: Vec<Module>,
    charts: Vec<Chart>,
    files: BTreeMap<String, Bytes>,
}

impl Archive {
    /// An archive of these modules, and nothing beside them yet.
    ///
    /// # Errors
    ///
    /// Two modules of the same name.
    pub fn of(modules: &[Module]) -> Result<Self, ArchiveError> {
        let mut modules = modules.to_vec();
        modules.sort_by(|a, b| a.name().cmp(b.name()));
        match modules.windows(2).find(|pair| pair[0].name() == pair[1].name()) {
            Some(pair) => Err(ArchiveError::Twice(pair[0].name().to_owned())),
            None => Ok(Self { modules, charts: Vec::new(), files: BTreeMap::new() }),
        }
    }

    /// Adds a chart that deploys the modules.
    ///
    /// # Errors
    ///
    /// A name that a module or another chart has.
    pub fn add_chart(&mut self, chart: Chart) -> Result<(), ArchiveError> {
        if self.images().any(|image| image.name == chart.name()) {
            return Err(ArchiveError::Twice(chart.name().to_owned()));
        }
        self.charts.push(chart);
        Ok(())
    }

    /// Adds a policy resource, or what belongs to some: `name` is its path below `resources/`.
    ///
    /// # Errors
    ///
    /// A path that does not go into an archive, or that is already there.
    pub fn add_resource(&mut self, name: &str, content: impl Into<Bytes>) -> Result<(), ArchiveError> {
        self.add(layout::RESOURCES, name, content.into())
    }

    /// Adds a software bill of materials: `name` is its path below `sboms/`.
    ///
    /// # Errors
    ///
    /// As [`Archive::add_resource`].
    pub fn add_sbom(&mut self, name: &str, content: impl Into<Bytes>) -> Result<(), ArchiveError> {
        self.add(layout::SBOMS, name, content.into())
    }

    fn add(&mut self, directory: &str, name: &str, content: Bytes) -> Result<(), ArchiveError> {
        let path = format!("{directory}{name}");
        if !layout::is_path(&path) {
            return Err(ArchiveError::Path(path));
        }
        match self.files.insert(path.clone(), content) {
            None => Ok(()),
            Some(_) => Err(ArchiveError::Twice(path)),
        }
    }

    /// The modules, by name.
    pub fn modules(&self) -> &[Module] {
        &self.modules
    }

    /// The charts, in the order in which they were added.
    pub fn charts(&self) -> &[Chart] {
        &self.charts
    }

    fn images(&self) -> impl Iterator<Item = Image> {
        self.modules.iter().map(Image::of).chain(self.charts.iter().map(Chart::image))
    }

    /// The other files, by path: `resources/…` and `sboms/…`.
    pub fn files(&self) -> impl Iterator<Item = (&str, &Bytes)> {
        self.files.iter().map(|(path, content)| (path.as_str(), content))
    }

    /// Writes the archive; returns its digest. A file of that name is replaced, and only once the new one is whole.
    ///
    /// # Errors
    ///
    /// A file that cannot be written.
    pub fn write(&self, path: &Path) -> Result<String, ArchiveError> {
        let unwritable = |cause| ArchiveError::Unwritable { path: path.to_owned(), cause };
        let bytes = self.to_bytes().map_err(unwritable)?;
        // A pipe or `/dev/stdout` stays what it is.
        if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
            fs::write(path, &bytes).map_err(unwritable)?;
            return Ok(sha256(&bytes));
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        // The temporary file that cannot be made there is nothing that anybody named.
        if !folder.is_dir() {
            let what = format!("there is no folder {}", folder.display());
            return Err(unwritable(std::io::Error::new(std::io::ErrorKind::NotFound, what)));
        }
        // A random name, and made so that nothing is followed which somebody has planted there. What is left of a file that
        // could not be finished goes with it.
        let mut builder = tempfile::Builder::new();
        builder.prefix(".isolation-");
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let mut unfinished = builder.tempfile_in(folder).map_err(unwritable)?;
        std::io::Write::write_all(&mut unfinished, &bytes).map_err(unwritable)?;
        unfinished.persist(path).map_err(|error| unwritable(error.error))?;
        Ok(sha256(&bytes))
    }

    /// Reads an archive and checks all of it; also returns its digest.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, or is not, byte for byte, what was written into it.
    pub fn read(path: &Path) -> Result<(Self, String), ArchiveError> {
        let bytes = fs::read(path).map_err(|cause| ArchiveError::Unreadable { path: path.to_owned(), cause })?;
        Ok((Self::from_bytes(&bytes)?, sha256(&bytes)))
    }

    /// Reads an archive's bytes and checks all of them.
    ///
    /// # Errors
    ///
    /// Bytes that are not, one by one, what was written.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ArchiveError> {
        read::from_bytes(bytes)
    }

    /// The archive's bytes: the same for the same content.
    ///
    /// # Errors
    ///
    /// A file that does not go into an archive.
    pub fn to_bytes(&self) -> std::io::Result<Vec<u8>> {
        layout::to_bytes(self)
    }

    /// Pushes the modules and charts; see [`push`](crate::push). Resources and SBOMs are for the operator.
    ///
    /// # Errors
    ///
    /// As [`push`](crate::push).
    pub fn push(
        &self,
        registry: &Registry,
        options: &Options,
        progress: Arc<dyn Progress>,
    ) -> Result<Vec<Published>, PushError> {
        push_images(&self.images().collect::<Vec<_>>(), registry, options, progress)
    }
}
