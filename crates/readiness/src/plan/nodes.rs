//! The nodes, recreated so that they start from the private registry.

use super::tasks::of_rules;
use super::{Context, Frame};
use crate::document::{State, Task};
use isolation_inventory::shell::word;

pub const STEP: Frame = Frame {
    id: "nodes",
    title: "Nodes start from the registry",
    why: "A node learns its registry when it is created. Keep internet access until all nodes are recreated.",
    tasks,
};

fn tasks(context: &Context<'_>) -> Vec<Task> {
    let cluster = context.cluster_arguments();
    let mut tasks = Vec::new();
    let problems = context.problems_of("nodes");
    let others: Vec<_> = problems.iter().copied().filter(|problem| problem.rule != "NI604").collect();
    for mut task in of_rules(&others) {
        if task.rules.iter().any(|rule| rule == "NI609") {
            let pools = context.azure.cluster.iter().flat_map(|cluster| &cluster.pools);
            for pool in pools.filter(|pool| pool.os_type.eq_ignore_ascii_case("Windows")) {
                let cluster = cluster.replace("--name", "--cluster-name");
                task = task.run(format!("az aks nodepool delete {cluster} --name {}", word(&pool.name)));
            }
        }
        tasks.push(task);
    }
    tasks.push(cache(context));
    tasks
}

/// Artifact source `Cache`, and new nodes at once.
fn cache(context: &Context<'_>) -> Task {
    let cluster = context.cluster_arguments();
    let title = "Artifact source Cache, and all nodes recreated";
    let task = match &context.azure.cluster {
        Some(known) if known.is_cached() => {
            // Whether the nodes are new ones is written nowhere that was read.
            Task::in_state(State::Check, "All nodes were created after the artifact source became Cache", 0)
        }
        Some(_) => Task::open(title, 1),
        None => Task::unknown(title),
    };
    let registry = if context.registry_is_managed() || !context.registry_is_named {
        String::new()
    } else {
        format!(" --bootstrap-container-registry-resource-id {}", context.registry_id())
    };
    let task = match &context.azure.cluster {
        Some(known) if known.is_cached() => task,
        _ => task.run(format!("az aks update {cluster} --bootstrap-artifact-source Cache{registry}")),
    };
    task.note("Run both commands together. In between, old and new nodes use different registries.")
        .run(format!("az aks upgrade {cluster} --node-image-only"))
        .verify(format!("az aks show {cluster} --query bootstrapProfile.artifactSource --output tsv"), "Cache")
        .verify(
            "kubectl get nodes --sort-by=.metadata.creationTimestamp -o custom-columns=NAME:.metadata.name,MADE:.metadata.creationTimestamp",
            "every node is younger than the update",
        )
}
