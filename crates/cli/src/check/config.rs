//! `isolation.yaml`: the policies' settings, a section a policy.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use isolation::similar::nearest;
use isolation_manifest::{Data, Node};
use serde_json::{Map, Value};

use super::input::Source;
use super::report::Place;
use crate::args::Check;
use isolation_all_policies::{POLICIES, is_shared, policy};

/// The name that is looked for where none is given.
const DEFAULT: &str = "isolation.yaml";

/// The settings of all policies, from the configuration and from flags.
#[derive(Debug, Default)]
pub struct Config {
    file: Option<PathBuf>,
    source: Option<Arc<Source>>,
    root: Option<Node>,
    /// Settings from flags, for every policy that has them.
    shared: Map<String, Value>,
    /// Settings from flags, by policy and key.
    overrides: Vec<(String, String, Value)>,
}

impl Config {
    /// Reads the configuration that the arguments name, or the one in the working directory.
    pub fn load(args: &Check) -> Result<Self> {
        // Policies that are deployed bring their settings along; all that is left of the file is that it is no manifest.
        if !args.policies.is_empty() {
            return Ok(Config { file: Some(PathBuf::from(DEFAULT)), ..Self::default() });
        }
        let mut config = Self::open(args.config.as_deref())?;
        if !args.registries.is_empty() {
            config.shared.insert("registries".into(), args.registries.clone().into());
        }
        for text in &args.set {
            config.overrides.push(read_override(text)?);
        }
        for name in args.only.iter().chain(&args.skip) {
            if policy(name).is_none() && args.modules.is_empty() {
                bail!("{}", unknown_policy(name));
            }
        }
        Ok(config)
    }

    /// Reads this configuration, or the one in the working directory, where there is one.
    pub fn open(file: Option<&Path>) -> Result<Self> {
        let default = || Some(PathBuf::from(DEFAULT)).filter(|file| file.is_file());
        file.map(Path::to_owned).or_else(default).map_or_else(|| Ok(Self::default()), Self::read)
    }

    fn read(file: PathBuf) -> Result<Self> {
        let name = file.display().to_string();
        let text = std::fs::read_to_string(&file).with_context(|| format!("cannot read {name}"))?;
        let source = Arc::new(Source { name, text });
        let root = isolation_manifest::value(&source.text).map_err(|problem| {
            let place = Place { source: Arc::clone(&source), span: problem.span };
            let (line, column) = place.position();
            anyhow::anyhow!("{}:{line}:{column}: {}", source.name, problem.what)
        })?;
        let config = Config { file: Some(file), source: Some(source), root, shared: Map::new(), overrides: Vec::new() };
        config.check_keys()?;
        Ok(config)
    }

    /// Every key at the top is a policy or a setting that several policies have.
    fn check_keys(&self) -> Result<()> {
        let (Some(root), Some(source)) = (&self.root, &self.source) else { return Ok(()) };
        let Data::Object(members) = &root.data else {
            bail!("{}: expected an object, with a section for each policy", source.name);
        };
        for (key, node) in members {
            let place = |node: &Node| {
                let span = node.key.clone().unwrap_or_else(|| node.span.clone());
                let (line, column) = Place { source: Arc::clone(source), span }.position();
                format!("{}:{line}:{column}", source.name)
            };
            if policy(key).is_some() {
                if !matches!(node.data, Data::Object(_) | Data::Null | Data::Bool(_)) {
                    bail!("{}: the section of a policy is an object with its settings, or false", place(node));
                }
            } else if !is_shared(key) {
                if let Some(owner) = POLICIES.iter().find(|entry| entry.has_setting(key)) {
                    bail!("{}: {key} is a setting of {} alone, so it stands in that section", place(node), owner.name);
                }
                let shared = ["registries", "cacheRules", "enforcement", "existing"];
                let known = POLICIES.iter().map(|entry| entry.name).chain(shared);
                let hint = nearest(key, known).map(|near| format!("; did you mean {near}?")).unwrap_or_default();
                bail!("{}: {key} is neither a policy nor a setting that several policies share{hint}", place(node));
            }
        }
        Ok(())
    }

    /// The file that was read.
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    fn section(&self, name: &str) -> Option<&Node> {
        self.root.as_ref()?.get(name)
    }

    /// Whether the configuration speaks of the policy.
    pub fn has_section(&self, name: &str) -> bool {
        self.section(name).is_some() || self.overrides.iter().any(|(policy, ..)| policy == name)
    }

    /// Whether the configuration says that the policy is not to be run.
    pub fn is_off(&self, name: &str) -> bool {
        matches!(self.section(name).map(|node| &node.data), Some(Data::Bool(false)))
    }

    /// The settings of a policy: the shared ones that it has, its own section, and what flags say.
    pub fn settings(&self, name: &str) -> Value {
        let mut settings = Map::new();
        let has = |key: &str| policy(name).is_some_and(|entry| entry.has_setting(key));
        if let Some(Data::Object(members)) = self.root.as_ref().map(|root| &root.data) {
            for (key, node) in members.iter().filter(|(key, _)| policy(key).is_none() && has(key)) {
                settings.insert(key.clone(), node.to_json());
            }
        }
        if let Some(Value::Object(section)) = self.section(name).map(Node::to_json) {
            settings.extend(section);
        }
        settings
            .extend(self.shared.iter().filter(|(key, _)| has(key)).map(|(key, value)| (key.clone(), value.clone())));
        for (_, key, value) in self.overrides.iter().filter(|(policy, ..)| policy == name) {
            settings.insert(key.clone(), value.clone());
        }
        Value::Object(settings)
    }

    /// Where the setting at `path` (`settings.registries[0]`) of a policy is written, if it is in the configuration.
    pub fn locate(&self, name: &str, path: &str) -> Option<Place> {
        let path = path.strip_prefix("settings")?;
        let path = path.strip_prefix('.').unwrap_or(path);
        let section = self.section(name);
        let key = path.split(['.', '[']).next().unwrap_or_default();
        let holder = section.filter(|node| node.get(key).is_some());
        let holder = holder.or(self.root.as_ref().filter(|node| node.get(key).is_some())).or(section)?;
        let located = holder.locate(path);
        Some(Place { source: self.source.clone()?, span: located.span })
    }
}

fn unknown_policy(name: &str) -> String {
    let known = || POLICIES.iter().map(|entry| entry.name);
    let hint = nearest(name, known()).map(|near| format!("; did you mean {near}?")).unwrap_or_default();
    format!("there is no policy {name}{hint} (there are {})", known().collect::<Vec<_>>().join(", "))
}

fn read_override(text: &str) -> Result<(String, String, Value)> {
    let form = || format!("--set {text}: expected POLICY.KEY=VALUE, as in private-images.mcr=deny");
    let (target, value) = text.split_once('=').with_context(form)?;
    let (name, key) = target.split_once('.').with_context(form)?;
    if policy(name).is_none() {
        bail!("--set {text}: {}", unknown_policy(name));
    }
    let value = isolation_manifest::value(value)
        .map_err(|problem| anyhow::anyhow!("--set {text}: {}", problem.what))?
        .map_or(Value::Null, |node| node.to_json());
    Ok((name.to_owned(), key.to_owned(), value))
}
