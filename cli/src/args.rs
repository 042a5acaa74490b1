//! The arguments.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

/// Admission policies for network isolated AKS clusters, run before anything is applied.
#[derive(Debug, Parser)]
#[command(name = "isolation", version, max_term_width = 100)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Judge manifests as admission will.
    #[command(after_help = CHECK_HELP)]
    Check(Check),
    /// List every rule.
    Rules(Rules),
    /// Print the page of a rule.
    #[command(after_help = "Examples:\n  isolation explain NI101\n  isolation explain public-registry")]
    Explain {
        /// The rule's id or name.
        rule: String,
    },
}

const CHECK_HELP: &str = "\
Examples:
  isolation check deploy/                                    every .yaml, .yml and .json below a folder
  helm template ./chart | isolation check -                  a chart
  kubectl kustomize overlays/prod | isolation check -        a kustomization
  kubectl get all,sc,pvc -A -o yaml | isolation check -      what a cluster holds
  isolation check --registry myacr.azurecr.io web.yaml       without a configuration file

Exit status:
  0  nothing violates a rule
  1  something does
  2  something could not be evaluated (a document that is no manifest, settings that are not valid);
     everything else was judged, and its violations are printed

isolation.yaml holds the policies' settings, a section a policy; settings that several policies have may
stand at the top:
  registries: [myacr.azurecr.io]
  private-images:
    mcr: allow
  closed-egress: false          # not run";

/// Arguments of `check`.
#[derive(Debug, ClapArgs)]
pub struct Check {
    /// Files, folders, or `-` for standard input.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The policies' settings [default: isolation.yaml, where there is one].
    #[arg(short, long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// A registry that images may come from; in place of the configuration's `registries`.
    #[arg(short, long = "registry", value_name = "HOST[/PREFIX]")]
    pub registries: Vec<String>,
    /// A setting, in place of the configuration's. The value is YAML.
    #[arg(long = "set", value_name = "POLICY.KEY=VALUE")]
    pub set: Vec<String>,
    /// Run these policies only.
    #[arg(long, value_name = "POLICY", value_delimiter = ',')]
    pub only: Vec<String>,
    /// Do not run these policies.
    #[arg(long, value_name = "POLICY", value_delimiter = ',')]
    pub skip: Vec<String>,
    /// A policy's module, in place of the built-in one of the same name, or beside them.
    #[arg(long = "policy", value_name = "FILE")]
    pub modules: Vec<PathBuf>,
    /// The namespace of objects that name none.
    #[arg(short, long, default_value = "default")]
    pub namespace: String,
    /// How to print what was found.
    #[arg(short, long, value_enum, default_value_t = Output::Human)]
    pub output: Output,
    /// Do not print warnings. They never change the exit status.
    #[arg(short, long)]
    pub quiet: bool,
}

/// Arguments of `rules`.
#[derive(Debug, ClapArgs)]
pub struct Rules {
    /// How to print them.
    #[arg(short, long, value_enum, default_value_t = Output::Human)]
    pub output: Output,
}

/// Forms of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Output {
    /// For people: as a compiler prints.
    Human,
    /// For programs: one JSON document.
    Json,
}
