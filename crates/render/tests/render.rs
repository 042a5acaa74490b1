//! Folders through the tools that are installed; where one is missing, what is said of it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::Path;

use isolation_render::{Failure, Folder, Kustomization, Options};

fn write(folder: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        let file = folder.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
}

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: nginx}]}\n";

#[test]
fn a_kustomization_is_what_its_overlay_makes_of_its_base() {
    let dir = tempfile::tempdir().unwrap();
    write(
        dir.path(),
        &[
            ("base/kustomization.yaml", "resources: [pod.yaml]\n"),
            ("base/pod.yaml", POD),
            (
                "prod/kustomization.yml",
                "resources: [../base]\nimages: [{name: nginx, newTag: \"1.27\"}]\nconfigMapGenerator: [{name: c, files: [key=pod.txt]}]\n",
            ),
            ("prod/pod.txt", "x"),
            ("parts/Kustomization", "kind: Component\n"),
        ],
    );
    let prod = Folder::of(&dir.path().join("prod")).unwrap();
    assert_eq!(prod, Folder::Kustomization(dir.path().join("prod")));
    let named = Kustomization::of(prod.path()).unwrap();
    let named: Vec<_> = named.names.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(named, ["base", "pod.txt"]);
    assert!(Kustomization::of(&dir.path().join("parts")).unwrap().is_component);
    match prod.render(&Options::default()) {
        Ok(text) => assert!(text.contains("image: nginx:1.27"), "{text}"),
        Err(failure) => assert!(matches!(failure, Failure::Missing { .. }), "{failure}"),
    }
    write(dir.path(), &[("broken/kustomization.yaml", "resources: [nowhere.yaml]\n")]);
    match Folder::of(&dir.path().join("broken")).unwrap().render(&Options::default()) {
        Err(Failure::Failed { said, .. }) => assert!(said.contains("nowhere.yaml"), "{said}"),
        other => assert!(matches!(other, Err(Failure::Missing { .. })), "{other:?}"),
    }
}

#[test]
fn a_chart_is_what_helm_makes_of_its_values() {
    let dir = tempfile::tempdir().unwrap();
    write(
        dir.path(),
        &[
            ("web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 0.1.0\n"),
            ("web/values.yaml", "tag: a\n"),
            (
                "web/templates/pod.yaml",
                "apiVersion: v1\nkind: Pod\nmetadata: {name: \"{{ .Release.Name }}\", namespace: \"{{ .Release.Namespace }}\"}\nspec: {containers: [{name: web, image: \"x:{{ .Values.tag }}{{ .Values.more }}\"}]}\n",
            ),
            ("more.yaml", "more: b\n"),
            ("common/Chart.yaml", "apiVersion: v2\nname: common\nversion: 0.1.0\ntype: library\n"),
        ],
    );
    let web = Folder::of(&dir.path().join("web")).unwrap();
    assert!(!web.is_library() && Folder::of(&dir.path().join("common")).unwrap().is_library());
    let options =
        Options { namespace: "shop".into(), values: vec![dir.path().join("more.yaml")], set: vec!["tag=c".into()] };
    match web.render(&options) {
        Ok(text) => {
            assert!(text.contains("image: \"x:cb\"") && text.contains("name: \"web\", namespace: \"shop\""), "{text}");
            assert!(text.contains("# Source: web/templates/pod.yaml"), "{text}");
        }
        Err(failure) => {
            assert!(matches!(&failure, Failure::Missing { tools, .. } if tools == &["helm"]), "{failure}");
            assert!(failure.help().contains("Install helm"));
        }
    }
}
