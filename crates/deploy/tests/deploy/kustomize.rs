//! What kubectl makes of the resources: they are its input as they are, and kustomize's.

use std::path::Path;
use std::process::Command;

use crate::support::{by_name, ours, read, tool};
use serde_json::{Value, json};

fn build(kubectl: &Path, files: &[(&str, &str)]) -> Vec<Value> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let output = Command::new(kubectl).arg("kustomize").arg(folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    read(&String::from_utf8(output.stdout).unwrap())
}

fn values() -> Value {
    json!({
        "registry": "myacr.azurecr.io/policies", "registries": ["myacr.azurecr.io"], "mode": "protect", "families": ["all"],
        "private-storage": {"lookup": true},
    })
}

#[test]
fn kustomize_takes_the_resources_and_changes_none() {
    let Some(kubectl) = tool("kubectl") else { return };
    let text = ours(&values());
    let built =
        build(&kubectl, &[("policies.yaml", &text), ("kustomization.yaml", r#"{"resources": ["policies.yaml"]}"#)]);
    assert_eq!(by_name(built), by_name(read(&text)));
}

#[test]
fn an_overlay_can_change_what_is_particular_to_a_cluster() {
    let Some(kubectl) = tool("kubectl") else { return };
    let overlay = r#"{
        "resources": ["policies.yaml"],
        "patches": [{
            "target": {"kind": "ClusterAdmissionPolicy", "labelSelector": "app.kubernetes.io/name=closed-egress"},
            "patch": "[{\"op\": \"add\", \"path\": \"/spec/settings/existing\", \"value\": \"allow\"}]"
        }]
    }"#;
    let built = build(&kubectl, &[("policies.yaml", &ours(&values())), ("kustomization.yaml", overlay)]);
    let changed = built.iter().filter(|resource| resource["spec"]["settings"]["existing"] == "allow").count();
    assert!(changed > 1, "{changed}");
}

/// kubectl reads YAML 1.1, where `on`, `012` and `1_0` are no texts.
#[test]
fn kubectl_reads_the_settings_that_were_written() {
    let Some(kubectl) = tool("kubectl") else { return };
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
        "a long text of many words that is wider than what anybody would print on one line, with a colon: and two  blanks and \
         more words until it has to be folded somewhere",
    ];
    let settings = json!({"texts": texts.as_slice(), "numbers": [0, -1, 9_007_199_254_740_991_i64], "flags": [true, null, {}, []]});
    let mut values = values();
    values["private-images"] = settings.clone();
    let built = build(
        &kubectl,
        &[("policies.yaml", &ours(&values)), ("kustomization.yaml", r#"{"resources": ["policies.yaml"]}"#)],
    );
    let built = by_name(built);
    let policy = &built[&("ClusterAdmissionPolicy".to_owned(), "private-images".to_owned())];
    for key in ["texts", "numbers", "flags"] {
        assert_eq!(policy["spec"]["settings"][key], settings[key]);
    }
}
