//! Terraform's `azurerm_kubernetes_automatic_cluster`: a cluster of AKS Automatic, which has fewer fields than
//! `azurerm_kubernetes_cluster` and calls some of them differently.
//!
//! It has neither an outbound type nor an artifact source, so it cannot be network isolated: AKS gives its nodes a NAT gateway.
//! <https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/kubernetes_automatic_cluster>

use serde_json::{Map, Value, json};

use crate::found::Unknown;

/// The type.
pub const AUTOMATIC: &str = "azurerm_kubernetes_automatic_cluster";

/// Where it has a field, and where the other type does.
const PLACES: &[(&str, &str)] = &[
    ("private_cluster[0].public_fully_qualified_domain_name_enabled", "private_cluster_public_fqdn_enabled"),
    ("private_cluster", "private_cluster_enabled"),
    ("service_mesh", "service_mesh_profile"),
    ("web_app_routing_ingress", "web_app_routing"),
];

/// The fields as the other type has them.
pub fn as_cluster(mut fields: Map<String, Value>) -> Map<String, Value> {
    // A block that is there makes the cluster private.
    if let Some(private) = fields.remove("private_cluster").as_ref().and_then(|block| block.get(0)) {
        fields.insert("private_cluster_enabled".to_owned(), Value::Bool(true));
        if let Some(public_name) = private.get("public_fully_qualified_domain_name_enabled") {
            fields.insert("private_cluster_public_fqdn_enabled".to_owned(), public_name.clone());
        }
    }
    if let Some(mesh) = fields.remove("service_mesh") {
        fields.insert("service_mesh_profile".to_owned(), mesh);
    }
    if let Some(mut routing) = fields.remove("web_app_routing_ingress") {
        // Without a controller azurerm asks for none.
        if let Some(Value::Object(block)) = routing.get_mut(0) {
            let controller = block.entry("default_nginx_controller").or_insert(Value::Null);
            if controller.is_null() || controller == "" {
                *controller = Value::from("None");
            }
        }
        fields.insert("web_app_routing".to_owned(), routing);
    }
    // AKS Automatic has it always. https://learn.microsoft.com/azure/aks/intro-aks-automatic
    let integrated = json!([{"virtual_network_integration_enabled": true}]);
    fields.insert("api_server_access_profile".to_owned(), integrated);
    fields
}

/// The unknown fields as the other type has them. The ingress that nobody writes is AKS's own.
pub fn unknown_of_cluster(unknown: Vec<Unknown>) -> Vec<Unknown> {
    let unknown = unknown.into_iter().filter(|unknown| unknown.path != "web_app_routing_ingress");
    unknown.map(|unknown| Unknown { path: moved(&unknown.path, |(here, there)| (here, there)), ..unknown }).collect()
}

/// Where a field of the other type is written.
pub fn written(path: &str) -> String {
    moved(path, |(here, there)| (there, here))
}

fn moved(path: &str, way: impl Fn((&'static str, &'static str)) -> (&'static str, &'static str)) -> String {
    let move_one = |place: &(&'static str, &'static str)| {
        let (from, to) = way(*place);
        let rest = path.strip_prefix(from).filter(|rest| rest.is_empty() || rest.starts_with(['.', '[']))?;
        Some(format!("{to}{rest}"))
    };
    PLACES.iter().find_map(move_one).unwrap_or_else(|| path.to_owned())
}

/// What to do, where the other type would do what is said.
pub fn fix(of_cluster: &str) -> String {
    format!("Use azurerm_kubernetes_cluster, which can be isolated, and there: {of_cluster}")
}
