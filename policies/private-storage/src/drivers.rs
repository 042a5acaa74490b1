//! The drivers of Azure storage, and the storage classes that AKS ships.

/// A driver whose volumes this policy judges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Driver {
    /// Azure Files.
    File,
    /// Azure Blob.
    Blob,
    /// Azure Disk. Disks are attached, not reached over a network; only the export of their content is judged.
    Disk,
    /// The former in-tree driver of Azure Files.
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

/// Kubernetes' own driver of NFS.
pub const NFS: &str = "nfs.csi.k8s.io";

/// The parameter of Kubernetes' driver of iSCSI that holds further hosts, as a JSON list.
/// <https://github.com/kubernetes-csi/csi-driver-iscsi/blob/master/pkg/iscsi/iscsi.go>
pub const PORTALS: &str = "portals";

/// Other drivers that can mount a share of Azure Files or a volume of Azure Elastic SAN, and the parameters that hold its
/// host, with or without a path.
const BY_HOST: &[(&str, &[&str])] =
    &[(NFS, &["server"]), ("smb.csi.k8s.io", &["source"]), ("iscsi.csi.k8s.io", &["targetPortal", PORTALS])];

/// The parameters that hold hosts, if this is another driver that can mount Azure Storage.
pub fn host_parameters(name: &str) -> Option<&'static [&'static str]> {
    BY_HOST.iter().find(|(known, _)| *known == name).map(|(_, parameters)| *parameters)
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
/// them, so editing gives none of them a private endpoint.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_of_aks_is_one_of_a_driver_that_is_judged() {
        for class in BUILT_IN {
            assert_eq!(class.driver == Driver::Disk, class.reach == Reach::Attached, "{}", class.name);
            assert_eq!(built_in(class.name).map(|class| class.driver), Some(class.driver));
        }
    }
}
