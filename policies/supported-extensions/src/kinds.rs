//! The kinds through which an extension can be asked for.

use isolation::Dispatch;
use isolation::management::CAPZ;

/// How a kind asks for extensions.
#[derive(Clone, Copy, Debug)]
pub enum Asks {
    /// For one, whose `extensionType` stands below one of these keys.
    One(&'static [&'static [&'static str]]),
    /// For each item at this place.
    Each(&'static str),
    /// For Flux, by being there.
    Flux,
    /// For none, but an extension makes one of that name.
    Namespace,
}

/// The group of what Azure's agent writes into a cluster for each extension that was asked for in Azure.
const IN_CLUSTER: &str = "clusterconfig.azure.com";
/// ASO's group of extensions.
const ASO: &str = "kubernetesconfiguration.azure.com";
/// Crossplane has the fields of a resource in two trees.
const TREES: Asks = Asks::One(&[&["spec", "forProvider"], &["spec", "initProvider"]]);
const SPEC: Asks = Asks::One(&[&["spec"]]);
const EXTENSION: &str = "KubernetesClusterExtension";

/// Every kind. Those of CAPZ that embed ASO objects are known to [`isolation::management`].
pub const KINDS: &[Dispatch<Asks>] = &[
    Dispatch::new("", "Namespace", Asks::Namespace),
    Dispatch::new(IN_CLUSTER, "ExtensionConfig", SPEC),
    Dispatch::new(IN_CLUSTER, "FluxConfig", Asks::Flux),
    Dispatch::new(ASO, "Extension", SPEC),
    Dispatch::new(ASO, "FluxConfiguration", Asks::Flux),
    Dispatch::new(CAPZ, "AzureManagedControlPlane", Asks::Each("spec.extensions[]")),
    Dispatch::new(CAPZ, "AzureManagedControlPlaneTemplate", Asks::Each("spec.template.spec.extensions[]")),
    Dispatch::new("containerservice.azure.upbound.io", EXTENSION, TREES),
    Dispatch::new("containerservice.azure.m.upbound.io", EXTENSION, TREES),
];
