//! The arguments of `check`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::reading::Reading;
use super::values::{configuration, namespace};
use crate::output::Outputs;

/// What `--help` says at its end.
pub(super) const HELP: &str = "\
Examples:
  isolation check deploy/                                 manifests, charts, kustomizations
  isolation check --values prod.yaml ./chart              what `helm template` renders
  helm template ./chart | isolation check -               the same, by a pipe
  kubectl get all,ing,sc,pvc -A -o yaml | isolation check -
                                                          the usual kinds of a cluster
  isolation report --cluster --save c.json.gz; gzip -dc c.json.gz | isolation check -
                                                          all kinds that a policy judges
  isolation check --diff deploy/                          what --fix would write
  isolation check --registry myacr.azurecr.io web.yaml    without a configuration file

With policies as a cluster has them:
  isolation check --policies deploy/policies.yaml web.yaml
  kubectl get clusteradmissionpolicies,admissionpolicies -A -o yaml > policies.yaml
  kubectl get all,ns -A -o yaml | isolation check --policies policies.yaml -
A policy judges only the requests that its webhook would get. The labels of a namespace come from its Namespace \
object, among the manifests or the policies; of other namespaces only the name is known. The module of a policy is the \
built-in one of the same name, whatever its registry, a file://, or the file that --policy names.

Exit status:
  0  no violations
  1  violations
  2  something could not be evaluated, such as a document that is not a manifest, or nothing was
     read; everything else was judged, and its violations are printed
With --fix it is about the files as they are afterwards, with --diff as they are now.

isolation.yaml has the policies' settings, one section per policy. Settings that several policies share may be at the \
top:
  registries: [myacr.azurecr.io]
  private-images:
    mcr: allow
  closed-egress: false          # disabled";

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Files, folders, or `-` for standard input. The installed helm or kubectl renders folders with a Chart.yaml or
    /// kustomization.yaml.
    #[arg(required_unless_present = "show_config", value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The policies' settings and the exceptions.
    #[arg(short, long, value_name = "FILE", help = configuration!("The policies' settings and the exceptions"))]
    pub config: Option<PathBuf>,
    /// Print the settings with which each policy would judge, and the file that they come from. Judge nothing.
    #[arg(long, conflicts_with_all = ["policies", "unsafe_fixes", "output", "files", "fail_on", "baseline", "write_baseline"])]
    pub show_config: bool,
    /// A registry that images may come from, instead of the configuration's `registries`.
    #[arg(short, long = "registry", value_name = "HOST[/PREFIX]")]
    pub registries: Vec<String>,
    /// A setting, instead of the configuration's. The value is YAML. A KEY=VALUE without a policy is passed to charts, like
    /// `helm template --set`.
    #[arg(long = "set", value_name = "POLICY.KEY=VALUE")]
    pub set: Vec<String>,
    /// Run only these policies.
    #[arg(long, value_name = "POLICY", value_delimiter = ',', conflicts_with = "skip")]
    pub only: Vec<String>,
    /// Do not run these policies.
    #[arg(long, value_name = "POLICY", value_delimiter = ',')]
    pub skip: Vec<String>,
    /// Judge with policies as a cluster has them: a file or folder with ClusterAdmissionPolicy, AdmissionPolicy and group
    /// resources, with their settings, rules, selectors and conditions.
    #[arg(long, value_name = "PATH", conflicts_with_all = ["config", "registries", "set", "only", "skip"])]
    pub policies: Vec<PathBuf>,
    /// A policy's module, instead of the built-in one of the same name, or in addition to the built-in ones.
    #[arg(long = "policy", value_name = "FILE")]
    pub modules: Vec<PathBuf>,
    /// The namespace of objects that name none.
    #[arg(short, long, default_value = "default", value_parser = namespace)]
    pub namespace: String,
    /// Fix spellings that nothing recognises, and rewrite images as the policy cached-images would, in the files.
    #[arg(long, conflicts_with = "show_config")]
    pub fix: bool,
    /// With --fix or --diff: include changes of behaviour, and changes that need something else first, such as an import.
    #[arg(long)]
    pub unsafe_fixes: bool,
    /// Print the changes that --fix would make, as a patch, and on standard error what cannot be changed. Make none. The exit
    /// status is about the files as they are.
    #[arg(long, conflicts_with_all = ["fix", "show_config", "output", "files", "write_baseline", "quiet"])]
    pub diff: bool,
    /// How to print what was found.
    #[command(flatten)]
    pub outputs: Outputs,
    /// What is read below the paths, and how.
    #[command(flatten)]
    pub reading: Reading,
    /// Exit 0 if nothing was read.
    #[arg(long)]
    pub allow_empty: bool,
    /// List skipped paths, and kinds that no policy has rules for.
    #[arg(short, long)]
    pub verbose: bool,
    /// Do not print warnings.
    #[arg(short, long, conflicts_with = "write_baseline")]
    pub quiet: bool,
    /// Which findings count.
    #[command(flatten)]
    pub counting: Counting,
}

/// Which findings count.
#[derive(Debug, Args)]
pub struct Counting {
    /// Which findings make the exit status 1.
    #[arg(long, value_enum, default_value_t = FailOn::Violation)]
    pub fail_on: FailOn,
    /// Ignore exceptions: those of the configuration, and comments and annotations in manifests.
    #[arg(long)]
    pub no_exceptions: bool,
    /// Report only findings that are not in this file, which `--write-baseline` wrote.
    #[arg(long, value_name = "FILE", conflicts_with = "write_baseline")]
    pub baseline: Option<PathBuf>,
    /// Write the findings to a file, so that `--baseline` reports only new ones. They are not printed, and the exit status is 0
    /// unless something could not be evaluated.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["output", "files", "fail_on"])]
    pub write_baseline: Option<PathBuf>,
}

/// What makes the exit status 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Those for which admission rejects.
    Violation,
    /// Those for which admission rejects or warns.
    Warn,
}
