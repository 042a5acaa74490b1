//! The images of all workloads, by registry, and where each can be pulled from.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use isolation::image::{CacheRules, Cached, Reference};
use isolation::images::{Named, for_each_image};
use isolation::{Findings, Operation, Request};
use isolation_admission::Item;
use serde_json::json;

use crate::cache;
use crate::document::{Coverage, Image, RegistryImages};
use crate::survey::{PLACEHOLDER_REGISTRY, Survey};
use crate::workloads::Workloads;

/// The registry of which AKS's nodes ask a private one first.
const MCR: &str = "mcr.microsoft.com";

/// An image while the workloads that name it are counted.
struct Counted {
    coverage: Coverage,
    instead: String,
    registry: String,
    workloads: BTreeSet<String>,
}

/// The images of all workloads, by registry; registries with the most uncovered ones first.
pub fn of(survey: &Survey<'_>, workloads: &Workloads) -> Vec<RegistryImages> {
    let registry = survey.registries.first().map_or(PLACEHOLDER_REGISTRY, |registry| host(registry));
    let settings = json!({
        "registry": registry,
        "cacheRules": survey.cache_rules.iter().map(|rule| match &rule.registry {
            Some(registry) => json!({"registry": registry, "source": rule.source, "target": rule.target}),
            None => json!({"source": rule.source, "target": rule.target}),
        }).collect::<Vec<_>>(),
    });
    cache::with(&settings, &mut |rules, _| by_registry(counted(survey, workloads, rules))).unwrap_or_default()
}

fn host(registry: &str) -> &str {
    registry.split('/').next().unwrap_or_default()
}

fn counted(survey: &Survey<'_>, workloads: &Workloads, rules: &CacheRules<'_>) -> BTreeMap<String, Counted> {
    let judged = Judged::of(survey);

    let mut images: BTreeMap<String, Counted> = BTreeMap::new();
    for item in survey.items {
        let key = workloads.key(&item.reference());
        if workloads.is_history(&key) {
            continue;
        }
        let top = workloads.top(&key);
        visit(item, &mut |text, named, pulled_by_node| {
            let reference = match named {
                Named::Reference(text, _) => Reference::read(text),
                Named::Located(text, _) => Reference::located(text),
                _ => return,
            };
            // What is no reference at all is a finding of its own.
            let Ok(reference) = reference else { return };
            let counted = images.entry(text.to_owned()).or_insert_with(|| {
                let (coverage, instead) = judged.coverage(text, &reference, pulled_by_node, rules);
                Counted { coverage, instead, registry: reference.registry.to_string(), workloads: BTreeSet::new() }
            });
            let subject = match top.namespace.as_str() {
                "" => format!("{} {}", top.kind, top.name),
                namespace => format!("{} {namespace}/{}", top.kind, top.name),
            };
            counted.workloads.insert(subject);
        });
    }
    images
}

fn by_registry(images: BTreeMap<String, Counted>) -> Vec<RegistryImages> {
    let mut registries: BTreeMap<String, RegistryImages> = BTreeMap::new();
    for (reference, counted) in images {
        let registry = registries.entry(counted.registry.clone()).or_insert_with(|| RegistryImages {
            host: counted.registry.clone(),
            allowed: 0,
            cached: 0,
            uncovered: 0,
            images: Vec::new(),
        });
        match counted.coverage {
            Coverage::Allowed => registry.allowed += 1,
            Coverage::Cached => registry.cached += 1,
            Coverage::Uncovered => registry.uncovered += 1,
        }
        registry.images.push(Image {
            reference,
            coverage: counted.coverage,
            instead: counted.instead,
            workloads: counted.workloads.len(),
            example: counted.workloads.into_iter().next().unwrap_or_default(),
        });
    }
    let mut registries: Vec<_> = registries.into_values().collect();
    for registry in &mut registries {
        registry.images.sort_by(|a, b| (a.coverage, &a.reference).cmp(&(b.coverage, &b.reference)));
    }
    registries.sort_by(|a, b| (b.uncovered, b.cached, &a.host).cmp(&(a.uncovered, a.cached, &b.host)));
    registries
}

/// Calls `found` with every image of an object: its text, what it names, and whether a node pulls it.
fn visit(item: &Item, found: &mut dyn FnMut(&str, Named<'_>, bool)) {
    let object = item.object.value();
    let request = Request {
        operation: Operation::Create,
        group: item.object.group().into(),
        version: item.object.version().into(),
        kind: item.object.kind.as_str().into(),
        subresource: "".into(),
        name: item.object.name.as_str().into(),
        namespace: item.object.namespace.as_str().into(),
        username: "".into(),
        object: Some(object),
        old_object: None,
    };
    let mut unheard = Findings::new(object);
    for_each_image(&mut unheard, &request, object, &[], &mut |unheard, image| {
        if image.is_left_to_istio() {
            return;
        }
        if let Some(text) = image.text(unheard) {
            found(&text, image.read(&text), image.naming.is_pulled_by_nodes());
        }
    });
}

/// What the policies said of images.
struct Judged<'s> {
    registries: Vec<(String, String)>,
    flagged: HashSet<&'s str>,
    /// Whether the policy said all that it had to say, so that what it did not name is fine.
    complete: bool,
}

impl<'s> Judged<'s> {
    fn of(survey: &'s Survey<'_>) -> Self {
        let findings = || survey.report.findings.iter().filter(|finding| finding.policy == "private-images");
        let ran = survey.report.policies.iter().any(|policy| policy == "private-images");
        let is_cut = |value: &str| value.ends_with('…');
        Judged {
            registries: survey
                .registries
                .iter()
                .map(|registry| {
                    let (host, prefix) = registry.split_once('/').unwrap_or((registry, ""));
                    (host.to_ascii_lowercase(), prefix.trim_end_matches('/').to_owned())
                })
                .collect(),
            flagged: findings().filter_map(|finding| finding.value.as_deref()).collect(),
            complete: ran
                && findings().all(|finding| finding.rule.is_some() && !finding.value.as_deref().is_some_and(is_cut)),
        }
    }

    fn coverage(
        &self,
        text: &str,
        reference: &Reference<'_>,
        pulled_by_node: bool,
        rules: &CacheRules<'_>,
    ) -> (Coverage, String) {
        let below = |prefix: &str| {
            let rest = reference.repository.strip_prefix(prefix);
            prefix.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let in_registry = self.registries.iter().any(|(host, prefix)| *host == reference.registry && below(prefix));
        let is_flagged = self.flagged.contains(text);
        let is_redirected = reference.registry == MCR && pulled_by_node;
        if !is_flagged && (in_registry || is_redirected || self.complete) {
            return (Coverage::Allowed, String::new());
        }
        match rules.cached(reference) {
            Some(Cached::Name(name)) => (Coverage::Cached, name),
            Some(Cached::OfAnotherRule(_) | Cached::TooLong) | None => (Coverage::Uncovered, String::new()),
        }
    }
}
