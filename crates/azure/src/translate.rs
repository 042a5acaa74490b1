//! A resource in Azure's words, brought to those that the policies judge, with the way back for every field.

use std::collections::BTreeMap;

use isolation_document::Path;
use isolation_document::path::{Step, steps};
use serde_json::{Map, Value, json};

use crate::found::Unknown;
use crate::names::{Name, OF_NETWORK, azure_name, is_part_of_machine, name_of};

/// The version in whose form the policies judge a cluster: the operator's first that can say that it is isolated.
const VERSION: &str = "v1api20250801";

/// The first versions of Azure's own API that can say it, with outbound type `none` and `bootstrapProfile`: a stable one, and a preview.
/// <https://github.com/Azure/azure-rest-api-specs/tree/main/specification/containerservice>
const FIRST: (u64, u64) = (20_250_201, 20_240_502);

/// The version to judge a cluster in that is written in this version of Azure's API. What Azure has no version of is no old one.
fn judged_version(written: &str) -> String {
    let date = |text: &str| text.split('-').map(str::parse::<u64>).collect::<Result<Vec<_>, _>>().ok();
    let (digits, suffix) = (written.get(..10).unwrap_or_default(), written.get(10..).unwrap_or_default());
    match date(digits).as_deref() {
        Some([year, month, day]) => {
            let date = year * 10_000 + month * 100 + day;
            let first = if suffix.is_empty() { FIRST.0 } else { FIRST.1 };
            if date < first { format!("v1api{date}") } else { VERSION.to_owned() }
        }
        _ => VERSION.to_owned(),
    }
}

/// Where a resource is described, and by what.
#[derive(Clone, Copy, Debug)]
pub struct Version<'v> {
    /// The version of the API that it is written in.
    pub name: &'v str,
    /// The path of the field that says so.
    pub path: &'v str,
}

/// A resource in the form that is judged.
#[derive(Debug, Default)]
pub struct Translated {
    /// The object.
    pub object: Value,
    /// Where each of its fields stands in the resource.
    paths: BTreeMap<String, String>,
    /// Where the fields that stand in `spec` would be written, if they are not there.
    fields: String,
    /// Whether fields are called as Terraform calls them.
    snake: bool,
    /// Whether it is an object of Kubernetes, whose fields have their own names.
    pub is_object: bool,
    /// Paths of fields that are written and whose values are not known.
    unknown: Vec<String>,
    /// Whether nothing is known of what is not written.
    pub is_part: bool,
    /// Whether it is a machine, whose fields a pool has in other places.
    is_machine: bool,
}

/// Keys of a resource that are no fields of it.
const FRAME: &[&str] = &[
    "id",
    "type",
    "apiversion",
    "tags",
    "etag",
    "systemdata",
    "dependson",
    "resources",
    "condition",
    "copy",
    "comments",
];

/// Brings a resource of Azure's API to the form of the Azure Service Operator. `with_properties` says that what is not there
/// would be written into `properties`.
pub fn arm(
    value: &Value,
    (group, kind): (&str, &str),
    name: &str,
    with_properties: bool,
    is_machine: bool,
    version: Version<'_>,
) -> Translated {
    let mut translated = Translated {
        fields: if with_properties { "properties".to_owned() } else { String::new() },
        is_machine,
        ..Translated::default()
    };
    let root = Path::root();
    let spec = translated.walk(value, &root, &root.clone().key("spec"), true);
    translated.paths.insert("metadata.name".to_owned(), "name".to_owned());
    translated.paths.insert("apiVersion".to_owned(), version.path.to_owned());
    let judged = judged_version(version.name);
    translated.object = json!({
        "apiVersion": format!("{group}/{judged}"), "kind": kind, "metadata": {"name": name}, "spec": spec,
    });
    translated
}

/// An object of Kubernetes, which stands in the field `within`.
pub fn kubernetes(object: &Value, within: &str) -> Translated {
    Translated { object: object.clone(), fields: within.to_owned(), is_object: true, ..Translated::default() }
}

/// Brings a resource of Terraform's provider azurerm to the form of Crossplane's, which is made of it: the same fields, in
/// another casing.
pub fn azurerm(value: &Value, group: &str, kind: &str, name: &str) -> Translated {
    let mut translated = Translated { snake: true, ..Translated::default() };
    let root = Path::root();
    let fields = translated.walk_snake(value, &root, &root.clone().keys(&["spec", "forProvider"]));
    translated.paths.insert("metadata.name".to_owned(), "name".to_owned());
    translated.object = json!({
        "apiVersion": format!("{group}/v1beta2"), "kind": kind, "metadata": {"name": name}, "spec": {"forProvider": fields},
    });
    translated
}

/// `node_public_ip_enabled` as `nodePublicIpEnabled`
pub fn camel(key: &str) -> String {
    let mut words = key.split('_');
    let mut out = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        out.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        out.push_str(letters.as_str());
    }
    out
}

/// The way back.
fn snake(key: &str) -> String {
    let mut out = String::with_capacity(key.len() + 4);
    for c in key.chars() {
        if c.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

impl Translated {
    /// Notes fields that are written and whose values are not known: nothing may call them missing.
    pub fn note_unknown(&mut self, unknown: &[Unknown]) {
        for Unknown { path, .. } in unknown {
            // The path of a field that is not there does not say of which item of a block it is: there is but one.
            if self.snake && path.contains("[0]") {
                self.unknown.push(path.replace("[0]", ""));
            }
            self.unknown.push(path.clone());
        }
    }

    /// Whether a field of the judged object is one of those, or stands in one.
    pub fn is_unknown(&self, judged: &str) -> bool {
        let path = self.path(judged);
        let reaches = |unknown: &String| {
            let rest = path.strip_prefix(unknown.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        self.is_part || self.unknown.iter().any(reaches)
    }

    fn walk_snake(&mut self, value: &Value, from: &Path, to: &Path) -> Value {
        self.paths.insert(to.to_string(), from.to_string());
        match value {
            Value::Object(entries) => {
                let entries = entries.iter().filter(|(_, value)| !value.is_null());
                let walked = entries.map(|(key, value)| {
                    let name = camel(key);
                    let value = self.walk_snake(value, &from.clone().key(key), &to.clone().key(&name));
                    (name, value)
                });
                Value::Object(walked.collect())
            }
            Value::Array(items) => items
                .iter()
                .enumerate()
                .map(|(index, item)| self.walk_snake(item, &from.clone().index(index), &to.clone().index(index)))
                .collect(),
            scalar => scalar.clone(),
        }
    }

    fn name(&self, key: &str) -> String {
        if self.snake { snake(key) } else { azure_name(key) }
    }

    /// Copies a value under its new names.
    fn walk(&mut self, value: &Value, from: &Path, to: &Path, is_resource: bool) -> Value {
        self.paths.insert(to.to_string(), from.to_string());
        match value {
            Value::Object(entries) => {
                let mut out = Map::new();
                self.members(entries, from, to, is_resource, &mut out);
                Value::Object(out)
            }
            Value::Array(items) => items
                .iter()
                .enumerate()
                .map(|(index, item)| self.walk(item, &from.clone().index(index), &to.clone().index(index), false))
                .collect(),
            scalar => scalar.clone(),
        }
    }

    /// Copies members. What the API puts into `properties` the operator has beside the rest.
    fn members(
        &mut self,
        entries: &Map<String, Value>,
        from: &Path,
        to: &Path,
        is_resource: bool,
        out: &mut Map<String, Value>,
    ) {
        for (key, value) in entries {
            let lower = key.to_ascii_lowercase();
            if value.is_null() || (is_resource && FRAME.contains(&lower.as_str())) {
                continue;
            }
            let here = from.clone().key(key);
            if let (true, Value::Object(inner)) = (lower == "properties", value) {
                self.members(inner, &here, to, false, out);
                continue;
            }
            if let (true, Value::Object(inner)) = (self.is_machine && is_part_of_machine(key), value) {
                self.members(inner, &here, to, false, out);
                if inner.keys().any(|key| key.eq_ignore_ascii_case(OF_NETWORK.0)) {
                    let there = to.clone().key(OF_NETWORK.1);
                    out.insert(OF_NETWORK.1.to_owned(), self.walk(value, &here, &there, false));
                }
                continue;
            }
            match name_of(key) {
                Some(Name::Reference(name)) => {
                    let there = to.clone().key(name);
                    let id = there.clone().key("armId");
                    self.paths.insert(there.to_string(), here.to_string());
                    self.paths.insert(id.to_string(), here.to_string());
                    out.insert((*name).to_owned(), json!({"armId": value}));
                }
                Some(Name::References(name)) => {
                    let there = to.clone().key(name);
                    self.paths.insert(there.to_string(), here.to_string());
                    let ids = value.as_array().map(Vec::as_slice).unwrap_or_default();
                    for index in 0..ids.len() {
                        let (there, here) = (there.clone().index(index), here.clone().index(index));
                        self.paths.insert(there.clone().key("armId").to_string(), here.to_string());
                        self.paths.insert(there.to_string(), here.to_string());
                    }
                    out.insert((*name).to_owned(), ids.iter().map(|id| json!({"armId": id})).collect());
                }
                Some(Name::Same(name)) => {
                    let there = to.clone().key(name);
                    out.insert((*name).to_owned(), self.walk(value, &here, &there, false));
                }
                None => {
                    let there = to.clone().key(key);
                    out.insert(key.clone(), self.walk(value, &here, &there, false));
                }
            }
        }
    }

    /// Where a field of the judged object stands in the resource, or would be written.
    pub fn path(&self, judged: &str) -> String {
        if self.is_object {
            return match judged {
                "" => String::new(),
                "apiVersion" | "kind" if self.fields == "properties" => "type".to_owned(),
                judged if judged.starts_with('[') => format!("{}{judged}", self.fields),
                judged => format!("{}.{judged}", self.fields),
            };
        }
        if let Some(path) = self.paths.get(judged) {
            return path.clone();
        }
        // The nearest field above that is there, and from it the names that Azure has for the rest.
        let mut known: Option<String> = None;
        let mut rest: Vec<String> = Vec::new();
        let mut here = Path::root();
        for step in steps(judged) {
            here = match &step {
                Step::Key(key) => here.key(key),
                Step::Index(index) => here.index(*index),
                Step::AnyIndex => here.any_index(),
            };
            match (self.paths.get(here.as_str()), step) {
                (Some(path), _) => {
                    known = Some(path.clone());
                    rest.clear();
                }
                (None, Step::Key(key)) if key == "armId" => {}
                (None, Step::Key(key))
                    if self.snake && matches!(key.as_str(), "spec" | "forProvider" | "initProvider") => {}
                (None, Step::Key(key)) => rest.push(self.name(&key)),
                (None, Step::Index(_) | Step::AnyIndex) => {}
            }
        }
        let base = match known {
            // Nothing of the resource's own fields is there: they would all stand in its properties.
            Some(path) if path.is_empty() => self.fields.clone(),
            Some(path) => path,
            None => String::new(),
        };
        rest.iter().fold(base, |path, key| {
            let key = Path::root().key(key).to_string();
            if path.is_empty() || key.starts_with('[') { format!("{path}{key}") } else { format!("{path}.{key}") }
        })
    }

    /// What to write so that a field that is not set holds this.
    pub fn write(&self, judged: &str, to: &Value) -> String {
        let path = self.path(judged);
        let key = match steps(&path).pop() {
            Some(Step::Key(key)) => key,
            _ => path,
        };
        if self.snake { format!("Write {key} = {to}") } else { format!("Write {}: {to}", json!(key)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cluster(value: Value, with_properties: bool) -> Translated {
        let version = Version { name: "2025-08-01", path: "apiVersion" };
        arm(&value, ("containerservice.azure.com", "ManagedCluster"), "shop", with_properties, false, version)
    }

    #[test]
    fn fields_are_found_with_properties_and_without_and_the_way_back() {
        for (value, prefix) in [
            (
                json!({"id": "/x", "networkProfile": {"outboundType": "none"}, "agentPoolProfiles": [{"vnetSubnetId": "/s", "enableNodePublicIp": true}]}),
                "",
            ),
            (
                json!({"id": "/x", "properties": {"networkProfile": {"outboundType": "none"}, "agentPoolProfiles": [{"vnetSubnetId": "/s", "enableNodePublicIp": true}]}}),
                "properties.",
            ),
        ] {
            let translated = cluster(value, !prefix.is_empty());
            assert_eq!(translated.object["spec"]["networkProfile"]["outboundType"], "none");
            assert_eq!(translated.object["spec"]["agentPoolProfiles"][0]["vnetSubnetReference"]["armId"], "/s");
            assert_eq!(translated.object["spec"]["agentPoolProfiles"][0]["enableNodePublicIP"], true);
            let path = |judged: &str| translated.path(judged);
            assert_eq!(path("spec.networkProfile.outboundType"), format!("{prefix}networkProfile.outboundType"));
            assert_eq!(
                path("spec.agentPoolProfiles[0].vnetSubnetReference"),
                format!("{prefix}agentPoolProfiles[0].vnetSubnetId")
            );
            assert_eq!(
                path("spec.agentPoolProfiles[0].enableNodePublicIP"),
                format!("{prefix}agentPoolProfiles[0].enableNodePublicIp")
            );
            assert_eq!(
                path("spec.bootstrapProfile.containerRegistryReference"),
                format!("{prefix}bootstrapProfile.containerRegistryId")
            );
            assert_eq!(path("spec.networkProfile.networkPlugin"), format!("{prefix}networkProfile.networkPlugin"));
        }
    }

    #[test]
    fn terraform_s_fields_are_crossplane_s_in_another_casing() {
        let plan = json!({"name": "shop", "private_cluster_enabled": false, "network_profile": [{"outbound_type": "loadBalancer"}], "sku": null});
        let translated = azurerm(&plan, "containerservice.azure.upbound.io", "KubernetesCluster", "shop");
        assert_eq!(translated.object["spec"]["forProvider"]["networkProfile"][0]["outboundType"], "loadBalancer");
        assert_eq!(
            translated.path("spec.forProvider.networkProfile[0].outboundType"),
            "network_profile[0].outbound_type"
        );
        assert_eq!(
            translated.path("spec.forProvider.bootstrapProfile.artifactSource"),
            "bootstrap_profile.artifact_source"
        );
        let written = translated.write("spec.forProvider.privateClusterEnabled", &json!(true));
        assert_eq!(written, "Write private_cluster_enabled = true");
        let written = translated.write("spec.forProvider.bootstrapProfile.artifactSource", &json!("Cache"));
        assert_eq!(written, "Write artifact_source = \"Cache\"");
        assert_eq!((camel("os_sku"), snake("osSku")), ("osSku".to_owned(), "os_sku".to_owned()));
    }

    #[test]
    fn a_version_of_azure_s_is_old_before_it_has_the_fields() {
        let old = ["2023-07-02-preview", "2024-04-02-preview", "2024-09-01", "2025-01-01", "2016-09-30"];
        for version in ["2024-05-02-preview", "2025-01-02-preview", "2025-02-01", "2025-02-01-preview", "2026-04-01"]
            .into_iter()
            .chain(["live", "", "2025", "x025-01-01", "2025-01", "2024-05-02-Preview", "é024-01-01", "999999-1-1"])
        {
            assert_eq!(judged_version(version), VERSION, "{version}");
        }
        for version in old {
            assert_ne!(judged_version(version), VERSION, "{version}");
        }
    }

    #[test]
    fn a_field_that_is_not_set_is_written_in_azure_s_words() {
        let translated = cluster(json!({}), true);
        let write = |judged: &str, to: Value| translated.write(judged, &to);
        assert_eq!(write("spec.networkProfile.outboundType", json!("none")), r#"Write "outboundType": "none""#);
        let private = "spec.apiServerAccessProfile.enablePrivateCluster";
        assert_eq!(write(private, json!(true)), r#"Write "enablePrivateCluster": true"#);
        let registry = "spec.bootstrapProfile.containerRegistryReference";
        assert_eq!(write(registry, json!("/s")), r#"Write "containerRegistryId": "/s""#);
    }
}
