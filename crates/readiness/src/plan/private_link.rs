//! The way from nodes to the registry that does not leave the network.

use isolation_azure::Connection;
use isolation_inventory::shell::word;

use super::tasks::of_rules;
use super::{Context, Frame};
use crate::document::{State, Task};

pub const STEP: Frame = Frame {
    id: "private-link",
    title: "Private endpoint and DNS",
    why: "Close the registry to the internet only after this step. Otherwise nodes cannot reach it.",
    tasks,
};

fn tasks(context: &Context<'_>) -> Vec<Task> {
    if context.registry_is_managed() {
        return vec![Task::done("AKS manages the registry's private endpoint and zone")];
    }
    let mut tasks = vec![endpoint(context), zone(context), pull(context)];
    for task in of_rules(&context.problems_of("private-link")) {
        let name = context.registry_name();
        let mut task = task
            .note("Only after the private endpoint works.")
            .run(format!("az acr update --name {name} --public-network-enabled false"))
            .verify(format!("az acr show --name {name} --query publicNetworkAccess --output tsv"), "Disabled");
        task.title = "Close the registry to the internet".to_owned();
        tasks.push(task);
    }
    tasks
}

/// The subnet that a private endpoint goes into is for the operator to choose.
const SUBNET: &str = "\"$ENDPOINT_SUBNET_ID\"";

fn endpoint(context: &Context<'_>) -> Task {
    let title = "Private endpoint of the registry";
    let of_registry = |connection: &&Connection| context.azure.is_of_registry(&connection.registry);
    let task = match &context.azure.connections {
        Some(connections) => {
            let own: Vec<&Connection> = connections.iter().filter(of_registry).collect();
            if own.iter().any(|connection| connection.status.eq_ignore_ascii_case("Approved")) {
                return Task::done(title);
            }
            let task = Task::open(title, 1);
            match own.first() {
                Some(connection) => {
                    let registry = context.registry_name();
                    return task
                        .note(format!("The connection exists, and its state is {}.", connection.status))
                        .run(format!(
                            "az acr private-endpoint-connection list --registry-name {registry} --query '[].[name, privateLinkServiceConnectionState.status]' --output tsv"
                        ))
                        .run(format!("az acr private-endpoint-connection approve --registry-name {registry} --name \"$CONNECTION\""));
                }
                None => task,
            }
        }
        None => Task::unknown(title),
    };
    let registry = context.registry_name();
    task.run(format!(
        "az network private-endpoint create --resource-group \"$GROUP\" --name {registry}-endpoint --subnet {SUBNET} \
         --private-connection-resource-id {} --group-id registry --connection-name {registry}",
        context.registry_id()
    ))
    .verify(
        format!("az acr private-endpoint-connection list --registry-name {registry} --query '[].privateLinkServiceConnectionState.status' --output tsv"),
        "Approved",
    )
}

fn zone(context: &Context<'_>) -> Task {
    let registry = context.registry_name();
    let title = "Private DNS zone privatelink.azurecr.io, linked to the cluster's network";
    Task::in_state(State::Check, title, 0)
        .note("The zone group maintains the records of the registry and of its data endpoint.")
        .run("az network private-dns zone create --resource-group \"$GROUP\" --name privatelink.azurecr.io")
        .run(
            "az network private-dns link vnet create --resource-group \"$GROUP\" --zone-name privatelink.azurecr.io \
             --name cluster --virtual-network \"$VNET_ID\" --registration-enabled false",
        )
        .run(format!(
            "az network private-endpoint dns-zone-group create --resource-group \"$GROUP\" --endpoint-name {registry}-endpoint \
             --name registry --zone-name registry --private-dns-zone privatelink.azurecr.io"
        ))
        .verify(
            format!(
                "kubectl run dns --rm -it --restart=Never --image=mcr.microsoft.com/azurelinux/busybox:1.36 -- nslookup {}",
                word(&context.registry)
            ),
            "an address of your network",
        )
}

/// Whether nodes may pull.
fn pull(context: &Context<'_>) -> Task {
    let cluster = context.azure.cluster.as_ref();
    let identity = cluster.map(|cluster| cluster.kubelet_identity.as_str()).filter(|id| !id.is_empty());
    let identity = identity.map_or_else(
        || {
            format!(
                "\"$(az aks show {} --query identityProfile.kubeletidentity.objectId --output tsv)\"",
                context.cluster_arguments()
            )
        },
        word,
    );
    Task::in_state(State::Check, "The nodes' identity may pull from the registry", 0)
        .run(format!(
            "az role assignment create --role AcrPull --scope {} --assignee-object-id {identity} --assignee-principal-type ServicePrincipal",
            context.registry_id()
        ))
        .verify(format!("az aks check-acr {} --acr {}", context.cluster_arguments(), word(&context.registry)), "Your cluster can pull images")
}
