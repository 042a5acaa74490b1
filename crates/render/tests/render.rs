//! Folders through the tools that are installed; where one is missing, what is said of it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::Path;

use isolation_render::{Failure, Folder, Kustomization, Options, Used};

fn write(folder: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        let file = folder.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
}

fn names(paths: &[std::path::PathBuf]) -> Vec<&str> {
    paths.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect()
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
    let prod = Folder::kustomization(&dir.path().join("prod")).unwrap();
    assert_eq!(prod, Folder::Kustomization(dir.path().join("prod")));
    let named = Kustomization::of(prod.path()).unwrap();
    assert_eq!((names(&named.built), names(&named.data)), (vec!["base"], vec!["pod.txt"]));
    assert!(Kustomization::of(&dir.path().join("parts")).unwrap().is_component);
    match prod.render(&Options::default()) {
        Ok(text) => assert!(text.contains("image: nginx:1.27"), "{text}"),
        Err(failure) => assert!(matches!(failure, Failure::Missing { .. }), "{failure}"),
    }
    write(dir.path(), &[("broken/kustomization.yaml", "resources: [nowhere.yaml]\n")]);
    match Folder::kustomization(&dir.path().join("broken")).unwrap().render(&Options::default()) {
        Err(Failure::Failed { said, .. }) => assert!(said.contains("nowhere.yaml"), "{said}"),
        other => assert!(matches!(other, Err(Failure::Missing { .. })), "{other:?}"),
    }
}

#[test]
fn a_chart_is_told_what_the_cluster_has_and_whether_it_is_an_upgrade() {
    let dir = tempfile::tempdir().unwrap();
    let template = "{{- if .Capabilities.APIVersions.Has \"a.io/v1/B\" }}\nkind: B\n{{- end }}\n---\nversion: {{ .Capabilities.KubeVersion }}\nupgrade: {{ .Release.IsUpgrade }}\n";
    write(
        dir.path(),
        &[("web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 0.1.0\n"), ("web/templates/a.yaml", template)],
    );
    let chart = Folder::chart(&dir.path().join("web")).unwrap();
    let options = Options {
        api_versions: vec!["c.io/v1".to_owned(), "a.io/v1/B".to_owned()],
        kube_version: Some("1.33".to_owned()),
        is_upgrade: true,
        ..Options::default()
    };
    match (chart.render(&Options::default()), chart.render(&options)) {
        (Ok(without), Ok(text)) => {
            assert!(!without.contains("kind: B") && without.contains("upgrade: false"), "{without}");
            assert!(text.contains("kind: B") && text.contains("version: v1.33"), "{text}");
            assert!(text.contains("upgrade: true"), "{text}");
        }
        other => return assert!(matches!(other.0, Err(Failure::Missing { .. })), "{other:?}"),
    }
    let package = ["package", "web", "--destination", "."];
    let packaged = std::process::Command::new("helm").current_dir(dir.path()).args(package).output().unwrap();
    assert!(packaged.status.success(), "{packaged:?}");
    let file = dir.path().join("web-0.1.0.tgz");
    assert!(Folder::is_packaged(&file));
    let text = Folder::Chart(file).render(&options).unwrap();
    assert!(text.contains("kind: B"), "{text}");
}

#[test]
fn only_fields_with_paths_name_files_and_folders() {
    let dir = tempfile::tempdir().unwrap();
    let kustomization = "namespace: a\nnamePrefix: b\nlabels: [{pairs: {c: d}}]\nimages: [{name: e, newTag: f}]\n\
        resources: [r.yaml, \"https://example.com/x?ref=v1\", .]\nbases: [base]\ncomponents: [part]\n\
        generators: [g.yaml]\ntransformers: [t.yaml, \"kind: X\\n\"]\nvalidators: [v.yaml]\n\
        patches: [{path: p.yaml, target: {name: a}}, {patch: b}]\npatchesJson6902: [{path: j.yaml, target: {name: c}}]\n\
        patchesStrategicMerge: [s.yaml]\nconfigMapGenerator: [{name: a, files: [k=x.yaml, y.yaml], env: z, envs: [w], literals: [k=b]}]\n\
        secretGenerator: [{name: a, files: [u.yaml]}]\nconfigurations: [o.yaml]\ncrds: [n.json]\nopenapi: {path: m.json, version: a}\n\
        replacements: [{path: l.yaml}, {source: {fieldPath: b, options: {delimiter: .}}}]\n\
        helmCharts: [{name: d, valuesFile: i.yaml, additionalValuesFiles: [h.yaml]}]\nhelmGlobals: {chartHome: charts}\n";
    let files = "r.yaml g.yaml t.yaml v.yaml p.yaml j.yaml s.yaml x.yaml y.yaml z w u.yaml o.yaml n.json m.json l.yaml i.yaml h.yaml";
    let folders = "a b c d e f v1 base part charts";
    write(dir.path(), &[("kustomization.yaml", kustomization)]);
    files.split(' ').for_each(|file| fs::write(dir.path().join(file), "").unwrap());
    folders.split(' ').for_each(|folder| fs::create_dir(dir.path().join(folder)).unwrap());
    let read = Kustomization::of(dir.path()).unwrap();
    assert_eq!(names(&read.built), ["r.yaml", "base", "part", "g.yaml", "t.yaml", "v.yaml"]);
    assert_eq!(names(&read.patches), ["p.yaml", "j.yaml", "s.yaml"]);
    let data = ["x.yaml", "y.yaml", "w", "z", "u.yaml", "o.yaml", "n.json", "m.json", "l.yaml", "i.yaml", "h.yaml"];
    assert_eq!(names(&read.data), data);
    assert_eq!((read.names().count(), names(&read.charts)), (21, vec!["charts"]));
}

#[test]
fn a_folder_is_used_if_one_that_is_rendered_reaches_it() {
    let dir = tempfile::tempdir().unwrap();
    let top = dir.path().canonicalize().unwrap();
    let component = "kind: Component\nresources: [../w]\n";
    write(
        &top,
        &[
            // b uses a's base through a component, and a folder that the walk has not found.
            ("a/kustomization.yaml", "resources: [p.yaml]\n"),
            ("a/p.yaml", POD),
            ("part/kustomization.yaml", "kind: Component\nresources: [../beside]\n"),
            ("beside/kustomization.yaml", "resources: [../a]\n"),
            ("b/kustomization.yaml", "components: [../part]\n"),
            // A loop that nobody else uses, one that d uses, and a kustomization that uses itself.
            ("loop/1/kustomization.yaml", "resources: [../2]\n"),
            ("loop/2/kustomization.yaml", "resources: [../3]\n"),
            ("loop/3/kustomization.yaml", "resources: [../1]\n"),
            ("c/1/kustomization.yaml", "resources: [../2]\n"),
            ("c/2/kustomization.yaml", "resources: [../1]\n"),
            ("d/kustomization.yaml", "resources: [../c/2]\n"),
            ("self/kustomization.yaml", "resources: [., ../self]\n"),
            // A component that nobody uses, and what it alone uses.
            ("unused/kustomization.yaml", component),
            ("w/kustomization.yaml", "resources: [q.yaml]\n"),
            ("w/q.yaml", POD),
        ],
    );
    let folders = ["a", "b", "c/1", "c/2", "d", "loop/1", "loop/2", "loop/3", "part", "self", "unused", "w"];
    let folders: Vec<_> = folders.iter().map(|folder| top.join(folder)).collect();
    let used = Used::among(folders.iter().map(|folder| folder.as_path()));
    let rendered: Vec<_> = used.rendered.iter().map(|folder| folder.strip_prefix(&top).unwrap()).collect();
    assert_eq!(rendered, ["b", "d", "loop/1", "self", "w"].map(Path::new));
    assert!(used.built.contains(&top.join("a/p.yaml")) && used.built.contains(&top.join("w/q.yaml")));
    assert!(!used.built.contains(&top.join("unused")));
    // However long the chain is.
    let chain: Vec<_> = (0..2000)
        .map(|number| (format!("long/{number}/kustomization.yaml"), format!("resources: [../{}]\n", number + 1)))
        .collect();
    write(&top, &chain.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect::<Vec<_>>());
    let folders: Vec<_> = (0..2000).rev().map(|number| top.join(format!("long/{number}"))).collect();
    let used = Used::among(folders.iter().map(|folder| folder.as_path()));
    assert_eq!(used.rendered.into_iter().collect::<Vec<_>>(), [top.join("long/0")]);
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
            ("web/crds/crd.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: installed-too}\n"),
            ("more.yaml", "more: b\n"),
            ("common/Chart.yaml", "apiVersion: v2\nname: common\nversion: 0.1.0\ntype: library\n"),
        ],
    );
    let web = Folder::chart(&dir.path().join("web")).unwrap();
    assert!(!web.is_library() && Folder::chart(&dir.path().join("common")).unwrap().is_library());
    let options = Options {
        namespace: "shop".into(),
        values: vec![dir.path().join("more.yaml")],
        set: vec!["tag=c".into()],
        ..Options::default()
    };
    match web.render(&options) {
        Ok(text) => {
            assert!(text.contains("image: \"x:cb\"") && text.contains("name: \"web\", namespace: \"shop\""), "{text}");
            assert!(text.contains("# Source: web/templates/pod.yaml") && text.contains("installed-too"), "{text}");
        }
        Err(failure) => {
            assert!(matches!(&failure, Failure::Missing { tools, .. } if tools == &["helm"]), "{failure}");
            assert!(failure.help().contains("Install helm"));
        }
    }
}
