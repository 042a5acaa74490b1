//! Rejects volumes of Azure Files and Blob that a pod names by itself.
//!
//! ## What it does
//!
//! Rejects `csi` volumes of `file.csi.azure.com` and `blob.csi.azure.com`, `azureFile` volumes, and volumes of SMB and NFS
//! drivers and of `flexVolume` with a host of Azure Storage, in pods and in every template of one, unless their server is
//! listed. With `existing: allow` an old volume is forgiven only as a whole: with another secret, share or protocol it is
//! another volume.
//!
//! ## Why it matters
//!
//! No StorageClass and no PersistentVolume stands between such a volume and the internet: whoever may create a pod writes
//! the host to mount. The driver versions that AKS ships check neither the host nor the protocol. The account comes from a
//! secret, so that a `storageAccount` in the volume proves nothing.
//!
//! ## Fields
//!
//! `volumes[].csi`, `volumes[].azureFile`, `volumes[].nfs`, `volumes[].flexVolume` of pods and templates.
//!
//! ## Instead
//!
//! A PersistentVolumeClaim, or `volumes[].ephemeral` with a `volumeClaimTemplate`, whose StorageClass has
//! `networkEndpointType: privateEndpoint`.
//!
//! ## Settings
//!
//! `inlineVolumes`: `deny` (the default), `warn` or `allow`. `servers` lists hosts that are private; a host of an account in
//! `storageAccounts` is private too.
//!
//! ## Not covered
//!
//! Volumes of other drivers, such as `secrets-store.csi.k8s.io`. What a container mounts by itself.
//!
//! ## References
//!
//! <https://kubernetes.io/docs/concepts/storage/ephemeral-volumes/#csi-ephemeral-volumes>,
//! <https://learn.microsoft.com/azure/aks/create-volume-azure-files>

use isolation::Rule;

/// The rule.
pub const RULE: Rule = Rule { id: "NI313", name: "inline-volume", since: "0.1.0" };
