//! What to do about the findings of a rule.

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
    mend(
        "NI001",
        "Write fields with the types that the API defines",
        "A policy cannot judge a field that it cannot read.",
    ),
    mend("NI102", "Write references that a container runtime can read", ""),
    mend("NI101", "Name images by the private registry", ""),
    mend("NI103", "Pin images by digest", ""),
    decide(
        "NI104",
        "Pull modules from a registry instead of a web server",
        "The controller that fetches them cannot reach the web server.",
    ),
    mend("NI105", "Write embedded documents in valid YAML or JSON", "They may name images."),
    mend("NI106", "Check references that are known only at run time", ""),
    mend(
        "NI201",
        "Make load balancers internal",
        "The address changes: callers need the new one, or a name that follows it.",
    ),
    mend("NI202", "Remove additional public addresses", ""),
    mend("NI203", "Restrict who may reach the private link service", ""),
    mend(
        "NI204",
        "Check load balancers that another controller creates",
        "Only that controller decides whether they are public.",
    ),
    mend("NI205", "Remove annotations that internal load balancers ignore", ""),
    mend("NI206", "Narrow the sources that the security group allows", ""),
    mend("NI207", "Close node ports", ""),
    mend("NI208", "Make the ingress controllers of application routing internal", ""),
    mend("NI209", "Make Gateways internal", ""),
    mend("NI210", "Serve Ingresses from the private frontend of Application Gateway", ""),
    decide(
        "NI211",
        "Replace Application Gateway for Containers",
        "Or give it private frontends, which its controller does not create.",
    ),
    mend("NI212", "Use classes under their own names", ""),
    mend("NI213", "Write names into private DNS zones", ""),
    mend("NI214", "Make the load balancers of Gateways internal", ""),
    mend("NI215", "Make multi-cluster Services internal", ""),
    mend("NI216", "Make the load balancers of operators internal", ""),
    mend(
        "NI301",
        "Give storage classes a private endpoint",
        "A class cannot be changed. Create a new one, and move claims to it.",
    ),
    mend("NI302", "Write each parameter once", ""),
    mend("NI303", "Close storage accounts to the public", ""),
    decide(
        "NI304",
        "Move volumes to storage accounts with a private endpoint",
        "Or make sure that the host resolves to an address in the network.",
    ),
    mend(
        "NI305",
        "Give existing storage accounts a private endpoint",
        "The driver creates none for an existing account.",
    ),
    mend("NI306", "Replace classes of in-tree drivers", ""),
    mend("NI307", "Keep volume attributes classes from removing the private endpoint", ""),
    mend("NI308", "Keep disks and snapshots from being exported", ""),
    mend(
        "NI309",
        "Move claims off AKS's own classes of Azure Files and Blob",
        "AKS restores its classes, so changes to them are lost.",
    ),
    mend(
        "NI310",
        "Move claims off public classes",
        "A claim cannot change its class. Create a new claim, and copy the data.",
    ),
    mend(
        "NI311",
        "Include the classes that claims name",
        "Without them, the report cannot tell where the volumes are.",
    ),
    mend("NI312", "Make sure that volumes' accounts have a private endpoint", ""),
    mend("NI313", "Replace volumes that pods mount without a claim", ""),
    decide(
        "NI401",
        "Remove extensions that network isolated clusters do not support",
        "Or run the same software from the private registry, without the extension.",
    ),
    decide(
        "NI402",
        "Remove Flux configurations of Azure",
        "Flux itself works, if it is installed from the private registry and its sources are reachable.",
    ),
    mend("NI403", "Write extensions' types", ""),
    decide("NI404", "Import the images of Marketplace extensions", "Their registry cannot be cached."),
    mend("NI405", "Check whether these extensions work without internet access", ""),
    mend("NI406", "Check the namespaces of unsupported extensions", ""),
    decide(
        "NI501",
        "Remove public static egress gateways",
        "With Kubernetes 1.34 a gateway may have private addresses: provisionPublicIps: false.",
    ),
    mend("NI502", "Remove the label that requests a NAT gateway", ""),
    decide("NI503", "Remove static egress gateways that the settings do not allow", ""),
    mend("NI504", "Remove public addresses from externalIPs", ""),
    decide(
        "NI505",
        "Reach external services over a private endpoint",
        "Or stop using them. Without internet access, they do not answer.",
    ),
    decide("NI506", "Move pods off Windows nodes", "Network isolated clusters do not support Windows."),
    decide("NI507", "Move pods off virtual nodes", "Virtual nodes pull images without the private registry."),
    mend("NI508", "Remove public addresses from nodes", ""),
    mend("NI509", "Keep nodes in the subnets that the settings allow", ""),
    decide("NI510", "Reach external endpoints over a private endpoint", ""),
    mend("NI511", "Use name servers inside the network", ""),
    mend("NI601", "Close the outbound type", ""),
    mend("NI602", "Use outbound type none in your own network", ""),
    mend(
        "NI603",
        "Make the API server private",
        "Isolated nodes cannot reach a public API server. The update restarts it and recreates all nodes.",
    ),
    mend("NI604", "Bootstrap nodes from the private registry", ""),
    mend("NI605", "Use the registry that the settings require", ""),
    mend(
        "NI606",
        "Give the cluster a managed identity",
        "Azure refuses artifact source Cache to a cluster with a service principal.",
    ),
    mend("NI607", "Choose a node OS channel that works without package repositories", ""),
    mend("NI608", "Move from kubenet to Azure CNI overlay", "All nodes are recreated."),
    decide("NI609", "Remove Windows pools", "Network isolated clusters do not support Windows."),
    mend(
        "NI610",
        "Remove public addresses from node pools",
        "The setting of a pool cannot change. Create a new pool, and delete the old one.",
    ),
    decide(
        "NI611",
        "Remove gateway pools with public addresses",
        "With Kubernetes 1.34 a pool of type VirtualMachines may have private addresses.",
    ),
    mend("NI612", "Remove outbound addresses", ""),
    mend("NI613", "Make the ingress that AKS manages internal", ""),
    mend("NI614", "Upgrade Kubernetes", "Network isolated clusters need 1.30 or newer."),
    mend("NI615", "Describe the cluster in a newer API version", ""),
    mend("NI616", "Write patches in valid YAML or JSON", ""),
    mend("NI617", "Close the registry, or raise its tier", ""),
    mend("NI618", "Let the registry accept tokens of Azure Resource Manager", ""),
    mend("NI619", "Write the cache rule for AKS's images exactly as AKS expects it", ""),
    mend(
        "NI620",
        "Keep the cache rule that nodes start from",
        "Nodes that are created after its deletion do not start.",
    ),
    mend("NI621", "Remove public addresses, NAT gateways and public load balancers", ""),
    mend("NI622", "Disable the subnet's default outbound access", ""),
    decide(
        "NI623",
        "Make the services of these features reachable",
        "Without private link, allow them in a firewall, or disable the features.",
    ),
    decide("NI624", "Keep the cluster isolated", "The change ends what this report prepares."),
    mend("NI625", "Write cache rules that the registry accepts", ""),
    mend("NI701", "Name images by the private registry", ""),
    mend("NI702", "Shorten names that are too long for the private registry", ""),
    mend("NI703", "Give each cache rule its own target", ""),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_title() {
        // What only a module's caller can do wrong.
        let without = ["NI002", "NI003"];
        for (_, page) in isolation_all_policies::pages() {
            let id = page.rule.id;
            assert_eq!(title_of(id).title.is_empty(), without.contains(&id), "{id}");
        }
        for title in TITLES {
            assert!(isolation_all_policies::page(title.rule).is_some(), "{}", title.rule);
        }
    }
}
