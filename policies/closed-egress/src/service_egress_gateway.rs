//! Rejects the pod label that requests a NAT gateway.
//!
//! ## Why it matters
//!
//! In ServiceGateway mode Azure's cloud provider watches this label. For each value it creates a public IP address and
//! a NAT gateway, and routes the pods' traffic out through them. A label on a pod is enough to leave a cluster whose
//! outbound type is `none`.
//!
//! ## What it does
//!
//! Rejects the label `kubernetes.azure.com/service-egress-gateway` on pods and in pod templates, whatever its value.
//!
//! ## Fields
//!
//! `metadata.labels` of pods and of every pod template, also in custom resources.
//!
//! ## Instead
//!
//! Remove the label. Reach services over private endpoints, or through a firewall in the virtual network.
//!
//! ## Settings
//!
//! None.
//!
//! ## Not covered
//!
//! - Custom resources that describe a pod in another form: their pods are judged when they are created.
//! - Labels changed through `pods/status`, which only kubelets and controllers may write.
//!
//! ## References
//!
//! <https://github.com/kubernetes-sigs/cloud-provider-azure>,
//! <https://learn.microsoft.com/azure/aks/egress-outboundtype>

use isolation::pods::Pod;
use isolation::{Findings, Fix, Rule};

/// The rule.
pub const RULE: Rule = Rule { id: "NI502", name: "service-egress-gateway", since: "0.1.0" };

const LABEL: &str = "kubernetes.azure.com/service-egress-gateway";

/// Judges the labels of a pod or template.
pub fn check(pod: &Pod<'_>, findings: &mut Findings) {
    if let Some(value) = pod.label(findings, LABEL) {
        findings.deny(
            &RULE,
            value,
            "this label makes Azure create a public IP address and a NAT gateway for the pod's egress, whatever the \
             cluster's outbound type",
            Fix::remove("Remove the label"),
        );
    }
}
