//! Rejects pods that run on virtual nodes.
//!
//! ## Why it matters
//!
//! A pod on a virtual node runs outside the cluster's nodes, in a separate subnet. Azure Container Instances pulls its
//! images, so `mcr.microsoft.com` is not redirected to the private registry. Whatever blocks egress from the nodes does
//! not block egress from the pod.
//!
//! ## What it does
//!
//! Rejects pods and pod templates that select, tolerate or name a virtual node of Azure Container Instances, of either
//! generation, and RuntimeClasses that make pods do so. Rejects VirtualDaemonSets, and the extension
//! `Microsoft.virtualnodes`, which installs the second generation.
//!
//! ## Fields
//!
//! `spec.nodeSelector`, required node affinity (labels and the node's name), `spec.tolerations[].key`, `spec.nodeName`;
//! the kind VirtualDaemonSet; `scheduling.nodeSelector` and `scheduling.tolerations[].key` of RuntimeClasses;
//! `spec.extensionType` of ExtensionConfig and Extension, also in `resources` of CAPZ's `AzureASOManaged` kinds;
//! `spec.extensions[].extensionType` of CAPZ's AzureManagedControlPlane and its template; `spec.forProvider` and
//! `spec.initProvider` of Crossplane's KubernetesClusterExtension.
//!
//! A label counts where it admits a virtual node, even as one of several values. Where the pod tolerates the taint of
//! virtual nodes, or every taint, more counts: `Exists`, preferences, the labels `kubernetes.azure.com/managed: "false"`
//! and `alpha.service-controller.kubernetes.io/exclude-balancer: "true"`, and that `kubernetes.azure.com/cluster`, which
//! AKS writes on all its nodes, is missing. A node name counts if it is `virtual-node-aci-linux`, or contains
//! `virtualnode` and ends in a number.
//!
//! ## Instead
//!
//! Remove the selector and the tolerations, and let the cluster autoscaler or node auto-provisioning add nodes.
//!
//! ## Settings
//!
//! `virtualNodes`.
//!
//! ## Not covered
//!
//! - Tolerations without a key, which tolerate everything: agents that run on every node have them, and DaemonSets do
//!   not run on virtual nodes. With them, a pod may still be put on a virtual node by what other nodes have in common
//!   with it: the label `node.kubernetes.io/exclude-from-external-load-balancers`, which AKS documents for node pools, or
//!   no label `kubernetes.azure.com/agentpool`, which nodes of node auto-provisioning do not have either.
//! - Virtual nodes whose Helm release has a custom full name.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/virtual-nodes>, <https://learn.microsoft.com/azure/aks/virtual-nodes-v2>,
//! <https://github.com/microsoft/virtualnodesOnAzureContainerInstances>,
//! <https://github.com/virtual-kubelet/azure-aci/blob/master/pkg/provider/vk_node.go>

use isolation::json::Kind;
use isolation::management::{self, CAPZ};
use isolation::{Findings, Fix, Request, Rule, Value, places};

use crate::Settings;
use crate::node_selection::{Operator, Term};

/// The rule.
pub const RULE: Rule = Rule { id: "NI507", name: "virtual-node-pod", since: "0.1.0" };

/// The labels that virtual nodes of both generations have.
const LABELS: [(&str, &str); 2] = [("type", "virtual-kubelet"), ("virtualization", "virtualnode2")];
/// Further labels of the first generation. A machine that somebody else has joined to the cluster may have them, too, so that they
/// count only for pods that tolerate virtual nodes.
const SHARED: [(&str, &str); 2] = [
    ("kubernetes.azure.com/managed", "false"),
    // Kubernetes has not read it since 1.21, so that no node pool needs it.
    ("alpha.service-controller.kubernetes.io/exclude-balancer", "true"),
];
/// What AKS and node auto-provisioning write on every node of theirs, and virtual nodes do not have.
const ON_NODES: &str = "kubernetes.azure.com/cluster";
/// The taints that keep other pods off them.
const TAINTS: &[&str] = &["virtual-kubelet.io/provider", "azure.com/aci"];
/// The label and the field that hold a node's name.
const NAMES: &[&str] = &["kubernetes.io/hostname", "metadata.name"];
/// How names of the first generation begin.
const FIRST: &str = "virtual-node-aci";
/// What names of the second generation contain: the chart's name, before the replica's number.
const SECOND: &str = "virtualnode";
/// The type of the extension that installs the second generation.
const EXTENSION: &str = "microsoft.virtualnodes";
/// Where Azure's agent, ASO and Crossplane have the type of an extension.
const TYPES: &[&str] = &["spec.extensionType", "spec.forProvider.extensionType", "spec.initProvider.extensionType"];
/// Where CAPZ has it.
const TYPES_OF_CAPZ: &[&str] = &["spec.extensions[].extensionType", "spec.template.spec.extensions[].extensionType"];
/// The group and kind of the objects that CAPZ embeds.
const ASO_EXTENSION: (&str, &str) = ("kubernetesconfiguration.azure.com", "Extension");

/// Judges the tolerations and the node of a pod's spec.
pub fn check_placement(spec: Value<'_>, findings: &mut Findings) {
    for toleration in findings.objects(spec, "tolerations") {
        if let Some((value, key)) = findings.text(toleration, "key")
            && TAINTS.contains(&key.as_ref())
        {
            // All of it, which is no change of this field: without its key it would tolerate every taint.
            report(value, findings, "lets the pod run on a virtual node", "Remove the toleration");
        }
    }
    if let Some((value, name)) = findings.text(spec, "nodeName")
        && is_virtual_node(&name)
    {
        report(value, findings, "puts the pod on a virtual node", Fix::remove("Remove the field"));
    }
}

/// Whether the pod tolerates virtual nodes, by their taint or by tolerating everything.
pub fn tolerates(spec: Value<'_>) -> bool {
    let tolerations = spec.field("tolerations").into_iter().flat_map(|list| list.items());
    let mut keys =
        tolerations.map(|toleration| toleration.field("key").and_then(|key| key.as_str()).unwrap_or_default());
    keys.any(|key| key.is_empty() || TAINTS.contains(&key.as_ref()))
}

/// Judges what a pod that may tolerate virtual nodes requires of its node.
pub fn check_term(term: &Term<'_>, tolerates: bool, findings: &mut Findings) {
    // Another label rules nothing out: nodes of one generation do not have that of the other.
    let excludes = |(label, value)| term.iter().any(|other| other.key == label && other.excludes(|v| v == value));
    let [first, second] = LABELS.map(|label| tolerates && !excludes(label));
    for requirement in term {
        let key = requirement.key.as_ref();
        let selects = |(label, value): &(&str, &str), tolerated: bool| {
            *label == key
                && (requirement.admits(|v| v == *value) || (tolerated && requirement.operator == Operator::Exists))
        };
        let found = (NAMES.contains(&key) && requirement.admits(is_virtual_node))
            || LABELS.iter().zip([first, second]).any(|(label, tolerated)| selects(label, tolerated))
            || (first && SHARED.iter().any(|label| selects(label, true)))
            || ((first || second) && key == ON_NODES && requirement.operator == Operator::DoesNotExist);
        if found {
            report(requirement.field, findings, "puts the pod on a virtual node", "Remove the selector");
        }
    }
}

fn is_virtual_node(name: &str) -> bool {
    let numbered = name.rsplit_once('-').filter(|(_, number)| number.bytes().all(|b| b.is_ascii_digit()));
    name.starts_with(FIRST) || numbered.is_some_and(|(release, number)| !number.is_empty() && release.contains(SECOND))
}

/// Judges a VirtualDaemonSet.
pub fn check_daemon_set(_: &Request<'_>, object: Value<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    if settings.virtual_nodes_denied {
        report(object, findings, "puts pods on every virtual node", "Remove it");
    }
}

/// Judges the extensions that an object requests: its own, or those of what it embeds.
pub fn check_extension(request: &Request<'_>, object: Value<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    if !settings.virtual_nodes_denied {
        return;
    }
    management::for_each_resource(findings, request, object, &mut |findings, resource| {
        let is_embedded = resource.object != object;
        // What is only mirrored installs nothing.
        if (is_embedded && (&*resource.group, &*resource.kind) != ASO_EXTENSION) || resource.inert().is_some() {
            return;
        }
        let types = if resource.group == CAPZ { TYPES_OF_CAPZ } else { TYPES };
        for place in types {
            places::visit(findings, resource.object, place, &mut |findings, value| {
                if findings.expect(value, Kind::String)
                    && value.as_str().is_some_and(|text| text.trim().eq_ignore_ascii_case(EXTENSION))
                {
                    report(value, findings, "adds a virtual node", "Remove the extension");
                }
            });
        }
    });
}

fn report(value: Value<'_>, findings: &mut Findings, what: &str, fix: impl Into<Fix>) {
    let consequence = ", which pulls images without the nodes' redirect to the private registry and has its own way \
                       out, whatever the outbound type";
    findings.deny(&RULE, value, [what, consequence].concat(), fix);
}

#[cfg(test)]
mod tests {
    use super::*;
    use isolation::Document;

    /// A toleration without a key tolerates every taint, so taking only the key away would open more than there was.
    #[test]
    fn no_change_turns_a_toleration_into_one_of_everything() {
        for taint in TAINTS {
            let text = format!(r#"{{"tolerations": [{{"key": "{taint}", "operator": "Exists"}}]}}"#);
            let document = Document::read(text.as_bytes()).unwrap();
            let mut findings = Findings::new(document.root());
            check_placement(document.root(), &mut findings);
            let [finding] = findings.kept() else { panic!("{findings:?}") };
            assert_eq!((finding.fix.text.as_str(), &finding.fix.change), ("Remove the toleration", &None));
        }
    }
}
