//! Rejects Services of type LoadBalancer that Azure gives a public IP address.
//!
//! ## Why it matters
//!
//! Without the annotation for an internal load balancer, the cloud provider creates a public IP address for the
//! Service. The internet can then reach the cluster, and the nodes behind the load balancer may send traffic out
//! through the same address, although the cluster's outbound type is `none`. Removing or changing the annotation of a
//! running Service moves it from the internal load balancer to a public one, without any error.
//!
//! The cloud provider compares the text exactly where it creates the address, but ignores case where it writes the
//! network security group. `"True"` therefore gives a public address with the rules of an internal one.
//!
//! ## What it does
//!
//! Requires the annotation `service.beta.kubernetes.io/azure-load-balancer-internal` with exactly the text `true` on
//! every Service of type LoadBalancer without a `loadBalancerClass`, on creation and on update.
//!
//! With the setting `existing: allow`, a Service that was public already passes, unless the update lets others in: with a
//! source range outside the old ones, another service tag, no source ranges any more, another address, another resource group
//! of it, a second IP family, or without `service.beta.kubernetes.io/azure-disable-load-balancer-nsg-rule: "true"`, which it had.
//!
//! ## Fields
//!
//! `spec.type`, `spec.loadBalancerClass`, `metadata.annotations`, and `spec.loadBalancerSourceRanges` and
//! `spec.ipFamilies` on update.
//!
//! ## Instead
//!
//! ```yaml
//! metadata:
//!   annotations:
//!     service.beta.kubernetes.io/azure-load-balancer-internal: "true"
//! ```
//!
//! or `type: ClusterIP` with an internal ingress in front.
//!
//! ## Settings
//!
//! None.
//!
//! ## Not covered
//!
//! - Load balancers created by hand in Azure.
//! - Changes through `services/status`: the cloud provider writes it, and anyone else who may write it could change
//!   annotations there.
//! - Clusters in ServiceGateway mode, where every load balancer is public and the annotation is an error. There this
//!   policy rejects every Service of type LoadBalancer, as isolation requires.
//!
//! ## References
//!
//! <https://learn.microsoft.com/azure/aks/internal-lb>,
//! <https://cloud-provider-azure.sigs.k8s.io/topics/loadbalancer/>,
//! <https://learn.microsoft.com/azure/aks/concepts-network-isolated>

use isolation::{Findings, Request, Rule, Value};

use crate::annotations::{Annotations, Frontend};
use crate::{ineffective_public_ip, internet_source, origin};

/// The rule.
pub const RULE: Rule = Rule { id: "NI201", name: "public-load-balancer", since: "0.1.0" };

/// Judges the annotations of a Service for which Azure creates a load balancer; returns whether it is internal.
pub fn check<'d>(
    request: &Request<'d>,
    service: Value<'d>,
    annotations: &Annotations<'d>,
    findings: &mut Findings,
) -> bool {
    match annotations.frontend() {
        Frontend::Private => true,
        Frontend::Public { field, why } => {
            let mut cure = origin::cure(request, service, annotations);
            // Made internal with this address, the load balancer would get none.
            if !ineffective_public_ip::public_addresses(annotations, service.field("spec"), findings).is_empty() {
                cure = [&cure.text, ", and remove the public address that it requests"].concat().into();
            }
            findings.as_part_of(&exposure(request, annotations), |findings| findings.deny(&RULE, field, why, cure));
            false
        }
    }
}

/// What makes of a public load balancer another way in: who reaches it, and which addresses. An update that only keeps some out
/// does not.
pub fn exposure<'d>(request: &Request<'d>, annotations: &Annotations<'d>) -> Vec<Value<'d>> {
    let sources = |of: &Annotations<'d>| internet_source::sources(of, of.holder().field("spec"));
    // The provider creates a public address for each family
    // (https://cloud-provider-azure.sigs.k8s.io/topics/loadbalancer/).
    let second = |of: &Annotations<'d>| of.holder().descend(&["spec", "ipFamilies"])?.items().nth(1);
    let (mut parts, mut no_rule) = (sources(annotations), internet_source::no_rule(annotations));
    let mut family = second(annotations);
    if let Some(old) = request.old_object {
        let old = annotations.of(old);
        let before = sources(&old);
        if internet_source::are_within(&parts, &before) {
            parts = before;
        }
        let was = internet_source::no_rule(&old);
        // Older versions of the provider write the rule all the same, so with it, further sources count, too.
        if was.is_none() || no_rule.is_some() {
            no_rule = was;
        }
        family = family.or_else(|| second(&old));
    }
    parts.extend(no_rule);
    parts.extend(family);
    parts.extend(ineffective_public_ip::frontends(annotations, annotations.holder().field("spec")));
    parts
}
