//! The arguments of `test`.

use std::path::PathBuf;

use clap::Args;

use super::values::{configuration, namespace};

/// What `--help` says at its end.
pub(super) const HELP: &str = "\
Examples:
  isolation test isolation-tests/
  isolation test --bless isolation-tests/new.yaml     writes what is found now; read it

A test is a file:
  # The storefront pulls from the private registry alone.
  object:
    apiVersion: v1
    kind: Pod
    metadata: {name: web, namespace: shop}
    spec: {containers: [{name: web, image: nginx}]}
  cluster: []                  # optional: what is there already, such as a StorageClass
  expect:
    accepted: false
    findings:
      - NI101 deny spec.containers[0].image     # or `NI101 deny`, `NI101`, `public-registry`
A failing test shows what is missing (-) and what is unexpected (+). Exceptions of isolation.yaml apply.

Exit status:
  0  every test passes
  1  a test fails
  2  a test cannot be run";

/// Arguments of `test`.
#[derive(Debug, Args)]
pub struct Test {
    /// Tests, or folders of them.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The configuration to test.
    #[arg(short, long, value_name = "FILE", help = configuration!("The configuration to test"))]
    pub config: Option<PathBuf>,
    /// A registry that images may come from, instead of the configuration's `registries`.
    #[arg(short, long = "registry", value_name = "HOST[/PREFIX]")]
    pub registries: Vec<String>,
    /// A setting, instead of the configuration's. The value is YAML.
    #[arg(long = "set", value_name = "POLICY.KEY=VALUE")]
    pub set: Vec<String>,
    /// Write the current verdicts into the tests, instead of the expected ones.
    #[arg(long)]
    pub bless: bool,
    /// The namespace of objects that name none.
    #[arg(short, long, default_value = "default", value_parser = namespace)]
    pub namespace: String,
    /// Also list the tests that pass.
    #[arg(short, long)]
    pub verbose: bool,
}
