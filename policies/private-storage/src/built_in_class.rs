//! Rejects claims that name one of AKS's own classes of Azure Files and Blob.
//!
//! ## Why it matters
//!
//! None of these classes has a private endpoint, and none can get one: AKS reconciles its classes and overwrites every
//! change. Rejecting the classes would only fight AKS, so this rule rejects their use.
//!
//! ## What it does
//!
//! Rejects a claim whose class is `azurefile`, `azurefile-csi`, `azurefile-premium`, `azurefile-csi-premium`,
//! `azureblob-fuse-premium` or `azureblob-nfs-premium`. The classes themselves are accepted with a warning.
//!
//! ## Fields
//!
//! `spec.storageClassName` and the annotation `volume.beta.kubernetes.io/storage-class` of PersistentVolumeClaims, of
//! `volumeClaimTemplates` and of `volumes[].ephemeral.volumeClaimTemplate` in every workload; the fields of custom
//! resources that become claims. A claim that is bound to a PersistentVolume by name from the start provisions nothing,
//! and passes.
//!
//! ## Instead
//!
//! Create a StorageClass of your own with `networkEndpointType: privateEndpoint`, and name it.
//!
//! ## Settings
//!
//! `nfsServiceEndpoint: allow` accepts `azureblob-nfs-premium`. `defaultClass` says which class a claim without a name
//! gets.
//!
//! ## Not covered
//!
//! Clusters in which one of these classes is the default class. The API server writes its name into each claim, so the
//! claims are rejected, but a template without a name passes unless `defaultClass` names the class.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/concepts-storage#storage-classes>,
//! <https://learn.microsoft.com/azure/aks/concepts-network-isolated>

use isolation::{FieldRef, Findings, Rule, Value};

use crate::Settings;
use crate::drivers::{BuiltIn, Reach};

/// The rule.
pub const RULE: Rule = Rule { id: "NI309", name: "built-in-class", since: "0.1.0" };

/// Whether claims of this class are rejected: its volumes have no private endpoint.
pub fn is_refused(class: &BuiltIn, settings: &Settings<'_>) -> bool {
    match class.reach {
        Reach::Attached => false,
        Reach::ServiceEndpoint => !settings.nfs_service_endpoint,
        Reach::Public => true,
    }
}

/// Judges the use of a built-in class in a claim.
pub fn check(class: &BuiltIn, field: FieldRef<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    if !is_refused(class, settings) {
        return;
    }
    let missing = if field.is_missing() { ["the default class is ", class.name, ", "].concat() } else { String::new() };
    let reach = match class.reach {
        Reach::ServiceEndpoint => "a class of AKS with a service endpoint, and AKS reverts changes to it",
        _ => "a class of AKS with a public endpoint, and AKS reverts changes to it",
    };
    let fix = "Name your own StorageClass with networkEndpointType: privateEndpoint";
    findings.deny(&RULE, field, missing + reach, fix);
}

/// Warns of the class itself, which AKS keeps as it is.
pub fn tell(name: Value<'_>, findings: &mut Findings) {
    let what = "a class of AKS without a private endpoint, and AKS reverts changes to it: claims that name it are \
                rejected";
    findings.warn(&RULE, name, what, "Use another class");
}
