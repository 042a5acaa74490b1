//! What is read of a tree of files, what is skipped, and what `--fix` writes.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const CONFIG: &str = "registries: [myacr.azurecr.io]\ncacheRules:\n  - {registry: myacr.azurecr.io, source: \"docker.io/library/*\", target: \"hub/library/*\"}\n";

fn pod(image: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec:\n  containers:\n    - {{name: web, image: {image}}}  # why\n"
    )
}

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    folder
}

fn isolation(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_isolation"));
    command.current_dir(folder).arg("check").args(args).stdin(Stdio::null()).output().unwrap()
}

/// The exit status, and both outputs.
fn said(output: &Output) -> (i32, String) {
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.code().unwrap(), text)
}

#[test]
fn a_walk_reads_each_manifest_once_and_says_what_it_passes_over() {
    let bad = pod("quay.io/a/b:1");
    let files = folder(&[
        ("deploy/a.yaml", &bad),
        ("deploy/B.YAML", &bad),
        ("deploy/c.yaml.gotmpl", &bad),
        ("deploy/.hidden.yaml", &bad),
        ("deploy/README.md", "not counted"),
        ("out/d.yaml", &bad),
        ("vendor/e.yaml", &bad),
        ("excluded/f.yaml", &bad),
        (".gitignore", "/out\n"),
        (".isolationignore", "vendor/\n"),
        ("isolation.yaml", CONFIG),
    ]);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(".", files.path().join("self")).unwrap();
        std::os::unix::fs::symlink("a.yaml", files.path().join("deploy/z.yaml")).unwrap();
    }
    let output = isolation(files.path(), &[".", "-v", "--exclude", "excluded"]);
    let (status, text) = said(&output);
    assert_eq!(status, 1, "{text}");
    assert!(text.contains("2 violations in 2 objects from 2 files"), "{text}");
    for passed in [
        "c.yaml.gotmpl: it is a template",
        ".hidden.yaml: it is hidden",
        "out: a .gitignore",
        "vendor: a .gitignore",
        "excluded: --exclude",
        "isolation.yaml: it is the configuration",
    ] {
        assert!(text.contains(passed), "{passed}: {text}");
    }
    assert!(!cfg!(unix) || text.contains("self: it is a link to a folder"), "{text}");
}

#[test]
fn nothing_read_is_not_green() {
    let files = folder(&[
        ("isolation.yaml", CONFIG),
        ("empty/README.md", ""),
        ("comments.yaml", "# nothing\n---\nnull\n"),
        ("list.yaml", "apiVersion: v1\nkind: List\nitems: []\n"),
    ]);
    for arg in ["-", "empty", "comments.yaml"] {
        let (status, text) = said(&isolation(files.path(), &[arg]));
        assert_eq!(status, 2, "{arg}: {text}");
        assert!(text.contains("nothing was read"), "{arg}: {text}");
        assert_eq!(isolation(files.path(), &[arg, "--allow-empty"]).status.code(), Some(0));
    }
    // A list without items was read.
    assert_eq!(isolation(files.path(), &["list.yaml"]).status.code(), Some(0));
}

#[test]
fn a_fix_changes_images_and_nothing_else() {
    let text = pod("nginx:1.27");
    let anchored = "apiVersion: v1\nkind: Pod\nmetadata: {name: p, labels: {app: &n nginx}}\nspec:\n  containers:\n    - {name: *n, image: *n}\n";
    let listed = "x-all: &all\n  - {name: web, image: nginx}\napiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers: *all\n";
    let files = folder(&[
        ("isolation.yaml", CONFIG),
        ("a.yaml", &text),
        ("b.yaml", anchored),
        ("c.yaml", listed),
        ("d.yaml", &pod("quay.io/x/y:1")),
    ]);
    let before = fs::read_to_string(files.path().join("c.yaml")).unwrap();
    let (status, said) = said(&isolation(files.path(), &["--fix", "."]));
    assert_eq!(status, 1, "{said}");
    let read = |name: &str| fs::read_to_string(files.path().join(name)).unwrap();
    assert_eq!(read("a.yaml"), text.replace("nginx:1.27", "myacr.azurecr.io/hub/library/nginx:1.27"));
    assert_eq!(read("b.yaml"), anchored.replace("image: *n", "image: myacr.azurecr.io/hub/library/nginx"));
    assert_eq!(read("c.yaml"), before);
    assert!(said.contains("unchanged: an anchor is used in several places"), "{said}");
    assert!(said.contains("quay.io"), "the other findings are printed: {said}");
}

#[test]
fn a_fix_leaves_alone_what_a_kustomization_finds_by_its_name() {
    let kustomization = "resources: [../base]\nimages: [{name: nginx, newTag: 1.27.3}]\n";
    let files = folder(&[
        ("isolation.yaml", CONFIG),
        ("base/web.yaml", &pod("nginx")),
        ("base/kustomization.yaml", "resources: [web.yaml]\n"),
        ("prod/kustomization.yaml", kustomization),
    ]);
    let (status, said) = said(&isolation(files.path(), &["--fix", "base/web.yaml"]));
    assert_eq!(status, 1, "{said}");
    assert!(said.contains("base/web.yaml:") && said.contains("prod/kustomization.yaml"), "{said}");
    assert_eq!(fs::read_to_string(files.path().join("base/web.yaml")).unwrap(), pod("nginx"));
    // With an entry for the new name beside the old one, the tag stays.
    let both = "resources: [../base]\nimages: [{name: nginx, newTag: 1.27.3}, {name: myacr.azurecr.io/hub/library/nginx, newTag: 1.27.3}]\n";
    fs::write(files.path().join("prod/kustomization.yaml"), both).unwrap();
    assert_eq!(isolation(files.path(), &["--fix", "base/web.yaml"]).status.code(), Some(0));
    assert_eq!(
        fs::read_to_string(files.path().join("base/web.yaml")).unwrap(),
        pod("myacr.azurecr.io/hub/library/nginx")
    );
    // An entry in another kustomization is of no use to this one.
    fs::write(files.path().join("base/web.yaml"), pod("nginx")).unwrap();
    fs::create_dir(files.path().join("test")).unwrap();
    fs::write(files.path().join("test/kustomization.yaml"), kustomization).unwrap();
    assert_eq!(isolation(files.path(), &["--fix", "base/web.yaml"]).status.code(), Some(1));
}

#[test]
fn a_kustomization_is_rendered_and_its_base_is_no_object() {
    let files = folder(&[
        ("isolation.yaml", CONFIG),
        ("app/base/web.yaml", &pod("nginx")),
        ("app/base/kustomization.yaml", "resources: [web.yaml]\n"),
        ("app/prod/kustomization.yaml", "resources: [../base]\nimages: [{name: nginx, newName: quay.io/evil/nginx}]\n"),
    ]);
    let (status, text) = said(&isolation(files.path(), &["app"]));
    if text.contains("is installed") {
        assert_eq!(status, 2, "{text}");
        return;
    }
    assert_eq!(status, 1, "{text}");
    assert!(text.contains("quay.io/evil/nginx") && text.contains("in 1 object from 1 file"), "{text}");
    let (status, text) = said(&isolation(files.path(), &["app", "--no-render", "-v"]));
    assert!(status == 1 && text.contains("app/prod: --no-render"), "{text}");
    assert!(text.contains("app/base/web.yaml:6") && !text.contains("app/base/web.yaml: "), "{text}");
}

#[test]
fn no_name_in_a_kustomization_hides_its_neighbour() {
    let bad = pod("quay.io/a/b:1");
    let files = folder(&[
        ("isolation.yaml", CONFIG),
        ("namespace/kustomization.yaml", "namespace: shop\nresources: []\n"),
        ("namespace/shop/kustomization.yaml", "resources: [web.yaml]\n"),
        ("namespace/shop/web.yaml", &bad),
        ("loop/kustomization.yaml", "resources: [web.yaml, .]\n"),
        ("loop/web.yaml", &bad),
        ("component/kustomization.yaml", "kind: Component\nresources: [web.yaml]\npatches: [{path: patch.yaml}]\n"),
        ("component/web.yaml", &bad),
        ("component/patch.yaml", &bad),
        ("generator/kustomization.yaml", "configMapGenerator: [{name: a, files: [web.yaml, main.json]}]\n"),
        ("generator/main.json", r#"{"$schema": "deploymentTemplate.json#", "resources": []}"#),
        ("generator/web.yaml", &bad),
    ]);
    let check = |path: &str| said(&isolation(files.path(), &[path, "-v"]));
    let (status, text) = check("component");
    assert!(status == 1 && text.contains("component/web.yaml:6") && text.contains("1 violation"), "{text}");
    assert!(text.contains("component/patch.yaml: it is a patch") && text.contains("component: it is a"), "{text}");
    let (status, text) = check("loop");
    assert!(status == 2 && text.contains("cannot render kustomization loop"), "{text}");
    let (status, text) = check("namespace");
    assert!(text.contains("is installed") || (status == 1 && text.contains("kustomization namespace/shop")), "{text}");
    let (_, text) = check("generator");
    for file in ["web.yaml", "main.json"] {
        assert!(text.contains(&format!("generator/{file}: it holds an object")), "{text}");
    }
}

#[test]
fn a_packaged_chart_is_rendered_where_it_is_named() {
    let files =
        folder(&[("isolation.yaml", CONFIG), ("web.yaml", &pod("myacr.azurecr.io/web:1")), ("app/charts/b.tgz", "")]);
    fs::write(files.path().join("app/Chart.yaml"), "apiVersion: v2\nname: a\nversion: 0.1.0\n").unwrap();
    fs::write(files.path().join("app-0.1.0.tgz"), b"\x1f\x8b\x08\0").unwrap();
    let (status, text) = said(&isolation(files.path(), &["app-0.1.0.tgz"]));
    assert!(status == 2 && text.contains("cannot render chart app-0.1.0.tgz: "), "{text}");
    let (_, text) = said(&isolation(files.path(), &[".", "--no-render", "-v"]));
    assert!(text.contains("./app-0.1.0.tgz: it is an archive; name it") && !text.contains("b.tgz"), "{text}");
}

#[test]
fn a_chart_hides_only_what_helm_renders() {
    let bad = pod("quay.io/a/b:1");
    let fine = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";
    let chart = "apiVersion: v2\nname: a\nversion: 0.1.0\n";
    let files = folder(&[
        ("isolation.yaml", CONFIG),
        ("app/Chart.yaml", chart),
        ("app/values.yaml", "kind: Pod\napiVersion: v1\nname: \"{{ x }}\"\n"),
        ("app/values-prod.yaml", "image: nginx\n"),
        ("app/.helmignore", "manifests\nignored.yaml\n"),
        ("app/templates/ignored.yaml", &bad),
        (
            "app/templates/conditional.yaml",
            "# {{ if false }}\napiVersion: v1\nkind: Pod\nmetadata: {name: a}\n# {{ end }}\n",
        ),
        ("app/templates/a.yaml", fine),
        ("app/crds/a.yaml", &bad),
        ("app/manifests/web.yaml", &bad),
        ("app/manifests/twice.yaml", &format!("{fine}data: {{}}\ndata: {{}}\n")),
        (
            "app/infra/main.json",
            r#"{"$schema": "deploymentTemplate.json#", "resources": [{"type": "Microsoft.ContainerService/managedClusters", "name": "a", "apiVersion": "2025-05-01", "properties": {}}]}"#,
        ),
        ("app/charts/sub/Chart.yaml", chart),
        ("app/charts/sub/templates/a.yaml", "# {{ .Values.x }}\n"),
        ("app/charts/sub/extra/web.yaml", &bad),
        ("app/charts/_other/Chart.yaml", "name: [\n"),
        ("app/kustomize/kustomization.yaml", "resources: [nowhere.yaml]\n"),
        ("app/kustomization.yaml", "resources: [nowhere.yaml]\n"),
        ("library/Chart.yaml", &format!("{chart}type: library\n")),
        ("library/templates/_part.yaml", "{{ define \"a\" }}\n{{ end }}\n"),
        ("library/crds/web.yaml", &bad),
    ]);
    let (status, text) = said(&isolation(files.path(), &[".", "-v", "-o", "github"]));
    assert_eq!(status, 2, "{text}");
    for read in [
        "app/manifests/twice.yaml",
        "app/infra/main.json",
        "app/manifests/web.yaml",
        "app/charts/sub/extra/web.yaml",
        "library/crds/web.yaml",
    ] {
        assert!(text.contains(&format!("file={read}")), "{read}: {text}");
    }
    assert!(text.contains("helm is not installed") || text.contains("file=app/templates/ignored.yaml"), "{text}");
    assert!(!text.contains("file=app/templates/cond"), "{text}");
    assert!(!text.contains("file=app/crds") && !text.contains("file=app/values"), "{text}");
    for folder in ["kustomization ./app:", "kustomization ./app/kustomize:", "chart ./app/charts/_other:"] {
        assert!(text.contains(&format!("cannot render {folder}")), "{folder}: {text}");
    }
    assert!(!text.contains("chart ./app/charts/sub") && !text.contains("chart ./library"), "{text}");
    let (_, text) = said(&isolation(files.path(), &[".", "-v"]));
    assert!(text.contains("app/values-prod.yaml: it belongs to a chart"), "{text}");
    assert!(!text.contains("values.yaml: ") && !text.contains("skipped: ./app/templates"), "{text}");
    // Whether helm is there or not, and whatever it says: the values are meant for the chart.
    let (_, text) = said(&isolation(files.path(), &["app", "--set", "image=x"]));
    assert!(!text.contains("it names no policy"), "{text}");
}

/// A stand-in for helm that prints one file of the chart.
#[cfg(unix)]
#[test]
fn a_template_that_helm_ignores_is_named() {
    use std::os::unix::fs::PermissionsExt as _;
    let template = pod("\"{{ .Values.image }}\"");
    let files = folder(&[
        ("isolation.yaml", CONFIG),
        ("app/Chart.yaml", "apiVersion: v2\nname: a\nversion: 0.1.0\n"),
        ("app/.helmignore", "# old\n/templates/old/\nignored.yaml\n"),
        ("app/templates/a.yaml", &template),
        ("app/templates/conditional.yaml", &template),
        ("app/templates/ignored.yaml", &template),
        ("app/templates/old/b.yaml", &template),
        ("app/templates/plain/ignored.yaml", &pod("quay.io/a/b:1")),
        ("app/templates/_helpers.tpl", "{{ define \"a\" }}{{ end }}\n"),
        (
            "bin/helm",
            "#!/bin/sh\necho '---\n# Source: a/templates/a.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}'\n",
        ),
    ]);
    let bin = files.path().join("bin");
    fs::set_permissions(bin.join("helm"), fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let mut command = Command::new(env!("CARGO_BIN_EXE_isolation"));
    let output = command.current_dir(files.path()).args(["check", "-v", "app"]).env("PATH", path).output().unwrap();
    let (status, text) = said(&output);
    assert!(status == 1 && text.contains("app/templates/plain/ignored.yaml:6"), "{text}");
    for file in ["ignored.yaml", "old/b.yaml"] {
        let expected = format!("app/templates/{file}: it is a template that helm ignores; check its output");
        assert!(text.contains(&expected), "{file}: {text}");
    }
    assert!(text.contains("2 paths skipped") && !text.contains("conditional.yaml"), "{text}");
    assert!(!text.contains("templates/a.yaml:") && !text.contains("_helpers"), "{text}");
}

#[test]
fn a_diff_is_what_git_applies() {
    let files = folder(&[("isolation.yaml", CONFIG), ("deploy/a b.yaml", &pod("nginx:1.27"))]);
    let full = files.path().join("deploy");
    let output = isolation(files.path(), &["--diff", full.to_str().unwrap(), "./deploy/a b.yaml"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output).1);
    let patch = files.path().join("patch");
    fs::write(&patch, &output.stdout).unwrap();
    let Ok(applied) = Command::new("git").args(["apply", "patch"]).current_dir(files.path()).output() else { return };
    assert!(applied.status.success(), "{}", String::from_utf8_lossy(&applied.stderr));
    assert_eq!(fs::read_to_string(full.join("a b.yaml")).unwrap(), pod("myacr.azurecr.io/hub/library/nginx:1.27"));
}

#[test]
fn utf_16_is_read_and_written_as_such() {
    let files = folder(&[("isolation.yaml", CONFIG)]);
    let utf16 = |text: &str| -> Vec<u8> {
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
    };
    let path = files.path().join("a.yaml");
    fs::write(&path, utf16(&pod("nginx:1.27").replace('\n', "\r\n"))).unwrap();
    let (status, text) = said(&isolation(files.path(), &["--fix", "a.yaml"]));
    assert_eq!(status, 0, "{text}");
    assert_eq!(fs::read(&path).unwrap(), utf16(&pod("myacr.azurecr.io/hub/library/nginx:1.27").replace('\n', "\r\n")));
}

#[test]
fn what_no_cluster_takes_is_named() {
    let object = r#"{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}}"#;
    let files = folder(&[
        ("isolation.yaml", CONFIG),
        ("list.json", &format!("[{object}]")),
        ("comment.json", &format!("// x\n{object}")),
        ("case.yaml", &pod("nginx").replace("Pod", "pod")),
        ("group.yaml", "apiVersion: Apps/v1\nkind: Deployment\nmetadata: {name: a}\n"),
        ("items.yaml", "apiVersion: v1\nkind: podList\nitems: [{metadata: {name: a}}]\n"),
    ]);
    fs::write(files.path().join("utf16.yaml"), b"a\0:\0 \0b\0").unwrap();
    fs::write(files.path().join("packed.yaml"), b"\x1f\x8b\x08\0").unwrap();
    for (file, what) in [
        ("list.json", "kubectl does not read it: wrap it in"),
        ("comment.json", "JSON has no comments"),
        ("case.yaml", "the API server rejects it: the kind is Pod, and case counts"),
        ("group.yaml", "Write apiVersion: apps/v1"),
        ("items.yaml", "the kind is Pod"),
        ("utf16.yaml", "it is UTF-16 without a byte order mark"),
        ("packed.yaml", "it is compressed with gzip"),
    ] {
        let (status, text) = said(&isolation(files.path(), &[file]));
        assert!(status == 2 && text.contains(what), "{file}: {text}");
    }
    let configured = |bytes: &[u8]| {
        fs::write(files.path().join("c.yaml"), bytes).unwrap();
        said(&isolation(files.path(), &["-c", "c.yaml", "--allow-empty", "isolation.yaml"]))
    };
    let (_, text) = configured(b"registries: []\n---\nregistries: []\n");
    assert!(text.contains("text follows the document, and only one is read") && !text.contains("kubectl"), "{text}");
    let utf16: Vec<u8> =
        std::iter::once(0xfeff).chain("nonsense: 1".encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert!(configured(&utf16).1.contains("nonsense"));
}

#[cfg(unix)]
#[test]
fn a_name_does_not_begin_a_line_of_its_own() {
    let name = "x\n::error::y\u{1b}[2J\u{202e}.yaml";
    let files = folder(&[("isolation.yaml", CONFIG), (name, &pod("nginx:1.27"))]);
    for args in [&["."][..], &["--fix", "."], &[".", "-o", "json"]] {
        let (_, text) = said(&isolation(files.path(), args));
        assert!(!text.contains("\n::error") && !text.contains('\u{202e}') && !text.contains("\u{1b}[2J"), "{text:?}");
    }
}

#[test]
fn a_closed_pipe_does_not_change_the_verdict() {
    let files = folder(&[("isolation.yaml", CONFIG), ("a.yaml", &pod("quay.io/x/y:1"))]);
    let mut child = Command::new(env!("CARGO_BIN_EXE_isolation"))
        .current_dir(files.path())
        .args(["check", "a.yaml"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

/// A commit hook names the files that are changed, and not the others of the same deployment.
#[test]
fn a_named_template_is_judged_with_the_files_of_parameters_beside_it() {
    const SCHEMA: &str = "https://schema.management.azure.com/schemas/2019-04-01";
    let template = |name: &str| {
        format!(
            r#"{{"$schema":"{SCHEMA}/deploymentTemplate.json#","parameters":{{"{name}":{{"type":"string","defaultValue":"Disabled"}}}},"resources":[{{"type":"Microsoft.ContainerRegistry/registries","apiVersion":"2025-04-01","name":"acr1","sku":{{"name":"Premium"}},"properties":{{"publicNetworkAccess":"[parameters('{name}')]"}}}}]}}"#
        )
    };
    let values = |name: &str, value: &str| {
        format!(
            r#"{{"$schema":"{SCHEMA}/deploymentParameters.json#","parameters":{{"{name}":{{"value":"{value}"}}}}}}"#
        )
    };
    let files = folder(&[
        ("isolation.yaml", "isolated-clusters: {}\n"),
        ("infra/main.json", &template("access")),
        ("infra/main.parameters.json", &values("access", "Enabled")),
        ("infra/other.json", &template("other")),
        ("infra/broken.json", "{"),
        ("safe/main.json", &template("access")),
        ("safe/ignored.parameters.json", &values("access", "Enabled")),
        ("safe/.gitignore", "ignored.*\n"),
        ("safe/env/prod/main.parameters.json", &values("access", "Enabled")),
        ("alone/main.parameters.json", &values("access", "Enabled")),
    ]);
    let status = |paths: &[&str]| {
        let (status, text) = said(&isolation(files.path(), &[&["--only", "isolated-clusters"], paths].concat()));
        assert_eq!(status == 1, text.contains("NI617"), "{text}");
        assert_eq!(text.matches("error[NI617]").count(), usize::from(status == 1), "{text}");
        (status, text)
    };
    for paths in [
        &["infra/main.json"][..],
        &["./infra/main.json"],
        &["infra/main.parameters.json"],
        &["infra/main.parameters.json", "infra/main.json"],
        &["safe/env/prod/main.parameters.json"],
    ] {
        let (status, text) = status(paths);
        assert!(status == 1 && !text.contains("no template"), "{paths:?}: {text}");
    }
    for paths in [
        &["infra/other.json"][..],
        // What a walk would not read is not read beside a file either.
        &["infra/main.json", "--exclude", "*.parameters.json"],
        &["safe/main.json"],
    ] {
        assert_eq!(status(paths).0, 0, "{paths:?}");
    }
    let (_, text) = status(&["alone/main.parameters.json"]);
    assert!(text.contains("no template beside this file"), "{text}");
}
