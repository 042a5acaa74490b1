//! The images of workloads.

use isolation_inventory::shell::word;
use std::collections::HashMap;

use isolation_inventory::{import_options, repository};

use super::registry::{can_be_cached, proposed};
use super::tasks::of_rules;
use super::{Context, Frame};
use crate::document::{Affected, Coverage, Task};
use crate::unseen::counted;

pub const STEP: Frame = Frame {
    id: "images",
    title: "Images",
    why: "A pod with an image from elsewhere runs today, but will not start on the next node.",
    tasks,
};

/// How many import commands are printed one by one; a script has the rest.
const COMMANDS: usize = 200;

fn tasks(context: &Context<'_>) -> Vec<Task> {
    if !context.has_objects {
        return vec![Task::unknown("Show the cluster's objects")];
    }
    let mut tasks: Vec<Task> = import(context).into_iter().collect();
    for mut task in of_rules(&context.problems_of("images")) {
        if matches!(task.rules.first().map(String::as_str), Some("NI101" | "NI701")) {
            task = rewritten(context, task);
        }
        tasks.push(task);
    }
    tasks
}

/// Images of registries that cannot be cached.
fn import(context: &Context<'_>) -> Option<Task> {
    let registry = context.registry_name();
    let others = context.images.iter().filter(|registry| !can_be_cached(&registry.host));
    let images: Vec<_> =
        others.flat_map(|registry| &registry.images).filter(|image| image.coverage == Coverage::Uncovered).collect();
    if images.is_empty() {
        return None;
    }
    let title = format!("Import {} from registries that cannot be cached", counted(images.len(), "image", "images"));
    let mut task = Task::open(title, images.len()).note(
        "An import copies one tag. Import later versions too, where they are built or updated. For a private registry, pass \
         --username and --password, or --registry with its resource id.",
    );
    // Two registries may have a repository of one name. Whoever asks for the second image must not get the first.
    let mut named: HashMap<&str, &str> = HashMap::new();
    let mut refused = Vec::new();
    for image in images.iter().take(COMMANDS) {
        let path = below_registry(&image.reference);
        let first = *named.entry(path.split('@').next().unwrap_or(path)).or_insert(&image.reference);
        if repository(first) != repository(&image.reference) {
            refused.push(format!("{} (as {path}, which {first} is)", image.reference));
            continue;
        }
        task = task.run(format!("az acr import --name {registry} {}", import_options(&image.reference, path)));
    }
    if let Some(more) = images.len().checked_sub(COMMANDS).filter(|more| *more > 0) {
        task = task.run_and_say(
            format!(
                "isolation images --registry {} --output script MANIFESTS >import.sh && sh import.sh",
                word(&context.registry)
            ),
            format!("imports {more} more"),
        );
    }
    if !refused.is_empty() {
        let note = format!(
            "{} Two images would get the same name; import these under different names: {}.",
            task.note,
            refused.join(", ")
        );
        task = task.note(note);
    }
    task.affects = images
        .iter()
        .map(|image| Affected {
            name: word(&image.reference),
            fix: format!("{}/{}", context.registry, without_digest(below_registry(&image.reference))),
            owner: None,
        })
        .collect();
    Some(
        task.verify(
            format!("az acr repository list --name {registry} --output tsv"),
            "every repository that was imported",
        ),
    )
}

/// The repository with tag and digest.
fn below_registry(reference: &str) -> &str {
    reference.split_once('/').map_or(reference, |(_, path)| path)
}

fn without_digest(path: &str) -> &str {
    path.split_once('@').map_or(path, |(name, _)| name)
}

/// References that have to name the private registry.
fn rewritten(context: &Context<'_>, mut task: Task) -> Task {
    let mut settings = format!("registries: [{}]\ncacheRules:\n", context.registry);
    let other = |registry: &Option<String>| registry.clone().filter(|host| *host != context.registry);
    let known =
        context.cache_rules.iter().map(|rule| (other(&rule.registry), rule.source.clone(), rule.target.clone()));
    let mut rules: Vec<(Option<String>, String, String)> = known.collect();
    rules.extend(proposed(context).into_iter().map(|(source, target)| (None, source, target)));
    // Nodes find these by themselves.
    rules.retain(|(_, source, _)| !source.starts_with("mcr.microsoft.com/"));
    if rules.is_empty() {
        settings = format!("registries: [{}]\n", context.registry);
    }
    for (registry, source, target) in rules {
        let registry = registry.map(|host| format!("registry: {}, ", quoted(&host))).unwrap_or_default();
        settings.push_str(&format!("  - {{{registry}source: {}, target: {}}}\n", quoted(&source), quoted(&target)));
    }
    task.note =
        "The first pull of the new name fills the cache. For charts, change the images in their values.".to_owned();
    task.manifest("isolation.yaml", settings)
        .run_and_say("isolation check --diff MANIFESTS", "shows the changes to your manifests")
        .run("isolation check --fix MANIFESTS")
        .verify("isolation check --only private-images MANIFESTS", "0 violations")
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
