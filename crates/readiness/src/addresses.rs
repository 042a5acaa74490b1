//! The public addresses that Services have, or name.

use std::net::IpAddr;

use closed_egress::address::is_public;
use isolation_admission::Item;
use serde_json::Value;

use crate::document::PublicAddress;

/// Annotations that name public addresses.
const NAMING: &[&str] = &[
    "service.beta.kubernetes.io/azure-pip-name",
    "service.beta.kubernetes.io/azure-pip-name-ipv6",
    "service.beta.kubernetes.io/azure-pip-prefix-id",
    ADDITIONAL,
    "service.beta.kubernetes.io/azure-dns-label-name",
];

const ADDITIONAL: &str = "service.beta.kubernetes.io/azure-additional-public-ips";

/// The annotation that makes a load balancer internal where it is exactly `true`.
const INTERNAL: &str = "service.beta.kubernetes.io/azure-load-balancer-internal";

/// The public addresses of an object, if it is a Service.
pub fn of(item: &Item) -> Vec<PublicAddress> {
    if item.object.kind == "Service" && item.object.api_version == "v1" { service(item) } else { Vec::new() }
}

fn service(item: &Item) -> Vec<PublicAddress> {
    let mut found = Vec::new();
    let name = format!("{}/{}", item.object.namespace, item.object.name);
    let mut add = |addresses: Vec<String>, source: &str| {
        if !addresses.is_empty() {
            found.push(PublicAddress { service: name.clone(), addresses, source: source.to_owned() });
        }
    };
    let is_public = |text: &&str| text.parse::<IpAddr>().is_ok_and(|address| is_public(address, &[]));
    let texts = |value: Option<Value>| match value {
        Some(Value::Array(list)) => list.into_iter().filter_map(|item| item.as_str().map(str::to_owned)).collect(),
        Some(Value::String(text)) => vec![text],
        _ => Vec::new(),
    };
    let ingress = item.value("status.loadBalancer.ingress").unwrap_or_default();
    let given = ingress.as_array().into_iter().flatten().filter_map(|entry| entry["ip"].as_str());
    add(given.filter(is_public).map(str::to_owned).collect(), "status");
    for field in ["spec.externalIPs", "spec.loadBalancerIP"] {
        let named: Vec<String> = texts(item.value(field));
        add(named.into_iter().filter(|text| is_public(&text.as_str())).collect(), field);
    }
    let annotated = |key: &str| item.value(&format!("metadata.annotations[{key}]"));
    let is_public_balancer = item.value("spec.type").is_some_and(|of_type| of_type == "LoadBalancer")
        && annotated(INTERNAL).is_none_or(|value| value != "true");
    // Azure heeds the others on public load balancers alone.
    for annotation in NAMING.iter().filter(|key| is_public_balancer || **key == ADDITIONAL) {
        add(texts(annotated(annotation)), annotation);
    }
    found
}
