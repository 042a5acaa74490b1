//! What of the cluster itself has to be otherwise before its nodes can start without a way out.

use super::tasks::of_rules;
use super::{Context, Frame};
use crate::document::Task;

pub const STEP: Frame = Frame {
    id: "cluster",
    title: "API server, identity, network",
    why: "Some of these updates recreate all nodes, so they come before the step for nodes.",
    tasks,
};

fn tasks(context: &Context<'_>) -> Vec<Task> {
    let cluster = context.cluster_arguments();
    let mut tasks = Vec::new();
    if context.azure.cluster.is_none() {
        tasks.push(
            Task::unknown("Show the cluster")
                .run(format!("az aks show {cluster} --output json > aks.json"))
                .run_and_say("isolation report --aks aks.json …", "then this step lists what is left"),
        );
    }
    for task in of_rules(&context.problems_of("cluster")) {
        tasks.push(match task.rules.first().map(String::as_str) {
            Some("NI603") => task
                .run_and_say(
                    format!("az aks update {cluster} --enable-apiserver-vnet-integration --apiserver-subnet-id \"$APISERVER_SUBNET_ID\" --enable-private-cluster"),
                    "makes the cluster private with API Server VNet Integration; private link is possible only when a cluster is created",
                )
                .verify(format!("az aks show {cluster} --query apiServerAccessProfile.enablePrivateCluster"), "true"),
            Some("NI606") => task
                .run(format!("az aks update {cluster} --enable-managed-identity"))
                .verify(format!("az aks show {cluster} --query servicePrincipalProfile.clientId --output tsv"), "msi"),
            Some("NI607") => task
                .run(format!("az aks update {cluster} --node-os-upgrade-channel NodeImage"))
                .verify(format!("az aks show {cluster} --query autoUpgradeProfile.nodeOsUpgradeChannel --output tsv"), "NodeImage"),
            Some("NI608") => task
                .run(format!("az aks update {cluster} --network-plugin azure --network-plugin-mode overlay"))
                .verify(format!("az aks show {cluster} --query networkProfile.networkPlugin --output tsv"), "azure"),
            Some("NI614") => task
                .run(format!("az aks get-upgrades {cluster} --output table"))
                .run(format!("az aks upgrade {cluster} --kubernetes-version \"$VERSION\""))
                .verify(format!("az aks show {cluster} --query currentKubernetesVersion --output tsv"), "1.30 or newer"),
            _ => task,
        });
    }
    tasks
}
