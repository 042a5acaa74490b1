//! The arguments of `chart`.

use std::path::PathBuf;

use clap::Args;

/// What `--help` says at its end.
pub(super) const HELP: &str = "\
Examples:
  isolation chart
  helm install isolation network-isolation-policies-VERSION.tgz -n kubewarden -f isolation.yaml

`isolation publish` pushes the same chart with the modules, and `isolation bundle` includes it:
  helm install isolation oci://myacr.azurecr.io/policies/network-isolation-policies \\
      -n kubewarden -f isolation.yaml

Exit status:
  0  the chart was written
  2  it was not";

/// Arguments of `chart`.
#[derive(Debug, Args)]
pub struct Chart {
    /// The folder to write the package into.
    #[arg(value_name = "FOLDER", default_value = ".")]
    pub folder: PathBuf,
}
