//! Problems by theme, by namespace, and as the lists that people ask for.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use isolated_clusters::features::FEATURES;
use isolation_all_policies::page;
use isolation_azure::State as Azure;

use crate::document::{Feature, FeatureKind, FeatureStatus, Namespace, Problem, RuleGroup, Severity, Theme, Volume};
use crate::objects::{Inhabited, Objects};
use crate::problems::{FEATURE, THEMES};

/// The themes that have problems.
pub fn of(problems: &[Problem]) -> Vec<Theme> {
    let theme = |(id, title): &(&str, &str)| {
        let own: Vec<&Problem> = problems.iter().filter(|problem| problem.theme == *id).collect();
        Theme {
            id: (*id).to_owned(),
            title: (*title).to_owned(),
            breaks: count(own.iter().copied(), Severity::Breaks),
            warns: count(own.iter().copied(), Severity::Warns),
            rules: rules(&own),
        }
    };
    THEMES.iter().map(theme).filter(|theme| !theme.rules.is_empty()).collect()
}

fn count<'p>(problems: impl Iterator<Item = &'p Problem>, severity: Severity) -> usize {
    problems.filter(|problem| problem.severity == severity).count()
}

fn rules(problems: &[&Problem]) -> Vec<RuleGroup> {
    let mut by_rule: BTreeMap<&str, Vec<&Problem>> = BTreeMap::new();
    for problem in problems {
        by_rule.entry(&problem.rule).or_default().push(problem);
    }
    let mut groups: Vec<RuleGroup> = by_rule
        .into_iter()
        .map(|(id, problems)| {
            let mut namespaces: BTreeMap<String, usize> = BTreeMap::new();
            let mut workloads = BTreeSet::new();
            for problem in &problems {
                *namespaces.entry(problem.namespace.clone()).or_default() += 1;
                workloads.insert((&problem.namespace, &problem.kind, &problem.workload));
            }
            RuleGroup {
                id: id.to_owned(),
                name: problems.first().map(|problem| problem.name.clone()).unwrap_or_default(),
                summary: page(id).map(|(_, page)| page.summary()).unwrap_or_default(),
                breaks: count(problems.iter().copied(), Severity::Breaks),
                warns: count(problems.iter().copied(), Severity::Warns),
                workloads: workloads.len(),
                namespaces,
            }
        })
        .collect();
    groups.sort_by(|a, b| (b.breaks, b.warns, &a.id).cmp(&(a.breaks, a.warns, &b.id)));
    groups
}

/// The namespaces, those with the most problems first.
pub fn namespaces(objects: &Objects, problems: &[Problem]) -> Vec<Namespace> {
    let namespace = |name: &str, Inhabited { objects: number, exempt }: Inhabited| Namespace {
        name: name.to_owned(),
        objects: number,
        breaks: 0,
        warns: 0,
        exempt,
        owner: objects.workloads.namespace_keeper(name).map(str::to_owned),
    };
    let mut named: HashMap<&str, Namespace> =
        objects.namespaces.iter().map(|(name, inhabited)| (name.as_str(), namespace(name, *inhabited))).collect();
    for problem in problems {
        let name = problem.namespace.as_str();
        let namespace = named.entry(name).or_insert_with(|| namespace(name, Inhabited::default()));
        match problem.severity {
            Severity::Breaks => namespace.breaks += 1,
            Severity::Warns => namespace.warns += 1,
        }
    }
    let mut namespaces: Vec<_> = named.into_values().collect();
    namespaces.sort_by(|a, b| (b.breaks, b.warns, &a.name).cmp(&(a.breaks, a.warns, &b.name)));
    namespaces
}

/// The volumes on storage accounts that are, or may be, public.
pub fn volumes(problems: &[Problem]) -> Vec<Volume> {
    let storage = problems.iter().filter(|problem| problem.theme == "storage");
    storage
        .map(|problem| Volume {
            object: problem.subject(),
            rule: problem.rule.clone(),
            value: problem.value.clone().unwrap_or_default(),
            severity: problem.severity,
        })
        .collect()
}

/// The cluster's extensions, and its features that talk to services outside.
pub fn features(azure: &Azure, problems: &[Problem]) -> Vec<Feature> {
    let mut features = Vec::new();
    for extension in azure.extensions.iter().flatten() {
        let of_type = &extension.extension_type;
        let said = problems.iter().find(|problem| {
            problem.theme == "extensions"
                && problem.value.as_deref().is_some_and(|value| value.eq_ignore_ascii_case(of_type))
        });
        let status = match said.map(|problem| problem.severity) {
            Some(Severity::Breaks) => FeatureStatus::Unsupported,
            Some(Severity::Warns) => FeatureStatus::InDoubt,
            None => FeatureStatus::Unknown,
        };
        features.push(Feature {
            name: format!("{} ({of_type})", extension.name),
            kind: FeatureKind::Extension,
            status,
            needs: said.map(|problem| problem.what.clone()).unwrap_or_default(),
        });
    }
    for problem in problems.iter().filter(|problem| problem.rule == FEATURE) {
        // Where the field is depends on who describes the cluster; the fix is the same one.
        let known = FEATURES.iter().find(|feature| feature.fix() == problem.fix);
        let name = known.map_or(problem.path.as_str(), |feature| feature.name);
        features.push(Feature {
            name: name.to_owned(),
            kind: FeatureKind::Feature,
            status: FeatureStatus::NeedsWay,
            needs: problem.what.clone(),
        });
    }
    features
}
