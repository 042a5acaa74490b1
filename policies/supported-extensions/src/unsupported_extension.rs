//! Rejects cluster extensions that network isolated clusters do not support.
//!
//! ## Why it matters
//!
//! These extensions pull images and fetch data from places that a network isolated cluster cannot reach. Azure accepts
//! the request, but the installation hangs or fails, and what depends on it never runs. Or somebody opens a way out for
//! it, and the cluster is no longer isolated.
//!
//! ## What it does
//!
//! Compares the type of every extension, completely and ignoring case, with the list of extensions that Azure's
//! documentation names as unsupported, and with the setting `deny`. Azure Backup is not on the list: Microsoft has
//! supported it on network isolated clusters since September 2026, though the documentation of August 2026 still names
//! it. To follow that page, set `list: ever`, or add `microsoft.dataprotection.kubernetes` to `deny`.
//!
//! ## Fields
//!
//! | object | field |
//! | --- | --- |
//! | `ExtensionConfig` of `clusterconfig.azure.com`, in the cluster itself | `spec.extensionType` |
//! | Azure Service Operator: `Extension`, also in `resources` of CAPZ's `AzureASOManaged` kinds | `spec.extensionType` |
//! | CAPZ: `AzureManagedControlPlane` | `spec.extensions[*].extensionType` |
//! | CAPZ: `AzureManagedControlPlaneTemplate` | `spec.template.spec.extensions[*].extensionType` |
//! | Crossplane: `KubernetesClusterExtension` | `spec.forProvider.extensionType`, `spec.initProvider.extensionType` |
//!
//! ## Instead
//!
//! The message names an alternative that works from a private registry; the README lists all of them.
//!
//! ## Settings
//!
//! `allow`, `deny`, `list`.
//!
//! ## Not covered
//!
//! - Extensions created in Azure directly, with the portal, `az k8s-extension` or Terraform: use Azure Policy for them.
//!   Whether Azure still writes an `ExtensionConfig` into the cluster for them depends on the age of the cluster.
//! - Extensions of clusters that are not AKS, such as `Microsoft.Kubernetes/connectedClusters`, which Azure Arc connects:
//!   AKS on Azure Local is one of them, and none is network isolated. The scope or id of the extension must say so, or the
//!   `owner.armId` of ASO's object. An extension whose scope only a deployment or plan knows is judged as one of AKS.
//! - Which AKS cluster an extension is for. If a management cluster also describes clusters that are not isolated,
//!   exempt their namespaces.
//! - Resources that change nothing: an ASO object with the annotation
//!   `serviceoperator.azure.com/reconcile-policy: skip`, and a Crossplane resource whose `managementPolicies` only
//!   observe. They mirror what exists, and are accepted.
//!
//! ## References
//!
//! - <https://learn.microsoft.com/azure/aks/concepts-network-isolated>
//! - <https://learn.microsoft.com/azure/aks/cluster-extensions>
//! - <https://github.com/Azure/AKS/issues/5245>

use isolation::{Findings, Rule, Value};

use crate::Settings;

/// The rule.
pub const RULE: Rule = Rule { id: "NI401", name: "unsupported-extension", since: "0.1.0" };

/// Judges a type; `lower` is the type in lower case. Returns whether it is unsupported.
pub fn check(named_type: Value<'_>, lower: &str, settings: &Settings, findings: &mut Findings) -> bool {
    if let Some(extension) = settings.list().find(|extension| extension.extension_type == lower) {
        let reason = match extension.until {
            Some(_) => {
                " was once unsupported on network isolated clusters, and the policy's setting `list: ever` still \
                 rejects it"
            }
            None => {
                " is not supported on network isolated clusters: it needs egress, which they lack, so its \
                 installation fails or hangs"
            }
        };
        let what = [extension.title, reason];
        findings.deny(&RULE, named_type, what.concat(), ["Remove the extension and ", extension.instead].concat());
        return true;
    }
    if settings.denies(lower) {
        let what = "the policy's setting deny names this extension";
        findings.deny(
            &RULE,
            named_type,
            what,
            "Remove the extension, or ask the policy's owner to remove it from \
                                                `deny`",
        );
        return true;
    }
    false
}
