//! Policies by `isolation.yaml`: every one that is here, with the settings of the file, and with the rules that its module
//! asks for.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use isolation::images::CUSTOM_RESOURCES;
use isolation::settings::SettingsProblem;
use isolation::similar::nearest_swapped;
use isolation_all_policies::{CustomResource, Entry, policy};
use isolation_policy_module::{Metadata, MetadataError, Rule};
use isolation_report::{NotEvaluated, Note, Place};
use serde_json::Value;

use crate::configuration::Configuration;
use crate::input::Kinds;
use crate::judge::Missing;
use crate::selector::Selector;
use crate::specification::{Member, Origin, ScopedRule, Specification};

/// An available policy.
#[derive(Clone, Debug)]
pub struct Available {
    /// Its name.
    pub name: String,
    /// What its module says of itself.
    pub metadata: Metadata,
}

/// Which of the policies are wanted, beside what the configuration says.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Only these, unless there are none.
    pub only: Vec<String>,
    /// All but these.
    pub skip: Vec<String>,
    /// Whether those that change objects are wanted, too, where the configuration has no section for them but all that they
    /// cannot do without.
    pub mutating: bool,
}

impl Selection {
    /// Whether the policy runs.
    pub fn has(&self, configuration: &Configuration, Available { name, metadata }: &Available) -> bool {
        if !self.only.is_empty() {
            return self.only.contains(name);
        }
        // What rewrites objects is deployed by choice, so it is run by choice: with a section in the configuration.
        let chosen =
            !metadata.mutating || configuration.has_section(name) || self.mutating && is_ready(configuration, name);
        !self.skip.contains(name) && !configuration.is_off(name) && chosen
    }
}

/// Whether the configuration says all that the policy cannot do without.
fn is_ready(configuration: &Configuration, name: &str) -> bool {
    let settings = configuration.settings(name);
    let tables = policy(name).map(|entry| (entry.settings)());
    let mut required = tables.into_iter().flatten().flatten().filter(|setting| setting.required);
    required.all(|setting| settings.get(setting.key).is_some_and(|value| !value.is_null()))
}

/// The specifications of the policies that are wanted and have something to judge among objects of these kinds.
///
/// # Errors
///
/// A policy whose rules for custom resources cannot be read, which a test would have found.
pub fn configured(
    configuration: &Arc<Configuration>,
    selection: &Selection,
    available: &[Available],
    kinds: &Kinds,
) -> Result<Vec<Specification>, MetadataError> {
    let mut specifications = Vec::new();
    for available in available.iter().filter(|available| selection.has(configuration, available)) {
        let mut specification = specification(configuration, available)?;
        let settings = specification.members.iter().map(|member| &member.settings);
        specification.notes =
            settings.flat_map(|settings| misspelt(configuration, &available.name, settings, kinds)).collect();
        // A section of the configuration is checked whether the policy has something to judge or not.
        let has_something = kinds.iter().any(|(group, kind)| specification.has_rules_for(group, kind));
        if has_something || configuration.has_section(&available.name) || !specification.notes.is_empty() {
            specifications.push(specification);
        }
    }
    Ok(specifications)
}

fn specification(
    configuration: &Arc<Configuration>,
    Available { name, metadata }: &Available,
) -> Result<Specification, MetadataError> {
    let settings = configuration.settings_offline(name);
    let mut rules: Vec<Rule> = metadata.rules.iter().chain(custom_resource_rules(name)?.iter()).cloned().collect();
    // What deploys the policies makes the same rules of the setting.
    rules.extend(settings.as_object().map(CustomResource::rules).unwrap_or_default());
    Ok(Specification {
        title: name.clone(),
        id: format!("clusterwide-{name}"),
        mutating: metadata.mutating,
        origin: Arc::new(Section { configuration: Arc::clone(configuration), policy: name.clone() }),
        rules: rules.into_iter().map(|rule| ScopedRule { rule, scope: None }).collect(),
        // As the resources have it that deploy the policies.
        exact: false,
        namespaces: Selector::default(),
        objects: None,
        conditions: Vec::new(),
        ignores_failures: false,
        monitor: false,
        message: None,
        expression: None,
        members: vec![Member {
            name: String::new(),
            path: String::new(),
            module: name.clone(),
            settings,
            granted: metadata.context_aware_resources.clone(),
        }],
        notes: Vec::new(),
    })
}

/// Kinds that the setting `customResources` names and that none of the objects is of, while there are objects of a kind that is
/// called nearly so: nothing else would tell of the mistake.
fn misspelt<'a>(
    configuration: &'a Configuration,
    policy: &'a str,
    settings: &'a Value,
    kinds: &'a Kinds,
) -> impl Iterator<Item = Note> + 'a {
    let named: Vec<_> = settings.as_object().into_iter().flat_map(CustomResource::of).collect();
    let is_named = |group: &str, kind: &str| named.iter().any(|named| named.group == group && named.kind == kind);
    let others: Vec<_> = kinds.iter().filter(|(group, kind)| !is_named(group, kind)).cloned().collect();
    let absent = named.into_iter().filter(|named| !kinds.contains(&(named.group.clone(), named.kind.clone())));
    let near = move |CustomResource { group, kind, .. }: CustomResource| {
        let of_group = others.iter().filter(|(other, _)| *other == group).map(|(_, kind)| kind.as_str());
        let of_kind = others.iter().filter(|(_, other)| *other == kind).map(|(group, _)| group.as_str());
        // A resource that stands where the kind belongs is near it as well.
        let what = match (nearest_swapped(&kind, of_group), nearest_swapped(&group, of_kind)) {
            (Some(near), _) => format!("no object is of the kind {kind} of {group}, but some are of {near}"),
            (None, Some(near)) => format!("no {kind} is of the group {group}, but some are of {near}"),
            (None, None) => return None,
        };
        Some(Note {
            place: configuration.locate(policy, "settings.customResources"),
            what: format!("{policy}: {key} names a kind that may be misspelt: {what}", key = CUSTOM_RESOURCES.key),
            help: String::new(),
        })
    };
    absent.filter_map(near)
}

/// The policy's rules for custom resources. They are read once in a program: one that judges while somebody types would spend
/// most of its time on them.
fn custom_resource_rules(name: &str) -> Result<Arc<[Rule]>, MetadataError> {
    static READ: Mutex<BTreeMap<String, Arc<[Rule]>>> = Mutex::new(BTreeMap::new());
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(rules) = read.get(name) {
        return Ok(Arc::clone(rules));
    }
    let families = policy(name).map(Entry::families).transpose()?.unwrap_or_default();
    let rules: Arc<[Rule]> = families.into_iter().flat_map(|family| family.rules).collect();
    read.insert(name.to_owned(), Arc::clone(&rules));
    Ok(rules)
}

/// A section of the configuration, whether it is written or not.
#[derive(Debug)]
struct Section {
    configuration: Arc<Configuration>,
    policy: String,
}

impl Origin for Section {
    fn place(&self) -> Option<Place> {
        self.configuration.locate(&self.policy, "settings")
    }

    fn module_place(&self, _: &Member) -> Option<Place> {
        None
    }

    fn missing(&self, title: &str, _: &Member, Missing { what, help }: Missing) -> NotEvaluated {
        NotEvaluated {
            place: None,
            subject: title.to_owned(),
            what: format!("{title} did not run: its module {what}"),
            help,
        }
    }

    fn refused(&self, title: &str, _: &Member, problem: &SettingsProblem) -> NotEvaluated {
        let help = if let Some(flag) = self.configuration.flag_of(&self.policy, &problem.path) {
            format!("The value is that of {flag}")
        } else if let Some(key) = self.configuration.shared_key(&self.policy, &problem.path) {
            let policy = &self.policy;
            format!(
                "It is set at the top, for every policy that has it; to give {policy} another value, write {key} in its section"
            )
        } else if problem.path == "settings.registries" {
            "Name the registry that images may come from: --registry myacr.azurecr.io, or `registries: \
             [myacr.azurecr.io]` in isolation.yaml"
                .to_owned()
        } else {
            String::new()
        };
        NotEvaluated {
            place: self.configuration.locate(&self.policy, &problem.path),
            subject: title.to_owned(),
            what: format!("{title} did not run: {problem}"),
            help,
        }
    }
}
