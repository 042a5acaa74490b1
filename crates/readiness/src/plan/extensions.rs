//! What talks to services outside: workloads, extensions, add-ons.

use super::tasks::of_rules;
use super::{Context, Frame};
use crate::document::{State, Task};
use isolation_inventory::shell::word;

pub const EGRESS: Frame = Frame {
    id: "egress",
    title: "Egress",
    why: "These reach the internet in ways of their own. Isolation breaks some of them, and does not close others.",
    tasks: egress,
};

pub const STEP: Frame = Frame {
    id: "extensions",
    title: "Extensions and add-ons",
    why: "They use services of Azure, which need a private endpoint before internet access ends.",
    tasks,
};

fn egress(context: &Context<'_>) -> Vec<Task> {
    if !context.has_objects {
        return vec![Task::unknown("Show the cluster's objects")];
    }
    of_rules(&context.problems_of("egress"))
}

fn tasks(context: &Context<'_>) -> Vec<Task> {
    let mut tasks = Vec::new();
    let mut problems = context.problems_of("extensions");
    problems.extend(context.problems_of("unreadable"));
    for mut task in of_rules(&problems) {
        if task.rules.iter().any(|rule| rule == "NI401") {
            for extension in context.azure.extensions.iter().flatten() {
                let is_it = |problem: &&crate::Problem| {
                    problem.rule == "NI401" && problem.value.as_deref() == Some(extension.extension_type.as_str())
                };
                if problems.iter().any(is_it) {
                    let cluster = context.cluster_arguments().replace("--name", "--cluster-name");
                    task = task.run(format!(
                        "az k8s-extension delete {cluster} --cluster-type managedClusters --name {}",
                        word(&extension.name)
                    ));
                }
            }
        }
        tasks.push(task);
    }
    if context.azure.extensions.is_none() {
        let cluster = context.cluster_arguments().replace("--name", "--cluster-name");
        tasks.push(
            Task::in_state(State::Unknown, "Show the cluster's extensions", 0)
                .run(format!(
                    "az k8s-extension list {cluster} --cluster-type managedClusters --output json > extensions.json"
                ))
                .run("isolation report --extensions extensions.json …"),
        );
    }
    tasks
}
