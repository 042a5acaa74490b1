//! From texts to a report, by the policies that are linked natively.

// A helper of tests is a test to everybody but clippy.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use isolation_admission::{Admission, Configuration, Input, Selection, configured, deployed, native};
use isolation_report::{Finding, Report, Severity, Source};

const POD: &str = "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: {containers: [{name: web, image: nginx}]}
";

fn finish(
    mut admission: Admission,
    policies: Vec<isolation_admission::Specification>,
    input: &Input,
    beside: &Input,
) -> Report {
    let modules = native::Modules::new().unwrap();
    for policy in policies {
        admission.add(policy.equip(&modules));
    }
    let admission = admission.over(input, &beside.items);
    let judged = input.items.iter().map(|item| admission.judge(item)).collect();
    admission.report(input, judged)
}

/// What `isolation.yaml` finds.
fn by_configuration(settings: &str, text: &str) -> Report {
    let input = Input::read([Source::new("input.yaml", text)]);
    let configuration = Arc::new(Configuration::read(Source::new("isolation.yaml", settings)).unwrap());
    let available = native::Modules::new().unwrap();
    let policies = configured(&configuration, &Selection::default(), available.available(), &input.kinds()).unwrap();
    finish(Admission::new("default"), policies, &input, &Input::default())
}

/// What a policy of a cluster finds.
fn by_resource(spec: &str, text: &str) -> Report {
    by_resource_beside(spec, "", text)
}

/// The same in a cluster that holds other objects as well.
fn by_resource_beside(spec: &str, beside: &str, text: &str) -> Report {
    let resource = format!(
        "apiVersion: policies.kubewarden.io/v1\nkind: ClusterAdmissionPolicy\nmetadata: {{name: images}}\nspec:\n{spec}"
    );
    let policies = Input::read([Source::new("policies.yaml", resource)]);
    let policies: Result<Vec<_>, _> = policies.items.iter().filter_map(deployed).collect();
    let (input, beside) = (Source::new("input.yaml", text), Source::new("cluster.yaml", beside));
    finish(Admission::new("default"), policies.unwrap(), &Input::read([input]), &Input::read([beside]))
}

/// Rule and field of each finding.
fn found(report: &Report) -> Vec<(&str, &str)> {
    let rule = |finding: &isolation_report::Finding| finding.rule.as_ref().map(|rule| rule.id.clone());
    let found = report.findings.iter();
    found.map(|finding| (rule(finding).unwrap_or_default().leak() as &str, finding.location.path.as_str())).collect()
}

const IMAGES: &str = "  module: registry://myacr.azurecr.io/private-images
  mutating: false
  settings: {registries: [myacr.azurecr.io]}
  rules: [{apiGroups: [''], apiVersions: [v1], resources: [pods], operations: [CREATE]}]
";

#[test]
fn the_two_ways_to_specify_a_policy_give_the_same_findings() {
    let configured = by_configuration("registries: [myacr.azurecr.io]", POD);
    let deployed = by_resource(IMAGES, POD);
    assert_eq!(found(&configured), [("NI101", "spec.containers[0].image")]);
    assert_eq!(found(&configured), found(&deployed));
    let (a, b) = (&configured.findings[0], &deployed.findings[0]);
    let fix = |finding: &Finding| {
        let change = finding.change().map(|change| (change.to.clone(), change.safe));
        (finding.fix.as_ref().map(|fix| fix.text.clone()), change)
    };
    assert_eq!((&a.what, fix(a), &a.value), (&b.what, fix(b), &b.value));
    assert_eq!(a.value.as_deref(), Some("nginx"), "the value itself, not as a message shows it");
    assert_eq!(a.location.place.to_string(), "input.yaml:4:40");
    assert_eq!((a.policy.as_str(), b.policy.as_str()), ("private-images", "ClusterAdmissionPolicy images"));
}

#[test]
fn a_file_cannot_say_that_its_object_is_being_deleted() {
    let lie = "namespace: shop, deletionTimestamp: '2026-11-26T00:00:00Z', uid: '1', finalizers: [a/b]";
    let report = by_configuration("registries: [myacr.azurecr.io]", &POD.replace("namespace: shop", lie));
    assert_eq!(found(&report), [("NI101", "spec.containers[0].image")]);
}

#[test]
fn what_one_policy_writes_is_what_the_next_one_sees() {
    let settings = "registries: [myacr.azurecr.io]
cached-images:
  cacheRules: [{registry: myacr.azurecr.io, source: 'docker.io/library/*', target: 'library/*'}]
";
    // A dump has what only the API server writes. It is not judged, and it is still there in what is to be written.
    let dump = POD.replace("namespace: shop", "namespace: shop, resourceVersion: '7'");
    let input = Input::read([Source::new("input.yaml", dump)]);
    let configuration = Arc::new(Configuration::read(Source::new("isolation.yaml", settings)).unwrap());
    let modules = native::Modules::new().unwrap();
    let mut admission = Admission::new("default");
    for policy in configured(&configuration, &Selection::default(), modules.available(), &input.kinds()).unwrap() {
        admission.add(policy.equip(&modules));
    }
    let admission = admission.over(&input, &[]);
    let judged = admission.judge(&input.items[0]);
    let rewritten = judged.rewritten.as_ref().unwrap();
    assert_eq!(rewritten.policy, "cached-images");
    assert_eq!(rewritten.object["spec"]["containers"][0]["image"], "myacr.azurecr.io/library/nginx");
    assert_eq!(rewritten.object["metadata"]["resourceVersion"], "7");
    let report = admission.report(&input, vec![judged]);
    assert_eq!(found(&report), [("NI701", "spec.containers[0].image")]);
    assert_eq!(report.findings[0].severity, Severity::Warn);
}

#[test]
fn settings_are_refused_at_their_places_and_one_by_one() {
    let settings = "private-images:\n  registries: ['https://a.io']\n  mrc: deny\n";
    let report = by_configuration(settings, POD);
    let at: Vec<_> = report.not_evaluated.iter().map(|problem| problem.place.as_ref().unwrap().to_string()).collect();
    assert_eq!(at, ["isolation.yaml:3:8", "isolation.yaml:2:16"]);
    assert!(
        report.not_evaluated.iter().all(|problem| problem.what.starts_with("private-images did not run: settings."))
    );
    assert!(report.findings.is_empty());
    // Where one value for all policies is refused, its section may have another.
    let shared = by_configuration("registries: ['https://a.io']\n", POD);
    let own = by_configuration("private-images: {registries: ['https://a.io']}\n", POD);
    let help = "It is set at the top, for every policy that has it; to give private-images another value, write registries in its section";
    assert_eq!((shared.not_evaluated[0].help.as_str(), own.not_evaluated[0].help.as_str()), (help, ""));
    // isolated-clusters means registries that clusters start from: those of images neither stop it nor are all that it allows.
    let clusters = "isolated-clusters: {registry: own}\nregistries: [harbor.contoso.com]\n";
    assert!(by_configuration(clusters, POD).not_evaluated.is_empty());
}

#[test]
fn an_object_in_another_version_is_judged_as_the_one_that_the_rules_name() {
    let class = "apiVersion: storage.k8s.io/v1beta1\nkind: StorageClass\nmetadata: {name: files}\n\
                 provisioner: file.csi.azure.com\n";
    let spec = "  module: private-storage
  mutating: false
  rules: [{apiGroups: [storage.k8s.io], apiVersions: [v1], resources: [storageclasses], operations: [CREATE]}]
";
    let report = by_resource(spec, class);
    assert_eq!(found(&report).len(), 1);
    assert!(report.notes[0].what.contains("has rules for StorageClass in version v1"));
    let exact = by_resource(&format!("{spec}  matchPolicy: Exact\n"), class);
    assert!(exact.findings.is_empty() && exact.policies.is_empty());
}

#[test]
fn look_ups_are_answered_from_the_input_and_only_where_they_are_granted() {
    let input = "apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: mine}
provisioner: file.csi.azure.com
parameters: {networkEndpointType: privateEndpoint}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data, namespace: shop}
spec: {storageClassName: mine, accessModes: [ReadWriteMany], resources: {requests: {storage: 1Gi}}}
";
    let spec = "  module: private-storage
  mutating: false
  settings: {lookup: true}
  rules: [{apiGroups: [''], apiVersions: [v1], resources: [persistentvolumeclaims], operations: [CREATE]}]
";
    let granted = "  contextAwareResources: [{apiVersion: storage.k8s.io/v1, kind: StorageClass}]\n";
    let granted = format!("{spec}{granted}");
    assert_eq!(found(&by_resource(&granted, input)), []);
    // What the cluster holds is there as well, and what is to be applied replaces it.
    let (class, claim) = input.split_once("---\n").unwrap();
    assert_eq!(found(&by_resource_beside(&granted, class, claim)), []);
    let public = class.replace("privateEndpoint", "publicEndpoint");
    assert_eq!(found(&by_resource_beside(&granted, &public, claim)), [("NI310", "spec.storageClassName")]);
    assert_eq!(found(&by_resource_beside(&granted, &public, input)), []);
    let report = by_resource(spec, input);
    assert!(report.findings[0].what.contains("not been granted access"), "{}", report.findings[0].what);
}

#[test]
fn a_policy_that_is_not_here_is_named_and_the_others_judge() {
    let spec = IMAGES.replace("private-images", "somebody-elses:v1");
    let report = by_resource(&spec, POD);
    let problem = &report.not_evaluated[0];
    assert!(problem.what.contains("its module registry://myacr.azurecr.io/somebody-elses:v1 is not built into"));
    assert_eq!(problem.place.as_ref().unwrap().to_string(), "policies.yaml:5:11");
}

#[test]
fn the_findings_in_one_string_share_it() {
    let containers: Vec<_> = (0..20).map(|at| format!("{{name: c{at}, image: nginx}}")).collect();
    let text = format!(
        "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {{name: a}}\nspec:\n  podSpecPatch: |\n    containers: [{}]\n",
        containers.join(", ")
    );
    let report = by_configuration("private-images: {registries: [a.io]}", &text);
    let wholes: Vec<_> = report.findings.iter().filter_map(|finding| finding.whole.as_ref()).collect();
    assert_eq!(wholes.len(), 20);
    assert!(wholes.windows(2).all(|pair| Arc::ptr_eq(pair[0], pair[1])));
}

#[test]
fn more_findings_than_are_kept_are_counted() {
    let containers: String = (0..250).map(|number| format!("    - {{name: c{number}, image: nginx}}\n")).collect();
    let pod = format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: many}}\nspec:\n  containers:\n{containers}");
    let report = by_configuration("registries: [myacr.azurecr.io]", &pod);
    let last = report.findings.iter().find(|finding| finding.location.path.is_empty()).unwrap();
    assert_eq!(last.what, "and 50 more like these");
}

#[test]
fn a_kind_of_which_nobody_knows_where_it_lives_is_judged_in_any_case() {
    // A selector of namespaces never excludes what lives outside of them, and this may.
    let gadget = "apiVersion: example.com/v1\nkind: Gadget\nmetadata: {name: a}\n";
    let spec = "  module: private-images
  mutating: false
  settings: {registries: [myacr.azurecr.io]}
  namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: In, values: [shop]}]}
  rules: [{apiGroups: [example.com], apiVersions: [v1], resources: [gadgets], operations: [CREATE], scope: Cluster}]
";
    // The API server takes a namespace off it that it only names.
    let liar = gadget.replace("name: a", "name: a, namespace: lab");
    let everywhere = spec.replace("Cluster", "'*'");
    for spec in [spec, &everywhere] {
        for gadget in [gadget, &liar] {
            let report = by_resource(spec, gadget);
            assert_eq!(report.policies.len(), 1, "{spec}{gadget}");
            assert!(report.notes.iter().any(|note| note.what.contains("only the cluster knows")), "{spec}{gadget}");
        }
        let doubtless = by_resource(spec, &liar.replace("lab", "shop")).notes;
        let doubts = doubtless.iter().filter(|note| note.what.contains("only the cluster knows")).count();
        assert_eq!(doubts, usize::from(spec.contains("scope: Cluster")), "{doubtless:?}");
    }
    // Wherever it lives, a rule for what lives in namespaces is not for it: it lives in none, or in one that is not selected.
    assert_eq!(by_resource(&spec.replace("Cluster", "Namespaced"), &liar).policies.len(), 0);
}

#[test]
fn a_condition_on_what_no_file_can_say_is_not_evaluated() {
    let conditions = |text: &str| format!("{IMAGES}  matchConditions: [{{name: it, expression: \"{text}\"}}]\n");
    let report = by_resource(&conditions("!has(object.spec.volumes)"), POD);
    assert_eq!(report.findings.len(), 0);
    assert_eq!(
        report.not_evaluated[0].what,
        "the condition it of ClusterAdmissionPolicy images cannot be evaluated for Pod shop/web: it reads spec.volumes, which \
         the API server may have otherwise than the file"
    );
    // What the API server fills in is there, and what decides before it is read makes it irrelevant.
    assert_eq!(found(&by_resource(&conditions("object.spec.restartPolicy == 'Always'"), POD)).len(), 1);
    assert_eq!(found(&by_resource(&conditions("true || has(object.spec.volumes)"), POD)).len(), 1);
}

const NAMED: &str = "registries: [myacr.azurecr.io]
customResources: [{group: example.com, kind: Server, images: ['spec.parts{}.image']}]
";

fn server(kind: &str, group: &str) -> String {
    format!(
        "apiVersion: {group}/v1\nkind: {kind}\nmetadata: {{name: a}}\nspec: {{parts: {{web: {{image: quay.io/a}}}}}}\n"
    )
}

#[test]
fn a_kind_that_a_setting_names_is_judged() {
    let report = by_configuration(NAMED, &server("Server", "example.com"));
    assert_eq!(found(&report), [("NI101", "spec.parts.web.image")]);
    // In the section of one policy, and of a kind whose plural nobody would guess.
    let section = "private-images:
  registries: [myacr.azurecr.io]
  customResources: [{group: example.com, kind: Datum, plural: data, images: ['spec.parts{}.image']}]
";
    assert_eq!(found(&by_configuration(section, &server("Datum", "example.com"))), [("NI101", "spec.parts.web.image")]);
    let wrong = by_configuration(&section.replace("data,", "data/status,"), &server("Datum", "example.com"));
    assert!(wrong.not_evaluated[0].what.contains("expected a resource such as widgets"), "{:?}", wrong.not_evaluated);
    assert_eq!(by_configuration(section, &server("Server", "example.com")).findings.len(), 0);
    assert_eq!(
        by_configuration(&section.replace("  custom", "  #"), &server("Datum", "example.com")).findings.len(),
        0
    );
}

#[test]
fn a_deployed_policy_knows_the_plural_that_its_settings_have() {
    let spec = "  module: private-images
  mutating: false
  settings:
    registries: [myacr.azurecr.io]
    customResources: [{group: example.com, kind: Datum, plural: data, images: ['spec.parts{}.image']}]
  rules: [{apiGroups: [example.com], apiVersions: ['*'], resources: [data], operations: [CREATE, UPDATE]}]
";
    assert_eq!(found(&by_resource(spec, &server("Datum", "example.com"))), [("NI101", "spec.parts.web.image")]);
    assert_eq!(by_resource(&spec.replace("[data]", "[datums]"), &server("Datum", "example.com")).findings.len(), 0);
}

#[test]
fn a_kind_of_a_setting_that_may_be_misspelt_is_told() {
    let notes = |settings: &str, text: &str| -> Vec<String> {
        by_configuration(settings, text)
            .notes
            .into_iter()
            .map(|note| note.what)
            .filter(|what| what.contains("misspelt"))
            .collect()
    };
    let object = server("Server", "example.com");
    let of_kind = NAMED.replace("Server", "servers");
    assert_eq!(
        notes(&of_kind, &object),
        ["private-images: customResources names a kind that may be misspelt: no object is of the kind servers of \
          example.com, but some are of Server"]
    );
    assert!(notes(&NAMED.replace("example.com", "exmaple.com"), &object)[0].contains("but some are of example.com"));
    // What is named is there, beside something else.
    assert!(notes(NAMED, &(object.clone() + "---\n" + &server("Servers", "example.com"))).is_empty());
    assert!(notes(&NAMED.replace("Server", "Widget"), &object).is_empty());
}
