//! kubectl, asked for what the API server says.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use anyhow::{Context, Result, bail};

use crate::report::stderr::stderr;

/// kubectl with the arguments that choose the cluster.
#[derive(Debug)]
pub struct Kubectl {
    arguments: Vec<OsString>,
    context: Option<String>,
    /// Where it reads of clusters, in words.
    configuration: String,
}

/// Why there is no list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The user may not.
    Forbidden,
    /// The next page of a list is gone.
    Expired,
    /// Something else, in kubectl's words.
    Failed(String),
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Failure::Forbidden => f.write_str("forbidden"),
            Failure::Expired => f.write_str("the list changes faster than it can be read"),
            Failure::Failed(said) => f.write_str(said),
        }
    }
}

impl Kubectl {
    /// # Errors
    ///
    /// A configuration that is not there: with `--context`, kubectl says so of no file.
    pub fn new(context: Option<&str>, kubeconfig: Option<&Path>) -> Result<Self> {
        if let Some(file) = kubeconfig {
            let name = file.display();
            match std::fs::metadata(file) {
                Err(error) => bail!("--kubeconfig {name} cannot be read: {error}. {NAME_ONE}"),
                Ok(metadata) if metadata.is_dir() => bail!("--kubeconfig {name} is a folder. {NAME_ONE}"),
                Ok(_) => {}
            }
        }
        let mut arguments = Vec::new();
        if let Some(context) = context {
            arguments.extend([OsString::from("--context"), context.into()]);
        }
        if let Some(kubeconfig) = kubeconfig {
            arguments.extend([OsString::from("--kubeconfig"), kubeconfig.into()]);
        }
        let configuration = match (kubeconfig, std::env::var("KUBECONFIG")) {
            (Some(file), _) => file.display().to_string(),
            (None, Ok(files)) if !files.is_empty() => format!("{files} (KUBECONFIG)"),
            _ => "~/.kube/config".to_owned(),
        };
        Ok(Kubectl { arguments, context: context.map(str::to_owned), configuration })
    }

    fn run(&self, arguments: &[&str]) -> Result<Output> {
        let mut command = Command::new("kubectl");
        command.args(&self.arguments).args(arguments).stdin(Stdio::null());
        command.output().context("cannot run kubectl: install it, or read a dump from another machine (--save)")
    }

    /// The name of the context.
    pub fn context(&self) -> Result<String> {
        if let Some(name) = &self.context {
            return Ok(name.clone());
        }
        let output = self.run(&["config", "current-context"])?;
        if !output.status.success() {
            let said = stderr(&output);
            if !said.contains("current-context is not set") {
                bail!("kubectl cannot read {}: {said}", self.configuration);
            }
            bail!(
                "{} names no current context: choose one with --context NAME, or another file with --kubeconfig FILE",
                self.configuration
            );
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// The kinds that can be listed, as kubectl prints them, and what it says where some could not be found.
    pub fn api_resources(&self) -> Result<(String, Option<String>)> {
        let output = self.run(&["api-resources", "--verbs=list", "--output=wide", "--request-timeout=60s"])?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        // It prints what it has found even where a group does not answer.
        if text.trim().is_empty() {
            let said = stderr(&output);
            let no_context =
                self.context.as_ref().filter(|_| said.starts_with("context ") && said.ends_with("does not exist"));
            if let Some(name) = no_context {
                bail!(
                    "--context {name}: {} has no context of this name; `kubectl config get-contexts` lists them",
                    self.configuration
                );
            }
            bail!("`kubectl api-resources` failed: {said}");
        }
        Ok((text, (!output.status.success()).then(|| stderr(&output))))
    }

    /// What the API server answers to a GET.
    pub fn raw(&self, path: &str) -> Result<String, Failure> {
        let output = self.run(&["get", "--raw", path, "--request-timeout=120s"]);
        let output = output.map_err(|error| Failure::Failed(format!("{error:#}")))?;
        if output.status.success() {
            return String::from_utf8(output.stdout).map_err(|_| Failure::Failed("its answer is not UTF-8".to_owned()));
        }
        let said = stderr(&output);
        Err(if said.contains("(Forbidden)") || said.contains("is forbidden") {
            Failure::Forbidden
        } else if said.contains("(Expired)")
            || said.contains("resourceVersion for the provided list is too old")
            || said.contains("continue parameter is too old")
        {
            Failure::Expired
        } else {
            Failure::Failed(said)
        })
    }
}

/// What to do about a file that is not kubectl's configuration.
const NAME_ONE: &str = "Name the file with the cluster's credentials, such as ~/.kube/config";
