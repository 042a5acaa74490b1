//! The namespaces that policies keep away from.
//!
//! AKS's Admissions Enforcer keeps every webhook away from `kube-system` and the namespaces that it labels
//! (<https://learn.microsoft.com/azure/aks/faq>). The list is for what must come up before a policy server can: were its
//! pods refused while no policy server runs, no policy server would ever run again. Every name in it is also a place where
//! nothing is judged, so it is short.

/// A namespace, and why policies keep away from it.
#[derive(Debug)]
pub struct ExcludedNamespace {
    /// Its name.
    pub name: &'static str,
    /// What would not come up.
    pub why: &'static str,
}

const fn excluded(name: &'static str, why: &'static str) -> ExcludedNamespace {
    ExcludedNamespace { name, why }
}

/// The namespaces that are excluded unless the operator says otherwise, by name. Kubewarden's own is excluded by its
/// controller.
pub const EXCLUDED: &[ExcludedNamespace] = &[
    excluded("aks-command", "`az aks command invoke`, the way in that a private cluster has when all else fails"),
    excluded("calico-system", "the network of nodes that use Calico"),
    excluded("gatekeeper-system", "Azure Policy for AKS"),
    excluded("kube-system", "DNS, the network and storage of nodes"),
    excluded("tigera-operator", "what installs Calico"),
];
