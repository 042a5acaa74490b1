//! `isolation.yaml`: the policies' settings, a section a policy.

use std::sync::Arc;

use isolation::similar::nearest_swapped;
use isolation_all_policies::{DEPLOYMENT_KEYS, POLICIES, is_deployed_only, is_shared, policy};
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
#[error("{place}: {what}")]
pub struct ConfigurationError {
    /// Where.
    pub place: Place,
    /// What is wrong: a clause.
    pub what: String,
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
            .map_err(|problem| ConfigurationError { place: Place::new(&source, problem.span), what: problem.what })?;
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
        let problem = |value: Written<'_>, what: String| ConfigurationError { place: place(value), what };
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
                    ConfigurationError { place: Place::new(source, span), what: format!("{}: {what}", path.as_str()) }
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
            return Err(ConfigurationError { place: Place::new(source, root.pointed_at().unwrap_or_default()), what });
        }
        for (key, value) in root.entries().filter(|(key, _)| key != exceptions::KEY) {
            let key = key.as_ref();
            let is_policy = policy(key).is_some();
            if let Some((deployed, value)) = value.entries().find(|(inner, _)| is_policy && is_deployed_only(inner)) {
                let place = Place::new(source, value.key_span().unwrap_or_default());
                return Err(ConfigurationError { place, what: without_reasons(&deployed) });
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
                let shared = ["registries", "cacheRules", "enforcement", "existing"];
                let known = POLICIES.iter().map(|entry| entry.name).chain(shared);
                let hint =
                    nearest_swapped(key, known).map(|near| format!("; did you mean {near}?")).unwrap_or_default();
                format!("{key} is neither a policy nor a setting shared by several policies{hint}")
            };
            let span = value.key_span().unwrap_or_default();
            return Err(ConfigurationError { place: Place::new(source, span), what: problem });
        }
        Ok(())
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
        let has = |key: &str| policy(name).is_some_and(|entry| entry.has_setting(key));
        let shared = self.root().into_iter().flat_map(|root| root.entries());
        for (key, value) in shared.filter(|(key, _)| is_shared(key) && has(key)) {
            settings.insert(key.into_owned(), json(value));
        }
        if let Some(Value::Object(section)) = self.section(name).map(json) {
            settings.extend(section);
        }
        settings
            .extend(self.shared.iter().filter(|(key, _)| has(key)).map(|(key, value)| (key.clone(), value.clone())));
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
            for (key, json) in entry.offline(&|key| given.contains_key(key)) {
                given.insert(key.to_owned(), serde_json::from_str(json).unwrap_or_default());
            }
        }
        settings
    }

    /// The flag that says what the setting at `path` (`settings.registries[0]`) of a policy is, if one does.
    pub fn flag_of(&self, name: &str, path: &str) -> Option<&'static str> {
        self.flag(name, key_of(path.strip_prefix("settings.")?))
    }

    fn flag(&self, name: &str, key: &str) -> Option<&'static str> {
        if self.overrides.iter().any(|(policy, other, _)| policy == name && other == key) {
            return Some("--set");
        }
        (key == "registries" && self.shared.contains_key(key)).then_some("--registry")
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
        if self.flag(name, key).is_some() || self.shared.contains_key(key) {
            return None;
        }
        let has_key = |holder: &Written<'_>| holder.get(key).is_some();
        let holder = section.filter(has_key).or(self.root().filter(has_key)).or(section)?;
        Some(Place::new(self.source.as_ref()?, holder.locate(path)?.span))
    }
}

/// What is wrong with exceptions as they are deployed.
fn without_reasons(key: &str) -> String {
    format!("{key} has no reasons; write `{}` at the top, an exception each", exceptions::KEY)
}

/// The setting that a path within a policy's settings begins with.
fn key_of(path: &str) -> &str {
    path.split(['.', '[']).next().unwrap_or_default()
}

/// A value that was read, as data.
fn json(value: Written<'_>) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}
