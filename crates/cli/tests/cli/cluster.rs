//! A live cluster, whose kubectl is a stand-in: it answers with files, page by page, and refuses what the test wants refused.
#![cfg(unix)]

// A helper of tests is a test to everybody but clippy.
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

const RESOURCES: &str = "\
NAME           SHORTNAMES APIVERSION        NAMESPACED KIND         VERBS    CATEGORIES
namespaces     ns         v1                false      Namespace    get,list
pods           po         v1                true       Pod          get,list all
services       svc        v1                true       Service      get,list all
storageclasses sc         storage.k8s.io/v1 false      StorageClass get,list
widgets                   example.com/v1    true       Widget       get,list
";

/// The answer to a request is the first of the files `N.out` and `N.err` for its path that was not given yet, and then the last.
const KUBECTL: &str = r#"#!/bin/sh
here=$(dirname "$0")
case "$*" in
  *current-context*) echo test; exit 0 ;;
  *api-resources*) cat "$here/resources"; test ! -e "$here/resources.err" || { cat "$here/resources.err" >&2; exit 1; }; exit 0 ;;
esac
for word; do case $word in /*) path=$word ;; esac; done
echo "$path" >>"$here/asked"
name=$(printf %s "$path" | tr -c 'a-z0-9' _)
number=$(($(cat "$here/$name.count" 2>/dev/null || echo 0) + 1))
echo $number >"$here/$name.count"
while [ $number -gt 1 ] && [ ! -e "$here/$name.$number.out" ] && [ ! -e "$here/$name.$number.err" ]; do number=$((number - 1)); done
if [ -e "$here/$name.$number.err" ]; then cat "$here/$name.$number.err" >&2; exit 1; fi
if [ -e "$here/$name.$number.out" ]; then cat "$here/$name.$number.out"; exit 0; fi
echo "Error from server (NotFound): $path" >&2; exit 1
"#;

/// A cluster in a folder.
struct Cluster(tempfile::TempDir);

impl Cluster {
    fn new() -> Self {
        let cluster = Cluster(tempfile::tempdir().unwrap());
        cluster.write("resources", RESOURCES);
        cluster.write("kubectl", KUBECTL);
        fs::set_permissions(cluster.path("kubectl"), fs::Permissions::from_mode(0o755)).unwrap();
        cluster.answer("/api/v1/namespaces?limit=500", 1, &list("Namespace", &[named("shop")], ""));
        for empty in ["/api/v1/pods", "/api/v1/services", "/apis/storage.k8s.io/v1/storageclasses"] {
            cluster.answer(&format!("{empty}?limit=500"), 1, &list("Thing", &[], ""));
        }
        cluster
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn file(path: &str) -> String {
        path.chars().map(|c| if c.is_ascii_lowercase() || c.is_ascii_digit() { c } else { '_' }).collect()
    }

    /// What is answered when this path is asked for the nth time.
    fn answer(&self, path: &str, nth: usize, list: &Value) {
        self.write(&format!("{}.{nth}.out", Self::file(path)), &list.to_string());
    }

    fn refuse(&self, path: &str, nth: usize, said: &str) {
        let name = format!("{}.{nth}", Self::file(path));
        let _ = fs::remove_file(self.path(&format!("{name}.out")));
        self.write(&format!("{name}.err"), said);
    }

    /// The exit status, and the report.
    fn report(&self, args: &[&str]) -> (i32, Value) {
        let path = format!("{}:{}", self.0.path().display(), std::env::var("PATH").unwrap());
        let mut command = Command::new(env!("CARGO_BIN_EXE_isolation"));
        command.args(["report", "--cluster", "--registry", "myacr.azurecr.io", "--output", "json"]).args(args);
        let output = command.current_dir(self.0.path()).env("PATH", path).output().unwrap();
        let status = output.status.code().unwrap();
        let report = serde_json::from_slice(&output.stdout);
        (status, report.unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr))))
    }

    /// What is said where there is no report.
    fn fails(&self, args: &[&str]) -> String {
        let path = format!("{}:{}", self.0.path().display(), std::env::var("PATH").unwrap());
        let mut command = Command::new(env!("CARGO_BIN_EXE_isolation"));
        let output = command.args(["report", "--cluster"]).args(args).env("PATH", path).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).unwrap()
    }

    fn asked(&self) -> Vec<String> {
        fs::read_to_string(self.path("asked")).unwrap().lines().map(str::to_owned).collect()
    }
}

fn named(name: &str) -> Value {
    json!({"metadata": {"name": name}})
}

fn pod(name: &str) -> Value {
    let image = format!("quay.io/vendor/{name}:1");
    json!({"metadata": {"name": name, "namespace": "shop"}, "spec": {"containers": [{"name": "a", "image": image}]}})
}

/// A page, whose items have no kind, as the API server's have none.
fn list(kind: &str, items: &[Value], next: &str) -> Value {
    let version = if kind == "StorageClass" { "storage.k8s.io/v1" } else { "v1" };
    json!({"apiVersion": version, "kind": format!("{kind}List"), "metadata": {"continue": next}, "items": items})
}

/// The pods that the report names for their images.
fn pods(report: &Value) -> Vec<String> {
    let problems = report["problems"].as_array().unwrap().iter();
    let mut pods: Vec<_> = problems
        .filter(|problem| problem["rule"] == "NI101")
        .map(|problem| problem["workload"].as_str().unwrap().to_owned())
        .collect();
    pods.sort();
    pods
}

/// What decides and was not seen, of the cluster.
fn unseen(report: &Value) -> Vec<String> {
    let unseen = report["notSeen"].as_array().unwrap().iter().filter(|unseen| unseen["decides"] == true);
    unseen.map(|unseen| format!("{}. {}", unseen["what"].as_str().unwrap(), unseen["help"].as_str().unwrap())).collect()
}

const PODS: &str = "/api/v1/pods?limit=500";

#[test]
fn every_page_of_a_list_is_read_and_a_dump_holds_them_all() {
    let cluster = Cluster::new();
    cluster.answer(PODS, 1, &list("Pod", &[pod("a"), pod("b")], "second"));
    cluster.answer(&format!("{PODS}&continue=second"), 1, &list("Pod", &[], "third"));
    cluster.answer(&format!("{PODS}&continue=third"), 1, &list("Pod", &[pod("c")], ""));
    let (status, report) = cluster.report(&["--save", "shop.json.gz"]);
    assert_eq!((status, pods(&report)), (1, vec!["a".to_owned(), "b".into(), "c".into()]));
    assert_eq!(report["numbers"]["objects"], 4);
    assert!(cluster.asked().iter().all(|path| !path.contains("secrets") && !path.contains("widgets")));
    let dump = |args: &[&str]| {
        let args = [&["report", "--registry", "myacr.azurecr.io", "-o", "json", "shop.json.gz"], args].concat();
        Command::new(env!("CARGO_BIN_EXE_isolation")).args(args).current_dir(cluster.0.path()).output().unwrap()
    };
    let again: Value = serde_json::from_slice(&dump(&[]).stdout).unwrap();
    assert_eq!(again["problems"].as_array().unwrap().len(), report["problems"].as_array().unwrap().len());
    assert_eq!(unseen(&again), unseen(&report));
}

#[test]
fn a_list_that_expires_is_read_again_from_its_beginning() {
    let cluster = Cluster::new();
    let second = format!("{PODS}&continue=second");
    let expired =
        "Error from server (Expired): The provided continue parameter is too old to display a consistent list result.";
    cluster.answer(PODS, 1, &list("Pod", &[pod("a"), pod("gone")], "second"));
    cluster.refuse(&second, 1, expired);
    cluster.answer(PODS, 2, &list("Pod", &[pod("a"), pod("b")], "second"));
    cluster.answer(&second, 2, &list("Pod", &[pod("c")], ""));
    let (_, report) = cluster.report(&[]);
    // Nothing of the first attempt is left, and nothing is there twice.
    assert_eq!(
        (pods(&report), &report["numbers"]["objects"]),
        (vec!["a".to_owned(), "b".into(), "c".into()], &json!(4))
    );
    assert!(unseen(&report).iter().all(|unseen| !unseen.starts_with("pods")), "{:#?}", unseen(&report));
}

#[test]
fn a_list_that_keeps_expiring_is_named() {
    let cluster = Cluster::new();
    cluster.answer(PODS, 1, &list("Pod", &[pod("a")], "second"));
    cluster.refuse(&format!("{PODS}&continue=second"), 1, "Error from server (Expired): continue parameter is too old");
    let (status, report) = cluster.report(&[]);
    assert_eq!(status, 1);
    assert!(unseen(&report).iter().any(|unseen| unseen.starts_with("pods: ")), "{:#?}", unseen(&report));
}

#[test]
fn what_the_user_may_not_list_is_named_with_the_question_to_ask() {
    let cluster = Cluster::new();
    let forbidden = |what: &str| {
        format!(
            "Error from server (Forbidden): {what} is forbidden: User \"dev\" cannot list resource \"{what}\" at the cluster scope"
        )
    };
    cluster.refuse("/apis/storage.k8s.io/v1/storageclasses?limit=500", 1, &forbidden("storageclasses.storage.k8s.io"));
    cluster.refuse("/api/v1/services?limit=500", 1, "Unable to connect to the server: net/http: TLS handshake timeout");
    let (status, report) = cluster.report(&[]);
    assert_eq!((status, &report["verdict"]["state"]), (1, &json!("notYet")));
    let unseen = unseen(&report);
    let question = "You may not list storageclasses.storage.k8s.io. `kubectl auth can-i list storageclasses.storage.k8s.io -A` \
                    checks the right. With rights in some namespaces only, add --namespace NAME";
    assert!(unseen.contains(&question.to_owned()), "{unseen:#?}");
    assert!(unseen.iter().any(|unseen| unseen.starts_with("services: Unable to connect")), "{unseen:#?}");
}

#[test]
fn of_a_cluster_that_shows_nothing_there_is_a_report() {
    let cluster = Cluster::new();
    let forbidden = "Error from server (Forbidden): pods is forbidden: User \"dev\" cannot list resource \"pods\"";
    for path in ["/api/v1/namespaces", "/api/v1/pods", "/api/v1/services", "/apis/storage.k8s.io/v1/storageclasses"] {
        cluster.refuse(&format!("{path}?limit=500"), 1, forbidden);
    }
    let (status, report) = cluster.report(&[]);
    assert_eq!((status, &report["verdict"]["state"], &report["numbers"]["objects"]), (1, &json!("notYet"), &json!(0)));
    let unseen = unseen(&report);
    assert!(
        unseen.iter().any(|unseen| unseen.starts_with("You may not list namespaces, pods, services")),
        "{unseen:#?}"
    );
    assert!(unseen.iter().any(|unseen| unseen.starts_with("No object of the cluster was read")), "{unseen:#?}");
}

#[test]
fn of_some_namespaces_the_rest_is_not_seen_and_a_right_is_asked_for_there() {
    let cluster = Cluster::new();
    let in_shop = "/api/v1/namespaces/shop/pods?limit=500";
    cluster.answer(in_shop, 1, &list("Pod", &[pod("a")], ""));
    let forbidden = "Error from server (Forbidden): services is forbidden: User \"dev\" cannot list resource \"services\" in the namespace \"shop\"";
    cluster.refuse("/api/v1/namespaces/shop/services?limit=500", 1, forbidden);
    let namespace = |name: &str, there: &[Value]| {
        let path = format!("/api/v1/namespaces?fieldSelector=metadata.name%3D{name}&limit=500");
        cluster.answer(&path, 1, &list("Namespace", there, ""));
    };
    namespace("shop", &[named("shop")]);
    namespace("nosuch", &[]);
    let (_, report) = cluster.report(&["--namespace", "shop"]);
    assert_eq!((pods(&report), &report["numbers"]["namespaces"]), (vec!["a".to_owned()], &json!(1)));
    let said = cluster.fails(&["--namespace", "shop", "--namespace", "nosuch"]);
    assert_eq!(said, "error: --namespace nosuch: the cluster test has no namespace of this name\n");
    let unseen = unseen(&report);
    let question = "In shop you may not list services. `kubectl auth can-i list services -n shop` checks the right";
    assert!(unseen.contains(&question.to_owned()), "{unseen:#?}");
    assert!(unseen.iter().any(|unseen| unseen.starts_with("All namespaces but shop")), "{unseen:#?}");
}

#[test]
fn a_group_that_does_not_answer_keeps_the_cluster_from_being_called_ready() {
    let cluster = Cluster::new();
    cluster.write(
        "resources.err",
        "error: unable to retrieve the complete list of server APIs: metrics.k8s.io/v1beta1: stale",
    );
    let (status, report) = cluster.report(&[]);
    assert_eq!(status, 1);
    assert!(unseen(&report).iter().any(|unseen| unseen.contains("metrics.k8s.io/v1beta1: stale")), "{report:#}");
}

#[test]
fn an_answer_that_is_no_list_is_not_an_empty_one() {
    let cluster = Cluster::new();
    for answer in [json!({"kind": "Status", "status": "Success"}), json!([]), json!({"items": {}})] {
        cluster.answer(PODS, 1, &answer);
        let (_, report) = cluster.report(&[]);
        assert!(unseen(&report).iter().any(|unseen| unseen.starts_with("pods: ")), "{answer}: {:#?}", unseen(&report));
        let _ = fs::remove_file(cluster.path(&format!("{}.count", Cluster::file(PODS))));
    }
}

#[test]
fn a_cluster_without_kubectl_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_isolation"));
    command.args(["report", "--cluster"]).current_dir(folder.path()).env("PATH", Path::new("/nonexistent"));
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(2) && said.contains("install it, or read a dump"), "{said}");
}

#[test]
fn a_cluster_that_kubectl_does_not_know_is_told_with_the_file() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("empty"), "apiVersion: v1\nkind: Config\n").unwrap();
    fs::write(folder.path().join("broken"), "a: [\n").unwrap();
    let said = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_isolation"));
        let output = command.args(["report", "--cluster"]).args(args).current_dir(folder.path()).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    for args in [&["--kubeconfig", "nosuch"][..], &["--kubeconfig", "nosuch", "--context", "a"]] {
        let expected =
            "error: --kubeconfig nosuch cannot be read: No such file or directory (os error 2). Name the file ";
        assert!(said(args).starts_with(expected), "{}", said(args));
    }
    assert!(said(&["--kubeconfig", "."]).starts_with("error: --kubeconfig . is a folder. Name the file "));
    // What follows is in kubectl's words.
    if Command::new("kubectl").arg("version").arg("--client").output().is_err() {
        eprintln!("skipped: there is no kubectl");
        return;
    }
    let empty = said(&["--kubeconfig", "empty"]);
    assert!(empty.starts_with("error: empty names no current context: choose one with --context NAME"), "{empty}");
    let other = said(&["--kubeconfig", "empty", "--context", "a"]);
    assert!(other.starts_with("error: --context a: empty has no context of this name; "), "{other}");
    let broken = said(&["--kubeconfig", "broken"]);
    assert!(broken.starts_with("error: kubectl cannot read broken: "), "{broken}");
}

/// A folder with files; the report on it, with a cluster of Azure that is as it should be.
fn report_on(files: &[(&str, &str)], args: &[&str]) -> Value {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let azure = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/readiness/after").canonicalize().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_isolation"));
    command.args(["report", "--output", "json"]).args(args).current_dir(folder.path());
    for part in ["aks", "acr", "cache-rules", "private-endpoints", "subnet", "extensions"] {
        command.arg(format!("--{part}")).arg(azure.join(format!("{part}.json")));
    }
    let output = command.arg("deploy").output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

const FINE: (&str, &str) = (
    "deploy/web.yaml",
    "{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {containers: [{name: a, image: \"shopacr.azurecr.io/a:1\"}]}}",
);
const PUBLIC: (&str, &str) = (
    "deploy/service.yaml",
    "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {type: LoadBalancer}}\n---\n\
     {apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {containers: [{name: a, image: \"shopacr.azurecr.io/a:1\"}]}}",
);

#[test]
fn files_are_ready_only_if_all_of_them_were_judged_by_all_policies() {
    let state = |report: &Value| report["verdict"]["state"].as_str().unwrap().to_owned();
    assert_eq!(state(&report_on(&[FINE], &[])), "ready");
    assert_eq!(state(&report_on(&[PUBLIC], &[])), "readyAfterChanges");
    // What isolation.yaml does not want in admission still breaks.
    for configuration in
        ["internal-load-balancers: false\n", "internal-load-balancers: {enforcement: warn}\n", "enforcement: warn\n"]
    {
        let report = report_on(&[PUBLIC, ("isolation.yaml", configuration)], &[]);
        assert_eq!(state(&report), "readyAfterChanges", "{configuration}");
    }
    // What is not read may hold anything.
    let chart = [("deploy/chart/Chart.yaml", "name: a\nversion: 1.0.0\n"), ("deploy/chart/templates/a.yaml", PUBLIC.1)];
    let report = report_on(&[&[FINE], &chart[..]].concat(), &["--no-render"]);
    assert_eq!(state(&report), "notYet");
    assert!(
        unseen(&report).iter().any(|unseen| unseen.contains("deploy/chart was skipped: --no-render")),
        "{report:#}"
    );
    let report = report_on(&[FINE, ("deploy/b.yaml.tmpl", PUBLIC.1)], &[]);
    assert_eq!(state(&report), "notYet");
    assert_eq!(state(&report_on(&[FINE, ("deploy/b.yaml.tmpl", PUBLIC.1)], &["--exclude", "*.tmpl"])), "ready");
}

#[test]
fn exceptions_are_accepted_until_their_last_day() {
    let with = |exception: &str, args: &[&str]| {
        let allow = format!("allow: [{{rule: NI201, object: {{name: web}}, reason: a partner{exception}}}]\n");
        report_on(&[PUBLIC, ("isolation.yaml", &allow)], args)
    };
    let report = with("", &[]);
    assert_eq!((&report["numbers"]["breaks"], &report["problems"][0]["accepted"]), (&json!(0), &json!("a partner")));
    assert_eq!(report["verdict"]["state"], "ready");
    assert_eq!(with("", &["--no-exceptions"])["numbers"]["breaks"], 1);
    let expired = with(", expires: \"2020-01-01\"", &[]);
    assert_eq!(expired["numbers"]["breaks"], 1);
    let said = expired["notSeen"]
        .as_array()
        .unwrap()
        .iter()
        .any(|unseen| unseen["what"].as_str().unwrap().contains("expired on 2020-01-01"));
    assert!(said, "{expired:#}");
}
