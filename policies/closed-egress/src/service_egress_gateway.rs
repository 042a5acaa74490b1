//! Rejects the pod label that orders a NAT gateway.
//!
//! ## What it does
//!
//! Refuses the label `kubernetes.azure.com/service-egress-gateway` on pods and in templates of pods, whatever its value.
//!
//! ## Why it matters
//!
//! In ServiceGateway mode Azure's cloud provider watches this label. For each value it creates a public IP address and a
//! NAT gateway and routes the pods' traffic out through them: a label on a pod is enough to leave a cluster whose outbound
//! type is `none`.
//!
//! ## Fields
//!
//! `metadata.labels` of pods and of every template of one, also in custom resources.
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
//! Pods that a custom resource describes in a form of its own are judged when they are created. Labels that are changed
//! through `pods/status`, which only kubelets and controllers may write.
//!
//! ## References
//!
//! <https://github.com/kubernetes-sigs/cloud-provider-azure>,
//! <https://learn.microsoft.com/azure/aks/egress-outboundtype>

use isolation::pods::Pod;
use isolation::{Findings, Rule};

/// The rule.
pub const RULE: Rule = Rule { id: "NI502", name: "service-egress-gateway", since: "0.1.0" };

const LABEL: &str = "kubernetes.azure.com/service-egress-gateway";

/// Judges the labels of a pod or template.
pub fn check(pod: &Pod<'_>, findings: &mut Findings) {
    if let Some(value) = pod.label(findings, LABEL) {
        findings.deny(
            &RULE,
            value,
            "this label makes Azure create a public IP address and a NAT gateway and route the pod out through them, \
             whatever the cluster's outbound type",
            "Remove the label",
        );
    }
}
