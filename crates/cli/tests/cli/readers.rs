//! What is told of files that people write and that are wrong: the file, the place, the key, what may stand there.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

const POD: &str = "object:\n  apiVersion: v1\n  kind: Pod\n  metadata: {name: web}\n  spec: {containers: [{name: a, image: nginx}]}\n";

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("isolation.yaml"), "registries: [myacr.azurecr.io]\n").unwrap();
    fs::write(
        folder.path().join("web.yaml"),
        POD.strip_prefix("object:\n").unwrap().replace("\n  ", "\n").trim_start(),
    )
    .unwrap();
    folder
}

fn isolation(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_isolation"));
    let output = command.current_dir(folder).args(args).stdin(Stdio::null()).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn an_exception_that_is_wrong_is_told_with_its_place_and_key() {
    let folder = folder();
    for (entry, expected) in [
        ("5", "3:5: allow[0]: expected an object, found 5"),
        (
            "{rule: 5, object: {name: a}, reason: b}",
            "3:12: allow[0].rule: expected a rule's id or name, or a list of them, found 5",
        ),
        ("{rule: [NI101, 7], object: {name: a}, reason: b}", "3:20: allow[0].rule[1]: expected a string, found 7"),
        ("{rule: NI101, reason: b}", "3:6: allow[0].object: is required"),
        (
            "{rule: NI101, object: {nam: a}, reason: b}",
            "3:33: allow[0].object.nam: unknown key (known: kind, namespace, name)",
        ),
        (
            "{rule: NI101, object: {name: a}, reason: b, path: }",
            "3:49: allow[0].path: expected a string, found nothing",
        ),
        (
            "{rule: NI101, object: {name: a}, reason: b, expires: soon}",
            "3:58: allow[0].expires: \"soon\" is not a date such as 2027-03-31",
        ),
    ] {
        fs::write(folder.path().join("own.yaml"), format!("registries: [myacr.azurecr.io]\nallow:\n  - {entry}\n"))
            .unwrap();
        for command in ["check", "report", "policies"] {
            let paths: &[&str] =
                if command == "policies" { &["--registry", "myacr.azurecr.io"] } else { &["web.yaml"] };
            let (status, _, err) = isolation(folder.path(), &[&[command, "-c", "own.yaml"], paths].concat());
            assert_eq!((status, err), (2, format!("error: own.yaml:{expected}\n")), "{command}: {entry}");
        }
    }
}

#[test]
fn a_value_of_the_deployment_that_is_wrong_is_told_with_its_place_and_key() {
    let folder = folder();
    for (line, expected) in [
        ("mode: Protect", "2:7: mode: expected one of protect, monitor, found \"Protect\""),
        ("families: argo", "2:11: families: expected a list, found \"argo\""),
        ("registry: 5", "2:11: registry: expected a string, found 5"),
        ("guard: {reservedNamespaces: no}", "2:29: guard.reservedNamespaces: expected one of deny, warn, found false"),
        (
            "policyServer: {replicas: two}",
            "2:26: policyServer.replicas: expected a whole number that is not negative, found \"two\"",
        ),
        ("auditScanner: {name: a}", "2:22: auditScanner.name: unknown key (known: serviceAccountName)"),
        ("private-images: 5", "2:1: private-images: expected an object with its settings, or false, found a number"),
    ] {
        fs::write(folder.path().join("own.yaml"), format!("registries: [myacr.azurecr.io]\n{line}\n")).unwrap();
        let args = ["policies", "--registry", "myacr.azurecr.io", "-c", "own.yaml"];
        let (status, _, err) = isolation(folder.path(), &args);
        assert_eq!((status, err), (2, format!("error: own.yaml:{expected}\n")), "{line}");
    }
    fs::write(folder.path().join("own.yaml"), "registry: myacr\n").unwrap();
    let (_, _, err) = isolation(folder.path(), &["policies", "-c", "own.yaml"]);
    assert!(err.starts_with("error: own.yaml:1:11: registry: "), "{err}");
}

#[test]
fn a_file_of_json_that_is_wrong_is_told_with_its_place_and_key() {
    let folder = folder();
    let baseline = "expected the output of `isolation check --write-baseline`";
    let report = "expected the output of `isolation report --output json`";
    let aks = "expected the output of `az aks show --output json`";
    for (text, args, expected) in [
        ("{\n", &["check", "--baseline", "own.json"][..], "2:1: not JSON: EOF while parsing an object".to_owned()),
        ("[]", &["check", "--baseline", "own.json"], format!("1:1: expected an object, found a list; {baseline}")),
        (
            "{\"version\": 1,\n\"findings\": [{\"rule\": 5}]}",
            &["check", "--baseline", "own.json"],
            format!("2:23: findings[0].rule: expected a string, found 5; {baseline}"),
        ),
        (
            "{\"version\": 1, \"findings\": [{\"rule\": \"NI101\"}]}",
            &["check", "--baseline", "own.json"],
            format!("1:30: findings[0].kind: is required; {baseline}"),
        ),
        ("{,}", &["report", "--since", "own.json"], "1:2: not JSON: key must be a string".to_owned()),
        ("{\"a\": 1}", &["report", "--since", "own.json"], format!("1:2: {report}")),
        (
            "{\"version\": 1, \"verdict\": 5}",
            &["report", "--since", "own.json"],
            "1:27: verdict: expected an object, found 5".to_owned(),
        ),
        ("{,}", &["report", "--aks", "own.json"], format!("1:2: not JSON: key must be a string; {aks}")),
    ] {
        fs::write(folder.path().join("own.json"), text).unwrap();
        let (status, _, err) = isolation(folder.path(), &[args, &["web.yaml"]].concat());
        assert_eq!((status, err), (2, format!("error: own.json:{expected}\n")), "{text}");
    }
    fs::write(folder.path().join("own.json"), "{\"version\": 2, \"new\": []}").unwrap();
    let (_, _, err) = isolation(folder.path(), &["check", "--baseline", "own.json", "web.yaml"]);
    assert!(err.starts_with("error: own.json: the baseline has version 2, "), "{err}");
}

#[test]
fn a_policy_of_a_cluster_that_is_wrong_is_told_with_its_place_and_key() {
    let folder = folder();
    let policy = "apiVersion: policies.kubewarden.io/v1\nkind: ClusterAdmissionPolicy\nmetadata: {name: a}\nspec:\n  module: a.io/private-images:v1\n  mutating: false\n  rules: [{apiGroups: [\"\"], apiVersions: [v1], resources: [pods], operations: [CREATE]}]\n";
    for (from, to, expected) in [
        ("mutating: false", "mutating: \"no\"", "spec.mutating: expected true or false, found \"no\""),
        ("rules: [", "rules: [5, ", "spec.rules[0]: expected an object, found 5"),
        ("apiVersions: [v1], ", "", "spec.rules[0].apiVersions: is required"),
        (
            "[CREATE]",
            "[UPDATE, create]",
            "spec.rules[0].operations: expected *, CONNECT, CREATE, DELETE or UPDATE, found \"create\"",
        ),
        (
            "[CREATE]",
            "[CREATE], scope: namespaced",
            "spec.rules[0].scope: expected *, Cluster or Namespaced, found \"namespaced\"",
        ),
        ("mutating:", "mode: Monitor\n  mutating:", "spec.mode is Monitor, but must be protect or monitor"),
        (
            "rules:",
            "objectSelector: {matchLabel: {}}\n  rules:",
            "spec.objectSelector.matchLabel: unknown key (known: matchLabels, matchExpressions)",
        ),
    ] {
        fs::write(folder.path().join("policy.yaml"), policy.replace(from, to)).unwrap();
        let (status, out, err) = isolation(folder.path(), &["check", "--policies", "policy.yaml", "web.yaml"]);
        let expected = format!("error: ClusterAdmissionPolicy a is not evaluated: {expected}\n");
        assert!(status == 2 && out.starts_with(&expected), "{expected}{out}{err}");
        assert!(out.contains("--> policy.yaml:"), "{out}");
    }
}

#[test]
fn a_test_that_is_none_says_where_and_why() {
    let folder = folder();
    for (test, expected) in [
        (String::new(), "it is empty; a test has `object` and `expect` (isolation test --help)"),
        ("a: [\n".to_owned(), "line 1: not YAML: unclosed bracket '['"),
        ("- a\n".to_owned(), "line 1: expected an object, found a list; see isolation test --help"),
        ("expect: {accepted: true}\n".to_owned(), "line 1: object: is required; see isolation test --help"),
        (format!("{POD}expect: []\n"), "line 6: expect: expected an object, found a list; see isolation test --help"),
        (format!("{POD}expect: {{}}\n"), "line 6: expect.accepted: is required; see isolation test --help"),
        (
            format!("{POD}expect: {{accepted: maybe}}\n"),
            "line 6: expect.accepted: expected true or false, found \"maybe\"; see isolation test --help",
        ),
        (
            format!("{POD}expect:\n  accepted: false\n  findings: NI101\n"),
            "line 8: expect.findings: expected a list, found \"NI101\"; see isolation test --help",
        ),
        (
            format!("{POD}expect:\n  accepted: false\n  findings:\n    - {{NI101: deny}}\n"),
            "line 9: expect.findings[0]: expected a string, found an object; see isolation test --help",
        ),
        (
            format!("{POD}expect:\n  accepted: false\n  findings:\n    - NI101\n    - NI102 reject a\n"),
            "line 10: expect.findings[1]: expected deny or warn behind NI102, found reject",
        ),
        (
            format!("{POD}expect:\n  accepted: false\n  findings:\n    - public-registri\n"),
            "line 9: expect.findings[0]: unknown rule public-registri; did you mean public-registry?",
        ),
        (
            format!("{POD}expect:\n  accepted: false\n  findings: [\"\"]\n"),
            "line 8: expect.findings[0]: expected a rule, as in `NI101 deny spec.containers[0].image`",
        ),
        (
            format!("{POD}cluster: {{}}\n"),
            "line 6: cluster: expected a list, found an object; see isolation test --help",
        ),
        (
            format!("{POD}cluster:\n  - {{kind: Namespace}}\n"),
            "line 7: cluster[0]: the document has no apiVersion, so it is not a Kubernetes object",
        ),
        (
            "object: {kind: Pod}\n".to_owned(),
            "line 1: object: the document has no apiVersion, so it is not a Kubernetes object",
        ),
        (
            format!("{POD}expected: {{accepted: true}}\n"),
            "line 6: expected: unknown key (known: object, cluster, expect); see isolation test --help",
        ),
    ] {
        fs::write(folder.path().join("test.yaml"), &test).unwrap();
        let (status, out, err) = isolation(folder.path(), &["test", "test.yaml"]);
        let expected = format!("not evaluated test.yaml\n  {expected}\n0 passed, 0 failed, 1 not evaluated\n");
        assert_eq!((status, out), (2, expected), "{test}{err}");
    }
}

#[test]
fn a_folder_of_tests_holds_neither_the_configuration_nor_what_is_hidden() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at(".github")).unwrap();
    fs::write(at(".github/workflow.yaml"), "on: push\n").unwrap();
    fs::remove_file(at("web.yaml")).unwrap();
    fs::write(at("test.yaml"), format!("{POD}expect: {{accepted: false, findings: [NI101]}}\n")).unwrap();
    for args in [&["test", "."][..], &["test", ".", "test.yaml"], &["test", "-c", "./isolation.yaml", "."]] {
        let (status, out, _) = isolation(folder.path(), args);
        assert_eq!((status, out.as_str()), (0, "1 passed, 0 failed\n"), "{args:?}");
    }
    let (status, _, err) = isolation(folder.path(), &["test", "isolation.yaml"]);
    assert_eq!((status, err.as_str()), (2, "error: isolation.yaml is the configuration to test, not a test\n"));
}

#[test]
fn blessing_changes_only_what_is_wrong() {
    let folder = folder();
    let file = folder.path().join("test.yaml");
    let two = POD.replace("{name: a, image: nginx}", "{name: a, image: nginx}, {name: b, image: redis}");
    let list = |lines: &str| {
        format!(
            "# Why.\n{two}expect: # all\n  # Docker Hub is not there.\n  accepted: false # ever\n  findings: # both\n{lines}"
        )
    };
    let first = "NI101 deny spec.containers[0].image";
    let second = "NI101 deny spec.containers[1].image";
    let end = "\n# The end.\n";
    for (before, after) in [
        // A line that is no longer right goes, a new one comes, and the others stay as they are written.
        (
            list(&format!(
                "  - NI101 deny spec.containers[7].image # gone\n  # the second\n  - public-registry  deny  spec.containers[1].image # stays\n{end}"
            )),
            list(&format!(
                "  # the second\n  - public-registry  deny  spec.containers[1].image # stays\n  - {first}\n{end}"
            )),
        ),
        // `expect` need not be at the end.
        (
            format!("expect: {{accepted: true}} # why\ncluster: []\n{two}"),
            format!(
                "# why\nexpect:\n  accepted: false\n  findings:\n    - {first}\n    - {second}\ncluster: []\n{two}"
            ),
        ),
        (
            format!("expect:\n    accepted: true\n\n# What is created.\n{two}"),
            format!(
                "expect:\n    accepted: false\n    findings:\n      - {first}\n      - {second}\n\n# What is created.\n{two}"
            ),
        ),
        // A file that has none, and no line break at its end.
        (
            two.trim_end().to_owned(),
            format!("{two}expect:\n  accepted: false\n  findings:\n    - {first}\n    - {second}\n"),
        ),
        // What nothing is found in has no list.
        (
            list("  - NI101\n").replace("nginx", "myacr.azurecr.io/a").replace("redis", "myacr.azurecr.io/b"),
            list("")
                .replace("nginx", "myacr.azurecr.io/a")
                .replace("redis", "myacr.azurecr.io/b")
                .replace("accepted: false", "accepted: true")
                .replace("findings: # both", "# both"),
        ),
    ] {
        for windows in [false, true] {
            let text =
                |text: &str| if windows { format!("\u{feff}{}", text.replace('\n', "\r\n")) } else { text.to_owned() };
            fs::write(&file, text(&before)).unwrap();
            let (status, out, err) = isolation(folder.path(), &["test", "--bless", "test.yaml"]);
            assert_eq!(
                (status, out.as_str()),
                (0, "blessed test.yaml\n0 passed, 1 blessed, 0 failed\n"),
                "{before}{err}"
            );
            assert_eq!(fs::read_to_string(&file).unwrap(), text(&after));
            let (status, out, _) = isolation(folder.path(), &["test", "--bless", "test.yaml"]);
            assert_eq!((status, out.as_str()), (0, "1 passed, 0 failed\n"));
        }
    }
    // A test that passes stays as it is, whatever it leaves out.
    let passes = list("  - NI101 # one\n  - NI101 # another\n");
    fs::write(&file, &passes).unwrap();
    assert_eq!(isolation(folder.path(), &["test", "--bless", "test.yaml"]).1, "1 passed, 0 failed\n");
    assert_eq!(fs::read_to_string(&file).unwrap(), passes);
    // What could not be written without breaking it is left alone.
    let json = "{\"object\": {\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"metadata\": {\"name\": \"a\"}, \"spec\": {\"containers\": [{\"name\": \"a\", \"image\": \"nginx\"}]}}}\n";
    fs::write(&file, json).unwrap();
    let (status, out, _) = isolation(folder.path(), &["test", "--bless", "test.yaml"]);
    assert!(status == 2 && out.contains("cannot be blessed: begin a line with `expect:`"), "{out}");
    assert_eq!(fs::read_to_string(&file).unwrap(), json);
    // PowerShell writes UTF-16.
    let wide: Vec<u8> = [0xfeff].into_iter().chain(two.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    fs::write(&file, wide).unwrap();
    assert_eq!(isolation(folder.path(), &["test", "--bless", "test.yaml"]).0, 0);
    assert!(fs::read(&file).unwrap().starts_with(b"\xff\xfeo\0b\0"));
}
