//! The kinds that can request an extension.

use isolation::Dispatch;
use isolation::management::CAPZ;

/// How a kind requests extensions.
#[derive(Clone, Copy, Debug)]
pub enum ExtensionSource {
    /// One, whose `extensionType` is below one of these keys.
    One(&'static [&'static [&'static str]]),
    /// One for each item at this path.
    Each(&'static str),
    /// Flux, by its existence.
    Flux,
    /// None, but an extension creates a namespace of that name.
    Namespace,
}

/// The group of the objects that Azure's agent writes into a cluster for each extension requested in Azure.
const IN_CLUSTER: &str = "clusterconfig.azure.com";
/// ASO's group of extensions.
pub const ASO: &str = "kubernetesconfiguration.azure.com";
/// Crossplane has the fields of a resource in two trees.
const TREES: ExtensionSource = ExtensionSource::One(&[&["spec", "forProvider"], &["spec", "initProvider"]]);
const SPEC: ExtensionSource = ExtensionSource::One(&[&["spec"]]);
const EXTENSION: &str = "KubernetesClusterExtension";

/// Every kind. [`isolation::management`] knows those of CAPZ that embed ASO objects.
pub const KINDS: &[Dispatch<ExtensionSource>] = &[
    Dispatch::new("", "Namespace", ExtensionSource::Namespace),
    Dispatch::new(IN_CLUSTER, "ExtensionConfig", SPEC),
    Dispatch::new(IN_CLUSTER, "FluxConfig", ExtensionSource::Flux),
    Dispatch::new(ASO, "Extension", SPEC),
    Dispatch::new(ASO, "FluxConfiguration", ExtensionSource::Flux),
    Dispatch::new(CAPZ, "AzureManagedControlPlane", ExtensionSource::Each("spec.extensions[]")),
    Dispatch::new(CAPZ, "AzureManagedControlPlaneTemplate", ExtensionSource::Each("spec.template.spec.extensions[]")),
    Dispatch::new("containerservice.azure.upbound.io", EXTENSION, TREES),
    Dispatch::new("containerservice.azure.m.upbound.io", EXTENSION, TREES),
];
