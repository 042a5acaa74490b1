//! The drivers of Azure storage, and the storage classes that AKS ships.

/// A driver whose volumes this policy judges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Driver {
    /// Azure Files.
    File,
    /// Azure Blob.
    Blob,
    /// Azure Disk, which is attached and not reached over a network; only the export of its content is.
    Disk,
    /// Azure Files as it was built into Kubernetes.
    InTreeFile,
}

const DRIVERS: &[(&str, Driver)] = &[
    ("file.csi.azure.com", Driver::File),
    ("blob.csi.azure.com", Driver::Blob),
    ("disk.csi.azure.com", Driver::Disk),
    ("kubernetes.io/azure-file", Driver::InTreeFile),
    ("kubernetes.io/azure-disk", Driver::Disk),
];

/// The driver of this name. Kubernetes compares the names exactly.
pub fn driver(name: &str) -> Option<Driver> {
    DRIVERS.iter().find(|(known, _)| *known == name).map(|(_, driver)| *driver)
}

/// Drivers of others that can mount a share of Azure Files, and the parameter that holds its host, in front of a path if it
/// holds one.
const BY_HOST: &[(&str, &str)] = &[("nfs.csi.k8s.io", "server"), ("smb.csi.k8s.io", "source")];

/// The parameter that holds the host, if this driver is one of others that can mount Azure Files.
pub fn host_parameter(name: &str) -> Option<&'static str> {
    BY_HOST.iter().find(|(known, _)| *known == name).map(|(_, parameter)| *parameter)
}

/// How the volumes of a built-in class are reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Attached to the node, as disks are.
    Attached,
    /// Over the subnet's service endpoint.
    ServiceEndpoint,
    /// Over the account's public endpoint.
    Public,
}

/// A storage class that AKS creates and keeps as it is.
#[derive(Clone, Copy, Debug)]
pub struct BuiltIn {
    /// The class.
    pub name: &'static str,
    /// Its driver.
    pub driver: Driver,
    /// How its volumes are reached.
    pub reach: Reach,
}

const fn disk(name: &'static str) -> BuiltIn {
    BuiltIn { name, driver: Driver::Disk, reach: Reach::Attached }
}

const fn public(name: &'static str, driver: Driver) -> BuiltIn {
    BuiltIn { name, driver, reach: Reach::Public }
}

/// The classes of <https://learn.microsoft.com/azure/aks/concepts-storage#storage-classes>. AKS overwrites changes to
/// them, so none of them gets a private endpoint by being edited.
pub const BUILT_IN: &[BuiltIn] = &[
    disk("default"),
    disk("managed"),
    disk("managed-csi"),
    disk("managed-csi-premium"),
    disk("managed-csi-premium-v2"),
    disk("managed-premium"),
    public("azurefile", Driver::File),
    public("azurefile-csi", Driver::File),
    public("azurefile-csi-premium", Driver::File),
    public("azurefile-premium", Driver::File),
    public("azureblob-fuse-premium", Driver::Blob),
    BuiltIn { name: "azureblob-nfs-premium", driver: Driver::Blob, reach: Reach::ServiceEndpoint },
];

/// The built-in class of this name.
pub fn built_in(name: &str) -> Option<&'static BuiltIn> {
    BUILT_IN.iter().find(|class| class.name == name)
}

/// The built-in classes as objects, with the parameters that Azure documents: what a look-up finds on every AKS cluster
/// although no manifest holds it. The public ones have no `networkEndpointType`, which is what makes them public.
#[cfg(not(target_os = "wasi"))]
pub fn built_in_storage_classes() -> Vec<serde_json::Value> {
    let sku = |name: &str| match name {
        "managed-csi-premium-v2" => "PremiumV2_LRS",
        name if name.contains("premium") => "Premium_LRS",
        name if name.starts_with("azurefile") => "Standard_LRS",
        _ => "StandardSSD_LRS",
    };
    let class = |class: &BuiltIn| {
        let provisioner = DRIVERS.iter().find(|(_, driver)| *driver == class.driver).map(|(name, _)| *name);
        let mut parameters = serde_json::json!({"skuName": sku(class.name)});
        if class.driver == Driver::Blob {
            let protocol = if class.reach == Reach::ServiceEndpoint { "nfs" } else { "fuse" };
            parameters["protocol"] = protocol.into();
        }
        serde_json::json!({
            "apiVersion": "storage.k8s.io/v1",
            "kind": "StorageClass",
            "metadata": {"name": class.name},
            "provisioner": provisioner,
            "parameters": parameters,
        })
    };
    BUILT_IN.iter().map(class).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_classes_as_objects_are_what_the_table_says() {
        let objects = built_in_storage_classes();
        assert_eq!(objects.len(), BUILT_IN.len());
        for (object, class) in objects.iter().zip(BUILT_IN) {
            assert_eq!(object["metadata"]["name"], class.name);
            assert_eq!(driver(object["provisioner"].as_str().unwrap()), Some(class.driver));
        }
    }
}
