//! What is read of files and folders: the same for each command that reads manifests.

use std::path::PathBuf;

use clap::Args;

/// What is read below the paths, and how.
#[derive(Debug, Args)]
pub struct Reading {
    /// Files and folders to skip below a folder: a pattern as in .gitignore.
    #[arg(long, value_name = "PATTERN", value_parser = crate::pattern::check)]
    pub exclude: Vec<String>,
    /// Values for charts, like `helm template --values`.
    #[arg(long, value_name = "FILE", conflicts_with = "no_render")]
    pub values: Vec<PathBuf>,
    /// Do not render charts and kustomizations: skip charts, and read the files that kustomizations name.
    #[arg(long)]
    pub no_render: bool,
}
