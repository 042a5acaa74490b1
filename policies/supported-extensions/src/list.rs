//! The known extensions, as data.
//!
//! Azure's documentation names those that network isolated clusters do not support. It does so under the heading of
//! clusters with their own registry; here the list applies to all, because none has the egress that these extensions need.
//! <https://learn.microsoft.com/azure/aks/concepts-network-isolated>

use isolation::doc;

/// An extension that network isolated clusters do not support.
#[derive(Debug)]
pub struct Unsupported {
    /// Its type, in lower case.
    pub extension_type: &'static str,
    /// Its name in the documentation.
    pub title: &'static str,
    /// The namespace that it installs into, if it is its own.
    pub namespace: &'static str,
    /// The day since which the documentation names it. Empty in a module, like everything that no message uses.
    pub since: &'static str,
    /// The day since which it is supported: the documentation no longer names it, or Microsoft says so elsewhere.
    pub until: Option<&'static str>,
    /// The page of the extension.
    pub documentation: &'static str,
    /// What to use instead: the end of a sentence that begins "Remove the extension and".
    pub instead: &'static str,
}

/// The extension that a Flux configuration installs.
pub const FLUX: &Unsupported = &Unsupported {
    extension_type: "microsoft.flux",
    title: "Flux (GitOps)",
    namespace: "flux-system",
    since: doc!("2024-11-20"),
    until: None,
    documentation: doc!("https://learn.microsoft.com/azure/azure-arc/kubernetes/conceptual-gitops-flux2"),
    instead: "run `flux install --registry=myacr.azurecr.io/fluxcd` with your private registry, and give it sources \
              that the cluster reaches privately, such as oci://myacr.azurecr.io/config",
};

/// Every extension that the documentation names or named, in the documentation's order. Microsoft has announced support of
/// Azure Backup in <https://github.com/Azure/AKS/issues/5245>, though the page may still name it.
pub const UNSUPPORTED: &[&Unsupported] = &[
    &Unsupported {
        extension_type: "microsoft.dapr",
        title: "Dapr",
        namespace: "dapr-system",
        since: doc!("2024-11-20"),
        until: None,
        documentation: doc!("https://learn.microsoft.com/azure/aks/dapr"),
        instead: "install Dapr's own Helm chart with --set global.registry=myacr.azurecr.io/dapr, your private \
                  registry",
    },
    &Unsupported {
        extension_type: "microsoft.appconfiguration",
        title: "Azure App Configuration",
        namespace: "azappconfig-system",
        since: doc!("2024-11-20"),
        until: None,
        documentation: doc!("https://learn.microsoft.com/azure/aks/azure-app-configuration"),
        instead: "install the chart oci://mcr.microsoft.com/azure-app-configuration/helmchart/kubernetes-provider and \
                  reach the store over a private endpoint",
    },
    &Unsupported {
        extension_type: "microsoft.azureml.kubernetes",
        title: "Azure Machine Learning",
        namespace: "azureml",
        since: doc!("2024-11-20"),
        until: None,
        documentation: doc!("https://learn.microsoft.com/azure/machine-learning/how-to-attach-kubernetes-anywhere"),
        instead: "train on the workspace's own compute and serve the model here as a Deployment from your private \
                  registry",
    },
    FLUX,
    &Unsupported {
        extension_type: "microsoft.azurecontainerstorage",
        title: "Azure Container Storage",
        namespace: "acstor",
        since: doc!("2024-11-20"),
        until: Some("2025-05-02"),
        documentation: doc!(
            "https://learn.microsoft.com/azure/storage/container-storage/container-storage-introduction"
        ),
        instead: "use a StorageClass of disk.csi.azure.com, such as managed-csi",
    },
    &Unsupported {
        extension_type: "microsoft.dataprotection.kubernetes",
        title: "Azure Backup for AKS",
        namespace: "dataprotection-microsoft",
        since: doc!("2024-11-20"),
        until: Some("2026-09-09"),
        documentation: doc!("https://learn.microsoft.com/azure/backup/azure-kubernetes-service-backup-overview"),
        instead: "take CSI snapshots, or install Velero from your private registry with a storage account behind a \
                  private endpoint",
    },
];

/// An extension that is known to work on network isolated clusters, with a private endpoint for its traffic.
#[derive(Debug)]
pub struct Supported {
    /// Its type, in lower case.
    pub extension_type: &'static str,
    /// Its name in the documentation.
    pub title: &'static str,
}

/// Azure Backup, and Azure Monitor: Azure is turning its add-ons into extensions, so rejecting every extension would end
/// monitoring.
pub const SUPPORTED: &[Supported] = &[
    Supported { extension_type: "microsoft.azuremonitor.containers", title: doc!("Container insights") },
    Supported { extension_type: "microsoft.azuremonitor.containers.metrics", title: doc!("Managed Prometheus") },
    Supported {
        extension_type: "microsoft.azuremonitor.appmonitoring",
        title: doc!("Application Insights autoinstrumentation"),
    },
    Supported { extension_type: "microsoft.dataprotection.kubernetes", title: doc!("Azure Backup for AKS") },
];

/// Whether a text can be the type of an extension. Types are compared completely, so no character may be in it that Azure
/// might drop or fold.
pub fn is_type(text: &str) -> bool {
    !text.is_empty() && text.chars().all(may_hold)
}

/// Whether a type may hold this character.
pub fn may_hold(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_written_as_they_are_compared() {
        let types = UNSUPPORTED.iter().map(|extension| extension.extension_type);
        for known in types.chain(SUPPORTED.iter().map(|extension| extension.extension_type)) {
            assert!(is_type(known) && known == known.to_ascii_lowercase(), "{known}");
        }
    }

    #[test]
    fn what_azure_might_fold_into_a_type_is_none() {
        for strange in ["", " microsoft.dapr", "microsoft.dapr\n", "microsoft.\u{212a}ind", "microsoft/dapr", "a*"] {
            assert!(!is_type(strange), "{strange:?}");
        }
    }
}
