//! The arguments of `images`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::reading::Reading;
use super::values::{configuration, namespace};

/// What `--help` says at its end.
pub(super) const HELP: &str = "\
Examples:
  isolation images deploy/                                a table, one line per path
  kubectl get all,cm -A -o yaml | isolation images -      images of a cluster's objects
  isolation images --output script deploy/ >import.sh     `az acr import` for images outside
  isolation images --output cache-rules deploy/           `az acr cache create` for their rules
  isolation images --output hauler deploy/ >hauler.yaml   for Hauler, across an air gap
  isolation images --missing --output list ./chart        names that the cluster cannot reach

REACHED says how a network isolated cluster gets the image under its current name:
  registry    from an allowed registry
  redirect    the nodes redirect mcr.microsoft.com
  exception   an exception of the settings
  cache-rule  not yet: a cache rule serves it as INSTEAD
  misspelt    not yet: its registry is allowed, but spelled differently
  internet    not at all: import it or add a cache rule, and write INSTEAD
  web         not at all: it is on a web server
  parameters  depends on its parameters
  unreadable  not an image reference

Exit status:
  0  the images were listed
  2  something could not be read, or nothing was read";

/// Arguments of `images`.
#[derive(Debug, Args)]
pub struct Images {
    /// Files, folders, or `-` for standard input. The installed helm or kubectl renders folders with a Chart.yaml or
    /// kustomization.yaml.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The settings of private-images.
    #[arg(short, long, value_name = "FILE", help = configuration!("The settings of private-images"))]
    pub config: Option<PathBuf>,
    /// A registry that images may come from, instead of the configuration's `registries`.
    #[arg(short, long = "registry", value_name = "HOST[/PREFIX]")]
    pub registries: Vec<String>,
    /// A setting, instead of the configuration's. The value is YAML. A KEY=VALUE without a policy is passed to charts, like
    /// `helm template --set`.
    #[arg(long = "set", value_name = "POLICY.KEY=VALUE")]
    pub set: Vec<String>,
    /// List only images that the cluster cannot reach under their current name.
    #[arg(long)]
    pub missing: bool,
    /// How to print the images.
    #[arg(short, long, value_enum, default_value_t = ImagesFormat::Table)]
    pub output: ImagesFormat,
    /// The namespace of objects that name none.
    #[arg(short, long, default_value = "default", value_parser = namespace)]
    pub namespace: String,
    /// What is read below the paths, and how.
    #[command(flatten)]
    pub reading: Reading,
    /// Exit 0 if nothing was read.
    #[arg(long)]
    pub allow_empty: bool,
    /// List skipped paths.
    #[arg(short, long)]
    pub verbose: bool,
}

/// Forms of `images`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ImagesFormat {
    /// For people: one line per path.
    Table,
    /// For programs: one JSON document, described by docs/schemas/images.schema.json.
    Json,
    /// Only the names.
    List,
    /// A shell script that imports what is on the internet: `az acr import`, or skopeo for another registry than Azure's.
    Script,
    /// A shell script that creates cache rules for it: `az acr cache create`.
    CacheRules,
    /// A manifest for Hauler.
    Hauler,
}

impl From<ImagesFormat> for isolation_inventory::Format {
    fn from(format: ImagesFormat) -> Self {
        match format {
            ImagesFormat::Table => Self::Table,
            ImagesFormat::Json => Self::Json,
            ImagesFormat::List => Self::List,
            ImagesFormat::Script => Self::Script,
            ImagesFormat::CacheRules => Self::CacheRules,
            ImagesFormat::Hauler => Self::Hauler,
        }
    }
}
