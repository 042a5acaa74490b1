//! Hostile shapes of any size, and what reads them: what a reader does must grow as its input does.
//!
//! `make growth` runs each shape in three sizes below valgrind, which counts instructions: the same number on every machine,
//! however busy it is. No test measures time.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use isolation_admission::Changes;
use isolation_all_policies::policy;
use isolation_manifest::rewrite;
use serde_json::{Value, json};

use crate::answers::Always;
use crate::judging;
use crate::targets::dumps;

/// A shape: its text at a size, and what is done with it.
pub struct Shape {
    /// What it is called.
    pub name: &'static str,
    /// The smallest size that it is run in.
    pub size: usize,
    /// The most that twice the size may cost, as a multiple.
    pub most: f64,
    text: fn(usize) -> String,
    read: fn(&str) -> Result<()>,
}

/// A little more than twice: logarithms, and lists that outgrow their room.
const LINEAR: f64 = 2.5;

impl Shape {
    /// Reads the shape in this size.
    ///
    /// # Errors
    ///
    /// What keeps it from being read at all.
    pub fn run(&self, size: usize) -> Result<()> {
        (self.read)(&(self.text)(size))
    }
}

const fn shape(name: &'static str, size: usize, text: fn(usize) -> String, read: fn(&str) -> Result<()>) -> Shape {
    Shape { name, size, most: LINEAR, text, read }
}

/// Entries of a setting that are compared with each other, to say which of them are useless or contradict each other, or whose
/// positions are counted from the list's start, to say where they are wrong; exceptions whose patterns are each compared with
/// every object's name. They are the operator's own, and a registry takes no more than a thousand cache rules.
const fn pairwise(shape: Shape) -> Shape {
    Shape { most: 4.2, ..shape }
}

/// All of them.
pub const SHAPES: &[Shape] = &[
    shape("request: containers", 200, |n| pod(n, "\"image\": \"nginx\""), request),
    shape("request: containers of a wrong type", 200, |n| pod(n, "\"image\": {}"), request),
    shape("request: containers as they were", 200, |n| pod(n, "\"image\": \"nginx\""), update),
    shape("request: containers and exceptions with a path", 200, |n| pod(n, "\"image\": \"nginx\""), excepted),
    shape("request: the same key again and again", 500, |n| object(n, |_| "\"a\": 1".to_owned()), request),
    shape("request: keys in falling order", 500, |n| object(n, |at| format!("\"k{:07}\": 1", 9_999_999 - at)), request),
    shape("request: annotations", 500, |n| annotated(n, |at| format!("\"a{at}.io/b\": \"c\"")), request),
    shape("request: one long key", 20_000, |n| annotated(1, |_| format!("\"{}\": 1", "é\\n".repeat(n))), request),
    shape("request: one long image", 20_000, |n| pod(1, &format!("\"image\": \"{}\"", "a/".repeat(n))), request),
    shape("request: lists in lists", 20_000, |n| "[".repeat(n), request),
    shape("request: requirements of one term", 200, required, request),
    shape("request: claims of different classes", 200, claims, lookups),
    shape("request: listeners and the annotations of their template", 200, listeners, network),
    shape("request: one name of many labels", 2_000, |n| entry(&"privatelink.".repeat(n)), network),
    pairwise(shape("settings: registries", 200, |n| list(n, |at| format!("\"r{at}.io\"")), registries)),
    pairwise(shape("settings: what is no registry", 200, |n| list(n, |_| "\"a b\"".to_owned()), registries)),
    shape("settings: unknown keys", 200, |n| object(n, |at| format!("\"registrys{at}\": 1")), settings),
    pairwise(shape("settings: cache rules", 100, cache_rules, settings_of_cached_images)),
    shape("yaml: anchors", 500, |n| lines(n, |at| format!("k{at}: &a{at} v")), yaml),
    shape("yaml: aliases", 500, |n| format!("a: &a v\n{}", lines(n, |at| format!("k{at}: *a"))), yaml),
    shape(
        "yaml: merge keys",
        200,
        |n| format!("a: &a {{b: c}}\n{}", lines(n, |at| format!("k{at}: {{<<: *a}}"))),
        yaml,
    ),
    shape(
        "yaml: one merge key into many keys",
        200,
        |n| format!("a: &a {{b: c}}\nd:\n  <<: *a\n{}", lines(n, |at| format!("  k{at}: 1"))),
        yaml,
    ),
    shape(
        "yaml: a list to merge",
        100,
        |n| format!("a: &a {{b: c}}\nd:\n  <<: [{}]\n", vec!["*a"; n].join(", ")),
        yaml,
    ),
    shape("yaml: the same key again and again", 500, |n| lines(n, |_| "a: 1".to_owned()), yaml),
    shape("yaml: opening brackets", 2_000, |n| "[".repeat(n), yaml),
    shape("yaml: dashes", 2_000, |n| "- ".repeat(n), yaml),
    shape("yaml: question marks", 2_000, |n| "? ".repeat(n), yaml),
    shape("yaml: a long plain text", 2_000, |n| format!("a: {}", "b \n ".repeat(n)), yaml),
    shape("yaml: a long text in quotes", 2_000, |n| format!("a: \"{}\"", "\\u00e9\n ".repeat(n)), yaml),
    shape("yaml: blank lines", 2_000, |n| format!("a: |\n{}  b\n", "\n".repeat(n)), yaml),
    shape("yaml: comments", 500, |n| lines(n, |at| format!("k{at}: v # c")), yaml),
    shape("yaml: tags", 500, |n| lines(n, |at| format!("k{at}: !!str v")), yaml),
    shape(
        "documents of YAML",
        100,
        |n| documents(n, "apiVersion: v1\nkind: Pod\nspec: {containers: [{image: nginx}]}\n"),
        check,
    ),
    shape("documents that cannot be read", 100, |n| documents(n, "a: [\n"), check),
    shape("documents of JSON", 100, |n| format!("{}\n", pod(1, "\"image\": \"nginx\"")).repeat(n), check),
    shape(
        "items of a list",
        100,
        |n| {
            items(
                n,
                "{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"spec\": {\"containers\": [{\"image\": \"nginx\"}]}}",
            )
        },
        check,
    ),
    shape("items of a list that are none", 200, |n| items(n, "1"), check),
    shape("items of a list in lines", 100, yaml_items, check),
    shape("findings in one object of JSON", 50, |n| pod(n, "\"image\": \"nginx\""), check),
    shape("images of one object in JSON", 50, |n| pod(n, "\"image\": \"nginx\""), images),
    shape("findings in one document in a string", 50, patched, check),
    shape("report: pods that all break one rule", 50, pods, report),
    shape("exceptions in comments", 100, |n| lines(n, |_| "# isolation: allow NI101 because of it".to_owned()), check),
    shape("exceptions in comments that allow findings", 50, excused, check),
    shape("exceptions of the configuration that allow findings", 50, pods, allowed),
    pairwise(shape("exceptions of the configuration whose names are patterns", 50, pods, allowed_by_patterns)),
    shape("exceptions in annotations", 100, |n| annotated(n, |at| format!("\"isolation.allow/NI{at}\": \"c\"")), check),
    shape("fix: containers in lines", 50, yaml_pod, fix),
    shape("fix: containers in JSON", 50, |n| pod(n, "\"image\": \"nginx\""), fix),
    shape(
        "fix: fields of one object in JSON",
        50,
        |n| pod(n, "\"image\": \"MyACR.azurecr.io/team/web:1\""),
        fix_fields,
    ),
    shape(
        "fix: documents",
        50,
        |n| documents(n, "apiVersion: v1\nkind: Pod\nspec: {containers: [{image: nginx}]}\n"),
        fix,
    ),
    shape("fix: aliases of an image", 50, aliased_pod, fix),
    shape("template: resources", 50, |n| template("{}", &list(n, |_| GATEWAY.to_owned())), azure),
    shape("template: variables", 50, |n| template(&object(n, variable), &list(n, of_variable)), azure),
    shape("template: deployments and variables", 50, |n| template(&object(n, variable), &list(n, deployment)), azure),
    shape("template: a text of many parts", 50, formatted, azure),
    shape("template: subnets in a variable", 50, subnets, azure),
    shape("template: subnets that are not known", 50, |n| subnets(n).replace("true", "\"[parameters('p')]\""), azure),
    shape("template: ids that are not known", 50, pools, azure),
];

const GATEWAY: &str =
    r#"{"type":"Microsoft.Network/natGateways","name":"g","properties":{"publicIpAddresses":[{"id":"a"}]}}"#;

fn template(variables: &str, resources: &str) -> String {
    format!(r#"{{"$schema":"deploymentTemplate.json#","variables":{variables},"resources":{resources}}}"#)
}

fn variable(at: usize) -> String {
    format!(r#""v{at}":"[concat('a', variables('v{}'))]""#, at + 1)
}

fn of_variable(at: usize) -> String {
    GATEWAY.replacen("\"g\"", &format!("\"[variables('v{at}')]\""), 1)
}

fn deployment(_: usize) -> String {
    format!(
        r#"{{"type":"Microsoft.Resources/deployments","name":"d","properties":{{"template":{{"resources":[{GATEWAY}]}}}}}}"#
    )
}

fn formatted(n: usize) -> String {
    let form: String = (0..n).map(|at| format!("{{{at}}}")).collect();
    let name = format!("[format('{form}', {})]", vec!["'a'"; n].join(", "));
    template("{}", &format!("[{}]", GATEWAY.replacen("\"g\"", &format!("\"{name}\""), 1)))
}

fn subnets(n: usize) -> String {
    let subnets = list(n, |at| format!(r#"{{"name":"s{at}","properties":{{"defaultOutboundAccess":true}}}}"#));
    let network =
        r#"[{"type":"Microsoft.Network/virtualNetworks","name":"n","properties":{"subnets":"[variables('s')]"}}]"#;
    template(&format!(r#"{{"s":{subnets}}}"#), network)
}

fn pools(n: usize) -> String {
    let pools = list(n, |at| format!(r#"{{"name":"p{at}","vnetSubnetID":"[resourceId('x', 'y')]"}}"#));
    let cluster = format!(
        r#"{{"type":"Microsoft.ContainerService/managedClusters","name":"c","properties":{{"agentPoolProfiles":{pools}}}}}"#
    );
    template("{}", &format!("[{cluster}]"))
}

/// Texts of Azure's through all policies.
fn azure(text: &str) -> Result<()> {
    judging::judge_azure(1, text)?.context("it is no text of Azure's").map(|_| ())
}

fn list(n: usize, item: impl Fn(usize) -> String) -> String {
    format!("[{}]", (0..n).map(item).collect::<Vec<_>>().join(","))
}

fn object(n: usize, member: impl Fn(usize) -> String) -> String {
    format!("{{{}}}", (0..n).map(member).collect::<Vec<_>>().join(","))
}

fn lines(n: usize, line: impl Fn(usize) -> String) -> String {
    (0..n).map(|at| line(at) + "\n").collect()
}

fn documents(n: usize, text: &str) -> String {
    (0..n).map(|_| format!("---\n{text}")).collect()
}

fn pod(n: usize, container: &str) -> String {
    let containers = list(n, |at| format!("{{\"name\": \"c{at}\", {container}}}"));
    format!(
        "{{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"metadata\": {{\"name\": \"a\"}}, \"spec\": {{\"containers\": {containers}}}}}"
    )
}

/// Many containers in the one string that a workflow merges into its pods.
fn patched(n: usize) -> String {
    let long = "a".repeat(400);
    let container = |at| format!("{{\"name\": \"c{at}\", \"image\": \"nginx:{at}\", \"args\": [\"{long}\"]}}");
    let containers = list(n, container);
    let spec = json!({"podSpecPatch": format!("{{\"containers\": {containers}}}")});
    json!({"apiVersion": "argoproj.io/v1alpha1", "kind": "Workflow", "metadata": {"name": "a"}, "spec": spec})
        .to_string()
}

fn annotated(n: usize, annotation: impl Fn(usize) -> String) -> String {
    format!(
        "{{\"apiVersion\": \"v1\", \"kind\": \"Service\", \"metadata\": {{\"name\": \"a\", \"annotations\": {}}}, \"spec\": {{}}}}",
        object(n, annotation)
    )
}

fn items(n: usize, item: &str) -> String {
    format!("{{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": {}}}", list(n, |_| item.to_owned()))
}

fn pods(n: usize) -> String {
    let pod = |at| {
        format!(
            "{{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"metadata\": {{\"name\": \"p{at}\", \"namespace\": \"a\"}}, \
             \"spec\": {{\"containers\": [{{\"name\": \"c\", \"image\": \"nginx\"}}]}}}}"
        )
    };
    format!("{{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": {}}}", list(n, pod))
}

fn yaml_items(n: usize) -> String {
    let item = "- apiVersion: v1\n  kind: Pod\n  spec:\n    containers:\n    - image: nginx\n";
    format!("apiVersion: v1\nkind: List\nitems:\n{}", item.repeat(n))
}

fn yaml_pod(n: usize) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n{}",
        lines(n, |at| format!("  - {{name: c{at}, image: nginx}}"))
    )
}

fn aliased_pod(n: usize) -> String {
    let aliases = lines(n, |at| format!("  - {{name: c{at}, image: *i}}"));
    format!("apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - {{name: a, image: &i nginx}}\n{aliases}")
}

fn excused(n: usize) -> String {
    let line = |at| format!("  - {{name: c{at}, image: nginx}} # isolation: allow NI101 because of it");
    format!("apiVersion: v1\nkind: Pod\nspec:\n  containers:\n{}", lines(n, line))
}

/// A pod that requires one label again and again, and at last that it is another.
fn required(n: usize) -> String {
    let exists = "{\"key\": \"type\", \"operator\": \"Exists\"},".repeat(n);
    let not = "{\"key\": \"type\", \"operator\": \"NotIn\", \"values\": [\"virtual-kubelet\"]}";
    let terms = format!("{{\"nodeSelectorTerms\": [{{\"matchExpressions\": [{exists}{not}]}}]}}");
    format!(
        "{{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"metadata\": {{\"name\": \"a\"}}, \"spec\": {{\"tolerations\": \
         [{{\"operator\": \"Exists\"}}], \"affinity\": {{\"nodeAffinity\": \
         {{\"requiredDuringSchedulingIgnoredDuringExecution\": {terms}}}}}}}}}"
    )
}

fn claims(n: usize) -> String {
    let claims = list(n, |at| format!("{{\"spec\": {{\"storageClassName\": \"c{at}\"}}}}"));
    format!(
        "{{\"apiVersion\": \"apps/v1\", \"kind\": \"StatefulSet\", \"metadata\": {{\"name\": \"a\"}}, \"spec\": \
         {{\"volumeClaimTemplates\": {claims}}}}}"
    )
}

fn listeners(n: usize) -> String {
    let listeners = list(n, |_| "{\"type\": \"loadbalancer\"}".to_owned());
    let annotations = object(n, |at| format!("\"a{at}\": \"\""));
    let template = format!("{{\"metadata\": {{\"annotations\": {annotations}}}}}");
    format!(
        "{{\"apiVersion\": \"kafka.strimzi.io/v1\", \"kind\": \"Kafka\", \"metadata\": {{\"name\": \"a\"}}, \"spec\": \
         {{\"kafka\": {{\"listeners\": {listeners}, \"template\": {{\"externalBootstrapService\": {template}, \
         \"perPodService\": {template}}}}}}}}}"
    )
}

fn entry(host: &str) -> String {
    format!(
        "{{\"apiVersion\": \"networking.istio.io/v1\", \"kind\": \"ServiceEntry\", \"metadata\": {{\"name\": \"a\"}}, \
         \"spec\": {{\"hosts\": [\"{host}windows.net\"]}}}}"
    )
}

fn cache_rules(n: usize) -> String {
    let rules = list(n, |at| format!("{{\"source\": \"docker.io/a{at}/*\", \"target\": \"t{at}/*\"}}"));
    format!("{{\"registry\": \"myacr.azurecr.io\", \"cacheRules\": {rules}}}")
}

/// An object, or what is none, as a request to three policies.
fn request(object: &str) -> Result<()> {
    ask(&format!("\"operation\": \"CREATE\", \"object\": {object}"))
}

/// An object that stays as it is: each of its findings is looked for among the old ones.
fn update(object: &str) -> Result<()> {
    ask(&format!("\"operation\": \"UPDATE\", \"object\": {object}, \"oldObject\": {object}"))
}

fn ask(members: &str) -> Result<()> {
    let payload = format!(
        "{{\"settings\": {{\"registries\": [\"myacr.azurecr.io\"], \"existing\": \"allow\"}}, \"request\": {{\"uid\": \"u\", \
         \"kind\": {{\"group\": \"\", \"version\": \"v1\", \"kind\": \"Pod\"}}, {members}}}}}"
    );
    for name in ["private-images", "closed-egress", "private-storage"] {
        let entry = policy(name).context("no such policy")?;
        let _ = (entry.validate)(payload.as_bytes(), &Always("")).to_json();
    }
    Ok(())
}

/// An object as a request of its own kind to two policies.
fn network(object: &str) -> Result<()> {
    ask_as(object, &json!({}), &["closed-egress", "internal-load-balancers"])
}

/// An object to the policy that looks classes up, in a cluster whose answers are empty.
fn lookups(object: &str) -> Result<()> {
    ask_as(object, &json!({"lookup": true}), &["private-storage"])
}

fn ask_as(object: &str, settings: &Value, names: &[&str]) -> Result<()> {
    let object: Value = serde_json::from_str(object)?;
    let text = |key: &str| object.get(key).and_then(Value::as_str).unwrap_or_default();
    let (group, version) = text("apiVersion").split_once('/').unwrap_or(("", text("apiVersion")));
    let kind = json!({"group": group, "version": version, "kind": text("kind")});
    let request = json!({"uid": "u", "operation": "CREATE", "kind": kind, "object": object});
    let payload = json!({"request": request, "settings": settings}).to_string();
    for name in names {
        let entry = policy(name).context("no such policy")?;
        let _ = (entry.validate)(payload.as_bytes(), &Always("")).to_json();
    }
    Ok(())
}

/// A pod whose violations are each held against exceptions that depend on where they stand, the last of which allows them.
fn excepted(object: &str) -> Result<()> {
    let entries = ["spec.a", "spec.b", "spec.containers[*].image"].map(|path| json!({"rule": "NI101", "path": path}));
    ask_as(object, &json!({"registries": ["myacr.azurecr.io"], "allowedViolations": entries}), &["private-images"])
}

fn registries(list: &str) -> Result<()> {
    settings(&format!("{{\"registries\": {list}}}"))
}

fn settings(text: &str) -> Result<()> {
    let _ = (policy("private-images").context("no such policy")?.validate_settings)(text.as_bytes());
    Ok(())
}

fn settings_of_cached_images(text: &str) -> Result<()> {
    let entry = policy("cached-images").context("no such policy")?;
    let _ = (entry.validate_settings)(text.as_bytes());
    let object: Value = serde_json::from_str(&pod(1, "\"image\": \"docker.io/zz/nginx\""))?;
    let settings: Value = serde_json::from_str(text)?;
    let kind = json!({"group": "", "version": "v1", "kind": "Pod"});
    let request = json!({"uid": "u", "operation": "CREATE", "kind": kind, "object": object});
    let _ = (entry.validate)(json!({"request": request, "settings": settings}).to_string().as_bytes(), &Always(""));
    Ok(())
}

fn yaml(text: &str) -> Result<()> {
    let _ = isolation_yaml::document(text);
    Ok(())
}

/// Manifests through all policies, with their exceptions, printed.
fn check(text: &str) -> Result<()> {
    let mut judged = judging::judge(1, text)?;
    judging::allow("registries: [a.io]\n", &mut judged)?;
    let context = isolation_report::Context { rules: judging::rules().clone(), ..Default::default() };
    let mut out = Vec::new();
    isolation_report::Format::Human.write(&judged.report, &context, &mut out)?;
    isolation_report::Format::Sarif.write(&judged.report, &context, &mut out)?;
    Ok(())
}

/// Pods that are each allowed by an entry of the configuration.
fn allowed(text: &str) -> Result<()> {
    allowed_by(text, str::to_owned)
}

/// The same by entries whose names are patterns: none says which object it is about.
fn allowed_by_patterns(text: &str) -> Result<()> {
    allowed_by(text, |name| format!("{}?", name.get(..name.len() - 1).unwrap_or_default()))
}

fn allowed_by(text: &str, named: fn(&str) -> String) -> Result<()> {
    let mut judged = judging::judge(1, text)?;
    let names: Vec<_> = judged.input.items.iter().map(|item| item.object.name.clone()).collect();
    let entry = |name: &String| json!({"rule": "NI101", "object": {"name": named(name)}, "reason": "it is mirrored"});
    let entries = Value::Array(names.iter().map(entry).collect());
    judging::allow(&json!({"registries": ["a.io"], "allow": entries}).to_string(), &mut judged)?;
    anyhow::ensure!(judged.report.allowed.len() == names.len(), "not every pod is allowed");
    Ok(())
}

/// What `isolation report` says, in every format.
fn report(text: &str) -> Result<()> {
    dumps::printed(&dumps::document(0, text)?).map(|_| ())
}

/// What `isolation images` lists.
fn images(text: &str) -> Result<()> {
    let judged = judging::judge(1, text)?;
    let inventory = isolation_inventory::read(&judged.input.items, &json!({"registries": ["a.io"]}), "default");
    let inventory = inventory.map_err(|_| anyhow::anyhow!("the settings are refused"))?;
    isolation_inventory::Format::Json.write(&inventory, &mut Vec::new())?;
    Ok(())
}

/// What `--fix` writes where a policy writes the object anew.
fn fix(text: &str) -> Result<()> {
    fix_by(0, text)
}

/// What `--fix` writes where findings have a fix each.
fn fix_fields(text: &str) -> Result<()> {
    fix_by(1, text)
}

fn fix_by(choice: usize, text: &str) -> Result<()> {
    let judged = judging::judge(choice, text)?;
    let changes = Changes::of(&judged.report.findings, true);
    let items = judged.input.items.iter().zip(&judged.rewritten).enumerate();
    let wanted: BTreeMap<_, _> =
        items.filter_map(|(at, (item, rewritten))| Some((at, changes.wanted(item, rewritten.as_ref())?))).collect();
    let written = rewrite(text, &wanted).map_err(|error| anyhow::anyhow!(error.what))?;
    anyhow::ensure!(written.places > 0, "nothing was written");
    Ok(())
}
