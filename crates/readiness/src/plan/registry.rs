//! The registry, and the rules by which it fills itself.

use std::collections::BTreeMap;

use isolation::image::Reference;
use isolation_azure::CacheRule;
use isolation_inventory::shell::word;
use isolation_inventory::{Proposal, Upstream, source_of};

use super::tasks::of_rules;
use super::{Context, Frame};
use crate::cache::{self, is_new, upstreams};
use crate::document::{Affected, Coverage, Image, State, Task};
use crate::unseen::counted;

pub const STEP: Frame =
    Frame { id: "registry", title: "Registry and cache rules", why: "All later steps pull from it.", tasks };

/// Whether the registry could cache images of this one.
pub fn can_be_cached(host: &str) -> bool {
    upstreams().any(|upstream| upstream.host == host)
}

/// The cache rules that a report proposes, as source and target.
pub fn proposed(context: &Context<'_>) -> Vec<(String, String)> {
    let rules = wanted(context).into_iter().flat_map(|wanted| wanted.rules);
    rules.map(|rule| (rule.source, rule.target)).collect()
}

/// What is to be cached of a public registry that images come from.
struct Wanted<'c> {
    upstream: &'static Upstream,
    /// The images that no rule covers.
    images: Vec<&'c Image>,
    /// The rules that would.
    rules: Vec<Proposal>,
    /// Sources for which the registry takes no rule beside its own.
    refused: Vec<String>,
}

/// How many rules are proposed for one registry.
const RULES: usize = 100;

/// What no rule covers, with rules that the registry takes beside those that are known: one for a whole registry, or, where
/// somebody has rules for a part of it, one for each part that is missing.
fn wanted<'c>(context: &Context<'c>) -> Vec<Wanted<'c>> {
    let mut found = Vec::new();
    let mut sources = BTreeMap::new();
    for upstream in upstreams() {
        let of_host = context.images.iter().filter(|registry| registry.host == upstream.host);
        let images = of_host.flat_map(|registry| &registry.images);
        let images: Vec<&Image> = images.filter(|image| image.coverage == Coverage::Uncovered).collect();
        if images.is_empty() {
            continue;
        }
        if is_new(upstream.host, context.cache_rules) {
            sources.insert(cache::whole(upstream), images.len());
        } else {
            let mut parts = BTreeMap::new();
            for image in &images {
                let read = Reference::read(&image.reference).or_else(|_| Reference::located(&image.reference));
                if let Ok(reference) = read {
                    *parts.entry(source_of(&reference)).or_insert(0) += 1;
                }
            }
            sources.extend(parts.into_iter().take(RULES));
        }
        found.push(Wanted { upstream, images, rules: Vec::new(), refused: Vec::new() });
    }
    let rules = cache::accepted(&context.registry, context.cache_rules);
    let names: Vec<&str> = context.azure.cache_rules.iter().flatten().map(|rule| rule.name.as_str()).collect();
    let (proposed, refused) = cache::propose(&context.registry, &rules, &names, &sources);
    let is_of = |source: &str, wanted: &Wanted<'_>| source.split('/').next() == Some(wanted.upstream.host);
    for rule in proposed {
        if let Some(wanted) = found.iter_mut().find(|wanted| is_of(&rule.source, wanted)) {
            wanted.rules.push(rule);
        }
    }
    for source in refused {
        if let Some(wanted) = found.iter_mut().find(|wanted| is_of(&source, wanted)) {
            wanted.refused.push(source);
        }
    }
    found
}

/// The name of the rule that nodes start from, what it pulls, and where it keeps it.
const AKS_RULE: (&str, &str, &str) = ("aks-managed-mcr", "mcr.microsoft.com/*", "aks-managed-repository/*");

fn tasks(context: &Context<'_>) -> Vec<Task> {
    let mut tasks = Vec::new();
    tasks.extend(choose(context));
    for mut task in of_rules(&context.problems_of("registry")) {
        let name = context.registry_name();
        task = match task.rules.first().map(String::as_str) {
            Some("NI617") => task
                .run(format!("az acr update --name {name} --sku Premium"))
                .verify(format!("az acr show --name {name} --query sku.name --output tsv"), "Premium"),
            Some("NI618") => task
                .run(format!("az acr config authentication-as-arm update --registry {name} --status enabled"))
                .verify(
                    format!("az acr config authentication-as-arm show --registry {name} --query status --output tsv"),
                    "enabled",
                ),
            _ => task,
        };
        tasks.push(task);
    }
    if !context.registry_is_managed() {
        tasks.push(aks_rule(context));
    }
    tasks.extend(wanted(context).iter().flat_map(|wanted| cache_rules(context, wanted)));
    tasks
}

/// Whose registry it is to be, where nobody has said so.
fn choose(context: &Context<'_>) -> Option<Task> {
    if context.registry_is_named || context.azure.cluster.as_ref().is_some_and(isolation_azure::Cluster::is_cached) {
        return None;
    }
    let name = context.registry_name();
    Some(
        Task::unknown("Choose the registry")
            .note(
                "Your own registry holds your images and the images that nodes start from. AKS can create and manage a registry \
                 only for the latter; your images still need a registry that the cluster reaches.",
            )
            .run_and_say(
                format!("az acr create --resource-group \"$GROUP\" --name {name} --sku Premium --public-network-enabled false"),
                "a registry of your own; only Premium has private endpoints",
            )
            .verify(format!("az acr show --name {name} --query '{{sku:sku.name, access:publicNetworkAccess}}'"), "Premium and Disabled"),
    )
}

/// The rule without which no node starts.
fn aks_rule(context: &Context<'_>) -> Task {
    let (name, source, target) = AKS_RULE;
    let registry = context.registry_name();
    let title = format!("Cache rule {name}");
    let is_it = |rule: &CacheRule| {
        let is_here = context.azure.is_of_registry(&rule.registry);
        is_here && rule.name == name && rule.source == source && rule.target == target
    };
    // Where a rule of the kind is there and wrong, the rule NI619 says so.
    let task = match &context.azure.cache_rules {
        Some(rules) if rules.iter().any(is_it) => return Task::done(title),
        Some(_) => Task::open(title, 1),
        None => Task::unknown(title),
    };
    task.note("Nodes find their images only with exactly this name, source and target. Never change the rule later.")
        .run(format!(
            "az acr cache create --registry {registry} --name {name} --source-repo '{source}' --target-repo '{target}'"
        ))
        .verify(
            format!(
                "az acr cache show --registry {registry} --name {name} --query '[sourceRepository, targetRepository]'"
            ),
            format!("{source} and {target}"),
        )
}

fn cache_rules(context: &Context<'_>, wanted: &Wanted<'_>) -> Vec<Task> {
    let registry = context.registry_name();
    let Wanted { upstream: Upstream { host, folder, credentials }, images, rules, refused } = wanted;
    let mut tasks = Vec::new();
    if !rules.is_empty() {
        let of = if rules.len() == 1 { "Cache rule" } else { "Cache rules" };
        let held = rules.iter().map(|rule| rule.images).sum();
        let mut task = Task::open(format!("{of} for {host} ({})", counted(held, "image", "images")), rules.len());
        let mut with = String::new();
        if *credentials {
            task =
                task.note(format!("A cache of {host} needs credentials, which are stored in Key Vault.")).run_and_say(
                    format!(
                        "az acr credential-set create --registry {registry} --name {folder} --login-server {host} \
                     --username-id \"$USERNAME_SECRET_ID\" --password-id \"$PASSWORD_SECRET_ID\""
                    ),
                    "both ids name secrets in Key Vault, which the credential set's identity must be allowed to read",
                );
            with = format!(" --cred-set {folder}");
        }
        for Proposal { name, source, target, .. } in rules {
            task = task
                .run(format!(
                    "az acr cache create --registry {registry} --name {} --source-repo '{source}' --target-repo '{target}'{with}",
                    word(name)
                ))
                .verify(
                    format!(
                        "az acr cache list --registry {registry} --query \"[?name=='{name}'].targetRepository\" --output tsv"
                    ),
                    target,
                );
        }
        task.affects = images
            .iter()
            .map(|image| Affected { name: word(&image.reference), fix: String::new(), owner: None })
            .collect();
        tasks.push(task);
    }
    if !refused.is_empty() {
        let title = format!("The registry takes no cache rule for {} beside its own", refused.join(", "));
        tasks.push(Task::in_state(State::Decide, title, refused.len()).note(
            "Of two rules that end in /* no target may contain the other, and no two rules may have one source. Change the \
             rule that is in the way, or import the images (isolation images --output script).",
        ));
    }
    tasks
}
