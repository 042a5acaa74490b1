//! `isolation.yaml`: the policies' settings, a section a policy.

use std::collections::BTreeSet;
use std::sync::Arc;

use isolation::settings::Setting;
use isolation::similar::nearest_swapped;
use isolation_all_policies::{
    CustomResource, DEPLOYMENT_KEYS, POLICIES, is_deployed_only, is_shared, policy, shared_keys,
};
use isolation_document::{Document, Kind, Mismatch, Path, Value as Written};
use isolation_report::{Exception, Place, Rules, Scope, Source, date};
use serde_json::{Map, Value};

use crate::exceptions;

/// The settings of all policies, from `isolation.yaml` and from the caller.
#[derive(Debug, Default)]
pub struct Configuration {
    source: Option<Arc<Source>>,
    root: Option<Arc<Document<'static>>>,
    /// Settings that override the file's, for every policy that has them.
    shared: Map<String, Value>,
    /// Settings that override the file's, by policy and key.
    overrides: Vec<(String, String, Value)>,
}

/// What keeps a configuration from being read.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{place}: {what}{}", behind(others))]
pub struct ConfigurationError {
    /// Where.
    pub place: Place,
    /// What is wrong: a clause.
    pub what: String,
    /// What is wrong besides.
    pub others: Vec<ConfigurationError>,
}

impl ConfigurationError {
    /// One thing that is wrong.
    pub fn new(place: Place, what: impl Into<String>) -> Self {
        ConfigurationError { place, what: what.into(), others: Vec::new() }
    }

    /// All of it, if there is something.
    pub fn all(found: impl IntoIterator<Item = Self>) -> Option<Self> {
        let mut found = found.into_iter();
        let first = found.next()?;
        Some(ConfigurationError { others: found.collect(), ..first })
    }
}

/// The others, a line each, as the first is printed.
fn behind(others: &[ConfigurationError]) -> String {
    others.iter().map(|other| format!("\nerror: {other}")).collect()
}

impl Configuration {
    /// Reads `isolation.yaml`.
    ///
    /// # Errors
    ///
    /// What is not YAML, and a key that is neither a policy nor a setting shared by several policies.
    pub fn read(source: Source) -> Result<Self, ConfigurationError> {
        let source = Arc::new(source);
        let root = isolation_manifest::value(&source.text)
            .map_err(|problem| ConfigurationError::new(Place::new(&source, problem.span), problem.what))?;
        let configuration = Configuration { source: Some(source), root, ..Configuration::default() };
        configuration.check_keys()?;
        Ok(configuration)
    }

    /// Overrides a setting of every policy that has it.
    pub fn share(&mut self, key: &str, value: Value) {
        self.shared.insert(key.to_owned(), value);
    }

    /// Overrides a setting of one policy.
    pub fn set(&mut self, policy: &str, key: &str, value: Value) {
        self.overrides.push((policy.to_owned(), key.to_owned(), value));
    }

    /// The exceptions in it, which the command line honours.
    ///
    /// # Errors
    ///
    /// What is no exception, with its place.
    pub fn exceptions(&self, rules: &Rules) -> Result<Vec<Exception>, ConfigurationError> {
        let (Some(source), Some(list)) = (&self.source, self.section(exceptions::KEY)) else { return Ok(Vec::new()) };
        let place = |value: Written<'_>| Place::new(source, value.pointed_at().unwrap_or_default());
        let problem = |value: Written<'_>, what: String| ConfigurationError::new(place(value), what);
        match list.kind() {
            Kind::Null => return Ok(Vec::new()),
            Kind::List => {}
            _ => {
                return Err(problem(
                    list,
                    format!("{}: expected a list, found {}", exceptions::KEY, list.kind().name()),
                ));
            }
        }
        let read = |(index, value): (usize, Written<'_>)| {
            let (rules, pattern, reason, expires) =
                exceptions::entry(&json(value), rules).map_err(|Mismatch { path, what }| {
                    let span = value.locate(path.as_str()).map(|located| located.span).unwrap_or_default();
                    let path = path.below(&Path::root().key(exceptions::KEY).index(index));
                    ConfigurationError::new(Place::new(source, span), format!("{}: {what}", path.as_str()))
                })?;
            Ok(Exception {
                rules,
                scope: Scope::Pattern(Box::new(pattern)),
                reason,
                expires: expires.and_then(|day| date(&day).ok()),
                place: place(value),
            })
        };
        list.items().enumerate().map(read).collect()
    }

    /// Every key at the top is a policy or a setting that several policies have.
    fn check_keys(&self) -> Result<(), ConfigurationError> {
        let (Some(root), Some(source)) = (self.root(), &self.source) else { return Ok(()) };
        if root.kind() != Kind::Object {
            let found = root.kind().name();
            let what = format!("expected an object with a section for each policy, found {found}");
            return Err(ConfigurationError::new(Place::new(source, root.pointed_at().unwrap_or_default()), what));
        }
        let mut problems = Vec::new();
        for (key, value) in root.entries().filter(|(key, _)| key != exceptions::KEY) {
            let key = key.as_ref();
            let is_policy = policy(key).is_some();
            if let Some((deployed, value)) = value.entries().find(|(inner, _)| is_policy && is_deployed_only(inner)) {
                let place = Place::new(source, value.key_span().unwrap_or_default());
                problems.push(ConfigurationError::new(place, without_reasons(&deployed)));
            }
            let problem = if is_policy && !matches!(value.kind(), Kind::Object | Kind::Null | Kind::Bool) {
                format!("{key}: expected an object with its settings, or false, found {}", value.kind().name())
            } else if is_policy || is_shared(key) || DEPLOYMENT_KEYS.contains(&key) {
                continue;
            } else if is_deployed_only(key) {
                without_reasons(key)
            } else if let Some(owner) = POLICIES.iter().find(|entry| entry.has_setting(key)) {
                format!("{key} is a setting of {} only; move it into that section", owner.name)
            } else {
                unknown(key)
            };
            let span = value.key_span().unwrap_or_default();
            problems.push(ConfigurationError::new(Place::new(source, span), problem));
        }
        ConfigurationError::all(problems).map_or(Ok(()), Err)
    }

    /// All that the file says.
    pub fn content(&self) -> Map<String, Value> {
        match self.root().map(json) {
            Some(Value::Object(content)) => content,
            _ => Map::new(),
        }
    }

    fn root(&self) -> Option<Written<'_>> {
        self.root.as_ref().map(|document| document.root())
    }

    fn section(&self, name: &str) -> Option<Written<'_>> {
        self.root()?.get(name)
    }

    /// Whether the configuration speaks of the policy.
    pub fn has_section(&self, name: &str) -> bool {
        self.section(name).is_some() || self.overrides.iter().any(|(policy, ..)| policy == name)
    }

    /// Whether the configuration says that the policy is not to be run.
    pub fn is_off(&self, name: &str) -> bool {
        self.section(name).and_then(|section| section.as_bool()) == Some(false)
    }

    /// The settings of a policy: the shared ones that it has, its own section, and what flags say.
    pub fn settings(&self, name: &str) -> Value {
        let mut settings = Map::new();
        let shared = self.root().into_iter().flat_map(|root| root.entries());
        for (key, value) in shared.filter(|(key, _)| shares(name, key)) {
            settings.insert(key.into_owned(), json(value));
        }
        if let Some(Value::Object(section)) = self.section(name).map(json) {
            settings.extend(section);
        }
        let shared = self.shared.iter().filter(|(key, _)| shares(name, key));
        settings.extend(shared.map(|(key, value)| (key.clone(), value.clone())));
        for (_, key, value) in self.overrides.iter().filter(|(policy, ..)| policy == name) {
            settings.insert(key.clone(), value.clone());
        }
        Value::Object(settings)
    }

    /// The same for judging objects without asking a cluster: a policy that could look up objects looks at those of the
    /// input, unless the settings say how it is to look them up.
    pub fn settings_offline(&self, name: &str) -> Value {
        let mut settings = self.settings(name);
        if let (Some(entry), Value::Object(given)) = (policy(name), &mut settings) {
            // Written out, a default says nothing: `unknownClass` without look-ups. That there are none is said on purpose.
            let is_given = |setting: &Setting| match given.get(setting.key) {
                None | Some(Value::Null) => false,
                Some(Value::Bool(_)) => true,
                Some(value) => serde_json::from_str::<Value>(setting.default).ok().as_ref() != Some(value),
            };
            for (key, json) in entry.offline(&is_given) {
                given.insert(key.to_owned(), serde_json::from_str(json).unwrap_or_default());
            }
        }
        settings
    }

    /// The kinds that the setting `customResources` names for policies that are run.
    pub fn custom_resources(&self) -> BTreeSet<CustomResource> {
        let run = POLICIES.iter().filter(|entry| !self.is_off(entry.name));
        let settings: Vec<_> = run.map(|entry| self.settings(entry.name)).collect();
        settings.iter().filter_map(Value::as_object).flat_map(CustomResource::of).collect()
    }

    /// The flag that says what the setting at `path` (`settings.registries[0]`) of a policy is, if one does.
    pub fn flag_of(&self, name: &str, path: &str) -> Option<&'static str> {
        self.flag(name, key_of(path.strip_prefix("settings.")?))
    }

    fn flag(&self, name: &str, key: &str) -> Option<&'static str> {
        if self.overrides.iter().any(|(policy, other, _)| policy == name && other == key) {
            return Some("--set");
        }
        (key == "registries" && self.is_overridden(name, key)).then_some("--registry")
    }

    /// Whether the caller gave a value for all policies, and this one takes it.
    fn is_overridden(&self, name: &str, key: &str) -> bool {
        self.shared.contains_key(key) && shares(name, key)
    }

    /// The key of the setting at `path` (`settings.registries[0]`) of a policy, if its value stands at the top for all policies.
    pub fn shared_key<'p>(&self, name: &str, path: &'p str) -> Option<&'p str> {
        let key = key_of(path.strip_prefix("settings.")?);
        let is_at = |holder: Option<Written<'_>>| holder.is_some_and(|holder| holder.get(key).is_some());
        (shares(name, key) && is_at(self.root()) && !is_at(self.section(name))).then_some(key)
    }

    /// Where the value at a path from the top is written, or what of it is.
    pub fn place(&self, path: &str) -> Option<Place> {
        Some(Place::new(self.source.as_ref()?, self.root()?.locate(path)?.span))
    }

    /// Where the setting at `path` (`settings.registries[0]`) of a policy is written, if it is in the configuration.
    pub fn locate(&self, name: &str, path: &str) -> Option<Place> {
        let path = path.strip_prefix("settings")?;
        let path = path.strip_prefix('.').unwrap_or(path);
        let section = self.section(name);
        let key = key_of(path);
        // What a flag says in its place is not written there.
        if self.flag(name, key).is_some() || self.is_overridden(name, key) {
            return None;
        }
        let has_key = |holder: &Written<'_>| holder.get(key).is_some();
        let holder =
            section.filter(has_key).or(self.root().filter(|root| shares(name, key) && has_key(root))).or(section)?;
        Some(Place::new(self.source.as_ref()?, holder.locate(path)?.span))
    }
}

/// What is wrong with a key that nothing reads: the nearest one, or all that there are.
fn unknown(key: &str) -> String {
    let policies = POLICIES.iter().map(|entry| entry.name);
    let known: Vec<&str> =
        policies.chain(shared_keys()).chain(DEPLOYMENT_KEYS.iter().copied()).chain([exceptions::KEY]).collect();
    match nearest_swapped(key, known.iter().copied()) {
        Some(near) => format!("unknown key {key}; did you mean {near}?"),
        None => format!("unknown key {key} (known: {})", known.join(", ")),
    }
}

/// What is wrong with exceptions as they are deployed.
fn without_reasons(key: &str) -> String {
    format!("{key} has no reasons; write `{}` at the top, an exception each", exceptions::KEY)
}

/// Whether a policy takes the value of a key that is given once for all.
fn shares(name: &str, key: &str) -> bool {
    policy(name).is_some_and(|entry| entry.shares(key))
}

/// The setting that a path within a policy's settings begins with.
fn key_of(path: &str) -> &str {
    path.split(['.', '[']).next().unwrap_or_default()
}

/// A value that was read, as data.
fn json(value: Written<'_>) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}
