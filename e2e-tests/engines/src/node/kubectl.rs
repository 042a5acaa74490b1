//! The API server, by way of kubectl.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// kubectl as the node calls it.
#[derive(Debug)]
pub struct Kubectl {
    kubeconfig: PathBuf,
}

impl Kubectl {
    /// With the credentials of a kubeconfig, which must be those of an administrator.
    pub fn new(kubeconfig: &Path) -> Self {
        Kubectl { kubeconfig: kubeconfig.to_owned() }
    }

    /// `kubectl get ARGUMENT… -o json`
    pub fn get(&self, arguments: &[&str]) -> Result<Value> {
        let arguments: Vec<&str> = ["get"].into_iter().chain(arguments.iter().copied()).chain(["-o", "json"]).collect();
        Ok(serde_json::from_slice(&self.run(&arguments)?)?)
    }

    /// Sets what a pod's status says.
    pub fn set_status(&self, namespace: &str, pod: &str, status: &Value) -> Result<()> {
        let patch = serde_json::json!({ "status": status }).to_string();
        self.run(&["patch", "pod", pod, "-n", namespace, "--subresource=status", "--type=merge", "-p", &patch])?;
        Ok(())
    }

    /// A kubeconfig with a token of a service account.
    pub fn credentials(&self, namespace: &str, account: &str) -> Result<String> {
        let token = String::from_utf8(self.run(&["create", "token", account, "-n", namespace, "--duration=6h"])?)?;
        let mut config =
            serde_json::from_slice::<Value>(&self.run(&["config", "view", "--raw", "--flatten", "-o", "json"])?)?;
        let user = config.pointer_mut("/users/0/user").context("the kubeconfig has no user")?;
        *user = serde_json::json!({ "token": token.trim() });
        Ok(config.to_string())
    }

    fn run(&self, arguments: &[&str]) -> Result<Vec<u8>> {
        let output = Command::new("kubectl").arg("--kubeconfig").arg(&self.kubeconfig).args(arguments).output()?;
        if !output.status.success() {
            bail!("kubectl {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(output.stdout)
    }
}
