//! Rejects volumes of Azure Files and Blob that a pod names directly.
//!
//! ## Why it matters
//!
//! No StorageClass and no PersistentVolume controls such a volume: anyone who may create a pod chooses the host to
//! mount. The driver versions that AKS ships check neither the host nor the protocol. The account comes from a secret,
//! so a `storageAccount` in the volume proves nothing.
//!
//! ## What it does
//!
//! Rejects `csi` volumes of `file.csi.azure.com` and `blob.csi.azure.com`, `azureFile` volumes, and volumes of SMB and
//! NFS drivers, of iSCSI and of `flexVolume` with a host of Azure Storage, in pods and in every pod template, unless
//! their server is listed. `existing: allow` accepts an old volume only if it is unchanged: with another secret, share
//! or protocol it is another volume.
//!
//! ## Fields
//!
//! `volumes[].csi`, `volumes[].azureFile`, `volumes[].nfs`, `volumes[].iscsi`, `volumes[].flexVolume` of pods and pod
//! templates.
//!
//! ## Instead
//!
//! Use a PersistentVolumeClaim, or `volumes[].ephemeral` with a `volumeClaimTemplate`, whose StorageClass has
//! `networkEndpointType: privateEndpoint`.
//!
//! ## Settings
//!
//! `inlineVolumes`: `deny` (the default), `warn` or `allow`. `servers` lists private hosts; the hosts of accounts in
//! `storageAccounts` count as private, too.
//!
//! ## Not covered
//!
//! Volumes of other drivers, such as `secrets-store.csi.k8s.io`. Mounts that a container makes itself.
//!
//! ## References
//!
//! <https://kubernetes.io/docs/concepts/storage/ephemeral-volumes/#csi-ephemeral-volumes>,
//! <https://learn.microsoft.com/azure/aks/create-volume-azure-files>

use isolation::Rule;

/// The rule.
pub const RULE: Rule = Rule { id: "NI313", name: "inline-volume", since: "0.1.0" };
