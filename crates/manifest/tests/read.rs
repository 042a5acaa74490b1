//! What is read from a text, and where it says that it stands.

// A helper of tests is a test to everybody but clippy.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use isolation_manifest::{Object, Problem, read};
use serde::Deserialize;
use serde_json::{Value, json};

fn all(text: &str) -> Vec<Result<Object, Problem>> {
    read(text).found
}

fn one(text: &str) -> Object {
    let mut found = all(text);
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0).unwrap()
}

fn problem(text: &str) -> Problem {
    all(text).into_iter().find_map(Result::err).expect("a problem")
}

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\n";

#[test]
fn documents_lists_and_json_become_objects() {
    let text = format!(
        "# first\n---\n{POD}---\n# nothing\n---\nkind: List\napiVersion: v1\nitems:\n- {{apiVersion: v1, kind: Service}}\n\
         - kind: PodList\n  apiVersion: v1\n  items: [{{metadata: {{name: x}}}}]\n"
    );
    let subjects: Vec<_> = all(&text).into_iter().map(|object| object.unwrap().subject()).collect();
    assert_eq!(subjects, ["Pod shop/web", "Service", "Pod x"]);
    let text = "{\"apiVersion\":\"v1\",\"kind\":\"Pod\"}\n{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\"}\n";
    assert_eq!(all(text).len(), 2);
    assert_eq!(one("{apiVersion: v1, kind: Pod}").kind, "Pod");
    let typed = one("apiVersion: apps/v1\nkind: DeploymentList\nitems: [{metadata: {name: a}}]");
    assert_eq!(typed.node.to_json(), json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"}}));
}

#[test]
fn a_field_is_found_where_it_is_written() {
    let text = format!("# ü\n{POD}spec:\n  containers:\n  - name: web\n    image: 'ng''inx'  # why\n    env: []\n");
    let object = one(&text);
    let at = |path: &str| {
        let located = object.node.locate(path);
        (text[located.span].to_owned(), located.exact)
    };
    assert_eq!(at("spec.containers[0].image"), ("'ng''inx'".into(), true));
    assert_eq!(at("spec.containers[0].env"), ("env".into(), true));
    assert_eq!(at("spec.containers[0].securityContext.runAsUser"), ("name".into(), false));
    assert_eq!(at("spec.hostNetwork"), ("spec".into(), false));
    assert_eq!(at(""), ("apiVersion".into(), true));
    let json = "{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"spec\": {\"a\": [1, {\"b\": \"c\"}]}}";
    let located = one(json).node.locate("spec.a[1].b");
    assert_eq!(&json[located.span], "\"c\"");
    let located = one(json).node.locate("spec.a");
    assert_eq!(&json[located.span], "\"a\"");
}

#[test]
fn one_bad_document_does_not_hide_the_others() {
    let text = format!("{POD}---\na: [\n---\n- 1\n---\nmetadata: {{}}\n---\n{POD}");
    let found = all(&text);
    assert_eq!(found.iter().filter(|found| found.is_ok()).count(), 2);
    let texts: Vec<_> = found.into_iter().filter_map(Result::err).map(|problem| problem.what).collect();
    assert!(texts[0].starts_with("not YAML"), "{texts:?}");
    assert!(texts[1].contains("is a list"), "{texts:?}");
    assert!(texts[2].contains("no kind"), "{texts:?}");
}

#[test]
fn what_readers_would_disagree_about_is_refused() {
    assert!(problem("apiVersion: v1\nkind: Pod\nkind: Service\n").what.contains("\"kind\" is given twice"));
    assert!(problem("{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"kind\": \"Service\"}").what.contains("twice"));
    assert!(problem("apiVersion: v1\nkind: 1\n").what.contains("must be a string"));
}

#[test]
fn a_template_is_called_a_template() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Values.name }}\n";
    assert!(problem(text).what.contains("Helm template"), "{:?}", problem(text));
    let text = "{{- if .Values.on }}\napiVersion: v1\nkind: Pod\n{{- end }}\n";
    assert!(problem(text).help.contains("helm template"), "{:?}", problem(text));
}

#[test]
fn aliases_and_merges_are_followed_within_bounds() {
    let text = format!("{POD}a: &x {{b: 1, c: 2}}\nd: {{<<: *x, c: 3}}\ne: *x\n");
    let value = one(&text).node.to_json();
    assert_eq!(value["d"], json!({"b": 1, "c": 3}));
    assert_eq!(value["e"], json!({"b": 1, "c": 2}));
    let mut bomb = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
    for level in 1..12 {
        let before = level - 1;
        bomb.push_str(&format!("a{level}: &a{level} [*a{before},*a{before},*a{before},*a{before},*a{before},*a{before},*a{before},*a{before}]\n"));
    }
    assert!(problem(&bomb).what.contains("1,000,000"));
    let deep = format!("apiVersion: v1\nkind: Pod\na: {}{}\n", "[".repeat(300), "]".repeat(300));
    assert!(!problem(&deep).what.is_empty());
}

/// Every real manifest that is at hand reads to the same values as Kubewarden's own YAML reader gives.
#[test]
fn real_manifests_read_as_the_library_reads_them() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/manifests");
    let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples"), folder];
    let mut compared = 0;
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "yaml") {
                let text = std::fs::read_to_string(&path).unwrap();
                compared += compare(&path, &text);
            }
        }
    }
    println!("{compared} objects compared");
}

fn compare(path: &std::path::Path, text: &str) -> usize {
    let theirs: Result<Vec<Value>, _> =
        yaml_serde::Deserializer::from_str(text).map(Value::deserialize).collect::<Result<Vec<_>, _>>();
    let Ok(theirs) = theirs else { return 0 };
    let theirs: Vec<Value> = theirs.into_iter().filter(|value| value["kind"].is_string()).collect();
    if theirs.iter().any(|value| value["kind"].as_str().is_some_and(|kind| kind.ends_with("List"))) {
        return 0;
    }
    let ours: Vec<Value> = all(text).into_iter().filter_map(Result::ok).map(|object| object.node.to_json()).collect();
    assert_eq!(ours, theirs, "{}", path.display());
    ours.len()
}
