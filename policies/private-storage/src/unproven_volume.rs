//! Warns of persistent volumes whose storage account may be public.
//!
//! ## What it does
//!
//! Reports a PersistentVolume of Azure Files or Blob unless something in it speaks for a private endpoint: an account or
//! server that the settings list, or the parameters that the driver copies from a private StorageClass. A volume of another
//! driver is reported where it names a host of Azure Storage, in any spelling and of any cloud.
//!
//! ## Why it matters
//!
//! A volume that was written by hand names an account that exists already, and the driver mounts whatever it names. Neither
//! its host nor any other field tells a private account from a public one: private DNS serves the public-looking name as
//! well.
//!
//! ## Fields
//!
//! `spec.csi` with the drivers `file.csi.azure.com` and `blob.csi.azure.com`, `spec.azureFile`; with a host of Azure
//! Storage also `spec.nfs`, `spec.flexVolume` and `spec.csi` of `smb.csi.k8s.io` and `nfs.csi.k8s.io`, and their
//! `spec.mountOptions`. The account is that of `storageAccount`, for Azure Blob also of `storageAccountName`; where neither is
//! given, that in the second part of `volumeHandle`.
//!
//! ## Instead
//!
//! Give the account a private endpoint in the cluster's network, name it as `volumeAttributes.storageAccount`, and list it
//! under `storageAccounts`. Hosts for one route over the internet (`contosofiles-internetrouting…`) are not served by it;
//! hosts that name no account (`fs-….file.storage.azure.net`) are listed under `servers`.
//!
//! ## Settings
//!
//! `staticVolumes`: `warn` (the default), `deny` or `allow`. `storageAccounts` and `servers` list what is private.
//! `nfsServiceEndpoint: allow` accepts NFS shares, which no account serves over the internet.
//!
//! ## Not covered
//!
//! A volume written by hand that says `networkEndpointType: privateEndpoint`, names no account and is told from a
//! provisioned one by nothing but a handle with an account in it: keep the right to create PersistentVolumes to administrators. A secret (`nodeStageSecretRef`,
//! `secretName`) that names another account than the volume does: secrets are not looked at.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/create-volume-azure-files>,
//! <https://learn.microsoft.com/azure/storage/common/storage-private-endpoints>

use isolation::Rule;

/// The rule.
pub const RULE: Rule = Rule { id: "NI312", name: "unproven-volume", since: "0.1.0" };
