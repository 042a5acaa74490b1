//! What is read of files and folders: the same for each command that reads manifests.

use std::path::PathBuf;

use clap::Args;
use isolation_render::Options;

/// What is read below the paths, and how.
#[derive(Debug, Args)]
pub struct Reading {
    /// Files and folders to skip below a folder: a pattern as in .gitignore.
    #[arg(long, value_name = "PATTERN", value_parser = crate::pattern::check)]
    pub exclude: Vec<String>,
    /// Values for charts, like `helm template --values`.
    #[arg(long, value_name = "FILE", conflicts_with = "no_render")]
    pub values: Vec<PathBuf>,
    /// An API of the cluster for charts that ask `.Capabilities.APIVersions`, like `helm template --api-versions`.
    #[arg(long, value_name = "GROUP/VERSION[/KIND]", conflicts_with = "no_render")]
    pub api_versions: Vec<String>,
    /// The cluster's version for charts that ask `.Capabilities.KubeVersion`, like `helm template --kube-version`.
    #[arg(long, value_name = "VERSION", conflicts_with = "no_render")]
    pub kube_version: Option<String>,
    /// Render charts as an upgrade, for those that ask `.Release.IsUpgrade` or `IsInstall`, like `helm template --is-upgrade`.
    #[arg(long, conflicts_with = "no_render")]
    pub is_upgrade: bool,
    /// Do not render charts and kustomizations: skip charts, and read the files that kustomizations name.
    #[arg(long)]
    pub no_render: bool,
}

impl Reading {
    /// What is handed on to the tools that render, with single values for charts.
    pub fn options(&self, namespace: &str, set: Vec<String>) -> Options {
        Options {
            namespace: namespace.to_owned(),
            values: self.values.clone(),
            set,
            api_versions: self.api_versions.clone(),
            kube_version: self.kube_version.clone(),
            is_upgrade: self.is_upgrade,
        }
    }
}
