//! Objects of Kubernetes that templates and plans hold: what Bicep's Kubernetes extension deploys, and Terraform's
//! `kubernetes_manifest`. They are judged as manifests are, by all policies.
//! <https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-kubernetes-extension>

use serde_json::{Value, json};

use crate::expression::Scope;
use crate::found::Unknown;
use crate::outcome::Outcome;
use crate::text::{Fields, Part, member};

/// What the extension is called in the block that declares it under another name.
const EXTENSION: &str = "Kubernetes";

/// The blocks of a template that declare extensions, and the field by which a resource names one: first those of Bicep before 0.31.
/// <https://github.com/Azure/bicep/blob/main/docs/experimental/extensibility.md>
const BLOCKS: &[(&str, &str)] = &[("imports", "import"), ("extensions", "extension")];

/// The declared extensions of a template, by their names.
#[derive(Clone, Copy, Debug, Default)]
pub struct Extensions<'t>([Option<Part<'t>>; 2]);

/// What the extension makes of a resource.
#[derive(Debug)]
pub struct Made {
    /// Its apiVersion and kind; none where the type does not say them.
    pub kind: Option<(String, String)>,
    /// The namespace of what names none.
    pub namespace: Option<String>,
}

impl<'t> Extensions<'t> {
    /// Those of a template, or where it has none those of the one around it.
    pub fn of(template: &Fields<'t>, around: Self) -> Self {
        let own = BLOCKS.iter().map(|(block, _)| template.get(block));
        let mut all = around;
        for (found, own) in all.0.iter_mut().zip(own) {
            *found = own.or(*found);
        }
        all
    }

    /// What Kubernetes' extension makes of a resource of this type; none where the resource is not one of it.
    pub fn made(&self, resource: &Fields<'t>, of_type: &str, scope: &Scope<'_>) -> Option<Made> {
        let named = |((_, field), declared): (&(&str, &str), &Option<Part<'t>>)| {
            let alias = Some(resource.string(field)).filter(|alias| !alias.is_empty())?;
            let extension = Fields::of(Fields::of((*declared)?).get(&alias)?);
            let names = ["provider", "name", "extension"].map(|key| extension.string(key));
            names.iter().any(|name| name.eq_ignore_ascii_case(EXTENSION)).then_some(extension)
        };
        let extension = BLOCKS.iter().zip(&self.0).find_map(named)?;
        let config = extension.value("config").unwrap_or_default();
        let namespace = member(&config, "namespace");
        let namespace = namespace.and_then(|given| member(given, "defaultValue").or(Some(given))?.as_str());
        let namespace = namespace.and_then(|text| match scope.value(text) {
            // It counts for what names none in a manifest, too.
            Outcome::Known(Value::String(name)) if name != "default" => Some(name),
            _ => None,
        });
        Some(Made { kind: kind_of(of_type), namespace })
    }
}

/// The apiVersion and kind in a type: `core/Service@v1`, `apps/Deployment@v1`.
fn kind_of(of_type: &str) -> Option<(String, String)> {
    let (path, version) = of_type.split_once('@')?;
    let (group, kind) = path.split_once('/')?;
    let is_core = group.is_empty() || group.eq_ignore_ascii_case("core");
    let api_version = if is_core { version.to_owned() } else { format!("{group}/{version}") };
    (!kind.is_empty() && !version.is_empty()).then(|| (api_version, kind.to_owned()))
}

/// The object that the extension makes of properties.
pub fn object(mut properties: Value, api_version: &str, kind: &str, namespace: Option<String>) -> Value {
    if !properties.is_object() {
        properties = json!({});
    }
    if let Some(fields) = properties.as_object_mut() {
        fields.insert("apiVersion".to_owned(), api_version.into());
        fields.insert("kind".to_owned(), kind.into());
        let metadata = fields.entry("metadata").or_insert_with(|| json!({}));
        if let Some((metadata, namespace)) = metadata.as_object_mut().zip(namespace) {
            metadata.entry("namespace").or_insert(namespace.into());
        }
    }
    properties
}

/// The name of an object, as far as it is known.
pub fn name_of(object: &Value, unknown: &[Unknown]) -> String {
    let partly = || unknown.iter().find(|unknown| unknown.path.ends_with("metadata.name"))?.partly.clone();
    let name = object.pointer("/metadata/name").and_then(Value::as_str).map(str::to_owned);
    name.or_else(partly).unwrap_or_else(|| "…".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_says_the_version_and_the_kind() {
        let of = |of_type: &str| kind_of(of_type).map(|(version, kind)| format!("{version} {kind}"));
        assert_eq!(of("core/Service@v1").as_deref(), Some("v1 Service"));
        assert_eq!(of("storage.k8s.io/StorageClass@v1").as_deref(), Some("storage.k8s.io/v1 StorageClass"));
        for other in ["Microsoft.Network/virtualNetworks", "Service@v1", "core/@v1", "core/Service@"] {
            assert_eq!(of(other), None, "{other}");
        }
    }
}
