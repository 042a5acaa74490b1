//! The arguments of `bundle`.

use std::path::PathBuf;

use clap::Args;

/// What `--help` says at its end.
pub(super) const HELP: &str = "\
Examples:
  isolation bundle isolation.tar
  isolation bundle isolation.tar --resource deploy/ --sbom dist/private-images.cdx.json

The archive is an OCI image layout in a tar file; the same contents give the same bytes. To publish it on the other \
side:
  isolation publish --registry myacr.azurecr.io/policies --from isolation.tar

Exit status:
  0  the archive was written; its digest is printed
  2  it was not";

/// Arguments of `bundle`.
#[derive(Debug, Args)]
pub struct Bundle {
    /// The archive to write.
    #[arg(value_name = "ARCHIVE")]
    pub archive: PathBuf,
    /// Modules, or a folder of them, instead of the built-in ones.
    #[arg(long = "module", value_name = "PATH")]
    pub modules: Vec<PathBuf>,
    /// A file or folder to include, such as resources to apply.
    #[arg(long = "resource", value_name = "PATH")]
    pub resources: Vec<PathBuf>,
    /// A software bill of materials to include.
    #[arg(long = "sbom", value_name = "FILE")]
    pub sboms: Vec<PathBuf>,
}
