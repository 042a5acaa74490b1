//! A page of objects, without what no rule reads and nobody should carry around.
//!
//! A dump leaves the machine: it is sent to a colleague, or attached to a ticket. Values of environment variables, what
//! `kubectl apply` remembered, and everything of ConfigMaps but the one key that a rule reads are left out as soon as they are
//! read, so that the same is judged of a cluster and of its dump.

use serde_json::{Map, Value, json};

/// A page of objects.
#[derive(Debug)]
pub struct Page {
    /// The list, as JSON on one line.
    pub text: String,
    /// How many objects it has.
    pub objects: usize,
    /// By what the next page is asked for, if there is one.
    pub next: Option<String>,
}

/// Annotations in which kubectl, Rancher, kapp and Banzai Cloud's operators keep the whole object once more, with all that was
/// left out of it.
const COPIES: &[&str] = &[
    "banzaicloud.com/last-applied",
    "kapp.k14s.io/original",
    "kubectl.kubernetes.io/last-applied-configuration",
    "objectset.rio.cattle.io/applied",
];

/// What the keys of environment variables end with, in any casing: `env`, `extraEnv`, `extraEnvVars`, `environmentVariables`.
const ENVIRONMENTS: &[&str] = &["env", "envs", "envvars", "env_vars", "environmentvars", "environmentvariables"];

/// Kinds whose status says something about the way in or out.
const WITH_STATUS: &[&str] = &["Service", "Ingress", "Gateway", "Node"];

/// The key of a ConfigMap that a rule reads: what istiod lays over a Gateway's Service.
const CONFIG_KEY: &str = "service";

/// Reads the answer to a list. What has no list of items is no empty list.
///
/// # Errors
///
/// An answer that is something else.
pub fn page(text: &str) -> Result<Page, serde_json::Error> {
    let mut list: Map<String, Value> = serde_json::from_str(text)?;
    let next = list.get("metadata").and_then(|metadata| metadata.get("continue")).and_then(Value::as_str);
    let next = next.filter(|token| !token.is_empty()).map(str::to_owned);
    let kind = list.get("kind").and_then(Value::as_str).unwrap_or_default();
    let kind = kind.strip_suffix("List").unwrap_or(kind).to_owned();
    let mut items = match list.remove("items") {
        Some(Value::Array(items)) => items,
        // Go writes a list that nobody has made as null.
        Some(Value::Null) => Vec::new(),
        _ => return Err(serde::de::Error::custom("it has no items")),
    };
    for item in &mut items {
        trim(item, &kind);
    }
    let objects = items.len();
    let list = json!({
        "apiVersion": list.get("apiVersion").cloned().unwrap_or_default(),
        "kind": list.get("kind").cloned().unwrap_or_default(),
        "items": items,
    });
    Ok(Page { text: list.to_string(), objects, next })
}

fn trim(object: &mut Value, kind: &str) {
    let Some(entries) = object.as_object_mut() else { return };
    if let Some(Value::Object(metadata)) = entries.get_mut("metadata") {
        metadata.remove("managedFields");
        if let Some(Value::Object(annotations)) = metadata.get_mut("annotations") {
            annotations.retain(|key, _| !COPIES.contains(&key.as_str()));
        }
    }
    if !WITH_STATUS.contains(&kind) {
        entries.remove("status");
    }
    match kind {
        "Secret" => {
            for key in ["data", "stringData", "binaryData"] {
                entries.remove(key);
            }
        }
        "ConfigMap" => {
            entries.remove("binaryData");
            if let Some(Value::Object(data)) = entries.get_mut("data") {
                data.retain(|key, _| key == CONFIG_KEY);
            }
        }
        _ => {}
    }
    without_environment(object);
}

/// Takes the values out of every list of environment variables, wherever a kind has one.
fn without_environment(value: &mut Value) {
    match value {
        Value::Object(entries) => {
            for (key, inner) in entries {
                let lower = key.to_ascii_lowercase();
                // As a map, `environment` is as often something else.
                let is_list = inner.is_array() && lower.ends_with("environment");
                if is_list || ENVIRONMENTS.iter().any(|end| lower.ends_with(end)) {
                    without_values(inner);
                } else {
                    without_environment(inner);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(without_environment),
        _ => {}
    }
}

/// Takes the values out of environment variables: `{name: A, value: b}`, and in custom resources also `A=b` or a map.
fn without_values(variables: &mut Value) {
    match variables {
        Value::Array(list) => {
            for variable in list {
                match variable {
                    Value::Object(variable) => drop(variable.remove("value")),
                    Value::String(text) => text.truncate(text.find('=').unwrap_or(text.len())),
                    _ => {}
                }
            }
        }
        Value::Object(map) => {
            for value in map.values_mut() {
                match value {
                    Value::Object(_) | Value::Array(_) => without_environment(value),
                    value => *value = Value::Null,
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_secret_is_kept() {
        let text = json!({"kind": "PodList", "apiVersion": "v1", "metadata": {"continue": "abc"}, "items": [{
            "metadata": {"name": "web", "managedFields": [1],
                "annotations": {"a": "b", "kubectl.kubernetes.io/last-applied-configuration": "SECRET"}},
            "spec": {"containers": [{"image": "nginx", "env": [{"name": "PASSWORD", "value": "SECRET"}, {"name": "B", "valueFrom": {"secretKeyRef": {"name": "x"}}}]}]},
            "status": {"message": "SECRET"},
        }]})
        .to_string();
        let page = page(&text).unwrap();
        assert!(!page.text.contains("SECRET"), "{}", page.text);
        assert!(page.text.contains("PASSWORD") && page.text.contains("nginx") && page.text.contains("secretKeyRef"));
        assert_eq!((page.objects, page.next.as_deref()), (1, Some("abc")));
    }

    #[test]
    fn environment_variables_have_no_values_in_whatever_shape() {
        let text = json!({"kind": "HelmReleaseList", "apiVersion": "helm.toolkit.fluxcd.io/v2", "items": [{
            "spec": {"values": {"env": {"A": "SECRET", "B": 1234567, "C": {"image": "nginx"}}, "extraEnv": ["D=SECRET=x", "E"],
                "web": {"env": [{"name": "F", "value": "SECRET"}]},
                "extraEnvVars": [{"name": "G", "value": "SECRET"}], "environmentVariables": {"H": "SECRET"}, "envs": ["I=SECRET"],
                "environment": [{"name": "J", "value": "SECRET"}]}},
        }, {"metadata": {"annotations": {"kapp.k14s.io/original": "SECRET", "objectset.rio.cattle.io/applied": "SECRET"}},
            "spec": {"environment": {"image": "busybox"}}}]});
        let page = page(&text.to_string()).unwrap().text;
        assert!(!page.contains("SECRET") && !page.contains("1234567"), "{page}");
        assert!(
            ["\"A\"", "\"D\"", "\"E\"", "\"F\"", "\"G\"", "\"H\"", "\"I\"", "\"J\"", "nginx", "busybox"]
                .iter()
                .all(|kept| page.contains(kept)),
            "{page}"
        );
    }

    #[test]
    fn of_config_maps_one_key_is_kept_and_of_secrets_nothing() {
        let list = |kind: &str| {
            let text = json!({"kind": format!("{kind}List"), "apiVersion": "v1", "items": [{
                "metadata": {"name": "a"}, "data": {"service": "x", "other": "HIDDEN"}, "binaryData": {"b": "HIDDEN"}, "stringData": {"c": "HIDDEN"}}]});
            page(&text.to_string()).unwrap().text
        };
        assert!(list("ConfigMap").contains(r#""service":"x""#) && !list("ConfigMap").contains("\"other\""));
        assert!(!list("Secret").contains("HIDDEN") && !list("Secret").contains("service"));
    }
}
