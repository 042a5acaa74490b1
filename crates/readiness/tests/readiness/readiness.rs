//! From objects and what Azure says to a document, and from the document to its formats.
use crate::support::{Given, azure, document, shop};
use isolation_admission::Configuration;
use isolation_readiness::{
    Coverage, FeatureStatus, InputKind, Readiness, Severity, State, VerdictState, formats, schema,
};
use isolation_report::Source;

fn step<'d>(document: &'d Readiness, id: &str) -> &'d isolation_readiness::Step {
    document.plan.iter().find(|step| step.id == id).unwrap()
}

#[test]
fn an_image_is_one_problem_of_the_deployment_whatever_owns_its_pods() {
    let document = document(&Given { objects: &shop(), ..Given::default() });
    let images: Vec<_> = document.problems.iter().filter(|problem| problem.rule == "NI101").collect();
    let nginx: Vec<_> = images.iter().filter(|problem| problem.value.as_deref() == Some("nginx:1.27.3")).collect();
    assert_eq!(nginx.len(), 1, "{images:#?}");
    let problem = nginx[0];
    assert_eq!((problem.kind.as_str(), problem.workload.as_str(), problem.count), ("Deployment", "web", 3));
    assert_eq!(problem.path, "spec.template.spec.containers[0].image");
    assert_eq!(problem.owner.as_deref(), Some("team checkout"));
    assert!(problem.place.starts_with("shop.yaml:"), "{}", problem.place);
}

#[test]
fn nothing_is_ready_because_nobody_looked() {
    // Not a single problem, and not a single thing of Azure.
    let clean = "{apiVersion: v1, kind: Namespace, metadata: {name: shop}}";
    let document = document(&Given { objects: clean, ..Given::default() });
    assert_eq!(document.numbers.breaks, 0);
    assert_eq!(document.verdict.state, VerdictState::NotYet);
    assert!(document.verdict.unseen >= 5, "{:#?}", document.not_seen);
    assert_eq!(step(&document, "cluster").state, State::Unknown);
    assert_eq!(step(&document, "nodes").state, State::Unknown);
    assert!(document.not_seen.iter().any(|unseen| unseen.decides && unseen.what.contains("The cluster in Azure")));
}

#[test]
fn without_objects_no_step_about_them_is_done() {
    let document = document(&Given { azure: Some("after"), ..Given::default() });
    for id in ["images", "storage", "load-balancers", "egress"] {
        assert_eq!(step(&document, id).state, State::Unknown, "{id}");
    }
    assert_eq!(document.verdict.state, VerdictState::NotYet);
}

/// Who may not list Services does not know whether load balancers are left.
#[test]
fn of_what_was_not_read_no_step_is_done() {
    let objects = std::fs::read_to_string(azure("after/shop.yaml")).unwrap();
    for (incomplete, state) in [(false, State::Done), (true, State::Unknown)] {
        let document = document(&Given { objects: &objects, azure: Some("after"), incomplete, ..Given::default() });
        for id in ["images", "storage", "load-balancers", "egress"] {
            assert_eq!(step(&document, id).state, state, "{id}");
        }
    }
}

#[test]
fn each_part_of_azure_that_is_missing_keeps_the_verdict_from_ready() {
    let objects = std::fs::read_to_string(azure("after/shop.yaml")).unwrap();
    let all = document(&Given { objects: &objects, azure: Some("after"), ..Given::default() });
    assert_eq!(all.verdict.state, VerdictState::Ready, "{:#?}", all.not_seen);
    for part in ["aks", "acr", "cache-rules", "private-endpoints", "subnet", "extensions"] {
        let document =
            document(&Given { objects: &objects, azure: Some("after"), without: Some(part), ..Given::default() });
        assert_eq!(document.verdict.state, VerdictState::NotYet, "{part}");
        assert!(document.verdict.unseen > 0, "{part}");
    }
}

/// Commands for each of many images would hide the rest of the plan, and two images must not get one name.
#[test]
fn imports_are_told_one_by_one_up_to_a_number_and_each_has_a_name_of_its_own() {
    let digest = "a".repeat(64);
    let mut images = vec![
        "one.example.com/a/b:1".to_owned(),
        "two.example.com/a/b:1".to_owned(),
        format!("one.example.com/c:2@sha256:{digest}"),
        format!("one.example.com/d@sha256:{digest}"),
        "one.example.com/e".to_owned(),
    ];
    let told = |images: &[String]| {
        let pod = |(number, image): (usize, &String)| {
            let spec = serde_json::json!({"containers": [{"name": "a", "image": image}]});
            let metadata = serde_json::json!({"name": format!("a{number}")});
            serde_json::json!({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}).to_string()
        };
        let objects: Vec<_> = images.iter().enumerate().map(pod).collect();
        let document = document(&Given { objects: &objects.join("\n"), azure: Some("after"), ..Given::default() });
        let task = step(&document, "images").tasks.iter().find(|task| task.title.starts_with("Import")).unwrap();
        let commands: Vec<String> = task.commands.iter().map(|command| command.run.clone()).collect();
        (commands, task.note.clone())
    };
    let (commands, note) = told(&images);
    let expected = [
        "--source one.example.com/a/b:1 --image a/b:1".to_owned(),
        format!("--source one.example.com/c@sha256:{digest} --image c:2"),
        format!("--source one.example.com/d@sha256:{digest} --repository d"),
        "--source one.example.com/e:latest --image e:latest".to_owned(),
    ];
    assert_eq!(commands, expected.map(|options| format!("az acr import --name shopacr {options}")));
    assert!(note.contains("two.example.com/a/b:1 (as a/b:1, which one.example.com/a/b:1 is)"), "{note}");
    images.extend((0..250).map(|number| format!("one.example.com/f{number}:1")));
    let (commands, _) = told(&images);
    assert_eq!(commands.len(), 201);
    assert!(commands.last().unwrap().starts_with("isolation images --registry shopacr.azurecr.io --output script"));
}

/// A file of settings says nothing of what runs.
#[test]
fn objects_that_run_nothing_make_nothing_ready() {
    let objects = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}";
    for kind in [InputKind::Files, InputKind::Dump] {
        let document = document(&Given { objects, azure: Some("after"), kind: Some(kind), ..Given::default() });
        assert_eq!(document.verdict.state, VerdictState::NotYet, "{kind:?}: {:#?}", document.not_seen);
    }
}

const EXTENSIONS_OF_ANOTHER: &str = r#"[{"name": "a", "type": "Microsoft.KubernetesConfiguration/extensions", "extensionType": "microsoft.flux",
    "id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/other/providers/Microsoft.KubernetesConfiguration/extensions/a"}]"#;

/// What was given is of something else than what counts: each of these was green.
#[test]
fn what_azure_says_of_something_else_is_not_seen() {
    let objects = std::fs::read_to_string(azure("after/shop.yaml")).unwrap();
    let cluster: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(azure("after/aks.json")).unwrap()).unwrap();
    let pools = cluster["agentPoolProfiles"].as_array().unwrap();
    let subnet = pools.iter().find_map(|pool| pool["vnetSubnetId"].as_str()).unwrap();
    for (from, to, unseen) in [
        // The registry that was given has another name than the one that the cluster names.
        ("registries/shopacr\"\n", "registries/otheracr\"\n", "The registry otheracr, which the nodes start from"),
        (
            &*format!("\"vnetSubnetId\": \"{subnet}\""),
            "\"vnetSubnetId\": \"/subscriptions/s/other\"",
            "The subnet /subscriptions/s/other",
        ),
        ("[]\n", EXTENSIONS_OF_ANOTHER, "The extensions of shop-prod"),
        // A part of what az prints.
        ("\"agentPoolProfiles\"", "\"pools\"", "The cluster's node pools"),
        ("\"outboundType\"", "\"type\"", "The cluster's network"),
    ] {
        let instead = Some((from, to));
        let document = document(&Given { objects: &objects, azure: Some("after"), instead, ..Given::default() });
        let decides: Vec<_> = document.not_seen.iter().filter(|unseen| unseen.decides).collect();
        assert_eq!(document.verdict.state, VerdictState::NotYet, "{to}");
        assert!(decides.iter().any(|known| known.what.starts_with(unseen)), "{to}: {decides:#?}");
    }
}

#[test]
fn a_custom_resource_that_may_name_images_decides_where_its_pods_are_not_read() {
    let objects = std::fs::read_to_string(azure("after/shop.yaml")).unwrap();
    let custom = |spec: &str| {
        format!("{objects}\n---\n{{apiVersion: example.com/v1, kind: Widget, metadata: {{name: a}}, spec: {spec}}}\n")
    };
    for (spec, kind, ready) in [
        ("{server: {image: quay.io/a/b}}", InputKind::Files, false),
        ("{template: {spec: {initContainers: []}}}", InputKind::Files, false),
        ("{sidecarImage: a}", InputKind::Files, false),
        ("{issuer: a, imagePullPolicy: Always}", InputKind::Files, true),
        // In a cluster the pods were read as well.
        ("{server: {image: quay.io/a/b}}", InputKind::Cluster, true),
    ] {
        let text = custom(spec);
        let document = document(&Given { objects: &text, azure: Some("after"), kind: Some(kind), ..Given::default() });
        assert_eq!(document.verdict.state == VerdictState::Ready, ready, "{spec} {kind:?}: {:#?}", document.not_seen);
        assert!(document.not_seen.iter().any(|unseen| unseen.what.contains("Widget of example.com (1)")), "{spec}");
    }
}

#[test]
fn what_an_exception_accepts_may_break_and_shows_why() {
    let given = Given { objects: &shop(), azure: Some("before"), ..Given::default() };
    let without = document(&given);
    let with = document(&Given { accepted: Some("NI201"), ..given });
    let of = |document: &Readiness| {
        let found: Vec<_> = document.problems.iter().filter(|problem| problem.rule == "NI201").cloned().collect();
        found
    };
    assert_eq!(of(&without).len(), of(&with).len());
    assert_eq!(with.numbers.breaks + of(&with).len(), without.numbers.breaks);
    assert_eq!((with.numbers.accepted, without.numbers.accepted), (of(&with).len(), 0));
    assert!(of(&with).iter().all(|problem| problem.severity == Severity::Warns && problem.accepted.is_some()));
    assert_eq!(with.verdict.changes + 1, without.verdict.changes);
    let task = step(&with, "load-balancers").tasks.iter().find(|task| task.rules == ["NI201"]).unwrap();
    assert_eq!(task.state, State::Check);
    assert!(task.affects[0].fix.ends_with("an exception accepts it: the partner pulls it by hand."), "{task:?}");
    for write in [formats::html::write, formats::markdown::write, formats::terminal::write] {
        let mut bytes = Vec::new();
        write(&with, &mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert!(
            text.contains("An exception accepts it: the partner") || text.contains("accepted by an exception"),
            "{text}"
        );
    }
}

#[test]
fn the_cluster_as_azure_says_it_is_judged_in_azure_s_words() {
    let document = document(&Given { objects: &shop(), azure: Some("before"), ..Given::default() });
    let found =
        |rule: &str, path: &str| document.problems.iter().any(|problem| problem.rule == rule && problem.path == path);
    for (rule, path) in [
        ("NI603", "apiServerAccessProfile.enablePrivateCluster"),
        ("NI607", "autoUpgradeProfile.nodeOsUpgradeChannel"),
        ("NI609", "agentPoolProfiles[1].osType"),
        ("NI613", "ingressProfile.webAppRouting.nginx.defaultIngressControllerType"),
        ("NI617", "sku.name"),
        ("NI617", "publicNetworkAccess"),
        ("NI618", "policies.azureAdAuthenticationAsArmPolicy.status"),
        ("NI401", "extensionType"),
        ("NI622", "defaultOutboundAccess"),
        ("NI623", "addonProfiles.omsagent.enabled"),
    ] {
        assert!(found(rule, path), "{rule} {path}: {:#?}", document.problems);
    }
    // What a cluster has that is not isolated yet is what the plan ends with, and no problem of today.
    for rule in ["NI601", "NI604", "NI612"] {
        assert!(document.problems.iter().all(|problem| problem.rule != rule), "{rule}");
    }
    let private = document.problems.iter().find(|problem| problem.rule == "NI603").unwrap();
    assert_eq!(private.fix, r#"Write "enablePrivateCluster": true"#);
    assert!(private.place.starts_with("aks.json:"), "{}", private.place);
    assert!(document.verdict.decisions >= 2, "an extension and a Windows pool have no single cure");
    assert_eq!(step(&document, "switch").state, State::Later);
}

#[test]
fn features_are_named_as_the_setting_names_them() {
    let more = r#""azureMonitorProfile": {"metrics": {"enabled": true}}, "addonProfiles": {"#;
    let document = document(&Given {
        objects: &shop(),
        azure: Some("before"),
        instead: Some((r#""addonProfiles": {"#, more)),
        ..Given::default()
    });
    let found: Vec<_> = document.features.iter().map(|feature| (feature.name.as_str(), feature.status)).collect();
    for expected in [
        ("dapr (microsoft.dapr)", FeatureStatus::Unsupported),
        ("aks-managed-azure-monitor-logs (microsoft.azuremonitor.containers)", FeatureStatus::Unknown),
        // Both need the same, and both are named.
        ("logs", FeatureStatus::NeedsWay),
        ("metrics", FeatureStatus::NeedsWay),
    ] {
        assert!(found.contains(&expected), "{expected:?}: {found:?}");
    }
    assert_eq!(found.len(), 4, "{found:?}");
}

#[test]
fn the_registry_is_closed_after_its_endpoint_and_the_way_out_after_the_nodes() {
    let document = document(&Given { objects: &shop(), azure: Some("before"), ..Given::default() });
    let number = |id: &str| step(&document, id).number;
    let order = [
        "registry",
        "private-link",
        "cluster",
        "images",
        "storage",
        "load-balancers",
        "egress",
        "extensions",
        "nodes",
        "switch",
        "protect",
    ];
    assert_eq!(order.map(number), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    let commands = |id: &str| {
        step(&document, id)
            .tasks
            .iter()
            .flat_map(|task| &task.commands)
            .map(|command| command.run.clone())
            .collect::<Vec<_>>()
    };
    let endpoint = commands("private-link");
    let at = |needle: &str| endpoint.iter().position(|run| run.contains(needle)).unwrap();
    assert!(at("private-endpoint create") < at("--public-network-enabled false"));
    assert!(!commands("registry").iter().any(|run| run.contains("--public-network-enabled false")));
    assert!(commands("switch").iter().any(|run| run.contains("--default-outbound false")));
}

#[test]
fn images_are_told_apart_by_where_they_can_be_pulled_from() {
    let document = document(&Given { objects: &shop(), azure: Some("before"), ..Given::default() });
    let image = |reference: &str| {
        let all = document.registries.iter().flat_map(|registry| &registry.images);
        let found = all.into_iter().find(|image| image.reference == reference).unwrap();
        (found.coverage, found.instead.clone())
    };
    assert_eq!(image("nginx:1.27.3"), (Coverage::Uncovered, String::new()));
    let instead = "shopacr.azurecr.io/quay/prometheus/node-exporter:v1.9.1".to_owned();
    assert_eq!(image("quay.io/prometheus/node-exporter:v1.9.1"), (Coverage::Cached, instead));
    assert_eq!(image("mcr.microsoft.com/oss/kubernetes/pause:3.9").0, Coverage::Allowed);
    assert_eq!(image("shopacr.azurecr.io/own:1").0, Coverage::Allowed);
    // The plan makes a rule for what none covers.
    let rules = step(&document, "registry").tasks.iter().filter(|task| task.title.starts_with("Cache rule for"));
    assert_eq!(rules.map(|task| task.title.as_str()).collect::<Vec<_>>(), ["Cache rule for docker.io (1 image)"]);
}

#[test]
fn a_rule_for_a_part_of_a_registry_stays_and_others_go_beside_it() {
    let instead = ("\"quay.io/*\"", "\"docker.io/library/*\"");
    let given = |instead| {
        let objects = shop()
            + "---\n{apiVersion: v1, kind: Pod, metadata: {name: other, namespace: shop}, spec: {containers: [\
               {name: a, image: \"grafana/grafana:11\"}, {name: b, image: \"ghcr.io/a/b:1\"}]}}\n";
        document(&Given { objects: &objects, azure: Some("before"), instead: Some(instead), ..Given::default() })
    };
    let commands = |document: &Readiness| {
        let tasks = step(document, "registry").tasks.clone();
        let runs = tasks.iter().flat_map(|task| &task.commands).map(|command| command.run.clone());
        runs.filter(|run| run.contains("cache create") && !run.contains("aks-managed")).collect::<Vec<_>>()
    };
    // The sample's rule keeps it below quay/*.
    let narrow = given(instead);
    let create = "az acr cache create --registry shopacr --name";
    assert_eq!(
        commands(&narrow),
        [
            format!(
                "{create} dockerhub-grafana --source-repo 'docker.io/grafana/*' --target-repo 'dockerhub/grafana/*' --cred-set dockerhub"
            ),
            format!("{create} cache-ghcr --source-repo 'ghcr.io/*' --target-repo 'ghcr/*'"),
            format!("{create} cache-quay --source-repo 'quay.io/*' --target-repo 'cache/quay/*'"),
        ]
    );
    // What the plan says to write is what the policies take, and holds every image.
    let tasks = step(&narrow, "images").tasks.clone();
    let manifest = tasks.iter().flat_map(|task| &task.manifests).find(|manifest| manifest.title == "isolation.yaml");
    let manifest = manifest.unwrap().text.clone();
    let settings = Configuration::read(Source::new("isolation.yaml", manifest)).unwrap().settings("private-images");
    let policy = isolation_all_policies::policy("private-images").unwrap();
    assert_eq!((policy.settings_problems)(settings.to_string().as_bytes()), []);
    assert_eq!(commands(&given(("\"quay/*\"", "\"*\""))), [""; 0]);
    assert!(
        step(&given(("\"quay/*\"", "\"*\"")), "registry")
            .tasks
            .iter()
            .any(|task| task.title.starts_with("The registry takes no cache rule for docker.io/*"))
    );
}

#[test]
fn the_policies_that_are_deployed_judge_the_kinds_that_were_judged() {
    let objects = shop()
        + "---\n{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: a, namespace: argocd}, spec: {}}\n";
    let document = document(&Given { objects: &objects, azure: Some("before"), ..Given::default() });
    let task = &step(&document, "protect").tasks[0];
    let deploys = "isolation policies --registry shopacr.azurecr.io/policies --family argo --mode monitor | kubectl apply --server-side -f -";
    assert!(task.commands.iter().any(|command| command.run == deploys), "{task:#?}");
    assert_eq!(task.manifests[0].text, "registry: shopacr.azurecr.io/policies\nfamilies: [argo]\n");
}

#[test]
fn an_image_is_one_in_all_its_spellings() {
    let pod = |name: &str, image: &str| {
        format!(
            "---\n{{apiVersion: v1, kind: Pod, metadata: {{name: {name}, namespace: shop}}, \
             spec: {{containers: [{{name: a, image: \"{image}\"}}]}}}}\n"
        )
    };
    let objects = pod("a", "busybox") + &pod("b", "busybox:latest") + &pod("c", "docker.io/library/busybox");
    let document = document(&Given { objects: &objects, ..Given::default() });
    let [hub] = document.registries.as_slice() else { panic!("{:?}", document.registries) };
    let [image] = hub.images.as_slice() else { panic!("{:?}", hub.images) };
    assert_eq!((image.reference.as_str(), image.workloads, hub.uncovered), ("busybox", 3, 1));
}

#[test]
fn progress_calls_nothing_mended_that_was_not_looked_at() {
    let before = document(&Given { objects: &shop(), azure: Some("before"), ..Given::default() });
    let mended = shop().replace("nginx:1.27.3", "shopacr.azurecr.io/dockerhub/library/nginx:1.27.3");
    // The Service is not read this time, and neither is anything of Azure.
    let mended = mended.split("---").filter(|text| !text.contains("kind: Service")).collect::<Vec<_>>().join("---");
    let now = document(&Given {
        objects: &mended,
        registries: &["shopacr.azurecr.io"],
        since: Some(before),
        ..Given::default()
    });
    let progress = now.progress.unwrap();
    assert_eq!(progress.mended.iter().map(|problem| problem.rule.as_str()).collect::<Vec<_>>(), ["NI101"]);
    assert!(progress.gone.iter().any(|problem| problem.rule == "NI201"), "{:#?}", progress.gone);
    assert!(progress.gone.iter().any(|problem| problem.rule == "NI617"), "{:#?}", progress.gone);
    assert!(progress.new.is_empty(), "{:#?}", progress.new);
}

#[test]
fn the_document_is_what_its_schema_says_and_reads_back() {
    let earlier = document(&Given { objects: &shop(), ..Given::default() });
    let document =
        document(&Given { objects: &shop(), azure: Some("before"), since: Some(earlier), ..Given::default() });
    let mut bytes = Vec::new();
    formats::json::write(&document, &mut bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let problems: Vec<_> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
    assert!(problems.is_empty(), "{problems:#?}");
    assert!(!validator.is_valid(&serde_json::json!({"version": 1})), "a schema that takes anything says nothing");
    let read = formats::json::read(&value).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), serde_json::to_value(&document).unwrap());
    let said = |key: &str, json: serde_json::Value| {
        let mut other = value.clone();
        other[key] = json;
        formats::json::read(&other).unwrap_err().to_string()
    };
    assert!(said("version", 2.into()).contains("version 2"));
    assert_eq!(said("problems", 2.into()), "problems: expected a list, found 2");
    assert!(formats::json::read(&serde_json::json!({})).is_err());
}

#[test]
fn nothing_that_an_object_holds_is_markup_or_runs_in_a_shell() {
    let hostile = r#"{apiVersion: v1, kind: Pod, metadata: {name: "</script><script>alert(1)</script>", namespace: "a|b"},
        spec: {containers: [{name: a, image: "evil.example/x:1"}, {name: b, image: "$(reboot)"}]}}"#;
    let document = document(&Given { objects: hostile, azure: Some("before"), ..Given::default() });
    let format = |write: fn(&Readiness, &mut dyn std::io::Write) -> std::io::Result<()>| {
        let mut bytes = Vec::new();
        write(&document, &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    };
    let html = format(formats::html::write);
    assert!(!html.contains("<script>alert"), "a name became markup");
    assert_eq!(html.matches("<script").count(), 2, "the page has its data and its own script");
    assert!(!html.contains("http://") && !html.contains("src="), "the page loads nothing");
    let markdown = format(formats::markdown::write);
    // In code nothing is markup; everywhere else it is escaped.
    let outside: String = markdown.split('`').step_by(2).collect();
    assert!(!outside.contains("<script>") && outside.contains(r"\<script\>"), "{markdown}");
    for task in document.plan.iter().flat_map(|step| &step.tasks) {
        for command in task.commands.iter().chain(&task.verify) {
            assert!(!command.run.contains("$(reboot)") || command.run.contains("'$(reboot)'"), "{}", command.run);
        }
    }
    assert!(document.problems.iter().all(|problem| problem.severity == Severity::Breaks || !problem.what.is_empty()));
}
