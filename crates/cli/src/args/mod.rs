//! The arguments: a file for each command's.

pub mod bundle;
pub mod chart;
pub mod check;
pub mod images;
pub mod output;
pub mod policies;
pub mod publish;
pub mod reading;
pub mod rules;
pub mod test;
pub mod values;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::shell::Shell;

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
    /// Check manifests as admission control would.
    #[command(after_help = check::HELP)]
    Check(check::Check),
    /// Run tests of isolation.yaml: objects, and the verdicts that they must get.
    #[command(after_help = test::HELP)]
    Test(test::Test),
    /// List every image in manifests: where, how a cluster reaches it, and what to write instead.
    #[command(after_help = images::HELP)]
    Images(images::Images),
    /// Report whether a cluster is ready to be isolated, and what is left to do.
    #[command(after_help = crate::report::args::HELP)]
    Report(Box<crate::report::args::Report>),
    /// Push the policies' modules and chart to a registry that the cluster reaches.
    #[command(after_help = publish::HELP)]
    Publish(publish::Publish),
    /// Write everything into one archive, to move it across an air gap.
    #[command(after_help = bundle::HELP)]
    Bundle(bundle::Bundle),
    /// Write the Helm chart that deploys the policies.
    #[command(after_help = chart::HELP)]
    Chart(chart::Chart),
    /// Print the resources that deploy the policies.
    #[command(after_help = policies::HELP)]
    Policies(policies::Policies),
    /// List every rule.
    Rules(rules::Rules),
    /// Print completions for a shell.
    #[command(after_help = COMPLETIONS_HELP)]
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Write the manual pages into a folder.
    Man {
        /// The folder.
        #[arg(default_value = ".")]
        folder: PathBuf,
    },
    /// Print the page of a rule.
    #[command(after_help = "Examples:\n  isolation explain NI101\n  isolation explain public-registry")]
    Explain {
        /// The rule's id or name.
        rule: String,
    },
}

const COMPLETIONS_HELP: &str = "\
Examples:
  source <(isolation completions bash)
  isolation completions zsh > \"${fpath[1]}/_isolation\"
  isolation completions fish > ~/.config/fish/completions/isolation.fish
  isolation completions powershell >> $PROFILE

`kubectl isolation` is completed by a program on the PATH:
  isolation completions kubectl > ~/.local/bin/kubectl_complete-isolation
  chmod +x ~/.local/bin/kubectl_complete-isolation";
