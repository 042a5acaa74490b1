//! Rejects versions of Kubernetes below 1.30.
//!
//! ## Why it matters
//!
//! Network isolated clusters need Kubernetes 1.30: nodes of older versions do not know the private registry.
//!
//! ## What it does
//!
//! Reads the version of a cluster or agent pool, with or without `v`, and rejects versions below 1.30 and texts that
//! are not a version. A version that is not set is AKS's default, which is newer.
//!
//! ## Fields
//!
//! `spec.kubernetesVersion` of an ASO `ManagedCluster`, `orchestratorVersion` of agent pools, `spec.version` of CAPZ's
//! `AzureManagedControlPlane` and `AzureASOManagedControlPlane`, `kubernetesVersion` of a Crossplane
//! `KubernetesCluster`.
//!
//! ## Instead
//!
//! Write a version that AKS supports.
//!
//! ## Settings
//!
//! None.
//!
//! ## Not covered
//!
//! Whether AKS still offers the version.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/network-isolated>

use isolation::{Findings, Rule};

use crate::fields::Field;
use crate::spec::Spec;

/// The rule.
pub const RULE: Rule = Rule { id: "NI614", name: "old-kubernetes", since: "0.1.0" };

/// Judges a cluster or an agent pool.
pub fn check(spec: &Spec<'_>, findings: &mut Findings) {
    for found in spec.find(findings, Field::Version).found {
        let Some(text) = found.text(findings) else { continue };
        match minor(&text) {
            _ if text.is_empty() => {}
            Some(version) if version >= (1, 30) => {}
            Some(_) => {
                let what = "network isolated clusters need Kubernetes 1.30 or newer";
                found.deny(findings, &RULE, what, "Write \"1.30\" or newer");
            }
            None => found.deny_text(findings, &RULE, "not a version of Kubernetes", "Write it as in 1.34 or 1.34.2"),
        }
    }
}

/// Major and minor version.
pub fn minor(text: &str) -> Option<(u32, u32)> {
    let (major, rest) = text.strip_prefix('v').unwrap_or(text).split_once('.')?;
    let (minor, patch) = rest.split_once('.').unwrap_or((rest, "0"));
    patch.as_bytes().first().filter(|byte| byte.is_ascii_digit())?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}
