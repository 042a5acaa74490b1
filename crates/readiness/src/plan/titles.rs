//! What to do about what a rule found, in words.

/// What to do about what a rule found.
pub struct Title {
    /// The rule.
    pub rule: &'static str,
    /// What to do; empty where no more is known than the rule's name.
    pub title: &'static str,
    /// Whether there is more than one way, so that somebody has to decide.
    pub decide: bool,
    /// What to look out for.
    pub note: &'static str,
}

const fn mend(rule: &'static str, title: &'static str, note: &'static str) -> Title {
    Title { rule, title, decide: false, note }
}

const fn decide(rule: &'static str, title: &'static str, note: &'static str) -> Title {
    Title { rule, title, decide: true, note }
}

/// What to do about what this rule found.
pub fn title_of(rule: &str) -> &'static Title {
    TITLES.iter().find(|title| title.rule == rule).unwrap_or(&UNKNOWN)
}

const UNKNOWN: Title = mend("", "", "");

const TITLES: &[Title] = &[
    mend("NI001", "Write fields with the types that the API defines", "What cannot be read cannot be judged."),
    mend("NI102", "Write references that a container runtime can read", ""),
    mend("NI101", "Name images by the private registry", ""),
    mend("NI103", "Pin images by digest", ""),
    decide(
        "NI104",
        "Take modules out of registries instead of web servers",
        "The controller that fetches them has no way out.",
    ),
    mend("NI105", "Write embedded documents so that they can be read", "They may name images."),
    mend("NI106", "Look at references that are known only at run time", ""),
    mend(
        "NI201",
        "Make load balancers internal",
        "The address changes: callers need the new one, or a name that follows it.",
    ),
    mend("NI202", "Take additional public addresses away", ""),
    mend("NI203", "Restrict who may reach the private link service", ""),
    mend(
        "NI204",
        "Look at load balancers that another controller makes",
        "Whether they are public is for that controller to say.",
    ),
    mend("NI205", "Take annotations away that internal load balancers ignore", ""),
    mend("NI206", "Narrow the sources that the security group lets in", ""),
    mend("NI207", "Close node ports", ""),
    mend("NI208", "Make the ingress controllers of application routing internal", ""),
    mend("NI209", "Make Gateways internal", ""),
    mend("NI210", "Serve Ingresses by the private frontend of Application Gateway", ""),
    decide("NI211", "Replace Application Gateway for Containers", "It has public frontends only."),
    mend("NI212", "Use classes under their own names", ""),
    mend("NI213", "Write names into private DNS zones", ""),
    mend("NI214", "Make the load balancers of Gateways internal", ""),
    mend("NI215", "Make multi-cluster Services internal", ""),
    mend("NI216", "Make the load balancers of operators internal", ""),
    mend(
        "NI301",
        "Give storage classes a private endpoint",
        "A class cannot be changed: a new one is made, and claims move to it.",
    ),
    mend("NI302", "Write each parameter once", ""),
    mend("NI303", "Close storage accounts to the public", ""),
    decide(
        "NI304",
        "Move volumes to storage accounts with a private endpoint",
        "Or make sure that the host is reached inside the network.",
    ),
    mend(
        "NI305",
        "Give existing storage accounts a private endpoint",
        "The driver makes none for an account that is there already.",
    ),
    mend("NI306", "Replace classes of drivers that were built into Kubernetes", ""),
    mend("NI307", "Keep volume attributes classes from taking the private endpoint away", ""),
    mend("NI308", "Keep disks and snapshots from being exported", ""),
    mend(
        "NI309",
        "Move claims off AKS's own classes of Azure Files and Blob",
        "AKS writes its classes anew, so that they cannot be mended.",
    ),
    mend(
        "NI310",
        "Move claims off public classes",
        "A claim cannot change its class: a new one is made, and the data is copied.",
    ),
    mend("NI311", "Show the classes that claims name", "Without them nobody can say where the volumes are."),
    mend("NI312", "Make sure that volumes' accounts have a private endpoint", ""),
    mend("NI313", "Replace volumes that pods name by themselves", ""),
    decide(
        "NI401",
        "Remove extensions that network isolated clusters do not support",
        "Or run the same software from the private registry, without the extension.",
    ),
    decide(
        "NI402",
        "Remove Flux configurations of Azure",
        "Flux itself runs, installed from the private registry and with sources that the cluster reaches.",
    ),
    mend("NI403", "Write extensions' types", ""),
    decide("NI404", "Bring the images of Marketplace extensions along", "Their registry cannot be cached."),
    mend("NI405", "Look whether these extensions work without a way out", ""),
    mend("NI406", "Look what is in the namespaces of unsupported extensions", ""),
    decide(
        "NI501",
        "Give up public static egress gateways",
        "With Kubernetes 1.34 a gateway may have private addresses: provisionPublicIps: false.",
    ),
    mend("NI502", "Remove the label that orders a NAT gateway", ""),
    decide("NI503", "Give up static egress gateways that the settings do not allow", ""),
    mend("NI504", "Take public addresses out of externalIPs", ""),
    decide(
        "NI505",
        "Reach services outside by a private endpoint",
        "Or do without them. A name outside the network resolves to nothing that answers.",
    ),
    decide("NI506", "Move pods off Windows nodes", "Network isolated clusters do not support Windows."),
    decide("NI507", "Move pods off virtual nodes", "These pull images by themselves, past the private registry."),
    mend("NI508", "Take public addresses off nodes", ""),
    mend("NI509", "Keep nodes in the subnets of the settings", ""),
    decide("NI510", "Reach endpoints outside by a private endpoint", ""),
    mend("NI511", "Ask name servers inside the network", ""),
    mend("NI601", "Close the outbound type", ""),
    mend("NI602", "Use outbound type none in a network of your own", ""),
    mend(
        "NI603",
        "Make the API server private",
        "Without a way out nodes cannot reach a public API server. The update restarts it and makes all nodes anew.",
    ),
    mend("NI604", "Let nodes start from the private registry", ""),
    mend("NI605", "Name the registry that the settings ask for", ""),
    mend(
        "NI606",
        "Give the cluster a managed identity",
        "Azure refuses artifact source Cache to a cluster with a service principal.",
    ),
    mend("NI607", "Choose a node OS channel that works without package repositories", ""),
    mend("NI608", "Move from kubenet to Azure CNI overlay", "All nodes are made anew."),
    decide("NI609", "Remove Windows pools", "Network isolated clusters do not support Windows."),
    mend(
        "NI610",
        "Take public addresses off node pools",
        "A pool keeps the setting for its life: a new pool is made, and the old one deleted.",
    ),
    decide(
        "NI611",
        "Give up gateway pools with public addresses",
        "With Kubernetes 1.34 a pool of type VirtualMachines may have private addresses.",
    ),
    mend("NI612", "Give up outbound addresses", ""),
    mend("NI613", "Make the ingress that AKS keeps internal", ""),
    mend("NI614", "Upgrade Kubernetes", "Network isolated clusters need 1.30 or newer."),
    mend("NI615", "Describe the cluster in a newer API version", ""),
    mend("NI616", "Write patches that can be read", ""),
    mend("NI617", "Close the registry, or raise its tier", ""),
    mend("NI618", "Let the registry take the tokens of Azure Resource Manager", ""),
    mend("NI619", "Write the cache rule of AKS's images exactly", ""),
    mend("NI621", "Give up public addresses, NAT gateways and public load balancers", ""),
    mend("NI622", "Close the subnet's own way out", ""),
    decide(
        "NI623",
        "Give features a way to their services",
        "Where no private link exists, a firewall has to let them through, or they are switched off.",
    ),
    mend("NI625", "Write cache rules that the registry takes", ""),
    mend("NI701", "Name images by the private registry", ""),
    mend("NI702", "Shorten names that the private registry could not hold", ""),
    mend("NI703", "Give cache rules targets of their own", ""),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_title() {
        // What only a module's caller can do wrong, and what only an update or a deletion can.
        let without = ["NI002", "NI003", "NI620", "NI624"];
        for (_, page) in isolation_all_policies::pages() {
            let id = page.rule.id;
            assert_eq!(title_of(id).title.is_empty(), without.contains(&id), "{id}");
        }
        for title in TITLES {
            assert!(isolation_all_policies::page(title.rule).is_some(), "{}", title.rule);
        }
    }
}
