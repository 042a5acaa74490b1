//! The generated files of the Helm chart: `Chart.yaml`, the schema of its values, and what is known of the policies.
//!
//! The values are those of `isolation.yaml`, so there is one schema for both; Helm's own key `global` is all that a chart's
//! values may hold beside it.

use anyhow::{Context, Result};
use isolation_all_policies::{DEPLOYMENT_KEYS, POLICIES};
use isolation_deploy::{ALL, EXCLUDED, PolicyServerValues, chart, data};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::release::{Change, Release};
use crate::{GeneratedFile, json, schema};

const FOLDER: &str = "charts/network-isolation-policies";

/// The oldest Kubernetes with the ValidatingAdmissionPolicies of the guard.
const KUBE_VERSION: &str = ">= 1.30.0-0";

/// What Artifact Hub and Helm show.
const ICON: &str = "https://www.kubewarden.io/images/icon-kubewarden.svg";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Chart<'a> {
    api_version: &'static str,
    name: &'static str,
    description: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    version: &'a str,
    app_version: &'a str,
    kube_version: &'static str,
    home: &'a str,
    sources: [&'a str; 1],
    icon: &'static str,
    keywords: Vec<&'static str>,
    maintainers: Vec<Maintainer<'a>>,
    annotations: Map<String, Value>,
}

#[derive(Serialize)]
struct Maintainer<'a> {
    name: &'a str,
    email: &'a str,
}

/// The files.
///
/// # Errors
///
/// Metadata that is not right.
pub fn files(release: &Release) -> Result<Vec<GeneratedFile>> {
    let file = |name: &str, text: String| GeneratedFile { path: format!("{FOLDER}/{name}"), text };
    Ok(vec![
        file("Chart.yaml", manifest(release)?),
        file("values.schema.json", values_schema()?),
        file(chart::DATA, chart::data_file(&data()?)?),
        file(chart::DEFAULTS, defaults()?),
    ])
}

fn manifest(release: &Release) -> Result<String> {
    let metadata = POLICIES.first().context("there are no policies")?.metadata()?;
    let author = metadata.annotation("io.kubewarden.policy.author");
    let (name, email) = author.trim_end_matches('>').split_once(" <").context("the author is not NAME <MAIL>")?;
    let source = metadata.annotation("io.kubewarden.policy.source");
    let mut annotations = Map::from_iter([
        ("artifacthub.io/category".to_owned(), json!("security")),
        ("artifacthub.io/license".to_owned(), json!(metadata.annotation("io.kubewarden.policy.license"))),
    ]);
    if !release.changes.is_empty() {
        let plain: Vec<Change> = release.changes.clone();
        annotations.insert("artifacthub.io/changes".to_owned(), json!(yaml_serde::to_string(&plain)?));
    }
    let chart = Chart {
        api_version: "v2",
        name: chart::NAME,
        description: "Kubewarden policies that keep network isolated AKS clusters isolated",
        kind: "application",
        version: &release.version,
        app_version: &release.version,
        kube_version: KUBE_VERSION,
        home: metadata.annotation("io.kubewarden.policy.url"),
        sources: [source],
        icon: ICON,
        keywords: vec!["kubewarden", "aks", "azure", "network isolation", "admission", "policy"],
        maintainers: vec![Maintainer { name, email }],
        annotations,
    };
    Ok(format!("# Written by `make generate`.\n{}", yaml_serde::to_string(&chart)?))
}

/// The values once more: Helm gives templates every file of a chart but this one.
fn defaults() -> Result<String> {
    let values: Value = yaml_serde::from_str(&crate::read(&format!("{FOLDER}/values.yaml"))?)?;
    Ok(format!(
        "# Written by `make generate` from values.yaml: the defaults, for values that are null.\n{}",
        yaml_serde::to_string(&values)?
    ))
}

fn values_schema() -> Result<String> {
    let mut schema = configuration()?;
    // Helm would answer a typo with every name that there is for every policy, and a registry with a regular expression; the
    // templates answer with a sentence.
    schema["properties"]["families"]["items"] = json!({"type": "string", "minLength": 1});
    if let Some(registry) = schema["properties"]["registry"].as_object_mut() {
        registry.remove("pattern");
    }
    let url = |path: &str| -> Result<Value> {
        Ok(json!(schema::url(&POLICIES.first().context("there are no policies")?.metadata()?, path)))
    };
    schema["$id"] = url(&format!("{FOLDER}/values.schema.json"))?;
    schema["title"] = json!("Values of the chart network-isolation-policies");
    schema["properties"]["global"] =
        json!({"description": "Helm's own, where this chart is part of another.", "type": "object"});
    json(&schema)
}

/// The schema of `isolation.yaml`: the policies' settings, and how they are deployed.
///
/// # Errors
///
/// See [`schema::settings`].
pub fn configuration() -> Result<Value> {
    let mut schema = serde_json::to_value(schema::configuration()?)?;
    let properties = schema["properties"].as_object_mut().context("the schema has no properties")?;
    for (key, property) in deployment()? {
        anyhow::ensure!(properties.insert(key.clone(), property).is_none(), "{key} is a setting as well");
    }
    Ok(schema)
}

/// The keys that say how the policies are deployed.
fn deployment() -> Result<Map<String, Value>> {
    let label = "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$";
    let name_or_nothing = "^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)?$";
    let texts = || json!({"type": "array", "items": {"type": "string", "minLength": 1}});
    let digest = json!({"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"});
    let digests: Map<String, Value> = POLICIES.iter().map(|entry| (entry.name.to_owned(), digest.clone())).collect();
    let excluded: Vec<&str> = EXCLUDED.iter().map(|namespace| namespace.name).collect();
    let server = json!({
        "create": {"description": "Whether to create a policy server only for these policies. With `false`, `name` is the server that runs them.", "type": "boolean"},
        "name": {"description": "Its name; by default network-isolation.", "type": "string", "pattern": name_or_nothing},
        "serviceAccountName": {"description": "Its service account; look-ups need rights for it.", "type": "string", "pattern": name_or_nothing},
        "image": {"description": "Its image; by default HOST/kubewarden/adm-controller/policy-server.", "type": "string"},
        "replicas": {"description": "The number of its pods.", "type": "integer", "minimum": 1},
        "imagePullSecret": {"description": "The secret with which it pulls modules.", "type": "string"},
        "priorityClassName": {"description": "The priority of its pods.", "type": "string"},
        "sourceAuthorities": {"description": "CA certificates (PEM) of registries, by host.", "type": "object", "additionalProperties": texts()},
        "insecureSources": {"description": "Registries that it may reach without TLS.", "type": "array", "items": {"type": "string", "minLength": 1}},
        "verificationConfig": {"description": "The ConfigMap with the rules for verifying signatures.", "type": "string"},
        "sigstoreTrustConfig": {"description": "The ConfigMap with your own Sigstore.", "type": "string"},
        "env": {"description": "Its environment.", "type": "array", "items": {
            "type": "object",
            "properties": {"name": {"type": "string", "minLength": 1}, "value": {"description": "A text: numbers and booleans in quotes.", "type": "string"}},
            "required": ["name"],
        }},
        "requests": {"description": "The resources that its pods request.", "type": "object"},
        "limits": {"description": "The resources that its pods may use.", "type": "object"},
        "tolerations": {"description": "Taints that its pods tolerate.", "type": "array", "items": {"type": "object"}},
    });
    // What the code reads is what there is.
    let known = serde_json::to_value(PolicyServerValues::default())?;
    for key in known.as_object().into_iter().flatten().map(|(key, _)| key) {
        anyhow::ensure!(!server[key].is_null(), "policyServer.{key} has no schema");
    }
    let Value::Object(keys) = json!({
        "registry": {
            "description": "Where the modules are: HOST[/PREFIX]. Only for deploying; checking does not need it.",
            "type": "string",
            "pattern": "^(localhost|[a-z0-9._-]*[.:][a-z0-9.:_-]*)(/[a-z0-9._-]+)*$",
            "examples": ["myacr.azurecr.io/policies"],
        },
        "mode": {
            "description": "`monitor` reports violations, `protect` rejects them.",
            "enum": ["monitor", "protect"],
            "default": "monitor",
        },
        "families": {
            "description": "Families of custom resources to judge: by name, `POLICY/NAME` for only one policy, or `all`, which omits families that may stop a cluster.",
            "type": "array",
            "items": {"enum": family_names()?},
            "default": [],
        },
        "policyServer": {
            "description": "The policy server that runs the policies.",
            "type": "object",
            "properties": server,
            "additionalProperties": false,
        },
        "excludedNamespaces": {
            "description": "Namespaces that are not judged.",
            "type": "array",
            "items": {"type": "string", "pattern": label},
            "default": excluded,
        },
        "guard": {
            "description": "ValidatingAdmissionPolicies, for what no webhook can guard.",
            "type": "object",
            "properties": {
                "create": {"description": "Whether to create them.", "type": "boolean", "default": true},
                "trustedUsers": {"description": "Users whom they exempt: AKS itself.", "type": "array", "items": {"type": "string", "pattern": "^[A-Za-z0-9:._@/-]+$"}},
                "reservedNamespaces": {"description": "How to treat other users who create one of the excluded namespaces: `warn` or, in protect mode, `deny`.", "enum": ["deny", "warn"], "default": "warn"},
            },
            "additionalProperties": false,
        },
        "auditScanner": {
            "description": "Kubewarden's audit scanner, which may list what is judged.",
            "type": "object",
            "properties": {
                "serviceAccountName": {"description": "The account that it runs as in the namespace of Kubewarden; empty for nobody.", "type": "string", "pattern": name_or_nothing, "default": "audit-scanner"},
            },
            "additionalProperties": false,
        },
        "digests": {
            "description": "The modules' digests, instead of the built-in ones.",
            "type": "object",
            "properties": digests,
            "additionalProperties": false,
        },
    }) else {
        anyhow::bail!("an object is an object")
    };
    anyhow::ensure!(
        keys.len() == DEPLOYMENT_KEYS.len() && DEPLOYMENT_KEYS.iter().all(|key| keys.contains_key(*key)),
        "keys and schema differ"
    );
    Ok(keys)
}

/// Every word that may stand among the families.
fn family_names() -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in POLICIES {
        for family in entry.families()? {
            names.push(format!("{}/{}", entry.name, family.family));
            names.push(family.family);
        }
    }
    names.sort();
    names.dedup();
    names.insert(0, ALL.to_owned());
    Ok(names)
}
