//! The plan: what is to be done, in the order in which it must happen.
//!
//! Nodes take images from the private registry only once they are recreated with artifact source `Cache`, and until then they
//! need the way out. So the registry comes first, then what keeps it reachable, then everything that would miss the way out,
//! then the nodes, and the switch last.

mod cluster;
mod extensions;
mod images;
mod load_balancers;
mod nodes;
mod private_link;
mod registry;
mod storage;
mod switch;
mod tasks;
mod titles;

use std::collections::BTreeSet;

use isolation_azure::State as Azure;
use isolation_inventory::shell::word;

use crate::cache::CacheRule;
use crate::document::{Problem, RegistryImages, State, Step, Task};

/// The id of the step that is the switch.
pub const SWITCH: &str = "switch";
/// The id of the step that keeps the cluster as it is.
pub const PROTECT: &str = "protect";

/// What steps are made of.
pub struct Context<'c> {
    /// The problems of all workloads.
    pub problems: &'c [Problem],
    /// The images, by registry.
    pub images: &'c [RegistryImages],
    /// What Azure says.
    pub azure: &'c Azure,
    /// The login server of the registry.
    pub registry: String,
    /// Whether somebody named it.
    pub registry_is_named: bool,
    /// Whether objects of the cluster were read.
    pub has_objects: bool,
    /// Whether nothing is known that was not read.
    pub has_all_objects: bool,
    /// The cache rules that are known.
    pub cache_rules: &'c [CacheRule],
    /// The groups and kinds of the objects.
    pub kinds: &'c BTreeSet<(String, String)>,
}

impl Context<'_> {
    /// The registry's name, as commands take it.
    fn registry_name(&self) -> String {
        word(self.registry.split('.').next().unwrap_or_default())
    }

    /// `--resource-group GROUP --name NAME` of the cluster.
    fn cluster_arguments(&self) -> String {
        match &self.azure.cluster {
            Some(cluster) => {
                format!("--resource-group {} --name {}", word(&cluster.resource_group), word(&cluster.name))
            }
            None => "--resource-group \"$GROUP\" --name \"$CLUSTER\"".to_owned(),
        }
    }

    /// The id of the registry, as a command takes it.
    fn registry_id(&self) -> String {
        match self.azure.registry() {
            Some(registry) if !registry.id.is_empty() => word(&registry.id),
            _ => format!("\"$(az acr show --name {} --query id --output tsv)\"", self.registry_name()),
        }
    }

    /// Whether AKS made the registry and keeps it.
    fn registry_is_managed(&self) -> bool {
        self.azure.cluster.as_ref().is_some_and(isolation_azure::Cluster::has_managed_registry)
    }

    /// The problems that a step mends.
    fn problems_of(&self, step: &str) -> Vec<&Problem> {
        self.problems.iter().filter(|problem| problem.step == step).collect()
    }
}

/// The parts of a step that do not depend on what was found.
struct Frame {
    id: &'static str,
    title: &'static str,
    why: &'static str,
    tasks: fn(&Context<'_>) -> Vec<Task>,
}

const FRAMES: &[Frame] = &[
    registry::STEP,
    private_link::STEP,
    cluster::STEP,
    images::STEP,
    storage::STEP,
    load_balancers::STEP,
    extensions::EGRESS,
    extensions::STEP,
    nodes::STEP,
    switch::STEP,
    switch::PROTECTION,
];

/// Steps that are done when no object needs them any more.
const OF_OBJECTS: &[&str] = &[images::STEP.id, storage::STEP.id, load_balancers::STEP.id, extensions::EGRESS.id];

/// All steps, in their order.
pub fn of(context: &Context<'_>) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for (index, frame) in FRAMES.iter().enumerate() {
        let mut tasks = (frame.tasks)(context);
        if OF_OBJECTS.contains(&frame.id) && context.has_objects && !context.has_all_objects {
            tasks.push(Task::unknown("Show the objects that were not read"));
        }
        steps.push(Step {
            number: index + 1,
            id: frame.id.to_owned(),
            title: frame.title.to_owned(),
            why: frame.why.to_owned(),
            state: state_of(&tasks),
            changes: tasks.iter().map(|task| task.changes).sum(),
            tasks,
        });
    }
    steps
}

/// What is left of a step: the most that is left of one of its tasks.
fn state_of(tasks: &[Task]) -> State {
    let order = [State::Decide, State::Open, State::Unknown, State::Later, State::Check];
    order.into_iter().find(|state| tasks.iter().any(|task| task.state == *state)).unwrap_or(State::Done)
}
