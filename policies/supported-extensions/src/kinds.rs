//! The kinds through which an extension can be asked for.

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

/// A kind.
#[derive(Clone, Copy, Debug)]
pub struct Asking {
    /// The API group; empty for the core group. Cluster API has an `ExtensionConfig` too, in a group of its own.
    pub group: &'static str,
    /// The kind.
    pub kind: &'static str,
    /// The name of the resource, as rules write it.
    pub plural: &'static str,
    /// What an object of it asks for.
    pub asks: Asks,
}

const fn asking(group: &'static str, kind: &'static str, plural: &'static str, asks: Asks) -> Asking {
    Asking { group, kind, plural, asks }
}

/// The group of what Azure's agent writes into a cluster for each extension that was asked for in Azure.
const IN_CLUSTER: &str = "clusterconfig.azure.com";
/// ASO's group of extensions.
const ASO: &str = "kubernetesconfiguration.azure.com";
/// Crossplane has the fields of a resource in two trees.
const TREES: Asks = Asks::One(&[&["spec", "forProvider"], &["spec", "initProvider"]]);
const SPEC: Asks = Asks::One(&[&["spec"]]);
const EXTENSION: (&str, &str) = ("KubernetesClusterExtension", "kubernetesclusterextensions");

/// Every kind. Those of CAPZ that embed ASO objects are known to [`isolation::management`].
pub const KINDS: &[Asking] = &[
    asking("", "Namespace", "namespaces", Asks::Namespace),
    asking(IN_CLUSTER, "ExtensionConfig", "extensionconfigs", SPEC),
    asking(IN_CLUSTER, "FluxConfig", "fluxconfigs", Asks::Flux),
    asking(ASO, "Extension", "extensions", SPEC),
    asking(ASO, "FluxConfiguration", "fluxconfigurations", Asks::Flux),
    asking(CAPZ, "AzureManagedControlPlane", "azuremanagedcontrolplanes", Asks::Each("spec.extensions[]")),
    asking(
        CAPZ,
        "AzureManagedControlPlaneTemplate",
        "azuremanagedcontrolplanetemplates",
        Asks::Each("spec.template.spec.extensions[]"),
    ),
    asking("containerservice.azure.upbound.io", EXTENSION.0, EXTENSION.1, TREES),
    asking("containerservice.azure.m.upbound.io", EXTENSION.0, EXTENSION.1, TREES),
];

/// The kind of this group and name, if it asks for extensions.
pub fn find(group: &str, kind: &str) -> Option<&'static Asking> {
    KINDS.iter().find(|asking| asking.kind == kind && asking.group == group)
}
