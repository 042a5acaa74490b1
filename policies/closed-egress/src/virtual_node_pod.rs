//! Rejects pods that go to virtual nodes.
//!
//! ## What it does
//!
//! Refuses pods and templates that select, tolerate or name a virtual node of Azure Container Instances.
//!
//! ## Why it matters
//!
//! A pod on a virtual node runs outside the cluster's nodes, in a subnet of its own. Its images are pulled by Azure
//! Container Instances and not by a node, so that `mcr.microsoft.com` is not redirected to the private registry, and what
//! closes the nodes' way out does not close its.
//!
//! ## Fields
//!
//! `spec.nodeSelector`, required node affinity (labels and the node's name), `spec.tolerations[].key`, `spec.nodeName`.
//!
//! ## Instead
//!
//! Remove the selector and the tolerations and let the cluster autoscaler or node auto-provisioning add nodes.
//!
//! ## Settings
//!
//! `virtualNodes`.
//!
//! ## Not covered
//!
//! Tolerations without a key, which tolerate everything: agents that run on every node have them, and DaemonSets are not
//! placed on virtual nodes.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/virtual-nodes>, <https://learn.microsoft.com/azure/aks/virtual-nodes-v2>

use isolation::{Findings, Rule, Value};

use crate::node_choice::Requirement;

/// The rule.
pub const RULE: Rule = Rule { id: "NI507", name: "virtual-node-pod", since: "0.1.0" };

/// The labels that virtual nodes of both generations have.
const LABELS: &[(&str, &str)] = &[("type", "virtual-kubelet"), ("virtualization", "virtualnode2")];
/// The taints that keep other pods off them.
const TAINTS: &[&str] = &["virtual-kubelet.io/provider", "azure.com/aci"];
/// The label and the field that hold a node's name.
const NAMES: &[&str] = &["kubernetes.io/hostname", "metadata.name"];
/// How their names begin.
const NAME: &str = "virtual-node-aci";

/// Judges the tolerations and the node of a pod's spec.
pub fn check_placement(spec: Value<'_>, findings: &mut Findings) {
    for toleration in findings.objects(spec, "tolerations") {
        if let Some((value, key)) = findings.text(toleration, "key")
            && TAINTS.contains(&key.as_ref())
        {
            report(value, findings, "lets the pod run on a virtual node", "Remove the toleration");
        }
    }
    if let Some((value, name)) = findings.text(spec, "nodeName")
        && name.starts_with(NAME)
    {
        report(value, findings, "puts the pod on a virtual node", "Remove the field");
    }
}

/// Judges what a pod demands of its node.
pub fn check_requirement(requirement: &Requirement<'_>, findings: &mut Findings) {
    let virtual_node = |(key, value): &(&str, &str)| requirement.key == *key && requirement.demands(|v| v == *value);
    let named = NAMES.contains(&requirement.key.as_ref()) && requirement.demands(|name| name.starts_with(NAME));
    if named || LABELS.iter().any(virtual_node) {
        report(requirement.spot, findings, "puts the pod on a virtual node", "Remove the selector");
    }
}

fn report(value: Value<'_>, findings: &mut Findings, what: &str, fix: &str) {
    let consequence = ", which pulls images past the nodes' redirection to the private registry and has its own way out, whatever the \
                       cluster's outbound type";
    findings.deny(&RULE, value, [what, consequence].concat(), fix);
}
