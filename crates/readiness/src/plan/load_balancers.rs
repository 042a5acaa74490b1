//! Load balancers, and what else gives the cluster a public address.

use super::tasks::of_rules;
use super::{Context, Frame};
use crate::document::Task;

pub const STEP: Frame = Frame {
    id: "load-balancers",
    title: "Load balancers",
    why: "Callers need time to move to the new addresses.",
    tasks,
};

const SERVICE: &str = "\
metadata:
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-internal: \"true\"
";

const GATEWAY: &str = "\
spec:
  infrastructure:
    annotations:
      service.beta.kubernetes.io/azure-load-balancer-internal: \"true\"
";

fn tasks(context: &Context<'_>) -> Vec<Task> {
    if !context.has_objects {
        return vec![Task::unknown("Show the cluster's objects")];
    }
    let cluster = context.cluster_arguments();
    let mut tasks = Vec::new();
    for task in of_rules(&context.problems_of("load-balancers")) {
        tasks.push(match task.rules.first().map(String::as_str) {
            Some("NI201") => task.manifest("In the Service", SERVICE).verify(
                "kubectl get services -A -o custom-columns='NAMESPACE:.metadata.namespace,NAME:.metadata.name,TYPE:.spec.type,IP:.status.loadBalancer.ingress[*].ip'",
                "only addresses of your network",
            ),
            Some("NI209") => task
                .manifest("In the Gateway", GATEWAY)
                .verify("kubectl get gateways -A", "only addresses of your network"),
            Some("NI613") => task
                .run(format!("az aks approuting update {cluster} --nginx Internal"))
                .verify(
                    format!("az aks show {cluster} --query ingressProfile.webAppRouting.nginx.defaultIngressControllerType --output tsv"),
                    "Internal or None",
                ),
            _ => task,
        });
    }
    tasks
}
