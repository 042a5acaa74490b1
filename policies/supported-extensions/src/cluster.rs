//! Which cluster an extension is for, as far as Azure keeps to it.

use isolation::Value;
use isolation::management::Resource;
use isolation::resource_id::resource;

use crate::kinds::ASO;

/// Kinds of clusters that are not AKS, and never network isolated: those that are connected through Azure Arc, as AKS on
/// Azure Local and any other Kubernetes is, their older form, and Arc's appliances.
/// <https://learn.microsoft.com/cli/azure/k8s-extension>
const OTHERS: &[(&str, &str)] = &[
    ("Microsoft.Kubernetes", "connectedClusters"),
    ("Microsoft.HybridContainerService", "provisionedClusters"),
    ("Microsoft.ResourceConnector", "appliances"),
];

/// Whether an id, or a scope such as `Microsoft.Kubernetes/connectedClusters/arc`, is one of a cluster that is not AKS.
/// What belongs to it is created below this id and nowhere else.
pub fn is_other(id: &str) -> bool {
    let Some([provider, of_type, _]) = resource(id) else { return false };
    OTHERS.iter().any(|(its_provider, its_type)| {
        its_provider.eq_ignore_ascii_case(provider) && its_type.eq_ignore_ascii_case(of_type)
    })
}

/// Whether an object of ASO describes something on a cluster that is not AKS: its owner says so by an id alone, which ASO
/// puts in front of the resource's own.
/// <https://azure.github.io/azure-service-operator/guide/resource-ownership/>
pub fn is_of_other(resource: &Resource<'_>) -> bool {
    let owner = resource.object.descend(&["spec", "owner"]).filter(|_| resource.group == ASO);
    let names_object = |owner: Value<'_>| ["group", "kind", "name"].iter().any(|key| owner.field(key).is_some());
    owner.is_some_and(|owner| {
        let id = owner.field("armId").and_then(|id| id.as_str());
        id.is_some_and(|id| is_other(&id)) && !names_object(owner)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_provider_of_an_id_says_what_it_is() {
        for other in [
            "Microsoft.Kubernetes/connectedClusters/arc",
            "microsoft.kubernetes/ConnectedClusters/managedClusters",
            "/subscriptions/x/resourceGroups/y/providers/Microsoft.Kubernetes/connectedClusters/arc",
            "/subscriptions/x/resourcegroups/y/Providers/Microsoft.ResourceConnector/appliances/a",
        ] {
            assert!(is_other(other), "{other}");
        }
        for own in [
            "",
            "Microsoft.ContainerService/managedClusters/shop",
            "Microsoft.ContainerService/connectedClusters/shop",
            "Microsoft.Kubernetes/managedClusters/shop",
            "Microsoft.Kubernetes/connectedClusters",
            "Microsoft.Kubernetes/connectedClusters/",
            "/Microsoft.Kubernetes/connectedClusters/arc",
            "…/Microsoft.Kubernetes/connectedClusters/arc",
            "Microsoft.Kubernetes/connectedClusters/arc/x",
            "x/Microsoft.Kubernetes/connectedClusters/arc",
            "/subscriptions/x/resourceGroups/Microsoft.Kubernetes/connectedClusters/arc",
            "/subscriptions/x/resourceGroups/y/providers/Microsoft.ContainerService/managedClusters/connectedClusters",
            "/subscriptions/x/resourceGroups/y/providers/Microsoft.Kubernetes/connectedClusters/arc/providers/\
             Microsoft.ContainerService/managedClusters/shop",
            "/subscriptions/x/resourceGroups/y/providers/Microsoft.ContainerService/managedClusters/shop/providers/\
             Microsoft.Kubernetes/connectedClusters/arc",
            "/subscriptions/x/resourceGroups/y?a=/providers/Microsoft.Kubernetes/connectedClusters/arc",
            "/subscriptions/x/resourceGroups/y/providers/Microsoft.Kubernetes/connectedClusters/..",
            "/subscriptions/x/resourceGroups/y/providers/Microsoft.Kubernetes/connectedClusters/%2e%2e",
            "/subscriptions/x/resourceGroups/y/providers/Microsoft.Kubernetes/connectedClusters/a#b",
        ] {
            assert!(!is_other(own), "{own}");
        }
    }
}
