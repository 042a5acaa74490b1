//! The images of all workloads, by registry, and where each can be pulled from.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use isolation::image::{CacheRules, Cached, Reference};
use isolation::images::{Named, Naming, for_each_image};
use isolation::{Findings, Operation, Request};
use isolation_admission::Item;
use isolation_inventory::completed;
use isolation_report::Finding;
use serde_json::json;

use crate::cache::{self, CacheRule, PLACEHOLDER_REGISTRY};
use crate::document::{Coverage, Image, RegistryImages};
use crate::workloads::{Key, Workloads};

/// The registry of which AKS's nodes ask a private one first.
const MCR: &str = "mcr.microsoft.com";

/// The policy that judges images.
const POLICY: &str = "private-images";

/// The images that workloads name, by how they are written, told object by object, and what the policies said of images.
#[derive(Debug, Default)]
pub struct Images {
    named: BTreeMap<String, Use>,
    /// The values that findings are about.
    flagged: HashSet<String>,
    /// Whether a finding does not name all of its value, so that one that no finding names may be meant.
    is_vague: bool,
}

/// How an image is named where it is named first, and by whom.
#[derive(Debug)]
struct Use {
    /// The bytes of the text that are the reference.
    part: Range<usize>,
    is_located: bool,
    naming: Naming,
    workloads: HashSet<Key>,
}

/// What images are held against.
#[derive(Debug)]
pub struct Known<'k> {
    /// The registries that images may come from; empty where none was named.
    pub registries: &'k [String],
    /// The cache rules that are known.
    pub cache_rules: &'k [CacheRule],
    /// The policies that judged.
    pub policies: &'k [String],
}

/// An image, and what becomes of it.
struct Counted<'i> {
    /// As it is written first.
    reference: &'i str,
    instead: String,
    registry: String,
    workloads: HashSet<Key>,
}

impl Images {
    /// Adds the images that an object names. `workload` is what owns the object.
    pub fn add(&mut self, item: &Item, workload: Key) {
        visit(item, &mut |text, named, naming| {
            let (part, start, is_located) = match named {
                Named::Reference(part, start) => (part, start, false),
                Named::Located(part, start) => (part, start, true),
                _ => return,
            };
            // What is no reference at all is a finding of its own.
            if reference(part, is_located).is_none() {
                return;
            }
            if let Some(known) = self.named.get_mut(text) {
                known.workloads.insert(workload);
            } else {
                let (part, workloads) = (start..start + part.len(), HashSet::from([workload]));
                self.named.insert(text.to_owned(), Use { part, is_located, naming, workloads });
            }
        });
    }

    /// Adds what a policy found.
    pub fn add_finding(&mut self, finding: &Finding) {
        if finding.policy != POLICY {
            return;
        }
        let value = finding.value.as_deref();
        self.is_vague |= finding.rule.is_none() || value.is_some_and(|value| value.ends_with('…'));
        if let Some(value) = value
            && !self.flagged.contains(value)
        {
            self.flagged.insert(value.to_owned());
        }
    }

    /// The images, by registry; registries with the most uncovered ones first.
    pub fn by_registry(&self, known: &Known<'_>, workloads: &Workloads) -> Vec<RegistryImages> {
        let registry = known.registries.first().map_or(PLACEHOLDER_REGISTRY, |registry| host(registry));
        let settings = json!({
            "registry": registry,
            "cacheRules": known.cache_rules.iter().map(|rule| match &rule.registry {
                Some(registry) => json!({"registry": registry, "source": rule.source, "target": rule.target}),
                None => json!({"source": rule.source, "target": rule.target}),
            }).collect::<Vec<_>>(),
        });
        let counted = cache::with(&settings, &mut |rules, _| self.counted(known, rules)).unwrap_or_default();
        by_registry(counted, workloads)
    }

    /// The images by the names that a runtime completes them to: several spellings are one image.
    fn counted(&self, known: &Known<'_>, rules: &CacheRules<'_>) -> BTreeMap<(String, Coverage), Counted<'_>> {
        let judged = Judged::of(known, self);
        let mut counted: BTreeMap<_, Counted<'_>> = BTreeMap::new();
        for (text, used) in &self.named {
            let reference = text.get(used.part.clone()).and_then(|part| reference(part, used.is_located));
            let Some(reference) = reference else { continue };
            let (coverage, instead) = judged.coverage(text, &reference, used.naming.is_pulled_by_nodes(), rules);
            let image = counted.entry((completed(&reference, used.naming).0, coverage)).or_insert_with(|| Counted {
                reference: text,
                instead,
                registry: reference.registry.to_string(),
                workloads: HashSet::new(),
            });
            image.workloads.extend(&used.workloads);
        }
        counted
    }
}

fn host(registry: &str) -> &str {
    registry.split('/').next().unwrap_or_default()
}

fn reference(text: &str, is_located: bool) -> Option<Reference<'_>> {
    if is_located { Reference::located(text).ok() } else { Reference::read(text).ok() }
}

fn by_registry(images: BTreeMap<(String, Coverage), Counted<'_>>, workloads: &Workloads) -> Vec<RegistryImages> {
    let mut registries: BTreeMap<String, RegistryImages> = BTreeMap::new();
    for ((_, coverage), counted) in images {
        let registry = registries.entry(counted.registry.clone()).or_insert_with(|| RegistryImages {
            host: counted.registry.clone(),
            allowed: 0,
            cached: 0,
            uncovered: 0,
            images: Vec::new(),
        });
        match coverage {
            Coverage::Allowed => registry.allowed += 1,
            Coverage::Cached => registry.cached += 1,
            Coverage::Uncovered => registry.uncovered += 1,
        }
        registry.images.push(Image {
            reference: counted.reference.to_owned(),
            coverage,
            instead: counted.instead,
            workloads: counted.workloads.len(),
            example: counted.workloads.iter().map(|key| workloads.subject(*key)).min().unwrap_or_default(),
        });
    }
    let mut registries: Vec<_> = registries.into_values().collect();
    for registry in &mut registries {
        registry.images.sort_by(|a, b| (a.coverage, &a.reference).cmp(&(b.coverage, &b.reference)));
    }
    registries.sort_by(|a, b| (b.uncovered, b.cached, &a.host).cmp(&(a.uncovered, a.cached, &b.host)));
    registries
}

/// Calls `found` with every image of an object: its text, what it names, and how it is named.
fn visit(item: &Item, found: &mut dyn FnMut(&str, Named<'_>, Naming)) {
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
            let naming = image.settled(&text).naming;
            found(&text, naming.read(&text), naming);
        }
    });
}

/// What the policies said of images.
struct Judged<'i> {
    registries: Vec<(String, String)>,
    flagged: &'i HashSet<String>,
    /// Whether the policy said all that it had to say, so that what it did not name is fine.
    complete: bool,
}

impl<'i> Judged<'i> {
    fn of(known: &Known<'_>, images: &'i Images) -> Self {
        let ran = known.policies.iter().any(|policy| policy == POLICY);
        let read = |registry: &String| {
            let (host, prefix) = registry.split_once('/').unwrap_or((registry, ""));
            (host.to_ascii_lowercase(), prefix.trim_end_matches('/').to_owned())
        };
        Judged {
            registries: known.registries.iter().map(read).collect(),
            flagged: &images.flagged,
            complete: ran && !images.is_vague,
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
