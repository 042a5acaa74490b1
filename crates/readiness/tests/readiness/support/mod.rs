//! Surveys for tests, judged by the policies that are linked into this program.
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use isolation_admission::{Admission, Configuration, Input, Selection, configured, native};
use isolation_azure::{Part, State, items, read_state};
use isolation_readiness::{Found, InputInfo, InputKind, Objects, Readiness, Survey, cache_setting, known_cache_rules};
use isolation_report::{Allowed, Finding, Source};

/// What a survey is given.
#[derive(Default)]
pub struct Given<'g> {
    /// Manifests.
    pub objects: &'g str,
    /// A folder with what az prints.
    pub azure: Option<&'g str>,
    /// A file of it that is not given.
    pub without: Option<&'g str>,
    /// Registries that are named beside the one that Azure says.
    pub registries: &'g [&'g str],
    /// An earlier document.
    pub since: Option<Readiness>,
    /// A text in what az prints, and another one in its place.
    pub instead: Option<(&'g str, &'g str)>,
    /// What the objects were read from: `files` if nothing is said.
    pub kind: Option<InputKind>,
    /// Findings that an exception accepts, by rule.
    pub accepted: Option<&'g str>,
    /// Whether some of the cluster's objects are known not to have been read.
    pub incomplete: bool,
}

/// A file of the example in the documentation.
pub fn azure(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/readiness").join(name)
}

/// A small shop.
pub fn shop() -> String {
    std::fs::read_to_string(azure("before/shop.yaml")).unwrap()
        + "---\n{apiVersion: v1, kind: Pod, metadata: {name: own, namespace: shop}, spec: {containers: [\
           {name: a, image: \"shopacr.azurecr.io/own:1\"}, {name: b, image: \"mcr.microsoft.com/oss/kubernetes/pause:3.9\"}]}}\n"
}

const PARTS: &[(&str, Part)] = &[
    ("aks", Part::Cluster),
    ("acr", Part::Registry),
    ("cache-rules", Part::CacheRules),
    ("private-endpoints", Part::Connections),
    ("subnet", Part::Subnet),
    ("extensions", Part::Extensions),
];

/// The document of a survey.
pub fn document(given: &Given<'_>) -> Readiness {
    let mut state = State::default();
    let mut input = Input::read([Source::new("shop.yaml", given.objects)]);
    if let Some(folder) = given.azure {
        for (name, part) in PARTS.iter().filter(|(name, _)| given.without != Some(*name)) {
            let mut text = std::fs::read_to_string(azure(&format!("{folder}/{name}.json"))).unwrap();
            if let Some((from, to)) = given.instead {
                text = text.replace(from, to);
            }
            read_state(&serde_json::from_str(&text).unwrap(), Some(*part), &mut state);
            let source = Arc::new(Source::new(format!("{name}.json"), text));
            input.items.extend(items(&source));
            input.sources.push(source);
        }
    }
    let mut registries: Vec<String> = given.registries.iter().map(|host| (*host).to_owned()).collect();
    registries.extend(state.registry().map(|registry| registry.login_server.clone()));
    let host = registries.first().map_or(isolation_readiness::PLACEHOLDER_REGISTRY, String::as_str).to_owned();
    let known = known_cache_rules(&[], &state);
    let mut settings = Configuration::default();
    settings.share("registries", vec![host.clone()].into());
    settings.share("cacheRules", cache_setting(&host, &known));
    let modules = native::Modules::new().unwrap();
    let selection = Selection { skip: vec!["cached-images".to_owned()], ..Selection::default() };
    let mut admission = Admission::new("default");
    for policy in configured(&Arc::new(settings), &selection, modules.available(), &input.kinds()).unwrap() {
        admission.add(policy.equip(&modules));
    }
    let admission = admission.over(&input, &[]);
    let judged = input.items.iter().map(|item| admission.judge(item)).collect();
    let mut report = admission.report(&input, judged);
    let is_accepted = |finding: &Finding| finding.rule.as_ref().map(|rule| rule.id.as_str()) == given.accepted;
    let (accepted, left) = report.findings.into_iter().partition::<Vec<_>, _>(is_accepted);
    report.findings = left;
    report.allowed = accepted
        .into_iter()
        .map(|finding| Allowed {
            place: finding.location.place.clone(),
            reason: "the partner pulls it by hand.".to_owned(),
            in_source: false,
            finding,
        })
        .collect();
    let kind = given.kind.unwrap_or(InputKind::Files);
    let mut objects = Objects::new("default");
    objects.add(&input.items);
    let mut found = Found::new(objects, BTreeSet::new());
    found.add(&input.items, &report.findings, &report.allowed);
    Survey {
        found,
        report: &report,
        azure: &state,
        input: vec![InputInfo { name: "shop".to_owned(), kind, objects: 0 }],
        name: "shop.yaml".to_owned(),
        registries,
        cache_rules: known,
        unseen: Vec::new(),
        incomplete: given.incomplete,
        tool: "isolation".to_owned(),
        created: "2026-11-26T08:00:00Z".to_owned(),
        since: given.since.clone(),
    }
    .document()
}
