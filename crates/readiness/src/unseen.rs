//! What the report could not see. Nothing is ready because nobody looked.

use isolation_azure::{Extension, Part, State as Azure};

use crate::document::{InputKind, NotSeen};
use crate::survey::Survey;

/// Custom kinds that are named in one line.
const NAMED: usize = 12;

/// All that was not seen: what decides first. `runs` says whether any object names an image, as whatever runs does.
pub fn of(survey: &Survey<'_>, runs: bool) -> Vec<NotSeen> {
    let mut unseen = survey.unseen.clone();
    unseen.extend(azure(survey));
    let objects = &survey.found.objects;
    if objects.number == 0 {
        unseen.push(decides("No object of the cluster was read", "Name its manifests or a dump, or give --cluster"));
    } else if !runs {
        unseen.push(decides(
            "What runs in the cluster: none of the objects that were read names an image",
            "Name the manifests of its workloads or a dump, or give --cluster",
        ));
    }
    for problem in &survey.report.not_evaluated {
        let place = problem.place.as_ref().map(|place| format!("{place}: ")).unwrap_or_default();
        unseen.push(NotSeen { what: format!("{place}{}", problem.what), help: problem.help.clone(), decides: true });
    }
    if survey.registries.is_empty() && survey.azure.registry().is_none() {
        unseen.push(decides(
            "No registry was named, so no image counts as private",
            "Give --registry myacr.azurecr.io, `registries` in isolation.yaml, or what `az acr show` prints",
        ));
    }
    unseen.extend(exempt_namespaces(&objects.exempt));
    unseen.extend(static_pods(objects.static_pods));
    unseen.extend(kinds_without_reader(survey));
    unseen.extend(beside_files(survey));
    let history = objects.workloads.history();
    if history > 0 {
        unseen.push(NotSeen {
            what: counted(
                history,
                "ReplicaSet without replicas was skipped. A rollback brings its images back",
                "ReplicaSets without replicas were skipped. A rollback brings their images back",
            ),
            help: "Lower revisionHistoryLimit, or roll out again after the images have changed".to_owned(),
            decides: false,
        });
    }
    for skipped in &survey.report.skipped {
        unseen.push(NotSeen {
            what: format!("{} was skipped: {}", skipped.name, skipped.why),
            help: String::new(),
            decides: skipped.could_matter,
        });
    }
    for note in &survey.report.notes {
        unseen.push(NotSeen { what: note.what.clone(), help: note.help.clone(), decides: false });
    }
    unseen.push(NotSeen {
        what: "Hosts that programs call: only a few of them are named in manifests".to_owned(),
        help: "Before the switch, read the flow logs of the virtual network, or the firewall's log".to_owned(),
        decides: false,
    });
    unseen.sort_by_key(|unseen| !unseen.decides);
    unseen
}

fn decides(what: &str, help: &str) -> NotSeen {
    NotSeen { what: what.to_owned(), help: help.to_owned(), decides: true }
}

/// `3 pods`
pub fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// What of Azure the input does not have.
fn azure(survey: &Survey<'_>) -> Vec<NotSeen> {
    let azure = survey.azure;
    let mut unseen = cluster(azure);
    unseen.extend(registry(azure));
    unseen.extend(subnets(azure));
    unseen.extend(extensions(azure));
    unseen.push(NotSeen {
        what: "Private DNS zones and their links, role assignments, routes, firewalls and network security groups"
            .to_owned(),
        help: "`az aks check-acr` tests from a node whether it reaches the registry; see step 2 of the plan".to_owned(),
        decides: false,
    });
    unseen
}

fn not_given(part: Part, what: &str, flag: &str) -> NotSeen {
    let help = format!("Give {flag} FILE with the output of `{} -o json`, or --azure GROUP/NAME", part.command());
    NotSeen { what: what.to_owned(), help, decides: true }
}

fn cluster(azure: &Azure) -> Vec<NotSeen> {
    let mut unseen = Vec::new();
    if !azure.has(Part::Cluster) {
        unseen.push(not_given(
            Part::Cluster,
            "The cluster in Azure: outbound type, API server, pools, add-ons",
            "--aks",
        ));
    }
    if let Some(cluster) = &azure.cluster {
        let all = "Give --aks FILE with all of the output of `az aks show -o json`, without --query";
        if cluster.pools.is_empty() {
            unseen.push(decides("The cluster's node pools: the input names none", all));
        }
        if cluster.outbound_type.is_empty() {
            unseen.push(decides("The cluster's network: the input does not say its outbound type", all));
        }
    }
    unseen
}

fn registry(azure: &Azure) -> Vec<NotSeen> {
    // The registry that AKS creates it also keeps, with its rule, its private endpoint and its zone.
    if azure.cluster.as_ref().is_some_and(isolation_azure::Cluster::has_managed_registry) {
        return Vec::new();
    }
    let mut unseen = Vec::new();
    for (part, what, flag) in [
        (Part::Registry, "The registry: its tier, its public access, its tokens", "--acr"),
        (Part::CacheRules, "The registry's cache rules, including the one that nodes need", "--cache-rules"),
        (Part::Connections, "The registry's private endpoint", "--private-endpoints"),
    ] {
        if !azure.has(part) {
            unseen.push(not_given(part, what, flag));
        }
    }
    // Input about another registry says nothing about the one that nodes start from.
    if let Some(name) = azure.registry_name()
        && azure.has(Part::Registry)
        && azure.registry().is_none()
    {
        let what = format!("The registry {name}, which the nodes start from: the input is about another registry");
        unseen.push(not_given(Part::Registry, &what, "--acr"));
    }
    unseen
}

fn subnets(azure: &Azure) -> Vec<NotSeen> {
    let mut unseen = Vec::new();
    if azure.cluster.is_none() && !azure.has(Part::Subnet) {
        unseen.push(not_given(Part::Subnet, "The nodes' subnet: default outbound access, NAT gateway", "--subnet"));
    }
    for subnet in azure.subnets_not_given() {
        let what = format!("The subnet {subnet}: default outbound access, NAT gateway");
        unseen.push(not_given(Part::Subnet, &what, "--subnet"));
    }
    unseen
}

fn extensions(azure: &Azure) -> Vec<NotSeen> {
    let mut unseen = Vec::new();
    if !azure.has(Part::Extensions) {
        unseen.push(not_given(Part::Extensions, "The cluster's extensions", "--extensions"));
    }
    let name = azure.cluster.as_ref().map_or("", |cluster| cluster.name.as_str());
    let of_another = |extension: &&Extension| {
        !name.is_empty() && !extension.cluster.is_empty() && !extension.cluster.eq_ignore_ascii_case(name)
    };
    if let Some(other) = azure.extensions.iter().flatten().find(of_another) {
        let what = format!("The extensions of {name}: the input is about {}", other.cluster);
        unseen.push(not_given(Part::Extensions, &what, "--extensions"));
    }
    unseen
}

fn exempt_namespaces(exempt: &[String]) -> Option<NotSeen> {
    (!exempt.is_empty()).then(|| NotSeen {
        what: format!(
            "AKS exempts {} from every webhook: {}. This report judged their objects, but no policy will",
            counted(exempt.len(), "namespace", "namespaces"),
            exempt.join(", ")
        ),
        help: "Keep your own workloads out of these namespaces, and restrict who may label a namespace".to_owned(),
        decides: false,
    })
}

fn static_pods(number: usize) -> Option<NotSeen> {
    (number > 0).then(|| NotSeen {
        what: format!(
            "{} started from files on nodes. The API only mirrors them, and no policy can reject them",
            counted(number, "static pod is", "static pods are")
        ),
        help: "Check how the nodes are configured".to_owned(),
        decides: false,
    })
}

/// Whether the objects are those of a cluster, and not only what somebody has written down.
fn is_of_a_cluster(survey: &Survey<'_>) -> bool {
    survey.input.iter().any(|input| matches!(input.kind, InputKind::Cluster | InputKind::Dump))
}

/// What runs in a cluster beside the files that were read.
fn beside_files(survey: &Survey<'_>) -> Option<NotSeen> {
    (!is_of_a_cluster(survey) && survey.found.objects.number > 0).then(|| NotSeen {
        what: "What runs in the cluster and is in none of these files".to_owned(),
        help: "Give --cluster, or a dump that --save wrote".to_owned(),
        decides: false,
    })
}

/// Custom resources of kinds that nothing here reads. In a cluster, what their controllers create was read as well. Files do
/// not hold it, so what looks as if it named images decides.
fn kinds_without_reader(survey: &Survey<'_>) -> Option<NotSeen> {
    let objects = &survey.found.objects;
    let decides = !is_of_a_cluster(survey) && objects.may_name_images;
    let unread = &objects.without_reader;
    if unread.is_empty() {
        return None;
    }
    let named: Vec<String> =
        unread.iter().take(NAMED).map(|((kind, group), number)| format!("{kind} of {group} ({number})")).collect();
    let more = unread.len() - named.len();
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    Some(NotSeen {
        what: format!(
            "{} that no rule reads: {}{more}. What their controllers create was judged only where it was read as well",
            counted(unread.len(), "custom kind", "custom kinds"),
            named.join(", ")
        ),
        help: "If such a kind names images, list their paths under `customResources` in isolation.yaml".to_owned(),
        decides,
    })
}
