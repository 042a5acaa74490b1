//! Rejects cluster extensions that network isolated clusters do not support.
//!
//! ## What it does
//!
//! Compares the type of every extension, without regard to case and as a whole, with the list of extensions that Azure's
//! documentation names as unsupported, and with the setting `deny`. Azure Backup is not on it: Microsoft supports it on
//! network isolated clusters since September 2026, though the documentation of August 2026 still names it. Whoever follows
//! that page sets `list: ever`, or names `microsoft.dataprotection.kubernetes` under `deny`.
//!
//! ## Why it matters
//!
//! These extensions pull images and fetch data from places that a network isolated cluster does not reach. Azure accepts
//! the request, the installation hangs or fails, and what was built on it never runs; or somebody opens a way out for it,
//! and the cluster is not isolated any more.
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
//! The message names what does the same work from a private registry; the README has the whole list.
//!
//! ## Settings
//!
//! `allow`, `deny`, `list`.
//!
//! ## Not covered
//!
//! Extensions that are made in Azure directly, with the portal, `az k8s-extension` or Terraform: Azure Policy sees those.
//! Whether Azure still writes an `ExtensionConfig` into the cluster for them depends on the age of the cluster. The rule
//! does not know either for which cluster an extension is meant; where a management cluster also describes clusters that
//! are not isolated, select namespaces in the policy.
//!
//! An ASO object with the annotation `serviceoperator.azure.com/reconcile-policy: skip` and a Crossplane resource whose
//! `managementPolicies` only observe are accepted: they mirror what exists and change nothing.
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

/// Judges a type, which `lower` gives in lower case. Whether it is unsupported.
pub fn check(named_type: Value<'_>, lower: &str, settings: &Settings, findings: &mut Findings) -> bool {
    if let Some(extension) = settings.list().find(|extension| extension.extension_type == lower) {
        let reason = match extension.until {
            Some(_) => {
                " was not supported on network isolated clusters once, and the setting `list: ever` of this policy says that \
                 this still counts"
            }
            None => {
                " is not supported on network isolated clusters: it needs egress that they do not have, so its installation \
                 fails or hangs"
            }
        };
        let what = [extension.title, reason];
        findings.deny(&RULE, named_type, what.concat(), ["Remove the extension and ", extension.instead].concat());
        return true;
    }
    if settings.denies(lower) {
        let what = "the setting `deny` of this policy names this extension";
        findings.deny(&RULE, named_type, what, "Remove the extension, or ask the policy's owner to take it off `deny`");
        return true;
    }
    false
}
