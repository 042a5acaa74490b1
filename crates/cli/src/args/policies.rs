//! The arguments of `policies`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::values::{configuration, namespace};

/// What `--help` says at its end.
pub(super) const HELP: &str = "\
Examples:
  isolation policies --registry myacr.azurecr.io/policies | kubectl apply --server-side -f -
  isolation policies --registry myacr.azurecr.io/policies --family argo,flux --mode protect
  isolation policies > policies.yaml         with `registry` in isolation.yaml

These are the resources that the Helm chart renders from the same values; isolation.yaml may contain all of the \
chart's. The modules are named by their digests, which are computed locally; the registry is not contacted. Settings \
are checked. A policy that is `false` in isolation.yaml is omitted; so is one that rewrites objects, or judges only \
custom resources, unless isolation.yaml has a section for it.

Exit status:
  0  the resources were printed
  2  they were not: invalid settings, an unknown family";

/// Arguments of `policies`.
#[derive(Debug, Args)]
pub struct Policies {
    /// Where the modules are, or will be [default: `registry` in the configuration].
    #[arg(long, value_name = "HOST[/PREFIX]")]
    pub registry: Option<String>,
    /// The policies' settings, and how they are deployed.
    #[arg(short, long, value_name = "FILE", help = configuration!("The policies' settings, and how they are deployed"))]
    pub config: Option<PathBuf>,
    /// References by digest, one per line, instead of the digests of the built-in modules.
    #[arg(long, value_name = "FILE")]
    pub digests: Option<PathBuf>,
    /// Whether violations are rejected or only reported [default: monitor].
    #[arg(long, value_enum)]
    pub mode: Option<Mode>,
    /// Also judge this family of custom resources: in all policies that have it, or in one, as POLICY/NAME.
    #[arg(long = "family", value_name = "NAME", value_delimiter = ',')]
    pub families: Vec<String>,
    /// Judge every family but those that may stop a cluster.
    #[arg(long)]
    pub all_families: bool,
    /// An existing PolicyServer, instead of one only for these policies.
    #[arg(long, value_name = "NAME")]
    pub policy_server: Option<String>,
    /// The policy server's image [default: the registry's kubewarden/adm-controller/policy-server].
    #[arg(long, value_name = "IMAGE", conflicts_with = "policy_server")]
    pub server_image: Option<String>,
    /// A namespace to exclude, instead of the usual ones.
    #[arg(long = "exclude-namespace", value_name = "NAME", value_delimiter = ',', value_parser = namespace)]
    pub excluded_namespaces: Vec<String>,
    /// The namespace in which Kubewarden runs.
    #[arg(long, value_name = "NAME", default_value = "kubewarden", value_parser = namespace)]
    pub namespace: String,
}

/// How violations are treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Mode {
    /// Reject them.
    Protect,
    /// Accept and report them.
    Monitor,
}
