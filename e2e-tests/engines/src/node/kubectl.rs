//! The API server, by way of kubectl.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

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

    /// Says that a pod is on this node. From then on the API server keeps a deleted pod until the node says that it has ended.
    pub fn bind(&self, namespace: &str, pod: &str) -> Result<()> {
        let binding = serde_json::json!({
            "apiVersion": "v1", "kind": "Binding", "metadata": {"name": pod},
            "target": {"apiVersion": "v1", "kind": "Node", "name": "loopback"},
        });
        let path = format!("/api/v1/namespaces/{namespace}/pods/{pod}/binding");
        self.run_with(&["create", "--raw", &path, "-f", "-"], binding.to_string().as_bytes())?;
        Ok(())
    }

    /// Says that a deleted pod has ended.
    pub fn forget(&self, namespace: &str, pod: &str) -> Result<()> {
        self.run(&["delete", "pod", pod, "-n", namespace, "--grace-period=0", "--force", "--wait=false"])?;
        Ok(())
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
        self.run_with(arguments, b"")
    }

    fn run_with(&self, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>> {
        let mut command = Command::new("kubectl");
        command.arg("--kubeconfig").arg(&self.kubeconfig).args(arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        // Dropped at once, so that the command reads its end.
        child.stdin.take().map_or(Ok(()), |mut stdin| stdin.write_all(input))?;
        let output = child.wait_with_output()?;
        if !output.status.success() {
            bail!("kubectl {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(output.stdout)
    }
}
