//! `isolation report`: whether a cluster is ready to be isolated.

pub mod args;
mod azure;
mod cluster;
mod gather;
mod judge;
mod output;
mod parts;
mod stderr;

use std::path::Path;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use isolation_readiness::{Found, Readiness, Survey, VerdictState, formats};
use isolation_report::Source;

use crate::check::parts::PART;
use crate::check::{Configured, LocalModules, check_files};
use crate::exit;
use crate::json;
use args::Report;
use parts::Sizes;

/// Runs the command; the result is the exit status.
///
/// # Errors
///
/// What keeps it from judging anything: a configuration or a document of Azure that cannot be read, a cluster that does not
/// answer, output that cannot be written.
pub fn run(args: &Report) -> Result<u8> {
    check_files(args.write.iter().map(|(file, _)| file).chain(&args.save))?;
    let (document, unjudged) = document(args, now()?, Sizes { part: PART, kept: parts::KEPT })?;
    for (path, format) in &args.write {
        output::write_file(&document, path, *format)?;
    }
    output::print(&document, args.output)?;
    Ok(match document.verdict.state {
        _ if unjudged => exit::NOT_EVALUATED,
        VerdictState::Ready | VerdictState::Isolated => exit::CLEAN,
        VerdictState::ReadyAfterChanges | VerdictState::NotYet => exit::VIOLATIONS,
    })
}

/// The document, and whether something could not be read or judged.
fn document(args: &Report, created: String, sizes: Sizes) -> Result<(Readiness, bool)> {
    let since = args.since.as_deref().map(earlier).transpose()?;
    let mut configured = Configured::open(args.config.as_deref())?;
    let modules = LocalModules::new(&[])?;
    let gathered = gather::gather(args, &configured, &created, &modules.granted()?, sizes)?;
    let registries = judge::registries(args, &mut configured, &gathered.azure);
    let cache_rules = judge::cache_rules(&mut configured, &gathered.azure, &registries);
    let found = Found::new(gathered.objects, gathered.without_lines);
    let (report, found) = judge::judge(configured, args, &modules, gathered.parts, &gathered.known, found)?;
    let document = Survey {
        found,
        report: &report,
        azure: &gathered.azure,
        input: gathered.input,
        name: gathered.name,
        registries,
        cache_rules,
        unseen: gathered.unseen,
        incomplete: gathered.incomplete,
        tool: concat!("isolation ", env!("CARGO_PKG_VERSION")).to_owned(),
        created,
        since,
    }
    .document();
    Ok((document, !report.not_evaluated.is_empty()))
}

/// An earlier report.
fn earlier(path: &Path) -> Result<Readiness> {
    let name = path.display().to_string();
    let text = crate::text::read(path).with_context(|| format!("cannot read {name}"))?;
    let source = Source::new(name, text);
    formats::json::read(&json::parse(&source)?).map_err(|problem| json::mismatch(&source, &problem, &problem))
}

/// The time, or what `SOURCE_DATE_EPOCH` says that it is: <https://reproducible-builds.org/specs/source-date-epoch/>.
fn now() -> Result<String> {
    let time = match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(seconds) => {
            let seconds: u64 = seconds.parse().context("SOURCE_DATE_EPOCH is not a number of seconds")?;
            SystemTime::UNIX_EPOCH
                .checked_add(Duration::from_secs(seconds))
                .context("SOURCE_DATE_EPOCH is too large")?
        }
        Err(_) => SystemTime::now(),
    };
    Ok(humantime::format_rfc3339_seconds(time).to_string())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use clap::Parser as _;

    use super::cluster::{Dump, Pages};
    use super::*;
    use crate::args::{Args, Command};

    /// In the order of their names: what belongs together is in different parts, in both orders.
    const FILES: &[(&str, &str)] = &[
        (
            "a-claim.yaml",
            "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: a, namespace: shop}, spec: {storageClassName: late}}\n",
        ),
        (
            "b-main.parameters.json",
            r#"{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#", "parameters": {"type": {"value": "loadBalancer"}, "deployed": {"value": true}}}"#,
        ),
        (
            "c-main.json",
            r#"{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0", "parameters": {"type": {"type": "string"}, "deployed": {"type": "bool"}, "name": {"type": "string"}},
          "resources": [{"type": "Microsoft.ContainerService/managedClusters", "apiVersion": "2025-08-01", "name": "shop", "condition": "[parameters('deployed')]", "properties": {"networkProfile": {"outboundType": "[parameters('type')]"}}},
                        {"type": "Microsoft.ContainerRegistry/registries", "apiVersion": "2025-04-01", "name": "[parameters('name')]", "sku": {"name": "Basic"}, "properties": {}}]}"#,
        ),
        ("d-broken.yaml", "a: [\n"),
        (
            "e-pods.yaml",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: web-1-a, namespace: shop, ownerReferences: [{kind: ReplicaSet, name: web-1, controller: true}]}\nspec: {containers: [{name: web, image: nginx}]}\n---\n\
          {apiVersion: v1, kind: Pod, metadata: {name: old, namespace: shop, ownerReferences: [{kind: ReplicaSet, name: web-0, controller: true}]}, spec: {containers: [{name: web, image: nginx}]}}\n---\n{apiVersion: v1}\n",
        ),
        (
            "f-allowed.yaml",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: allowed, namespace: shop}\nspec:\n  containers:\n    - name: web\n      image: nginx # isolation: allow NI101 because it is a test\n    - name: b\n      image: busybox # isolation: allow NI101 until 2020-01-01 because it was a test\n    # isolation: allow NI999 because there is no such rule\n    - {name: c, image: alpine}\n",
        ),
        (
            "g-annotated.yaml",
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: annotated\n  annotations: {isolation.allow/NI101: it is another test, isolation.allow/NI998: there is none, kubernetes.io/config.mirror: x}\nspec: {containers: [{name: web, image: quay.io/a/b}]}\n",
        ),
        (
            "h-old.parameters.json",
            r#"{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#", "parameters": {"deployed": {"value": false}, "name": {"value": "shopacr"}}}"#,
        ),
        ("i-latin.yaml", "{apiVersion: v1, kind: ConfigMap, metadata: {name: caf\u{e9}}}\n"),
        (
            "j-custom.yaml",
            "{apiVersion: example.com/v1, kind: Widget, metadata: {name: a, namespace: shop}, spec: {image: nginx}}\n---\n{apiVersion: example.com/v1, kind: Gadget, metadata: {name: a}, spec: {}}\n",
        ),
        (
            "k-later.yaml",
            "{apiVersion: v1, kind: Pod, metadata: {name: unread, namespace: shop}, spec: {containers: [{name: web, image: nginx}, 7]}}\n",
        ),
        ("l-template.yaml.j2", "{{ nothing }}\n"),
        (
            "m-twice.yaml",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop, labels: {team: checkout}}, spec: {template: {spec: {containers: [{name: web, image: nginx}]}}}}\n---\n\
          {apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: web-1, namespace: shop, ownerReferences: [{kind: Deployment, name: web, controller: true}]}, spec: {replicas: 1, template: {spec: {containers: [{name: web, image: nginx}]}}}}\n---\n\
          {apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: web-0, namespace: shop, ownerReferences: [{kind: Deployment, name: web, controller: true}]}, spec: {replicas: 0, template: {spec: {containers: [{name: web, image: old}]}}}}\n",
        ),
        (
            "n-service.yaml",
            "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {type: LoadBalancer, loadBalancerIP: 20.1.2.3}}\n",
        ),
        (
            "na-documents.yaml",
            "# isolation: allow NI001 because nothing needs it\n{apiVersion: v1, kind: ConfigMap, metadata: {name: b}}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: two, namespace: shop}, spec: {containers: [{name: a, image: nginx}]}} # isolation: allow NI101 because it is a test\n---\na: [\n---\n{apiVersion: v1, kind: Pod, metadata: {name: three, namespace: shop}, spec: {containers: [{name: a, image: nginx}]}}\n",
        ),
        (
            "o-webhook.yaml",
            "{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {team: shops}}}\n---\n{apiVersion: v1, kind: Namespace, metadata: {name: hidden, labels: {control-plane: x}}}\n",
        ),
    ];

    const PAGES: &[&str] = &[
        r#"{"apiVersion":"v1","kind":"PodList","items":[{"metadata":{"name":"hidden","namespace":"hidden"},"spec":{"containers":[{"name":"a","image":"nginx"}]}},{"metadata":{"name":"kube-proxy","namespace":"kube-system","annotations":{"kubernetes.io/config.mirror":"x","isolation.allow/NI101":"until 2020-01-01 because it was a test"}},"spec":{"containers":[{"name":"a","image":"ghcr.io/a/b"}]}}]}"#,
        r#"{"apiVersion":"v1","kind":"PodList","items":[{"metadata":{"name":7}}]}"#,
        r#"{"apiVersion":"storage.k8s.io/v1","kind":"StorageClassList","items":[{"metadata":{"name":"late"},"provisioner":"file.csi.azure.com"}]}"#,
        "not JSON: [",
    ];

    const CONFIGURATION: &str = "\
cached-images: false
closed-egress: false
allow:
  - {rule: NI101, object: {kind: Deployment, name: web}, reason: the team knows}
  - {rule: NI101, object: {name: nobody}, reason: nobody is called so}
  - {rule: NI001, object: {name: unread}, path: nowhere, reason: an object of this name comes late}
  - {rule: NI001, object: {name: nobody}, reason: an object of this name never comes}
  - {rule: NI101, object: {name: hidden}, reason: it was allowed, expires: 2020-01-01}
";

    #[test]
    fn parts_give_the_report_of_the_whole() {
        let folder = tempfile::tempdir().unwrap();
        let manifests = folder.path().join("manifests");
        fs::create_dir(&manifests).unwrap();
        for (name, text) in FILES {
            let latin = || text.chars().map(|c| u8::try_from(c).unwrap()).collect();
            let bytes = if name.contains("latin") { latin() } else { text.as_bytes().to_vec() };
            fs::write(manifests.join(name), bytes).unwrap();
        }
        let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/readiness/before");
        fs::copy(docs.join("aks.json"), manifests.join("p-aks.json")).unwrap();
        let dump = folder.path().join("shop.json.gz");
        let mut pages = Pages::new().unwrap();
        PAGES.iter().for_each(|page| pages.add(page).unwrap());
        let acr = ("az acr show".to_owned(), fs::read_to_string(docs.join("acr.json")).unwrap());
        Dump::new("shop".to_owned(), String::new(), Vec::new(), vec![acr]).write(&dump, &pages).unwrap();
        let config = folder.path().join("isolation.yaml");
        fs::write(&config, CONFIGURATION).unwrap();
        let missing = folder.path().join("missing.yaml");
        let paths = [&config, &missing, &manifests, &dump].map(|path| path.to_str().unwrap());
        let [config, missing, manifests, dump] = paths;
        for exceptions in ["--default-namespace=default", "--no-exceptions"] {
            let args = ["isolation", "report", "--config", config, exceptions, missing, manifests, dump];
            let Command::Report(args) = Args::try_parse_from(args).unwrap().command else { panic!("report is report") };
            let texts = |part: u64, kept: u64| {
                let sizes = Sizes { part, kept };
                let (document, unjudged) = document(&args, "2026-11-27T08:00:00Z".to_owned(), sizes).unwrap();
                assert!(unjudged);
                [args::Format::Json, args::Format::Html, args::Format::Markdown, args::Format::Human].map(|format| {
                    let mut out = Vec::new();
                    output::write(&document, format, &mut out).unwrap();
                    String::from_utf8(out).unwrap()
                })
            };
            let whole = texts(u64::MAX, u64::MAX);
            for (part, kept) in [(1, 0), (400, 0), (1, u64::MAX), (1, 1000)] {
                assert!(texts(part, kept) == whole, "{exceptions} {part} {kept}");
            }
            // Each of these needs two parts.
            let report: serde_json::Value = serde_json::from_str(&whole[0]).unwrap();
            let problems = report["problems"].as_array().unwrap();
            let of = |name: &str| {
                let of_it = problems.iter().filter(|problem| problem["workload"] == name);
                of_it.map(|problem| problem["rule"].as_str().unwrap()).collect::<Vec<_>>()
            };
            let honoured = exceptions != "--no-exceptions";
            let of_web: &[&str] = if honoured { &["NI101", "NI201", "NI101"] } else { &["NI101", "NI201"] };
            assert_eq!((of("a"), of("web"), of("old")), (vec!["NI310"], of_web.to_vec(), vec![]), "{problems:#?}");
            let said = |text: &str| whole[0].contains(text);
            let is_all_deployed = said("c-main.json:3:") && said("c-main.json:2:");
            assert!(is_all_deployed, "a template counts with each file of parameters: {problems:#?}");
            assert_eq!(said("isolation.yaml:6:6: the exception for NI001 matches nothing"), honoured);
            for text in ["is not UTF-8", "AKS exempts 1 namespace", "2 static pods", "2 custom kinds", "missing.yaml"] {
                assert!(said(text), "{text}: {}", whole[0]);
            }
        }
    }
}
