//! Webhook configurations out of the policies' rules.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use isolation_policy_module::Metadata;
use serde_json::{Value, json};

pub fn run(server: &str, ca: &Path, files: &[PathBuf]) -> Result<()> {
    let ca = std::fs::read(ca).with_context(|| format!("cannot read {}", ca.display()))?;
    let ca = STANDARD.encode(ca);
    let items = files
        .iter()
        .map(|file| {
            let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
            let metadata = Metadata::read(&text).with_context(|| format!("{} is not right", file.display()))?;
            Ok(configuration(&metadata, server, &ca))
        })
        .collect::<Result<Vec<_>>>()?;
    println!("{}", serde_json::to_string_pretty(&json!({"apiVersion": "v1", "kind": "List", "items": items}))?);
    Ok(())
}

/// One policy's configuration, as Kubewarden's controller makes it of a ClusterAdmissionPolicy that says nothing else.
fn configuration(metadata: &Metadata, server: &str, ca: &str) -> Value {
    let name = metadata.title();
    let mut webhook = json!({
        "name": format!("{name}.network-isolation.test"),
        "admissionReviewVersions": ["v1"],
        "clientConfig": {"url": format!("{server}/validate/{name}"), "caBundle": ca},
        "rules": metadata.rules,
        "failurePolicy": "Fail",
        "matchPolicy": "Equivalent",
        "sideEffects": "None",
        "timeoutSeconds": 10,
    });
    let kind = if metadata.mutating { "MutatingWebhookConfiguration" } else { "ValidatingWebhookConfiguration" };
    if metadata.mutating {
        webhook["reinvocationPolicy"] = json!("Never");
    }
    json!({
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": kind,
        "metadata": {"name": name},
        "webhooks": [webhook],
    })
}
