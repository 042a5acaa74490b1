//! The arguments of `publish`.

use std::path::PathBuf;

use clap::Args;

use super::output::Output;

/// What `--help` says at its end.
pub(super) const HELP: &str = "\
Examples:
  isolation publish --registry myacr.azurecr.io/policies
  isolation publish --registry myacr.azurecr.io/policies --from isolation.tar
  isolation publish --registry 127.0.0.1:5000 --plain-http dist/private-images.wasm

Credentials come from `docker login` or `az acr login`. Modules that are already in the registry are not sent again.

Exit status:
  0  every module and the chart are in the registry; the references by digest are printed
  2  at least one is not; none is partly pushed, and pushing again completes it";

/// Arguments of `publish`.
#[derive(Debug, Args)]
pub struct Publish {
    /// Where to push: the policies' repositories are below the prefix.
    #[arg(short, long, value_name = "HOST[/PREFIX]")]
    pub registry: String,
    /// The archive that `isolation bundle` wrote, instead of the built-in modules.
    #[arg(long, value_name = "ARCHIVE", conflicts_with = "modules")]
    pub from: Option<PathBuf>,
    /// Modules, or a folder of them, instead of the built-in ones.
    #[arg(value_name = "MODULE")]
    pub modules: Vec<PathBuf>,
    /// A file of PEM certificates to trust in addition to the system's.
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// Use HTTP: credentials and modules cross the network unencrypted.
    #[arg(long, conflicts_with = "ca_file")]
    pub plain_http: bool,
    /// A Docker configuration file with the credentials.
    #[arg(long, value_name = "FILE")]
    pub docker_config: Option<PathBuf>,
    /// How to print the references.
    #[arg(short, long, value_enum, default_value_t = Output::Human)]
    pub output: Output,
}
