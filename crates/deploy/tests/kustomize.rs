//! What kubectl makes of the tree. Where no kubectl is on the PATH, these tests say so and pass.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

use std::fs;
use std::path::Path;
use std::process::Command;

use isolation_all_policies::policy;
use isolation_deploy::{ByName, Deployment, Families, Options, cluster_policies, deploy, documents, site};
use serde::Deserialize;
use serde_json::{Value, json};

/// The tree, in a folder that is removed afterwards; none without kubectl.
fn tree() -> Option<tempfile::TempDir> {
    if Command::new("kubectl").args(["version", "--client"]).output().is_err() {
        eprintln!("skipped: there is no kubectl on the PATH");
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in deploy::files().unwrap() {
        write(folder.path(), &name, &text);
    }
    Some(folder)
}

fn write(root: &Path, name: &str, text: &str) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// The resources of a kustomization.
fn build(root: &Path, name: &str) -> Vec<Value> {
    let output = Command::new("kubectl").arg("kustomize").arg(root.join(name)).output().unwrap();
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    yaml_serde::Deserializer::from_str(&text).map(|document| Value::deserialize(document).unwrap()).collect()
}

fn of_kind<'r>(resources: &'r [Value], kind: &str) -> Vec<&'r Value> {
    resources.iter().filter(|resource| resource["kind"] == kind).collect()
}

fn named<'r>(resources: &'r [Value], kind: &str, name: &str) -> &'r Value {
    let found = of_kind(resources, kind).into_iter().find(|resource| resource["metadata"]["name"] == name);
    found.unwrap_or_else(|| panic!("no {kind} {name}"))
}

#[test]
fn the_overlays_differ_in_what_they_reject_and_in_nothing_else() {
    let Some(tree) = tree() else { return };
    let mut protect = build(tree.path(), "overlays/protect");
    let monitor = build(tree.path(), "overlays/monitor");
    assert_eq!(of_kind(&protect, "ClusterAdmissionPolicy").len(), 5);
    for resource in &mut protect {
        match resource["kind"].as_str().unwrap() {
            "ClusterAdmissionPolicy" => {
                assert_eq!(
                    (&resource["spec"]["mode"], &resource["spec"]["failurePolicy"]),
                    (&json!("protect"), &json!("Fail"))
                );
                resource["spec"]["mode"] = json!("monitor");
                resource["spec"]["failurePolicy"] = json!("Ignore");
            }
            "ValidatingAdmissionPolicyBinding" => resource["spec"]["validationActions"] = json!(["Warn", "Audit"]),
            _ => {}
        }
    }
    assert_eq!(protect, monitor);
}

#[test]
fn every_component_can_be_added_and_each_resource_has_a_name_of_its_own() {
    let Some(tree) = tree() else { return };
    let mut components: Vec<String> = fs::read_dir(tree.path().join("components"))
        .unwrap()
        .map(|entry| format!("../components/{}", entry.unwrap().file_name().into_string().unwrap()))
        .collect();
    components.sort();
    let own = json!({
        "apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization",
        "resources": ["../overlays/monitor"], "components": components,
    });
    write(tree.path(), "own/kustomization.yaml", &own.to_string());
    let all = of_kind(&build(tree.path(), "own"), "ClusterAdmissionPolicy").len();
    let files = deploy::files().unwrap();
    let policies = files.values().filter(|text| text.contains("\nkind: ClusterAdmissionPolicy\n")).count();
    assert_eq!(all, policies, "kustomize refuses two of one name");
}

fn deployment(name: &str, settings: Value) -> Deployment {
    let module = format!("registry://myacr.azurecr.io:443/policies/{name}@sha256:{}", "1".repeat(64));
    Deployment { entry: policy(name).unwrap(), module, settings }
}

#[test]
fn a_site_says_registry_digests_settings_families_and_which_policies_there_are() {
    let Some(tree) = tree() else { return };
    let deployments = [
        deployment("private-images", json!({"registries": ["myacr.azurecr.io"]})),
        deployment("private-storage", json!({"lookup": true})),
        deployment("closed-egress", json!({})),
        deployment("cached-images", json!({"cacheRules": []})),
    ];
    let families = ["argo", "closed-egress/nodes"].map(|name| ByName::read(name).unwrap());
    let options = Options {
        families: Families::Named(families.into()),
        excluded_namespaces: vec!["kube-system".into()],
        ..Options::default()
    };
    let text =
        site::kustomization(&deployments, "myacr.azurecr.io/kubewarden/policy-server:v1.40.0", &options).unwrap();
    write(tree.path(), "site/kustomization.yaml", &text);
    let all = build(tree.path(), "overlays/protect");
    let policies = of_kind(&all, "ClusterAdmissionPolicy");
    let mut names: Vec<_> = policies.iter().map(|policy| policy["metadata"]["name"].as_str().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "cached-images",
            "cached-images-argo",
            "closed-egress",
            "closed-egress-argo",
            "closed-egress-nodes",
            "private-images",
            "private-images-argo",
            "private-storage",
            "private-storage-argo",
        ]
    );
    for policy in policies {
        let name = policy["metadata"]["labels"]["app.kubernetes.io/name"].as_str().unwrap();
        let expected = deployments.iter().find(|deployment| deployment.entry.name == name).unwrap();
        assert_eq!(policy["spec"]["module"], expected.module);
        assert_eq!(policy["spec"]["settings"], expected.settings);
        assert_eq!(policy["spec"].get("contextAwareResources").is_some(), name == "private-storage");
        assert_eq!(policy["spec"]["namespaceSelector"]["matchExpressions"][0]["values"], json!(["kube-system"]));
    }
    let server = named(&all, "PolicyServer", "network-isolation");
    assert_eq!(server["spec"]["image"], "myacr.azurecr.io/kubewarden/policy-server:v1.40.0");
    named(&all, "ClusterRole", "network-isolation-look-ups");
}

/// kubectl reads YAML 1.1, where `on`, `012` and `1_0` are no texts.
#[test]
fn kubectl_reads_the_settings_that_were_written() {
    let Some(tree) = tree() else { return };
    let texts = [
        "on",
        "off",
        "yes",
        "n",
        "Y",
        "True",
        "null",
        "~",
        "",
        " ",
        "012",
        "0o7",
        "0x1F",
        "1_0",
        "1e3",
        ".5",
        "-",
        "- a",
        "1:30",
        "2001-01-01",
        "a: b",
        "a #b",
        "*",
        "&a",
        "!x",
        "%",
        "@a",
        "`",
        "\"",
        "'",
        "\\",
        "a\nb",
        "\n",
        "a\n\n",
        "\t",
        "\u{2028}",
        "\u{feff}",
        "é",
        "😀",
        "=",
        "<<",
        "|",
        ">",
        "{}",
        "[]",
        "?",
        ",",
        "---",
        "...",
        "\r\n",
        ".nan",
        "+1",
        "a long text of many words that is wider than what anybody would print on one line, with a colon: and two  blanks and more words until it has to be folded somewhere",
    ];
    let settings = json!({"texts": texts.as_slice(), "numbers": [0, -1, 9_007_199_254_740_991_i64], "flags": [true, null, {}, []]});
    let deployments = [deployment("private-images", settings.clone())];
    let policies = cluster_policies(&deployments, &Options::default()).unwrap();
    write(tree.path(), "plain/policies.yaml", &documents(policies).unwrap());
    write(tree.path(), "plain/kustomization.yaml", r#"{"resources": ["policies.yaml"]}"#);
    assert_eq!(build(tree.path(), "plain")[0]["spec"]["settings"], settings);
    write(
        tree.path(),
        "site/kustomization.yaml",
        &site::kustomization(&deployments, "x:1", &Options::default()).unwrap(),
    );
    let all = build(tree.path(), "overlays/protect");
    assert_eq!(named(&all, "ClusterAdmissionPolicy", "private-images")["spec"]["settings"], settings);
}
