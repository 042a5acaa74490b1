//! The changes that findings carry, written into files.

// A helper of tests is a test to everybody but clippy.
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

const MANIFESTS: &str = "\
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    # internal, or so somebody thought
    service.beta.kubernetes.io/azure-load-balancer-internal: \"True\"  # why
    service.beta.kubernetes.io/azure-additional-public-ips: 20.0.0.1
spec:
  type: LoadBalancer
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: files}
provisioner: file.csi.azure.com
parameters:
  skuName: Premium_LRS  # fast
---
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
    - {name: a, image: quay.io/team/web:1}
    - {name: b, image: MyACR.azurecr.io/team/b:1}
    - {name: c, image: quay.io/allowed/app:1}  # isolation: allow NI101 because it is mirrored
";

const CONFIG: &str = "registries: [myacr.azurecr.io]\n";

fn isolation(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let out = Command::new(env!("CARGO_BIN_EXE_isolation")).args(args).current_dir(folder).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (out.status.code().unwrap(), text(out.stdout), text(out.stderr))
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("isolation.yaml"), CONFIG).unwrap();
    fs::write(folder.path().join("a.yaml"), MANIFESTS).unwrap();
    folder
}

/// The manifests after these replacements.
fn with(replacements: &[(&str, &str)]) -> String {
    replacements.iter().fold(MANIFESTS.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    })
}

const SAFE: &[(&str, &str)] = &[("\"True\"", "\"true\""), ("MyACR.azurecr.io/team/b:1", "myacr.azurecr.io/team/b:1")];

const UNSAFE: &[(&str, &str)] = &[
    ("    service.beta.kubernetes.io/azure-additional-public-ips: 20.0.0.1\n", ""),
    ("  skuName: Premium_LRS  # fast\n", "  skuName: Premium_LRS  # fast\n  networkEndpointType: privateEndpoint\n"),
    ("quay.io/team/web:1", "myacr.azurecr.io/team/web:1"),
];

#[test]
fn what_is_safe_is_written_and_the_rest_when_it_is_asked_for() {
    let folder = folder();
    let folder = folder.path();
    let file = folder.join("a.yaml");
    let (status, out, err) = isolation(folder, &["check", "a.yaml"]);
    assert_eq!(status, 1, "{err}");
    assert!(out.ends_with("\n2 fixable with --fix, 3 more with --unsafe-fixes (--diff shows them)\n"), "{out}");
    let (status, out, _) = isolation(folder, &["check", "--diff", "a.yaml"]);
    assert!(
        status == 1 && out.contains("+    service.beta.kubernetes.io/azure-load-balancer-internal: \"true\"  # why"),
        "{out}"
    );
    assert!(!out.contains("privateEndpoint"), "{out}");
    assert!(
        isolation(folder, &["check", "--diff", "--unsafe-fixes", "a.yaml"])
            .1
            .contains("+  networkEndpointType: privateEndpoint")
    );
    assert_eq!(fs::read_to_string(&file).unwrap(), MANIFESTS, "--diff writes nothing");

    let (status, out, err) = isolation(folder, &["check", "--fix", "a.yaml"]);
    assert_eq!(fs::read_to_string(&file).unwrap(), with(SAFE), "{out}{err}");
    // What is reported is what is left.
    assert!(status == 1 && out.contains("\n3 fixable with --fix --unsafe-fixes (--diff shows them)\n"), "{out}");

    let (status, out, err) = isolation(folder, &["check", "--fix", "--unsafe-fixes", "a.yaml"]);
    // The image that an exception allows is still there.
    assert_eq!(fs::read_to_string(&file).unwrap(), with(&[SAFE, UNSAFE].concat()), "{out}{err}");
    assert!(status == 0 && out.contains("0 violations, 1 allowed by an exception"), "{out}{err}");
    assert_eq!(isolation(folder, &["check", "--unsafe-fixes", "a.yaml"]).0, 2);
}

const CACHED: &str = "registries: [myacr.azurecr.io]\ncacheRules:\n  - {registry: myacr.azurecr.io, source: \"docker.io/library/*\", target: \"hub/*\"}\n";

fn pod(images: &[&str]) -> String {
    let containers: String = images.iter().map(|image| format!("    - image: {image}\n")).collect();
    format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec:\n  containers:\n{containers}")
}

/// A policy that rewrites images is asked what a file is to hold. Admission has it only where it is configured, so the verdict
/// is without it.
#[test]
fn what_could_not_be_written_is_still_a_violation() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("isolation.yaml"), CACHED).unwrap();
    let latin = [pod(&["nginx"]).as_bytes(), b"# caf\xe9\n"].concat();
    fs::write(folder.join("latin.yaml"), &latin).unwrap();
    let (status, out, err) = isolation(folder, &["check", "--fix", "latin.yaml"]);
    assert!(status == 1 && out.contains("\n1 violation in"), "{out}{err}");
    assert!(out.contains("note: latin.yaml is unchanged: it is not UTF-8") && !out.contains("fixable"), "{out}");
    assert_eq!(fs::read(folder.join("latin.yaml")).unwrap(), latin);
    assert!(!isolation(folder, &["check", "latin.yaml"]).1.contains("fixable"));

    // Where admission rewrites the image, there is no violation. What --fix could not do it does not advise.
    fs::write(folder.join("rewriting.yaml"), format!("{CACHED}cached-images:\n")).unwrap();
    let args = ["check", "--config", "rewriting.yaml", "latin.yaml"];
    assert!(isolation(folder, &args).1.contains("in the manifest too (isolation check --fix)"));
    let (status, out, err) = isolation(folder, &[&args[..], &["--fix"]].concat());
    assert!(status == 0 && out.contains("0 violations, 1 warning") && !out.contains("check --fix"), "{out}{err}");

    let text = pod(&["nginx", "redis:7  # isolation: allow NI101 because it is a test"]);
    fs::write(folder.join("a.yaml"), &text).unwrap();
    let (status, out, err) = isolation(folder, &["check", "--fix", "a.yaml"]);
    assert!(status == 0 && out.contains("0 violations, 1 allowed by an exception"), "{out}{err}");
    let fixed = text.replace("nginx", "myacr.azurecr.io/hub/nginx");
    assert_eq!(fs::read_to_string(folder.join("a.yaml")).unwrap(), fixed, "what an exception allows stays");
}

/// What is allowed of the policy that rewrites stays in a file, too, whether admission has that policy or not.
#[test]
fn what_may_stay_as_it_is_is_not_rewritten() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let allow =
        "allow: [{rule: NI701, object: {kind: Pod, name: web}, value: nginx, reason: its operator compares it}]\n";
    // Otherwise it is a violation that the same change mends.
    let except = "private-images: {exceptions: [docker.io/library/nginx]}\n";
    for section in ["", "cached-images:\n", "cached-images: {warnings: false}\n"] {
        fs::write(folder.join("isolation.yaml"), format!("{CACHED}{allow}{except}{section}")).unwrap();
        fs::write(folder.join("a.yaml"), pod(&["nginx", "redis:7"])).unwrap();
        // An exception that is used is not said to match nothing, and what is silenced is not said.
        let (_, _, err) = isolation(folder, &["check", "a.yaml"]);
        let said =
            |out: &str| out.contains("matches nothing") || section.contains("false") && out.contains("rewritten");
        let (_, out, err_fix) = isolation(folder, &["check", "--fix", "a.yaml"]);
        assert!(![&err, &out, &err_fix].into_iter().any(|text| said(text)), "{section}: {err}{out}{err_fix}");
        let text = fs::read_to_string(folder.join("a.yaml")).unwrap();
        assert_eq!(text, pod(&["nginx", "myacr.azurecr.io/hub/redis:7"]), "{section}");
    }
}

/// An import keeps the repository and not the host. Images that would get one name are not changed, however often it is run; a
/// name that is in use is most often the same image's.
#[test]
fn no_two_images_get_one_name() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("isolation.yaml"), CONFIG).unwrap();
    let text = pod(&[
        "grafana/grafana:11",
        "docker.io/grafana/grafana:11",
        "quay.io/grafana/grafana:11",
        "ghcr.io/grafana/grafana:12",
    ]);
    fs::write(folder.join("a.yaml"), &text).unwrap();
    let own = pod(&[
        "quay.io/team/shop",
        "myacr.azurecr.io/team/shop:latest@sha256:c612d570cb6d6ff29afb72932c1bfe98a1ecc234df50f8ea4873fb7066e760fc",
    ]);
    fs::write(folder.join("b.yaml"), &own).unwrap();
    let (status, out, err) = isolation(folder, &["check", "--diff", "--unsafe-fixes", "."]);
    assert!(status == 1 && out.matches("\n+ ").count() == 2, "{out}{err}");
    for (image, other) in [("quay.io", "docker.io"), ("docker.io", "quay.io")] {
        let note = format!(
            "unchanged: {image}/grafana/grafana would get the name myacr.azurecr.io/grafana/grafana:11, which {other}/grafana/grafana would get too"
        );
        assert!(err.contains(&note), "{note}: {err}");
    }
    assert!(
        err.contains("quay.io/team/shop gets the name myacr.azurecr.io/team/shop:latest, which is in use already"),
        "{err}"
    );
    assert!(isolation(folder, &["check", "."]).1.contains("2 fixable"), "{}", isolation(folder, &["check", "."]).1);
    for _ in 0..2 {
        let (status, out, err) = isolation(folder, &["check", "--fix", "--unsafe-fixes", "."]);
        assert!(status == 1 && out.matches("would get too").count() == 3, "{out}{err}");
        let written = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
        assert_eq!(written("a.yaml"), text.replace("ghcr.io", "myacr.azurecr.io"));
        assert_eq!(written("b.yaml"), own.replace("quay.io", "myacr.azurecr.io"));
    }
}

#[test]
fn what_a_change_leads_to_is_changed_too() {
    let folder = folder();
    let annotation = |name: &str| format!("    service.beta.kubernetes.io/azure-{name}\n");
    let head = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n  annotations:\n";
    let end = "spec: {type: LoadBalancer, ports: [{port: 80}]}\n";
    let public = [annotation("pip-name: public"), annotation("dns-label-name: web")].concat();
    let file = folder.path().join("web.yaml");
    fs::write(&file, format!("{head}{public}{end}")).unwrap();
    let (status, _, err) = isolation(folder.path(), &["check", "--fix", "--unsafe-fixes", "web.yaml"]);
    let written = fs::read_to_string(&file).unwrap();
    assert_eq!(status, 0, "{err}{written}");
    assert_eq!(written, format!("{head}{}{end}", annotation("load-balancer-internal: \"true\"")));
}

/// A wrong value of a flag is not looked for in the configuration, which has another one.
#[test]
fn a_wrong_flag_is_called_wrong() {
    let folder = folder();
    let check = |flag: &str, value: &str| isolation(folder.path(), &["check", flag, value, "a.yaml"]);
    for (flag, value) in [("--registry", "http://x"), ("--set", "private-images.registries=[http://x]")] {
        let (status, out, _) = check(flag, value);
        assert!(status == 2 && out.contains(&format!("= help: The value is that of {flag}\n")), "{out}");
        assert!(!out.contains("isolation.yaml"), "{out}");
    }
}

const SERVICE: &str = "apiVersion: v1\nkind: Service\nspec: {type: LoadBalancer}\nmetadata:\n  name: web\n";

/// What can be changed is counted, and the rest is told of, in every way of asking.
#[test]
fn what_cannot_be_changed_is_said_and_not_counted() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("isolation.yaml"), CACHED).unwrap();
    let merged = format!("x: &m {{name: web}}\n{}", SERVICE.replace("metadata:\n  name: web", "metadata: *m"));
    let mixed = format!("{merged}---\n{}", pod(&["nginx"]));
    for (name, text) in [("merged", merged), ("mixed", mixed)] {
        let name = format!("{name}.yaml");
        fs::write(folder.join(&name), &text).unwrap();
        let said = "unchanged: an anchor is used in several places";
        let (after, patch, err) = isolation(folder, &["check", "--diff", "--unsafe-fixes", &name]);
        assert!(after == 1 && err.matches(said).count() == 1, "{name}: {after} {patch}{err}");
        assert_eq!(patch.is_empty(), name == "merged.yaml", "{patch}");
        let (after, out, err) = isolation(folder, &["check", "--fix", "--unsafe-fixes", &name]);
        assert!(after == 1 && out.matches(said).count() == 1, "{name}: {after} {out}{err}");
        assert_eq!(err.contains("rewrote 1 field"), name == "mixed.yaml", "{err}");
        assert!(!out.contains("fixable"), "{out}");
    }
    // Nothing is said of what no change is offered for, but that something is wrong.
    fs::write(folder.join("held.yaml"), pod(&["quay.io/a/b"])).unwrap();
    let (status, patch, err) = isolation(folder, &["check", "--diff", "held.yaml"]);
    assert!(status == 1 && patch.is_empty() && err.contains("1 violation in 1 object"), "{patch}{err}");
    for clash in ["--fix", "-ojson", "--output-file=json=x", "--write-baseline=x"] {
        assert_eq!(isolation(folder, &["check", "--diff", clash, "held.yaml"]).0, 2, "{clash}");
    }
}

#[test]
fn annotations_without_a_value_are_written() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("isolation.yaml"), CONFIG).unwrap();
    let internal = "service.beta.kubernetes.io/azure-load-balancer-internal: \"true\"";
    for (name, empty, full) in [
        ("empty.yaml", "  annotations:\n", format!("  annotations: {{{internal}}}\n")),
        ("null.yaml", "  annotations: null\n", format!("  annotations: {{{internal}}}\n")),
        ("last.yaml", "  annotations:", format!("  annotations: {{{internal}}}")),
    ] {
        fs::write(folder.join(name), format!("{SERVICE}{empty}")).unwrap();
        let (_, out, _) = isolation(folder, &["check", name]);
        assert!(out.ends_with("1 fixable with --fix --unsafe-fixes (--diff shows them)\n"), "{out}");
        let (status, out, err) = isolation(folder, &["check", "--fix", "--unsafe-fixes", name]);
        assert_eq!((status, err.trim_end()), (0, format!("rewrote 1 field in {name}").as_str()), "{out}");
        assert_eq!(fs::read_to_string(folder.join(name)).unwrap(), format!("{SERVICE}{full}"));
    }
}

/// A kustomization's `images` finds an image by its name. Only one that reaches the file keeps the name in it.
#[test]
fn only_what_reaches_a_file_holds_on_to_its_images() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let write = |path: &str, text: &str| {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    fs::create_dir_all(root.join(".git")).unwrap();
    fs::create_dir_all(root.join("vendored/.git")).unwrap();
    write("isolation.yaml", CACHED);
    let images = "images: [{name: nginx, newTag: '1.27'}]\n";
    for file in ["free/a.yaml", "base/a.yaml", "direct/a.yaml", "direct/not-named.yaml", "used/a.yaml"] {
        write(file, &pod(&["nginx", "redis:7"]));
    }
    write("other/kustomization.yaml", images);
    write("vendored/kustomization.yaml", &format!("resources: [../free/a.yaml]\n{images}"));
    write("direct/kustomization.yaml", &format!("resources: [a.yaml]\n{images}"));
    write("base/kustomization.yaml", "resources: [a.yaml]\n");
    write("overlays/test/kustomization.yaml", "resources: [../../base]\n");
    write("overlays/prod/kustomization.yml", &format!("resources: [../test]\n{images}"));
    write("used/kustomization.yaml", "resources: [a.yaml]\ncomponents: [../component]\n");
    write("component/kustomization.yaml", &format!("kind: Component\n{images}"));
    for (file, holder) in [
        ("free/a.yaml", None),
        ("direct/not-named.yaml", None),
        ("direct/a.yaml", Some("direct/kustomization.yaml")),
        ("base/a.yaml", Some("overlays/prod/kustomization.yml")),
        ("used/a.yaml", Some("component/kustomization.yaml")),
    ] {
        let (_, out, _) = isolation(root, &["check", file]);
        let (all, left) = if holder.is_some() { (1, "nginx") } else { (2, "myacr.azurecr.io/hub/nginx") };
        assert!(out.ends_with(&format!("\n{all} fixable with --fix\n")), "{file}: {out}");
        let (status, out, err) = isolation(root, &["check", "--fix", file]);
        assert_eq!(status, i32::from(holder.is_some()), "{file}: {out}{err}");
        assert_eq!(fs::read_to_string(root.join(file)).unwrap(), pod(&[left, "myacr.azurecr.io/hub/redis:7"]));
        assert!(holder.is_none_or(|holder| out.contains(&format!("{holder} finds the image nginx"))), "{file}: {out}");
    }
}

/// The byte of a line and column, both from 1.
fn offset(text: &str, line: &Value, column: &Value) -> usize {
    let number = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap() - 1;
    let start: usize = text.split_inclusive('\n').take(number(line)).map(str::len).sum();
    start + text[start..].chars().take(number(column)).map(char::len_utf8).sum::<usize>()
}

/// Each fix in SARIF is applied by itself, as an editor does it, and the file is judged again.
#[test]
fn a_fix_in_sarif_does_what_fix_does() {
    let folder = folder();
    let folder = folder.path();
    let report =
        || -> Value { serde_json::from_str(&isolation(folder, &["check", "-o", "sarif", "a.yaml"]).1).unwrap() };
    let mut applied = 0;
    let before = report();
    for result in
        before["runs"][0]["results"].as_array().unwrap().iter().filter(|result| result["suppressions"].is_null())
    {
        let change = &result["fixes"][0]["artifactChanges"][0];
        assert_eq!(change["artifactLocation"]["uri"], "a.yaml", "{result}");
        let replacement = &change["replacements"][0];
        let region = &replacement["deletedRegion"];
        let span = offset(MANIFESTS, &region["startLine"], &region["startColumn"])
            ..offset(MANIFESTS, &region["endLine"], &region["endColumn"]);
        let mut text = MANIFESTS.to_owned();
        text.replace_range(span, replacement["insertedContent"]["text"].as_str().unwrap());
        fs::write(folder.join("a.yaml"), &text).unwrap();
        let after = report();
        let key = |result: &Value| (result["ruleId"].clone(), result["properties"]["path"].clone());
        let left = after["runs"][0]["results"].as_array().unwrap();
        assert!(left.iter().all(|other| key(other) != key(result)), "{result:#}\n{text}");
        applied += 1;
    }
    assert_eq!(applied, 5);
}

/// A git repository with the manifests in two folders and in several encodings, all as `CONFIG` finds them wrong; none without
/// git.
fn repository() -> Option<tempfile::TempDir> {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let git = |args: &[&str]| Command::new("git").args(args).current_dir(root).output();
    if git(&["init", "-q", "."]).is_err() {
        eprintln!("skipped: there is no git");
        return None;
    }
    fs::write(root.join("isolation.yaml"), CONFIG).unwrap();
    fs::create_dir_all(root.join("deploy/web app")).unwrap();
    let utf16 = |unit: fn(u16) -> [u8; 2], text: &str| -> Vec<u8> {
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(unit).collect()
    };
    fs::write(root.join("deploy/a.yaml"), MANIFESTS).unwrap();
    fs::write(root.join("deploy/web app/\u{e4}.yaml"), MANIFESTS.trim_end()).unwrap();
    fs::write(root.join("deploy/windows.yaml"), utf16(u16::to_le_bytes, &MANIFESTS.replace('\n', "\r\n"))).unwrap();
    fs::write(root.join("deploy/big.yaml"), utf16(u16::to_be_bytes, MANIFESTS)).unwrap();
    fs::write(root.join("deploy/mark.yaml"), format!("\u{feff}{MANIFESTS}")).unwrap();
    fs::write(root.join("deploy/crlf.yaml"), MANIFESTS.replace('\n', "\r\n")).unwrap();
    // A file that ends in CR has no line break at its end, to git.
    let cr = "apiVersion: v1\rkind: Pod\rmetadata: {name: cr}\rspec: {containers: [{name: a, image: nginx}]}\r";
    fs::write(root.join("deploy/cr.yaml"), cr).unwrap();
    let list = "{\n  \"apiVersion\": \"v1\",\n  \"kind\": \"Service\",\n  \"metadata\": {\"name\": \"x\"},\n  \"spec\": {\n    \"type\": \"LoadBalancer\"\n  }\n}";
    fs::write(root.join("deploy/service.json"), list).unwrap();
    git(&["add", "."]).unwrap();
    git(&["-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "a"]).unwrap();
    Some(folder)
}

/// Every file below a folder with its bytes, without git's own.
fn contents(folder: &Path) -> std::collections::BTreeMap<std::path::PathBuf, Vec<u8>> {
    let mut found = std::collections::BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() && !entry.ends_with(".git") {
                open.push(entry);
            } else if entry.is_file() {
                found.insert(entry.clone(), fs::read(entry).unwrap());
            }
        }
    }
    found
}

/// What `--diff` prints, `git apply` makes of the files what `--fix` makes of them, byte for byte, however they were named.
#[test]
fn git_applies_the_diff_of_every_form_of_argument() {
    let Some(folder) = repository() else { return };
    let root = folder.path().canonicalize().unwrap();
    let git = |here: &Path, args: &[&str]| {
        let output = Command::new("git").args(args).current_dir(here).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    let absolute = root.join("deploy/a.yaml").display().to_string();
    let absolute_folder = root.join("deploy").display().to_string();
    let deploy = root.join("deploy");
    let formats: [(&Path, &[&str]); 12] = [
        (&root, &["deploy/a.yaml"]),
        (&root, &["./deploy/a.yaml"]),
        (&root, &["deploy"]),
        (&root, &["deploy/"]),
        (&root, &["./deploy"]),
        (&root, &["."]),
        (&root, &[&absolute]),
        (&root, &[&absolute_folder]),
        (&root, &["deploy/a.yaml", "deploy/windows.yaml", "deploy/../deploy/web app"]),
        (&deploy, &["a.yaml", "./web app"]),
        (&deploy, &["."]),
        (&deploy, &["../deploy/crlf.yaml"]),
    ];
    let before = contents(&root);
    let mut written = 0;
    for (here, paths) in formats {
        let check = |flag: &str| {
            let args = [&["check", flag, "--unsafe-fixes"], paths].concat();
            Command::new(env!("CARGO_BIN_EXE_isolation")).args(args).current_dir(here).output().unwrap()
        };
        let patch = check("--diff").stdout;
        assert_eq!(contents(&root), before, "{paths:?}");
        assert!(!patch.is_empty(), "{paths:?}");
        check("--fix");
        let fixed = contents(&root);
        assert_ne!(fixed, before, "{paths:?}");
        git(&root, &["checkout", "-q", "."]);
        assert_eq!(contents(&root), before);
        // From the folder in which the command ran, and from the root.
        for there in [here, &root] {
            let file = tempfile::NamedTempFile::new().unwrap();
            fs::write(file.path(), &patch).unwrap();
            git(there, &["apply", &file.path().display().to_string()]);
            assert!(
                contents(&root) == fixed,
                "{paths:?} from {}: {}",
                there.display(),
                String::from_utf8_lossy(&patch)
            );
            git(&root, &["checkout", "-q", "."]);
            written += 1;
        }
    }
    assert_eq!(written, 24);
}
