//! `site/kustomization.yaml`: the one file of the tree for kustomize that differs between clusters. It says which
//! registry and which modules, which settings, and which families of custom resources.

use isolation_all_policies::POLICIES;
use serde::Serialize;
use serde_json::{Value, json};

use crate::deploy::{self, SERVER_IMAGE, placeholder_repository};
use crate::families::families;
use crate::generate::{Deployment, NAME_LABEL, Options, ResourcesError, is_by_choice};
use crate::policy::API_VERSION;
use crate::yaml;

/// What stands before the file.
const HEAD: &str = "\
# What is particular to a cluster: its registry, the modules by digest, the policies' settings, the families of custom
# resources that it has. `isolation policies --output kustomize` writes this file from isolation.yaml.
";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Component {
    api_version: &'static str,
    kind: &'static str,
    components: Vec<String>,
    configurations: [&'static str; 1],
    images: Vec<Image>,
    patches: Vec<Patch>,
}

/// A reference in place of the tree's own.
#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Image {
    name: String,
    new_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    new_tag: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
}

impl Image {
    fn new(name: String, reference: &str) -> Self {
        if let Some((name_of, digest)) = reference.rsplit_once('@') {
            return Self { name, new_name: name_of.to_owned(), new_tag: None, digest: Some(digest.to_owned()) };
        }
        let colon = reference.rfind(':').filter(|colon| reference.rfind('/').is_none_or(|slash| slash < *colon));
        let (new_name, new_tag) = match colon {
            Some(colon) => (&reference[..colon], reference.get(colon + 1..).map(str::to_owned)),
            None => (reference, None),
        };
        Self { name, new_name: new_name.to_owned(), new_tag, digest: None }
    }
}

#[derive(Serialize)]
struct Patch {
    target: Target,
    patch: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Target {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    label_selector: Option<String>,
}

impl Patch {
    fn of(policy: Option<&str>, content: &Value) -> Result<Self, ResourcesError> {
        let label_selector = policy.map(|policy| format!("{NAME_LABEL}={policy}"));
        let target = Target { kind: "ClusterAdmissionPolicy", label_selector };
        Ok(Self { target, patch: yaml::document(content)? })
    }
}

/// The file, for these policies and with the policy server's image in the cluster's registry. Policies of the tree that are
/// not among them are deleted from it.
///
/// # Errors
///
/// Metadata that is not right, which a test would have found.
pub fn kustomization(
    deployments: &[Deployment],
    server_image: &str,
    options: &Options,
) -> Result<String, ResourcesError> {
    let mut images = vec![Image::new(without_tag(SERVER_IMAGE), server_image)];
    let mut patches = Vec::new();
    for entry in POLICIES {
        let Some(deployment) = deployments.iter().find(|deployment| deployment.entry.name == entry.name) else {
            if !is_by_choice(entry)? {
                patches.push(Patch::of(Some(entry.name), &deletion())?);
            }
            continue;
        };
        images.push(Image::new(placeholder_repository(entry.name), &deployment.module));
        patches.push(Patch::of(Some(entry.name), &settings(deployment)?)?);
    }
    if options.excluded_namespaces != Options::default().excluded_namespaces {
        patches.push(Patch::of(None, &selector(&options.excluded_namespaces))?);
    }
    let component = Component {
        api_version: deploy::COMPONENT.0,
        kind: deploy::COMPONENT.1,
        components: components(deployments, options)?,
        configurations: ["image-fields.yaml"],
        images,
        patches,
    };
    Ok(format!("{HEAD}{}", yaml::document(&component)?))
}

fn without_tag(image: &str) -> String {
    Image::new(String::new(), image).new_name
}

fn settings(deployment: &Deployment) -> Result<Value, ResourcesError> {
    let mut operations = vec![json!({"op": "replace", "path": "/spec/settings", "value": deployment.settings})];
    if deployment.looks_up() {
        let entry = deployment.entry;
        let metadata = entry.metadata().map_err(|cause| ResourcesError::Metadata { policy: entry.name, cause })?;
        let kinds = json!(metadata.context_aware_resources);
        operations.push(json!({"op": "add", "path": "/spec/contextAwareResources", "value": kinds}));
    }
    Ok(operations.into())
}

fn selector(excluded: &[String]) -> Value {
    if excluded.is_empty() {
        return json!([{"op": "remove", "path": "/spec/namespaceSelector"}]);
    }
    json!([{"op": "replace", "path": "/spec/namespaceSelector/matchExpressions/0/values", "value": excluded}])
}

fn deletion() -> Value {
    // The name is not looked at: the target says which resources are meant.
    json!({
        "$patch": "delete", "apiVersion": API_VERSION, "kind": "ClusterAdmissionPolicy", "metadata": {"name": "any"},
    })
}

/// The parts of the tree that go into it beside the base.
fn components(deployments: &[Deployment], options: &Options) -> Result<Vec<String>, ResourcesError> {
    let mut all = Vec::new();
    for deployment in deployments {
        let entry = deployment.entry;
        let by_choice = is_by_choice(entry)?;
        if by_choice {
            all.push(deploy::component(entry.name));
        }
        for family in families(entry)?.iter().filter(|family| options.families.has(entry.name, &family.family)) {
            all.push(deploy::component(&deploy::folder(entry.name, &family.family, by_choice)));
        }
    }
    if deployments.iter().any(Deployment::looks_up) {
        all.push(deploy::component("look-ups"));
    }
    all.sort();
    all.dedup();
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(reference: &str) -> (String, Option<String>, Option<String>) {
        let image = Image::new("x".into(), reference);
        (image.new_name, image.new_tag, image.digest)
    }

    #[test]
    fn a_port_is_no_tag() {
        assert_eq!(parts("localhost:5000/a"), ("localhost:5000/a".into(), None, None));
        assert_eq!(parts("localhost:5000/a:v1"), ("localhost:5000/a".into(), Some("v1".into()), None));
        assert_eq!(parts("registry://h/a@sha256:1"), ("registry://h/a".into(), None, Some("sha256:1".into())));
    }
}
