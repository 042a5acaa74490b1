//! Rejects storage classes of Kubernetes' former in-tree Azure Files driver.
//!
//! ## Why it matters
//!
//! The in-tree driver does not support private endpoints, and AKS has not provisioned with it since Kubernetes 1.26.
//! Where CSI migration still translates such a class, nothing proves that its parameters survive.
//!
//! ## What it does
//!
//! Rejects a StorageClass whose provisioner is `kubernetes.io/azure-file`.
//!
//! ## Fields
//!
//! `provisioner`.
//!
//! ## Instead
//!
//! ```yaml
//! provisioner: file.csi.azure.com
//! parameters:
//!   networkEndpointType: privateEndpoint
//! ```
//!
//! ## Settings
//!
//! None.
//!
//! ## Not covered
//!
//! PersistentVolumes and pods with the in-tree `azureFile`: see `unproven-volume` and `inline-volume`.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/csi-migrate-in-tree-volumes>

use isolation::{Findings, Rule, Value};

/// The rule.
pub const RULE: Rule = Rule { id: "NI306", name: "in-tree-driver", since: "0.1.0" };

/// Reports a provisioner that is the in-tree driver.
pub fn report(provisioner: Value<'_>, findings: &mut Findings) {
    let what = "the in-tree Azure Files driver has no private endpoints, and AKS no longer provisions with it";
    let fix = "Write provisioner: file.csi.azure.com with the parameter networkEndpointType: privateEndpoint";
    findings.deny(&RULE, provisioner, what, fix);
}
