//! What is written into files and what is found above the working directory.

// A helper of tests is a test to everybody but clippy.
use std::fs;
use std::path::Path;
use std::process::Command;

/// A folder of this test alone.
fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// Exit status, standard output, standard error.
fn isolation(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let out = Command::new(env!("CARGO_BIN_EXE_isolation")).args(args).current_dir(folder).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (out.status.code().unwrap(), text(out.stdout), text(out.stderr))
}

fn pod(name: &str, images: &[&str]) -> String {
    let containers: Vec<_> = images.iter().map(|image| format!("{{name: a, image: \"{image}\"}}")).collect();
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}}}\nspec:\n  containers: [{}]\n---\n",
        containers.join(", ")
    )
}

#[test]
fn a_baseline_knows_what_was_there_and_a_second_copy_is_new() {
    let folder = folder();
    let folder = folder.path();
    fs::write(folder.join("isolation.yaml"), "registries: [myacr.azurecr.io]\n").unwrap();
    let long = format!("quay.io/{}:1", "a".repeat(150));
    fs::write(folder.join("a.yaml"), pod("web", &["nginx:1", "nginx:1", &long])).unwrap();
    let (status, _, err) = isolation(folder, &["check", "--write-baseline", ".known.json", "."]);
    assert_eq!((status, err.as_str()), (0, ".known.json: 3 findings written\n"));
    let written = fs::read_to_string(folder.join(".known.json")).unwrap();
    assert!(
        written.contains(r#""value":"nginx:1","count":2}"#) && written.contains(r#""value":"sha256:"#),
        "{written}"
    );

    // Moved to another file and other lines, in another order: known.
    fs::remove_file(folder.join("a.yaml")).unwrap();
    fs::write(folder.join("b.yaml"), format!("# moved\n{}", pod("web", &[&long, "nginx:1", "nginx:1"]))).unwrap();
    let (status, out, _) = isolation(folder, &["check", "--baseline", ".known.json", "."]);
    assert_eq!(status, 0, "{out}");
    assert!(out.contains("0 violations, 3 in the baseline"), "{out}");

    // One copy more, and another end of the long one.
    let other = format!("{long}0");
    fs::write(folder.join("b.yaml"), pod("web", &["nginx:1", "nginx:1", "nginx:1", &other])).unwrap();
    let (status, out, _) = isolation(folder, &["check", "--baseline", ".known.json", "-o", "json", "."]);
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (status, &report["summary"]["violations"], &report["summary"]["known"]),
        (1, &2.into(), &2.into()),
        "{out}"
    );
    assert_eq!(report["gone"], serde_json::json!(["NI101 Pod web spec.containers[*].image"]));

    // Another object has none of it.
    fs::write(folder.join("b.yaml"), pod("other", &["nginx:1"])).unwrap();
    assert_eq!(isolation(folder, &["check", "--baseline", ".known.json", "."]).0, 1);
    fs::write(folder.join(".known.json"), "{\"version\": 2, \"findings\": []}").unwrap();
    let (status, _, err) = isolation(folder, &["check", "--baseline", ".known.json", "."]);
    assert!(status == 2 && err.contains("version 2"), "{err}");
}

/// What a field is a part of belongs to what a finding is recognised by, as in admission.
#[test]
fn a_baseline_knows_the_volume_and_the_chart() {
    let folder = folder();
    let folder = folder.path();
    fs::write(folder.join("isolation.yaml"), "registries: [myacr.azurecr.io]\n").unwrap();
    let write = |share: &str, chart: &str, values: &str| {
        let volume =
            format!("{{name: data, csi: {{driver: file.csi.azure.com, volumeAttributes: {{shareName: {share}}}}}}}");
        let pod = format!("{{apiVersion: v1, kind: Pod, metadata: {{name: web}}, spec: {{volumes: [{volume}]}}}}");
        let source =
            format!("{{repoURL: ghcr.io/org, chart: {chart}, targetRevision: '1', helm: {{values: {values}}}}}");
        let meta = "apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: web}";
        fs::write(folder.join("a.yaml"), format!("{pod}\n---\n{{{meta}, spec: {{source: {source}}}}}\n")).unwrap();
    };
    let known = |violations: i64, known: i64| {
        let (_, out, _) = isolation(folder, &["check", "--baseline", ".known.json", "-o", "json", "."]);
        let report: serde_json::Value = serde_json::from_str(&out).unwrap();
        let summary = &report["summary"];
        assert_eq!((&summary["violations"], &summary["known"]), (&violations.into(), &known.into()), "{out}");
        report["gone"].as_array().unwrap().len()
    };
    write("a", "shop", "a");
    assert_eq!(isolation(folder, &["check", "--write-baseline", ".known.json", "."]).0, 0);
    assert_eq!(known(0, 2), 0);
    write("a", "shop", "b");
    assert_eq!(known(0, 2), 0);
    write("b", "shop", "a");
    assert_eq!(known(1, 1), 1);
    write("a", "evil", "a");
    assert_eq!(known(1, 1), 1);

    // One that was written before parts counted is read, and says of neither which it is.
    write("a", "shop", "a");
    let written = fs::read_to_string(folder.join(".known.json")).unwrap();
    let lines = written.lines().map(|line| match line.split_once(",\"part\":") {
        Some((entry, rest)) => format!("{entry}}}{}\n", if rest.ends_with(',') { "," } else { "" }),
        None => format!("{line}\n"),
    });
    fs::write(folder.join(".known.json"), lines.collect::<String>()).unwrap();
    assert_eq!(known(2, 0), 2);
}

/// What the patches of a cluster lack they lack whatever else is in them.
#[test]
fn a_baseline_knows_what_is_lacking() {
    let folder = folder();
    let folder = folder.path();
    fs::write(folder.join("isolation.yaml"), "registries: [myacr.azurecr.io]\n").unwrap();
    let write = |patches: &str| {
        let cluster = "apiVersion: infrastructure.cluster.x-k8s.io/v1beta1, kind: AzureManagedControlPlane";
        let spec = format!("{{version: v1.34.0, asoManagedClusterPatches: [{patches}]}}");
        fs::write(folder.join("a.yaml"), format!("{{{cluster}, metadata: {{name: a}}, spec: {spec}}}\n")).unwrap();
    };
    let isolated = r#"'{"spec":{"networkProfile":{"outboundType":"none"}}}'"#;
    write(isolated);
    assert_eq!(isolation(folder, &["check", "--write-baseline", ".known.json", "."]).0, 0);
    write(&format!(r#"'{{"spec":{{"tags":{{"a":"b"}}}}}}', {isolated}"#));
    let (status, out, _) = isolation(folder, &["check", "--baseline", ".known.json", "."]);
    assert!(status == 0 && !out.contains("0 in the baseline"), "{out}");
}

#[test]
fn several_forms_are_written_at_once_and_the_configuration_is_found_upwards() {
    let root = folder();
    let root = root.path();
    let deep = root.join("deploy/web");
    fs::create_dir_all(&deep).unwrap();
    fs::create_dir_all(root.join(".git")).unwrap();
    fs::write(root.join("isolation.yaml"), "registries: [myacr.azurecr.io]\n").unwrap();
    fs::write(deep.join("pod.yaml"), pod("web", &["nginx"])).unwrap();
    let args = ["check", "--output-file", "sarif=a.sarif", "--output-file", "human=a.txt", "-o", "github", "pod.yaml"];
    let (status, out, err) = isolation(&deep, &args);
    assert_eq!(status, 1, "{err}");
    assert!(out.starts_with("::error file=deploy/web/pod.yaml,line=5,"), "{out}");
    assert!(fs::read_to_string(deep.join("a.sarif")).unwrap().contains("\"uri\": \"deploy/web/pod.yaml\""));
    let human = fs::read_to_string(deep.join("a.txt")).unwrap();
    assert!(human.starts_with("error[NI101]") && !human.contains('\u{1b}'), "{human}");
    let (_, out, _) = isolation(&deep, &["check", "--show-config"]);
    assert!(out.starts_with("# ../../isolation.yaml\n") && out.contains("myacr.azurecr.io"), "{out}");

    // The repository's root is where the search ends.
    fs::create_dir_all(deep.join(".git")).unwrap();
    assert!(isolation(&deep, &["check", "--show-config"]).1.starts_with("# no isolation.yaml was found\n"));
}

#[test]
fn what_show_config_prints_is_what_check_judges_by() {
    let folder = folder();
    let folder = folder.path();
    fs::write(folder.join("isolation.yaml"), "registries: [myacr.azurecr.io]\nclosed-egress: false\n").unwrap();
    let shown = |args: &[&str]| {
        let (status, out, err) = isolation(folder, &[&["check", "--show-config"], args].concat());
        assert_eq!(status, 0, "{err}");
        yaml_serde::from_str::<serde_json::Value>(&out).unwrap()
    };
    let all = shown(&[]);
    assert_eq!(all["private-images"], serde_json::json!({"registries": ["myacr.azurecr.io"]}));
    // Where no cluster is asked, classes are looked up among the objects of the input.
    assert_eq!(all["private-storage"]["lookup"], true);
    assert_eq!(all["closed-egress"], false);
    // What rewrites objects runs where somebody asks for it.
    assert_eq!(all["cached-images"], false);
    let only = shown(&["--only", "private-images", "--set", "private-images.mcr=deny"]);
    assert_eq!((&only["private-images"]["mcr"], &only["private-storage"]), (&"deny".into(), &false.into()));
    assert_eq!(isolation(folder, &["check", "--show-config", "--policies", "."]).0, 2);
    let rules = "registries: [myacr.azurecr.io]\ncacheRules: [{source: docker.io/a/b, target: b}]\n";
    fs::write(folder.join("isolation.yaml"), rules).unwrap();
    assert_eq!(shown(&[])["cached-images"], false);
    assert_eq!(isolation(folder, &["check", "--show-config", "--fix"]).0, 2, "--fix is no verdict");
    fs::write(folder.join("isolation.yaml"), format!("{rules}cached-images:\n")).unwrap();
    assert_eq!(shown(&[])["cached-images"]["cacheRules"][0]["target"], "b");
}

#[test]
fn exceptions_hold_whatever_policies_judge() {
    let folder = folder();
    let folder = folder.path();
    let unused = "{rule: NI101, object: {name: gone}, reason: c}";
    let allow = format!("allow: [{{rule: NI101, object: {{name: a}}, reason: b}}, {unused}]\n");
    fs::write(folder.join("isolation.yaml"), allow).unwrap();
    fs::write(
        folder.join("policies.yaml"),
        "apiVersion: policies.kubewarden.io/v1\nkind: ClusterAdmissionPolicy\nmetadata: {name: images}\nspec:\n  \
         module: registry://myacr.azurecr.io/private-images\n  settings: {registries: [myacr.azurecr.io]}\n  mutating: false\n  \
         rules: [{apiGroups: [''], apiVersions: [v1], resources: [pods], operations: [CREATE]}]\n",
    )
    .unwrap();
    let objects = folder.join("objects");
    fs::create_dir(&objects).unwrap();
    let commented =
        format!("{}  # isolation: allow NI101 because d\n", pod("b", &["nginx"]).trim_end_matches("\n---\n"));
    fs::write(objects.join("pods.yaml"), pod("a", &["nginx"]) + &commented).unwrap();
    let args = ["check", "--policies", "policies.yaml", "objects", "-o", "json"];
    let (status, out, err) = isolation(folder, &args);
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((status, &report["summary"]["allowed"]), (0, &2.into()), "{out}{err}");
    // Its policy has judged, so it is known to be of no use.
    assert_eq!(report["problems"][0]["what"], "the exception for NI101 matches nothing", "{out}");
    // What the cluster would answer.
    assert_eq!(isolation(folder, &[&args[..], &["--no-exceptions"]].concat()).0, 1);
}

/// What is deployed of exceptions lets through what they say, and not more.
#[test]
fn deployed_exceptions_are_as_wide_as_they_are_written() {
    let folder = folder();
    let folder = folder.path();
    let configuration = serde_json::json!({
        "registry": "myacr.azurecr.io/policies", "registries": ["myacr.azurecr.io"], "mode": "protect",
        "allow": [
            {"rule": "public-registry", "object": {"kind": "Pod", "namespace": "shop", "name": "old-*"}, "value": "quay.io/vendor/*", "reason": "a"},
            {"rule": ["NI201", "NI205"], "object": {"name": "web"}, "path": "metadata.annotations[*]", "reason": "b"},
            {"rule": "NI101", "object": {"namespace": "late"}, "reason": "c", "expires": "2999-01-01"},
            {"rule": "NI101", "object": {"kind": "Deployment", "namespace": "shop"}, "reason": "d"},
            {"rule": "NI101", "object": {"kind": "Deploy*", "namespace": "x"}, "reason": "e"},
            {"rule": "NI101", "object": {"name": "web", "namespace": "x"}, "reason": "f"},
            {"rule": "NI101", "object": {"namespace": "x"}, "path": "spec.template.spec.containers[*].image", "reason": "g"},
            {"rule": "NI101", "object": {"name": "web-*", "namespace": "x"}, "reason": "h"},
            {"rule": "NI101", "object": {"kind": "Pod", "name": "web", "namespace": "x"}, "reason": "i"},
            {"rule": "NI301", "object": {"kind": "StorageClass", "namespace": ""}, "reason": "j"},
        ],
    });
    let values = isolation_deploy::Values::read(configuration.as_object().unwrap()).unwrap();
    let gaps: Vec<_> = values.exception_gaps().unwrap().into_iter().map(|gap| (gap.index, gap.why)).collect();
    assert_eq!(gaps.iter().map(|(index, _)| *index).collect::<Vec<_>>(), [2, 3, 4, 5, 6, 9], "{gaps:#?}");
    assert!(gaps[0].0 == 2 && gaps[0].1.contains("would honour it after 2999-01-01"), "{gaps:#?}");
    for (_, why) in &gaps[1..5] {
        assert!(why.contains("Allow it for kind Pod as well"), "{gaps:#?}");
    }
    assert!(gaps[5].1.contains("no empty namespace"), "{gaps:#?}");
    let digest = format!("sha256:{}", "0".repeat(64));
    let digests =
        isolation_all_policies::POLICIES.iter().map(|entry| (entry.name.to_owned(), digest.clone())).collect();
    let text = isolation_deploy::documents(&values, &digests, "kubewarden").unwrap();
    fs::write(folder.join("policies.yaml"), text).unwrap();
    fs::write(folder.join("isolation.yaml"), configuration.to_string()).unwrap();
    let pod = |namespace: &str, name: &str, image: &str| {
        format!(
            "{{apiVersion: v1, kind: Pod, metadata: {{name: {name}, namespace: {namespace}}}, spec: {{containers: [{{name: a, image: \"{image}\"}}]}}}}\n---\n"
        )
    };
    let service = |name: &str, more: &str| {
        format!(
            "{{apiVersion: v1, kind: Service, metadata: {{name: {name}, namespace: shop}}, spec: {{type: LoadBalancer{more}}}}}\n---\n"
        )
    };
    let objects = [
        pod("shop", "old-web", "quay.io/vendor/a:1"),
        pod("shop", "old-web2", "quay.io/vendors/a:1"),
        pod("shop", "new-web", "quay.io/vendor/a:1"),
        pod("other", "old-web", "quay.io/vendor/a:1"),
        pod("late", "x", "quay.io/vendor/a:1"),
        service("web", ""),
        service("web2", ""),
        service("web", ", externalIPs: [20.1.2.3]"),
    ];
    fs::write(folder.join("objects.yaml"), objects.concat()).unwrap();
    let args = ["check", "--policies", "policies.yaml", "--no-exceptions", "-o", "json", "objects.yaml"];
    let (status, out, err) = isolation(folder, &args);
    let report: serde_json::Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}{err}"));
    let found: Vec<String> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| {
            let text = |key: &str| finding["object"][key].as_str().unwrap_or_default().to_owned();
            format!("{} {}/{}", finding["rule"].as_str().unwrap(), text("namespace"), text("name"))
        })
        .collect();
    let expected = [
        "NI101 shop/old-web2",
        "NI101 shop/new-web",
        "NI101 other/old-web",
        "NI101 late/x",
        "NI201 shop/web2",
        "NI504 shop/web",
    ];
    assert_eq!((status, found.as_slice()), (1, expected.map(str::to_owned).as_slice()), "{out}{err}");
    // The file's exceptions allow nothing more there, and nobody is told to remove them.
    let (_, out, _) = isolation(folder, &["check", "--policies", "policies.yaml", "-o", "json", "objects.yaml"]);
    assert!(!out.contains("matches nothing"), "{out}");
}

#[test]
fn every_shell_and_man_get_what_they_ask_for() {
    let folder = folder();
    let folder = folder.path();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish", "nushell", "kubectl"] {
        let (status, out, err) = isolation(folder, &["completions", shell]);
        assert!(status == 0 && out.contains("write-baseline"), "{shell}: {err}");
    }
    assert_eq!(isolation(folder, &["man", "man1"]).0, 0);
    let page = fs::read_to_string(folder.join("man1/isolation-check.1")).unwrap();
    assert!(page.contains("\\-\\-write\\-baseline"), "{page}");
}

/// kubectl itself runs what completes a plugin, where there is one; a shell does in any case.
#[cfg(unix)]
#[test]
fn kubectl_completes_the_plugin() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder();
    let folder = folder.path();
    let (status, script, err) = isolation(folder, &["completions", "kubectl"]);
    assert_eq!(status, 0, "{err}");
    let program = folder.join("kubectl_complete-isolation");
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    fs::write(folder.join("kubectl-isolation"), "#!/bin/sh\n").unwrap();
    fs::set_permissions(folder.join("kubectl-isolation"), fs::Permissions::from_mode(0o755)).unwrap();
    let installed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tools");
    let path = format!("{}:{}:{}", folder.display(), installed.display(), std::env::var("PATH").unwrap());
    let by = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).env("PATH", &path).env("KUBECONFIG", "none").output();
        output.map(|output| String::from_utf8(output.stdout).unwrap())
    };
    for (words, offered, not, directive) in [
        (vec![""], "check\tCheck manifests", "--config", ":4"),
        (vec!["ch"], "check\t", "--config", ":4"),
        (vec!["--"], "--version\t", "--config", ":4"),
        (vec!["check", "--"], "--write-baseline\t", "bundle", ":4"),
        (vec!["check", "--output", ""], "sarif", "--config", ":4"),
        (vec!["check", "deploy/", "-o", ""], "sarif", "--config", ":4"),
        (vec!["check", ""], "", "sarif", ":0"),
        (vec!["check", "--config", ""], "", "sarif", ":0"),
        (vec!["completions", ""], "nushell\tNushell", "check", ":4"),
        (vec!["nonsense", ""], "", "check", ""),
    ] {
        let out = by(program.to_str().unwrap(), &words).unwrap();
        assert!(out.contains(offered) && !out.contains(not) && out.trim_end().ends_with(directive), "{words:?}: {out}");
        let Ok(theirs) = by("kubectl", &[&["__complete", "isolation"], words.as_slice()].concat()) else { continue };
        assert!(theirs.contains(offered) && !theirs.contains(not), "kubectl {words:?}: {theirs}");
    }
}

#[test]
fn a_test_that_is_blessed_passes_and_fails_where_the_configuration_changes() {
    let folder = folder();
    let folder = folder.path();
    fs::write(folder.join("isolation.yaml"), "registries: [myacr.azurecr.io]\n").unwrap();
    let file = folder.join("test.yaml");
    let object =
        "  apiVersion: v1\n  kind: Pod\n  metadata: {name: web}\n  spec: {containers: [{name: a, image: nginx}]}\n";
    let head = format!("# Why.\nobject:\n{object}");
    fs::write(&file, format!("{head}expect: {{accepted: true}}\n")).unwrap();
    assert_eq!(isolation(folder, &["test", "test.yaml"]).0, 1);
    let (status, out, err) = isolation(folder, &["test", "--bless", "test.yaml"]);
    assert_eq!((status, out.as_str()), (0, "blessed test.yaml\n0 passed, 1 blessed, 0 failed\n"), "{err}");
    let expected = "expect:\n  accepted: false\n  findings:\n    - NI101 deny spec.containers[0].image\n";
    assert_eq!(fs::read_to_string(&file).unwrap(), head + expected);
    assert_eq!(isolation(folder, &["test", "."]).0, 0, "isolation.yaml is no test");
    assert_eq!(isolation(folder, &["test", "test.yaml"]).0, 0);
    let (status, out, _) = isolation(folder, &["test", "test.yaml", "--registry", "docker.io"]);
    assert_eq!(status, 1);
    assert_eq!(
        out,
        "FAILED test.yaml\n  - accepted: false\n  + accepted: true\n  - NI101 deny spec.containers[0].image\n0 passed, 1 failed\n"
    );
}

#[test]
fn an_exception_is_no_wider_than_it_is_written() {
    let folder = folder();
    let folder = folder.path();
    let configured = |object: &str| {
        let text = format!("registries: [myacr.azurecr.io]\nallow: [{{rule: NI301, object: {object}, reason: a}}]\n");
        fs::write(folder.join("isolation.yaml"), text).unwrap();
    };
    let class =
        "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: files}\nprovisioner: file.csi.azure.com\n";
    fs::write(folder.join("class.yaml"), class).unwrap();
    // What lives outside of namespaces is not in the one of objects that name none.
    for (object, status) in [("{namespace: default}", 1), ("{namespace: \"\"}", 0), ("{kind: StorageClass}", 0)] {
        configured(object);
        assert_eq!(isolation(folder, &["check", "class.yaml"]).0, status, "{object}");
    }
    // A variable of a template that has no value would match everything.
    for object in ["{kind: StorageClass, namespace: }", "{kind: StorageClass, name: null}"] {
        configured(object);
        let (status, _, err) = isolation(folder, &["check", "class.yaml"]);
        assert!(status == 2 && err.contains("expected a string"), "{err}");
        assert_eq!(isolation(folder, &["policies", "--registry", "myacr.azurecr.io"]).0, 2, "{object}");
    }
}

/// Whoever may write a string of a manifest does not speak for the objects behind it.
#[test]
fn a_string_is_no_comment() {
    let folder = folder();
    let folder = folder.path();
    fs::write(folder.join("isolation.yaml"), "registries: [myacr.azurecr.io]\n").unwrap();
    let mark = "# isolation: allow NI101 because x";
    let pod = |command: &str, image: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec:\n  containers:\n  - name: a\n    command: {command}\n    image: {image}\n"
        )
    };
    let block = format!("\n    - |\n      {mark}");
    let quoted = format!("[\"\n      {mark}\"]");
    for (text, status) in [
        (pod(&block, "nginx"), 1),
        (pod(&quoted, "nginx"), 1),
        (pod(&format!("[a] {mark}"), "nginx"), 1),
        (pod("[a]", &format!("nginx {mark}")), 0),
        (pod("[a]", &format!(">- {mark}\n      nginx")), 0),
        (pod("[a]", &format!("{mark}\n      nginx")), 0),
    ] {
        fs::write(folder.join("pod.yaml"), &text).unwrap();
        let (found, out, _) = isolation(folder, &["check", "pod.yaml"]);
        assert_eq!(found, status, "{text}\n{out}");
    }
    // A block ends where its text does, not where the next key begins.
    let block = pod("[a]", ">-\n      nginx").replace("    image:", "    tty: false\n    image:") + "    stdin: true\n";
    fs::write(folder.join("pod.yaml"), block).unwrap();
    let (_, out, _) = isolation(folder, &["check", "-o", "github", "pod.yaml"]);
    assert!(out.contains("line=10,endLine=10,col=7,endColumn=12,"), "{out}");
}

#[test]
fn what_a_run_writes_is_no_manifest_of_the_next() {
    let folder = folder();
    let folder = folder.path();
    fs::write(folder.join("isolation.yaml"), "registries: [myacr.azurecr.io]\n").unwrap();
    fs::write(folder.join("pod.yaml"), pod("web", &["myacr.azurecr.io/a:1"])).unwrap();
    let args = ["check", ".", "--output-file", "json=report.json", "--output-file", "sarif=sarif.json"];
    assert_eq!(isolation(folder, &["check", ".", "--write-baseline", "known.json"]).0, 0);
    let args = [&args[..], &["--baseline", "known.json"]].concat();
    for _ in 0..2 {
        let (status, out, err) = isolation(folder, &args);
        assert_eq!(status, 0, "{out}{err}");
    }
    let report = ["report", ".", "--exclude", "known.json", "--exclude", "sarif.json"];
    let report = [&report[..], &["--exclude", "report.json", "--write", "ready.json"]].concat();
    for _ in 0..2 {
        let (status, out, err) = isolation(folder, &report);
        assert_eq!(status, 1, "{out}{err}");
    }
}

#[test]
fn what_can_have_no_effect_is_refused() {
    let folder = folder();
    let folder = folder.path();
    fs::write(folder.join("isolation.yaml"), "registries: [myacr.azurecr.io]\nprivate-storage: false\n").unwrap();
    let none = "private-images: false\nprivate-storage: false\ninternal-load-balancers: false\nsupported-extensions: false\nclosed-egress: false\nisolated-clusters: false\n";
    fs::write(folder.join("none.yaml"), none).unwrap();
    fs::write(folder.join("web.yaml"), pod("web", &["nginx"])).unwrap();
    let all = "private-images,internal-load-balancers,supported-extensions,closed-egress,isolated-clusters";
    let no_chart = "no chart is rendered that could use it";
    let no_policy = "it names no policy, and no rendered chart could use it";
    for (args, expected) in [
        (
            &["check", "--only", "private-images", "--skip", "private-images", "web.yaml"][..],
            "'--only <POLICY>' cannot be used with '--skip <POLICY>'",
        ),
        (&["check", "--skip", all, "web.yaml"], "no policy is left to run"),
        (&["check", "-c", "none.yaml", "web.yaml"], "no policy is left to run"),
        (
            &["check", "--only", "private-image", "web.yaml"],
            "unknown policy private-image; did you mean private-images?",
        ),
        (
            &["check", "--set", "private-storage.smb=deny", "web.yaml"],
            "private-storage does not run: isolation.yaml says `false`",
        ),
        (
            &["check", "--only", "private-images", "--set", "closed-egress.existing=allow", "web.yaml"],
            "closed-egress does not run: --only or --skip excludes it",
        ),
        (&["check", "--api-versions", "a.io/v1", "web.yaml"], no_chart),
        (&["images", "--kube-version", "1.33", "web.yaml"], no_chart),
        (&["check", "--is-upgrade", "web.yaml"], no_chart),
        (&["check", "--values", "values.yaml", "web.yaml"], no_chart),
        (&["images", "--values", "values.yaml", "web.yaml"], no_chart),
        (&["report", "--values", "values.yaml", "web.yaml"], no_chart),
        (&["check", "--values", "values.yaml", "--no-render", "web.yaml"], "cannot be used with '--no-render'"),
        (&["check", "--set", "a.b=c", "web.yaml"], no_policy),
        (&["images", "--set", "a.b=c", "web.yaml"], no_policy),
        (
            &["images", "--set", "private-storage.smb=deny", "web.yaml"],
            "only settings of private-images say where images come from",
        ),
        (&["check", "--quiet", "--diff", "web.yaml"], "cannot be used with '--diff'"),
        (&["check", "--write-baseline", "b.json", "-o", "json", "web.yaml"], "cannot be used with '--output <OUTPUT>'"),
        (
            &["check", "--write-baseline", "b.json", "--fail-on", "warn", "web.yaml"],
            "cannot be used with '--fail-on <FAIL_ON>'",
        ),
        (&["check", "--show-config", "--output", "json"], "cannot be used with '--output <OUTPUT>'"),
        (&["check", "--output-file", "json=a", "--output-file", "sarif=./a", "web.yaml"], "./a would be written twice"),
        (&["report", "--write", "a.json", "--write", "a.json", "web.yaml"], "a.json would be written twice"),
        (&["report", "--kubeconfig", "a", "web.yaml"], "--cluster"),
        (&["report", "--context", "a", "web.yaml"], "--cluster"),
        (&["report", "--cluster", "--no-render"], "--no-render is about files and folders, and no PATH names one"),
        (&["report", "--azure", "a/b", "--aks", "a.json"], "cannot be used with '--aks <FILE>'"),
        (
            &["publish", "--registry", "localhost:1", "--plain-http", "--ca-file", "a"],
            "cannot be used with '--ca-file <FILE>'",
        ),
        (&["check", "--namespace", "A b", "web.yaml"], "expected the name of a namespace"),
    ] {
        let (status, out, err) = isolation(folder, args);
        assert!(status == 2 && err.contains(expected) && out.is_empty(), "{args:?}: {status} {out}{err}");
    }
    assert!(!folder.join("b.json").exists() && !folder.join("a").exists() && !folder.join("a.json").exists());
    // What has one is not.
    for args in [
        &["check", "--quiet", "--fail-on", "warn", "web.yaml"][..],
        &["check", "--only", "private-storage", "--set", "private-storage.smb=deny", "web.yaml"],
        &["check", "--set", "cached-images.registry=myacr.azurecr.io", "web.yaml"],
        &["check", "--output-file", "json=/dev/null", "--output-file", "sarif=/dev/null", "web.yaml"],
    ] {
        let (_, out, err) = isolation(folder, args);
        assert!(!out.is_empty(), "{args:?}: {err}");
    }
}

#[test]
fn a_comment_that_no_policy_could_heed_is_said_to_match_nothing() {
    let folder = folder();
    let folder = folder.path();
    fs::write(folder.join("isolation.yaml"), "registries: [myacr.azurecr.io]\nclosed-egress: false\n").unwrap();
    // Nothing here is for private-storage to judge, and closed-egress does not run.
    let manifest = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n  annotations:\n    isolation.allow/NI305: why\nspec:\n  ports: [{port: 80}] # isolation: allow NI301 because it is a test\n  # isolation: allow NI502 because it is a test\n  externalName: a\n";
    fs::write(folder.join("web.yaml"), manifest).unwrap();
    let said = |args: &[&str]| isolation(folder, &[&["check", "web.yaml"], args].concat()).1;
    for (args, expected) in [
        (&[][..], &["NI305", "NI301"][..]),
        (&["--only", "private-images"], &[]),
        (&["--skip", "private-storage"], &[]),
        (&["--no-exceptions"], &[]),
        (&["--set", "private-storage.smb=wrong"], &[]),
    ] {
        let out = said(args);
        for rule in ["NI305", "NI301", "NI502"] {
            let is_said = out.contains(&format!("the exception for {rule} matches nothing"));
            assert_eq!(is_said, expected.contains(&rule), "{args:?} {rule}: {out}");
        }
    }
}

/// An archive of one empty file: <https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html>, ustar.
fn tar_with(name: &str) -> Vec<u8> {
    let mut header = vec![0; 512];
    let mut put = |at: usize, text: &str| header[at..at + text.len()].copy_from_slice(text.as_bytes());
    put(0, name);
    put(100, "0000644");
    put(124, "00000000000");
    put(136, "00000000000");
    // The sum is that of the header with blanks in its place.
    put(148, "        ");
    put(156, "0");
    put(257, "ustar");
    put(263, "00");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    header.extend([0; 1024]);
    header
}

/// Neither waits for ever.
#[cfg(unix)]
#[test]
fn what_is_no_file_below_a_folder_of_resources_is_named() {
    let folder = folder();
    let folder = folder.path();
    for name in ["loop", "pipe"] {
        fs::create_dir_all(folder.join(name).join("below")).unwrap();
        fs::write(folder.join(name).join("a.yaml"), "a: 1\n").unwrap();
    }
    std::os::unix::fs::symlink("..", folder.join("loop/below/up")).unwrap();
    assert!(Command::new("mkfifo").arg(folder.join("pipe/below/p")).status().unwrap().success());
    for (name, expected) in [
        ("loop", "error: loop/below/up is a link to a folder that it is in. Remove it, or name the files\n"),
        ("pipe", "error: pipe/below/p is neither a file nor a folder. Remove it, or name the files\n"),
    ] {
        let (status, _, err) = isolation(folder, &["bundle", "--resource", name, "out.tar"]);
        assert_eq!((status, err.as_str()), (2, expected));
    }
}

/// kustomize and helm know their files by name: those who name one mean its folder.
#[test]
fn a_file_that_only_its_tool_reads_gets_the_advice_to_name_its_folder() {
    let folder = folder();
    let folder = folder.path();
    fs::write(folder.join("kustomization.yaml"), "resources: [web.yaml]\n").unwrap();
    fs::write(folder.join("Chart.yaml"), "apiVersion: v2\nname: web\nversion: 1.0.0\n").unwrap();
    fs::write(folder.join("values.yaml"), "apiVersion: v2\n").unwrap();
    for (file, help) in [
        ("kustomization.yaml", "What a kustomization or a chart renders is checked: name its folder"),
        ("Chart.yaml", "What a kustomization or a chart renders is checked: name its folder"),
        ("values.yaml", "Exclude files that are not manifests"),
    ] {
        let (status, out, err) = isolation(folder, &["check", "-r", "a.io", file]);
        assert!(status == 2 && format!("{out}{err}").contains(help), "{file}: {out}{err}");
    }
}

#[test]
fn an_archive_that_cannot_be_published_is_named() {
    let folder = folder();
    let folder = folder.path();
    fs::write(folder.join("text.tar"), "no archive").unwrap();
    fs::write(folder.join("empty.tar"), "").unwrap();
    fs::write(folder.join("packed.tar"), b"\x1f\x8b\x08\0").unwrap();
    fs::write(folder.join("line.tar"), tar_with("a\nb")).unwrap();
    for (file, expected) in [
        ("text.tar", "text.tar: it is not an archive that `isolation bundle` wrote: "),
        ("empty.tar", "empty.tar: it ends early, so it was truncated: it is empty. Copy it again"),
        ("packed.tar", "packed.tar: it is compressed with gzip. Unpack it first: `gzip -dc FILE >isolation.tar`"),
        ("line.tar", "line.tar: it is not an archive that `isolation bundle` wrote: `a\\nb` in it is not a plain file"),
        ("none.tar", "none.tar cannot be read: No such file"),
    ] {
        let (status, _, err) = isolation(folder, &["publish", "--registry", "localhost:1", "--from", file]);
        assert!(status == 2 && err.starts_with(&format!("error: {expected}")), "{err}");
    }
    fs::write(folder.join("web.yaml"), pod("web", &["nginx"])).unwrap();
    let (status, _, err) = isolation(folder, &["check", "-r", "a.io", "--write-baseline", "none/b.json", "web.yaml"]);
    assert_eq!((status, err.as_str()), (2, "error: cannot write none/b.json: there is no folder none\n"));
}
