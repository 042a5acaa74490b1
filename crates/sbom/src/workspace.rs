//! What Cargo knows of the workspace.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use cargo_lock::Lockfile;
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};
use thiserror::Error;

/// What the modules are built for.
const MODULES: &str = "wasm32-wasip1";

/// Why there is no document.
#[derive(Debug, Error)]
#[allow(missing_docs)]
pub enum SbomError {
    #[error("`{command}` failed: {cause}")]
    Command { command: &'static str, cause: String },
    #[error("{} cannot be read: {cause}", path.display())]
    Lock { path: PathBuf, cause: String },
    #[error("{} cannot be read: {cause}", path.display())]
    Source { path: PathBuf, cause: String },
    #[error("the workspace has no package `{0}`. A module is named like the package that it is built from")]
    NoPackage(String),
    #[error("`{package}` states the licence `{license}`, which is not an SPDX expression")]
    License { package: String, license: String },
    #[error("the document about `{name}` is not valid: {cause}")]
    Invalid { name: String, cause: String },
}

/// A crate by name and version.
pub(crate) type Crate = (String, String);

/// A Cargo workspace, read once for all that is built from it for one target.
pub struct Workspace {
    root: PathBuf,
    pub(crate) target: String,
    metadata: Metadata,
    checksums: BTreeMap<Crate, String>,
    pub(crate) compiler: String,
}

impl Workspace {
    /// Reads the workspace of a directory, for modules. Its lock file must be current.
    ///
    /// # Errors
    ///
    /// A directory without a workspace, or Cargo or the compiler not at hand.
    pub fn read(directory: &Path) -> Result<Self, SbomError> {
        Self::read_for(directory, MODULES)
    }

    /// The same for programs of another target, such as `x86_64-unknown-linux-musl`.
    ///
    /// # Errors
    ///
    /// As [`Workspace::read`].
    pub fn read_for(directory: &Path, target: &str) -> Result<Self, SbomError> {
        let metadata = MetadataCommand::new()
            .current_dir(directory)
            .other_options(["--locked", "--filter-platform", target].map(str::to_owned))
            .exec()
            .map_err(|error| SbomError::Command { command: "cargo metadata", cause: error.to_string() })?;
        let root = metadata.workspace_root.clone().into_std_path_buf();
        let path = root.join("Cargo.lock");
        let lock = Lockfile::load(&path).map_err(|error| SbomError::Lock { path, cause: error.to_string() })?;
        let checksums = lock
            .packages
            .into_iter()
            .filter_map(|p| Some(((p.name.to_string(), p.version.to_string()), p.checksum?.to_string())))
            .collect();
        let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        // "rustc 1.95.0 (f2d3ce0bd 2026-03-21)"
        let version = run("rustc --version", &rustc, &["--version"], &root)?;
        let compiler = version.split(' ').nth(1).unwrap_or("unknown").trim().to_owned();
        Ok(Self { root, target: target.to_owned(), metadata, checksums, compiler })
    }

    /// The crates that are linked into what a package builds, itself included.
    pub(crate) fn linked(&self, name: &str) -> Result<BTreeSet<Crate>, SbomError> {
        if !self.metadata.workspace_packages().iter().any(|package| package.name.as_str() == name) {
            return Err(SbomError::NoPackage(name.to_owned()));
        }
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let tree =
            ["tree", "--locked", "--target", &self.target, "--edges", "normal,no-proc-macro", "--prefix", "none"];
        let which = ["--no-dedupe", "--format", "{p}", "--package", name];
        let text = run("cargo tree", &cargo, &[tree.as_slice(), which.as_slice()].concat(), &self.root)?;
        // "serde v1.0.229", and for what is not of crates.io its place behind it.
        let mut linked = BTreeSet::new();
        for line in text.lines() {
            let mut words = line.split(' ');
            if let (Some(name), Some(version)) = (words.next(), words.next().and_then(|v| v.strip_prefix('v'))) {
                linked.insert((name.to_owned(), version.to_owned()));
            }
        }
        Ok(linked)
    }

    /// The workspace's own packages.
    pub(crate) fn packages(&self) -> Vec<&Package> {
        self.metadata.workspace_packages()
    }

    /// The folder of the workspace.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn package(&self, (name, version): &Crate) -> Option<&Package> {
        self.metadata.packages.iter().find(|p| p.name.as_str() == name && p.version.to_string() == *version)
    }

    pub(crate) fn checksum(&self, of: &Crate) -> Option<&str> {
        self.checksums.get(of).map(String::as_str)
    }

    /// What a crate is linked with, of the crates in question.
    pub(crate) fn dependencies(&self, package: &Package, linked: &BTreeSet<Crate>) -> BTreeSet<Crate> {
        let nodes = self.metadata.resolve.iter().flat_map(|resolve| &resolve.nodes);
        nodes
            .filter(|node| node.id == package.id)
            .flat_map(|node| &node.deps)
            .filter(|dep| dep.dep_kinds.iter().any(|kind| kind.kind == DependencyKind::Normal))
            .filter_map(|dep| self.metadata.packages.iter().find(|package| package.id == dep.pkg))
            .map(|package| (package.name.to_string(), package.version.to_string()))
            .filter(|of| linked.contains(of))
            .collect()
    }
}

fn run(command: &'static str, program: &OsString, arguments: &[&str], directory: &Path) -> Result<String, SbomError> {
    let failed = |cause: String| SbomError::Command { command, cause };
    let output = Command::new(program)
        .args(arguments)
        .current_dir(directory)
        .output()
        .map_err(|error| failed(error.to_string()))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(failed(String::from_utf8_lossy(&output.stderr).trim().to_owned()))
    }
}
