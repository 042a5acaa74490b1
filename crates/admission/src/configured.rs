//! Policies by `isolation.yaml`: every one that is here, with the settings of the file, and with the rules that its module
//! asks for.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use isolation::settings::SettingsProblem;
use isolation_all_policies::{Entry, policy};
use isolation_policy_module::{Metadata, MetadataError, Rule};
use isolation_report::{NotEvaluated, Place};

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
        let specification = specification(configuration, available)?;
        // A section of the configuration is checked whether the policy has something to judge or not.
        let has_something = kinds.iter().any(|(group, kind)| specification.has_rules_for(group, kind));
        if has_something || configuration.has_section(&available.name) {
            specifications.push(specification);
        }
    }
    Ok(specifications)
}

fn specification(
    configuration: &Arc<Configuration>,
    Available { name, metadata }: &Available,
) -> Result<Specification, MetadataError> {
    let rules = metadata.rules.iter().chain(custom_resource_rules(name)?.iter()).cloned().collect::<Vec<Rule>>();
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
            settings: configuration.settings_offline(name),
            granted: metadata.context_aware_resources.clone(),
        }],
        notes: Vec::new(),
    })
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
            what: format!("{title} is not run: its module {what}"),
            help,
        }
    }

    fn refused(&self, title: &str, _: &Member, problem: &SettingsProblem) -> NotEvaluated {
        let help = if let Some(flag) = self.configuration.flag_of(&self.policy, &problem.path) {
            format!("The value is that of {flag}")
        } else if let Some(key) = self.configuration.shared_key(&self.policy, &problem.path) {
            let policy = &self.policy;
            format!(
                "It is for every policy that has it; if {policy} needs another, write {key} into its section, {policy}"
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
            what: format!("{title} is not run: {problem}"),
            help,
        }
    }
}
