//! Rejects pods that require Windows nodes.
//!
//! ## Why it matters
//!
//! Network isolated clusters do not support Windows node pools yet. Such a pod stays pending, or shows that somebody is
//! about to add an unsupported pool.
//!
//! ## What it does
//!
//! Rejects pods and pod templates that can run only on Windows nodes: by `spec.os.name`, by node selector, or by
//! every term of the required node affinity. Rejects a RuntimeClass whose node selector does the same to every pod that names it.
//!
//! ## Fields
//!
//! `spec.os.name`, `spec.nodeSelector` and
//! `spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[].matchExpressions[]` of pods;
//! `scheduling.nodeSelector` of RuntimeClasses.
//!
//! ## Instead
//!
//! Run the workload on Linux nodes, or in a cluster that is not isolated.
//!
//! ## Settings
//!
//! `windowsPods`.
//!
//! ## Not covered
//!
//! - Pods that no field binds to Windows, or only a RuntimeClass older than the policy.
//! - AKS's own Windows agents: every cluster has these DaemonSets in `kube-system` and `calico-system`, and without
//!   Windows nodes they run nowhere.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/concepts-network-isolated#limitations>

use isolation::{Findings, Request, Rule, Value};

use crate::node_selection::{NodeSelection, Operator, Requirement};

/// The rule.
pub const RULE: Rule = Rule { id: "NI506", name: "windows-pod", since: "0.1.0" };

const OS_LABELS: &[&str] = &["kubernetes.io/os", "beta.kubernetes.io/os"];
/// AKS writes `Windows2022`, `Windows2025` and so on here: the requested and the effective SKU
/// (<https://learn.microsoft.com/azure/aks/use-labels>).
const SKU_LABELS: &[&str] =
    &["kubernetes.azure.com/os-sku", "kubernetes.azure.com/os-sku-effective", "kubernetes.azure.com/os-sku-requested"];
/// Only Windows nodes have it.
const BUILD_LABEL: &str = "node.kubernetes.io/windows-build";

/// The namespaces in which AKS runs its agents for Windows nodes.
const AGENT_NAMESPACES: &[&str] = &["kube-system", "calico-system"];

/// Whether this is one of the DaemonSets for Windows nodes that AKS installs in every cluster.
pub fn is_agent_of_aks(request: &Request<'_>) -> bool {
    request.is("apps", "DaemonSet") && AGENT_NAMESPACES.contains(&request.namespace.as_ref())
}

/// Judges `os` in the spec of a pod.
pub fn check_os(spec: Value<'_>, findings: &mut Findings) {
    let Some(os) = findings.object(spec, "os") else { return };
    if let Some((value, name)) = findings.text(os, "name")
        && is_windows(&name)
    {
        report(value, "Write linux and run it on Linux nodes", findings);
    }
}

/// Judges what a pod requires of its node. The terms of its affinity are alternatives: one that does not require Windows lets
/// it run elsewhere.
pub fn check_selection(selection: &NodeSelection<'_>, findings: &mut Findings) {
    let terms =
        if selection.terms.iter().all(|term| term.iter().any(is_for_windows)) { &*selection.terms } else { &[] };
    for requirement in selection.selector.iter().chain(terms.iter().flatten()).filter(|it| is_for_windows(it)) {
        report(requirement.field, "Select Linux nodes instead, by kubernetes.io/os: linux", findings);
    }
}

/// Whether only Windows nodes meet a requirement.
fn is_for_windows(requirement: &Requirement<'_>) -> bool {
    let key = requirement.key.as_ref();
    if OS_LABELS.contains(&key) {
        requirement.demands(is_windows)
            || (requirement.operator == Operator::NotIn && requirement.values.iter().any(|value| value == "linux"))
    } else if SKU_LABELS.contains(&key) {
        requirement.demands(|value| value.get(..7).is_some_and(is_windows))
    } else {
        key == BUILD_LABEL && matches!(requirement.operator, Operator::In | Operator::Exists)
    }
}

fn is_windows(name: &str) -> bool {
    name.eq_ignore_ascii_case("windows")
}

fn report(value: Value<'_>, fix: &str, findings: &mut Findings) {
    findings.deny(&RULE, value, "requires a Windows node, which network isolated clusters do not support yet", fix);
}
