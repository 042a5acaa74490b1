//! The registry, and the rules by which it fills itself.

use isolation_azure::CacheRule;
use isolation_inventory::shell::word;

use super::tasks::of_rules;
use super::{Context, Frame};
use crate::cache::{UPSTREAMS, Upstream};
use crate::document::{Affected, Task};
use crate::unseen::counted;

pub const STEP: Frame =
    Frame { id: "registry", title: "Registry and cache rules", why: "All later steps pull from it.", tasks };

/// Whether the registry could cache images of this one.
pub fn can_be_cached(host: &str) -> bool {
    UPSTREAMS.iter().any(|upstream| upstream.host == host)
}

/// The cache rules that a report proposes, as source and target.
pub fn proposed(context: &Context<'_>) -> Vec<(String, String)> {
    wanted(context)
        .into_iter()
        .map(|(upstream, _)| (format!("{}/*", upstream.host), format!("{}/*", upstream.folder)))
        .collect()
}

/// The public registries that images come from and that no rule covers, with the number of their images.
fn wanted(context: &Context<'_>) -> Vec<(&'static Upstream, usize)> {
    let uncovered = |upstream: &'static Upstream| {
        let images = context.images.iter().find(|registry| registry.host == upstream.host)?;
        (images.uncovered > 0).then_some((upstream, images.uncovered))
    };
    UPSTREAMS.iter().filter_map(uncovered).collect()
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
    tasks.extend(wanted(context).into_iter().map(|(upstream, images)| cache_rule(context, upstream, images)));
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

fn cache_rule(context: &Context<'_>, upstream: &Upstream, images: usize) -> Task {
    let registry = context.registry_name();
    let Upstream { host, folder, credentials } = upstream;
    let mut task = Task::open(format!("Cache rule for {host} ({})", counted(images, "image", "images")), 1);
    let mut with = String::new();
    if *credentials {
        task = task.note(format!("A cache of {host} needs credentials, which are stored in Key Vault.")).run_and_say(
            format!(
                "az acr credential-set create --registry {registry} --name {folder} --login-server {host} \
                     --username-id \"$USERNAME_SECRET_ID\" --password-id \"$PASSWORD_SECRET_ID\""
            ),
            "both ids name secrets in Key Vault, which the credential set's identity must be allowed to read",
        );
        with = format!(" --cred-set {folder}");
    }
    task = task
        .run(format!(
            "az acr cache create --registry {registry} --name {folder} --source-repo '{host}/*' --target-repo '{folder}/*'{with}"
        ))
        .verify(
            format!("az acr cache list --registry {registry} --query \"[?name=='{folder}'].targetRepository\" --output tsv"),
            format!("{folder}/*"),
        );
    let uncovered =
        context.images.iter().filter(|registry| registry.host == *host).flat_map(|registry| &registry.images);
    task.affects = uncovered
        .filter(|image| image.coverage == crate::Coverage::Uncovered)
        .map(|image| Affected { name: word(&image.reference), fix: String::new(), owner: None })
        .collect();
    task
}
