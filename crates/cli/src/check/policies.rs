//! The policies that a run needs: modules, rules, settings.

use anyhow::{Context, Result};
use isolation::kinds::plural;
use isolation_manifest::Object;
use isolation_runtime::{Engine, EngineOptions, Metadata, Module, RuleWithOperations, metadata_of};
use rayon::prelude::*;
use serde_json::Value;

use super::config::Config;
use super::deployed::{Deployed, Namespaces};
use super::input::Inputs;
use super::report::{NotEvaluated, Note};
use crate::args::Check;
use crate::modules::EMBEDDED;

/// A policy, ready to judge.
#[derive(Debug)]
pub struct Loaded {
    /// Its name.
    pub name: String,
    /// Its module.
    pub module: Module,
    /// What it wants to see.
    pub rules: Vec<RuleWithOperations>,
    /// Its settings.
    pub settings: Value,
    /// Whether it changes objects; such policies go first, as in admission.
    pub mutating: bool,
}

impl Loaded {
    /// Whether the policy wants to see the object created.
    pub fn matches(&self, object: &Object) -> bool {
        matches(&self.rules, object)
    }
}

fn matches(rules: &[RuleWithOperations], object: &Object) -> bool {
    let resource = plural(object.group(), &object.kind);
    rules.iter().any(|rule| rule.matches(object.group(), object.version(), &resource, "", "CREATE"))
}

/// The policies, and what is wrong with those that cannot run.
#[derive(Debug, Default)]
pub struct Policies {
    /// Those that can run, mutating ones first.
    pub loaded: Vec<Loaded>,
    /// Those that a cluster has, in the order in which it asks them. Where there are some, none is in `loaded`.
    pub deployed: Vec<Deployed>,
    /// The namespaces that the input describes.
    pub namespaces: Namespaces,
    /// What keeps the others from running.
    pub not_evaluated: Vec<NotEvaluated>,
    /// What is to be said about them.
    pub notes: Vec<Note>,
}

impl Policies {
    /// Every module that may be run.
    pub fn modules(&self) -> impl Iterator<Item = &Module> {
        let deployed = self.deployed.iter().flat_map(Deployed::modules);
        self.loaded.iter().map(|loaded| &loaded.module).chain(deployed)
    }
}

/// A module that may be run.
pub(super) struct Candidate {
    pub name: String,
    pub bytes: std::borrow::Cow<'static, [u8]>,
}

/// The built-in modules, some of them replaced or joined by files.
pub(super) fn candidates(args: &Check) -> Result<Vec<Candidate>> {
    let mut all: Vec<Candidate> = EMBEDDED
        .iter()
        .map(|embedded| Candidate { name: embedded.name.to_owned(), bytes: embedded.bytes.into() })
        .collect();
    for file in &args.modules {
        let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        let metadata = metadata_of(&bytes).map_err(|error| anyhow::anyhow!("{}: {error}", file.display()))?;
        let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let name = metadata.as_ref().and_then(Metadata::title).map_or(stem, str::to_owned);
        match all.iter_mut().find(|candidate| candidate.name == name) {
            Some(candidate) => candidate.bytes = bytes.into(),
            None => all.push(Candidate { name, bytes: bytes.into() }),
        }
    }
    Ok(all)
}

/// Loads the policies that have something to judge in these inputs.
///
/// # Errors
///
/// A module that cannot be loaded.
pub fn load(args: &Check, config: &Config, inputs: &Inputs) -> Result<Policies> {
    let mut wanted = Vec::new();
    for candidate in candidates(args)? {
        let metadata = metadata_of(&candidate.bytes)
            .map_err(|error| anyhow::anyhow!("{}: {error}", candidate.name))?
            .with_context(|| {
            format!("{} carries no metadata, so nobody can say what it judges; annotate it", candidate.name)
        })?;
        if !is_wanted(args, config, &candidate.name, metadata.mutating) {
            continue;
        }
        let mut rules = metadata.rules.clone();
        if let Some(entry) = isolation_all_policies::policy(&candidate.name) {
            let families = entry.families().with_context(|| format!("{}: custom-resources.yml", entry.name))?;
            rules.extend(families.into_iter().flat_map(|family| family.rules).map(|rule| RuleWithOperations {
                api_groups: rule.api_groups,
                api_versions: rule.api_versions,
                resources: rule.resources,
                operations: rule.operations,
            }));
        }
        // A section of the configuration is checked whether the policy has something to judge or not.
        if config.has_section(&candidate.name) || inputs.objects.iter().any(|(_, object)| matches(&rules, object)) {
            wanted.push((candidate, rules, metadata.mutating));
        }
    }
    if wanted.is_empty() {
        return Ok(Policies::default());
    }
    let engine = Engine::new(EngineOptions::default())?;
    let compiled: Vec<_> = wanted
        .into_par_iter()
        .map(|(candidate, rules, mutating)| {
            let module = Module::compile(&engine, &candidate.bytes)
                .with_context(|| format!("the module of {} cannot be used", candidate.name))?;
            let settings = config.settings(&candidate.name);
            let problems = settings_problems(&module, &settings);
            Ok((Loaded { name: candidate.name, module, rules, settings, mutating }, problems))
        })
        .collect::<Result<_>>()?;
    let mut policies = Policies::default();
    for (loaded, problems) in compiled {
        match problems {
            None => policies.loaded.push(loaded),
            Some(text) => policies.not_evaluated.extend(explain(&loaded.name, &text, config)),
        }
    }
    policies.loaded.sort_by_key(|loaded| !loaded.mutating);
    Ok(policies)
}

fn is_wanted(args: &Check, config: &Config, name: &str, mutating: bool) -> bool {
    let named = |list: &[String]| list.iter().any(|item| item == name);
    if !args.only.is_empty() {
        return named(&args.only);
    }
    // What rewrites objects is deployed by choice, so it is run by choice: with a section in the configuration.
    let chosen = !mutating || config.has_section(name) || args.fix || args.diff;
    !named(&args.skip) && !config.is_off(name) && chosen
}

pub(super) fn settings_problems(module: &Module, settings: &Value) -> Option<String> {
    match module.validate_settings(settings) {
        Ok(answer) if answer.valid => None,
        Ok(answer) => {
            Some(answer.message.unwrap_or_else(|| "settings: not valid, and the policy does not say why".into()))
        }
        Err(error) => Some(format!("settings: the policy {error}")),
    }
}

/// The problems of settings, one by one.
pub(super) fn split_problems(text: &str) -> impl Iterator<Item = String> {
    let problems = text.strip_suffix('.').unwrap_or(text).split("; settings").enumerate();
    problems.map(|(index, part)| if index == 0 { part.to_owned() } else { format!("settings{part}") })
}

/// One entry for each problem of a policy's settings, at its place in the configuration.
fn explain(name: &str, text: &str, config: &Config) -> Vec<NotEvaluated> {
    split_problems(text)
        .map(|problem| {
            let path = problem.split(": ").next().unwrap_or_default().to_owned();
            let help = if path == "settings.registries" {
                "Name the registry that images may come from: --registry myacr.azurecr.io, or `registries: \
                 [myacr.azurecr.io]` in isolation.yaml"
            } else {
                ""
            };
            NotEvaluated {
                place: config.locate(name, &path),
                subject: name.to_owned(),
                what: format!("{name} is not run: {problem}"),
                help: help.to_owned(),
            }
        })
        .collect()
}
