//! Warns of persistent volumes whose storage account may be public.
//!
//! ## Why it matters
//!
//! A handwritten volume names an existing account, and the driver mounts whatever it names. Neither the host nor any
//! other field distinguishes a private account from a public one: private DNS serves the public-looking name, too.
//!
//! ## What it does
//!
//! Reports a PersistentVolume of Azure Files or Blob unless it shows a private endpoint: an account or server that the
//! settings list, or the parameters that the driver copies from a private StorageClass. Reports a volume of another
//! driver if it names a host of Azure Storage, in any spelling and of any cloud.
//!
//! ## Fields
//!
//! `spec.csi` with the drivers `file.csi.azure.com` and `blob.csi.azure.com`, `spec.azureFile`; with a host of Azure
//! Storage also `spec.nfs`, `spec.flexVolume` and `spec.csi` of `smb.csi.k8s.io` and `nfs.csi.k8s.io`, and their
//! `spec.mountOptions`, with `spec.nfs` also the annotation `volume.beta.kubernetes.io/mount-options`; with a host of Azure Elastic SAN also `targetPortal` and `portals` of `spec.iscsi` and of
//! `iscsi.csi.k8s.io`. The account is that of `storageAccount`, for Azure Blob also of `storageAccountName`; without
//! either, that in the second part of `volumeHandle`.
//!
//! ## Instead
//!
//! Give the account a private endpoint in the cluster's network, name it as `volumeAttributes.storageAccount`, and list
//! it in `storageAccounts`. A private endpoint does not serve hosts for an internet route
//! (`contosofiles-internetrouting…`), and the second region has one of its own. List its host
//! (`contosofiles-secondary.blob.core.windows.net`) and hosts that name no account (`fs-….file.storage.azure.net`,
//! `es-….blob.storage.azure.net`) in `servers`.
//!
//! ## Settings
//!
//! `staticVolumes`: `warn` (the default), `deny` or `allow`. `storageAccounts` and `servers` list what is private.
//! `nfsServiceEndpoint: allow` accepts NFS shares, which no account serves over the internet.
//!
//! ## Not covered
//!
//! - A handwritten volume with `networkEndpointType: privateEndpoint` that names no account, or only in its handle: it looks
//!   like a provisioned one. Grant the right to create PersistentVolumes only to
//!   administrators.
//! - A secret (`nodeStageSecretRef`, `secretName`) that names another account than the volume: secrets are not read.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/create-volume-azure-files>,
//! <https://learn.microsoft.com/azure/storage/common/storage-private-endpoints>,
//! <https://learn.microsoft.com/azure/storage/elastic-san/elastic-san-networking-concepts>

use isolation::Rule;

/// The rule.
pub const RULE: Rule = Rule { id: "NI312", name: "unproven-volume", since: "0.1.0" };
