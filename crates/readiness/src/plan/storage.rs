//! Volumes of Azure Files and Blob.

use super::tasks::of_rules;
use super::{Context, Frame};
use crate::document::Task;

pub const STEP: Frame = Frame {
    id: "storage",
    title: "Storage",
    why: "Copy data while both the old and the new accounts are reachable.",
    tasks,
};

const CLASS: &str = "\
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: azurefile-private
provisioner: file.csi.azure.com
allowVolumeExpansion: true
mountOptions: [mfsymlinks, actimeo=30, nosharesock]
parameters:
  skuName: Premium_LRS
  networkEndpointType: privateEndpoint
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: azureblob-private
provisioner: blob.csi.azure.com
allowVolumeExpansion: true
parameters:
  skuName: Premium_LRS
  protocol: nfs
  networkEndpointType: privateEndpoint
";

fn tasks(context: &Context<'_>) -> Vec<Task> {
    if !context.has_objects {
        return vec![Task::unknown("Show the cluster's objects")];
    }
    let mut tasks = Vec::new();
    for task in of_rules(&context.problems_of("storage")) {
        tasks.push(match task.rules.first().map(String::as_str) {
            Some("NI301" | "NI309" | "NI310") => task
                .manifest("Classes with a private endpoint", CLASS)
                .run("kubectl apply -f private-classes.yaml")
                .verify(
                    "kubectl get pv -o custom-columns=NAME:.metadata.name,CLASS:.spec.storageClassName,DRIVER:.spec.csi.driver",
                    "no volume of file.csi.azure.com or blob.csi.azure.com on another class",
                ),
            Some("NI305" | "NI312") => task
                .run(
                    "az network private-endpoint create --resource-group \"$GROUP\" --name \"$ACCOUNT-endpoint\" --subnet \
                     \"$ENDPOINT_SUBNET_ID\" --private-connection-resource-id \"$ACCOUNT_ID\" --group-id file --connection-name \
                     \"$ACCOUNT\"",
                )
                .verify("az storage account show --name \"$ACCOUNT\" --query publicNetworkAccess --output tsv", "Disabled"),
            _ => task,
        });
    }
    tasks
}
