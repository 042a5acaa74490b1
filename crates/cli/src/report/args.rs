//! The arguments of `report`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::args::reading::Reading;
use crate::args::values::{configuration, namespace};

/// What `--help` says at its end.
pub const HELP: &str = "\
Examples:
  isolation report --cluster --azure shop-rg/shop-prod   a live cluster, through your kubectl and az
  isolation report --cluster --save shop.json.gz         the same, saved for later
  isolation report shop.json.gz                          the saved dump
  isolation report manifests/                            manifests, charts and kustomizations
  isolation report --aks aks.json --acr acr.json \\
      --cache-rules rules.json --private-endpoints endpoints.json \\
      --subnet subnet.json --extensions extensions.json manifests/
  isolation report --write report.html --write report.json manifests/
  isolation report --since report.json manifests/        what was fixed since

--aks and the other options take the output of az:
  az aks show --resource-group GROUP --name NAME --output json > aks.json
  az acr show --name REGISTRY --output json > acr.json
  az acr cache list --registry REGISTRY --output json > rules.json
  az acr private-endpoint-connection list --registry-name REGISTRY --output json > endpoints.json
  az network vnet subnet show --ids SUBNET_ID --output json > subnet.json
  az k8s-extension list --resource-group GROUP --cluster-name NAME \\
      --cluster-type managedClusters --output json > extensions.json

Exit status:
  0  the cluster is ready, or isolated already
  1  it is not: changes are left, or input that decides is missing
  2  some input could not be read or judged";

/// Arguments of `report`.
#[derive(Debug, Args)]
pub struct Report {
    /// Files, folders, or `-` for standard input: the cluster's objects, as `isolation check` reads them, or dumps
    /// that --save wrote.
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Read a live cluster through kubectl, with your own credentials. Nothing is written to it.
    #[arg(long)]
    pub cluster: bool,
    /// The context of kubectl to read [default: the current one].
    #[arg(long, value_name = "NAME", requires = "cluster")]
    pub context: Option<String>,
    /// The configuration of kubectl to read.
    #[arg(long, value_name = "FILE", requires = "cluster")]
    pub kubeconfig: Option<PathBuf>,
    /// Read only this namespace of the cluster. Can be given several times.
    #[arg(short, long = "namespace", value_name = "NAME", requires = "cluster", value_parser = namespace)]
    pub namespaces: Vec<String>,
    /// Write the objects read from the cluster to a compressed file, to pass it as a PATH later. It has no Secrets, no values of
    /// environment variables, and of ConfigMaps only what a rule reads.
    #[arg(long, value_name = "FILE", requires = "cluster", value_parser = dump_name)]
    pub save: Option<PathBuf>,
    /// Ask az for the cluster, its registry, subnets and extensions.
    #[arg(long, value_name = "GROUP/NAME", conflicts_with = "aks")]
    pub azure: Option<String>,
    /// The output of `az aks show` for the cluster.
    #[arg(long, value_name = "FILE")]
    pub aks: Option<PathBuf>,
    /// The output of `az acr show` for the registry. Can be given several times.
    #[arg(long, value_name = "FILE")]
    pub acr: Vec<PathBuf>,
    /// The output of `az acr cache list`. Can be given several times.
    #[arg(long, value_name = "FILE")]
    pub cache_rules: Vec<PathBuf>,
    /// The output of `az acr private-endpoint-connection list`. Can be given several times.
    #[arg(long, value_name = "FILE")]
    pub private_endpoints: Vec<PathBuf>,
    /// The output of `az network vnet subnet show` for a subnet of nodes. Can be given several times.
    #[arg(long, value_name = "FILE")]
    pub subnet: Vec<PathBuf>,
    /// The output of `az k8s-extension list`. Can be given several times.
    #[arg(long, value_name = "FILE")]
    pub extensions: Vec<PathBuf>,
    /// The policies' settings.
    #[arg(short, long, value_name = "FILE", help = configuration!("The policies' settings"))]
    pub config: Option<PathBuf>,
    /// A registry that images may come from, instead of the configuration's `registries`.
    #[arg(short, long = "registry", value_name = "HOST[/PREFIX]")]
    pub registries: Vec<String>,
    /// The namespace of objects that name none.
    #[arg(long, value_name = "NAME", default_value = "default", value_parser = namespace)]
    pub default_namespace: String,
    /// Ignore exceptions: those of the configuration, and comments and annotations in manifests.
    #[arg(long)]
    pub no_exceptions: bool,
    /// An earlier report from `--output json`. Says what has changed since.
    #[arg(long, value_name = "FILE")]
    pub since: Option<PathBuf>,
    /// How to print the report.
    #[arg(short, long, value_enum, default_value_t = Format::Human)]
    pub output: Format,
    /// Also write the report to a file. Its extension chooses the format: .html or .htm, .json, .md or .markdown, .txt. Can be
    /// given several times.
    #[arg(short, long, value_name = "FILE", value_parser = format_of)]
    pub write: Vec<(PathBuf, Format)>,
    /// What is read below the paths, and how.
    #[command(flatten)]
    pub reading: Reading,
}

/// Forms of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people at a terminal: short.
    Human,
    /// For programs, and for --since.
    Json,
    /// For a pull request or a wiki.
    Markdown,
    /// For a browser: one file that needs no network.
    Html,
}

/// The name of a dump, by which it is known again.
fn dump_name(path: &str) -> Result<PathBuf, String> {
    if path.to_ascii_lowercase().ends_with(".gz") {
        Ok(PathBuf::from(path))
    } else {
        Err("expected a file that ends in .gz".to_owned())
    }
}

/// The format that a file's extension chooses.
fn format_of(path: &str) -> Result<(PathBuf, Format), String> {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    let format = match ending.as_str() {
        "json" => Format::Json,
        "md" | "markdown" => Format::Markdown,
        "html" | "htm" => Format::Html,
        "txt" => Format::Human,
        _ => return Err("expected a file that ends in .html, .htm, .json, .md, .markdown or .txt".to_owned()),
    };
    Ok((PathBuf::from(path), format))
}
