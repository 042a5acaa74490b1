//! `isolation policies`: the resources that deploy the policies.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use isolation::similar::nearest_swapped;
use isolation_all_policies::{POLICIES, policy};
use isolation_deploy::{
    ALL, CORE, Data, DeployError, Families, Mode, PolicyData, SPECIAL_FAMILIES, Values, data, documents, is_digest,
    looks_up,
};
use isolation_oci::{Module, Registry, digest_of};
use isolation_runtime::{Engine, EngineOptions};
use serde_json::{Map, Value};

use crate::args::policies::{self as args, Policies};
use crate::check::{Configured, today};
use crate::modules;
use crate::output::rules;

/// `isolation policies`
pub fn run(args: &Policies) -> Result<()> {
    let configured = Configured::open(args.config.as_deref())?;
    let exceptions = configured.configuration.exceptions(&rules())?;
    if let Some(expired) = exceptions.iter().find(|exception| exception.has_expired(today())) {
        let day = expired.expires.map(|day| day.to_string()).unwrap_or_default();
        bail!("{}: the exception for {} expired on {day}", expired.place, expired.rules.join(", "));
    }
    let values = values(args, &configured)?;
    let data = data()?;
    let modules = modules::read(&[])?;
    check_settings(&values, &data, &modules, &configured)?;
    let digests = match &args.digests {
        Some(file) => read_digests(file)?,
        None => modules.iter().map(|module| (module.name().to_owned(), digest_of(module))).collect(),
    };
    let text = documents(&values, &digests, &args.namespace).map_err(|error| match of_flag(args, error.key()) {
        Some(flag) => match error {
            DeployError::Value { problem, .. } => anyhow!("{flag}: {problem}"),
            error => anyhow!("{flag}: {error}"),
        },
        None => match (error, &args.digests) {
            (DeployError::NoDigest(policy), Some(file)) => {
                anyhow!("--digests {}: it has no line for the module of {policy}", file.display())
            }
            (error, _) => located(error, &configured),
        },
    })?;
    for gap in values.exception_gaps()? {
        let place = exceptions.get(gap.index).map(|exception| format!("{}: ", exception.place)).unwrap_or_default();
        anstream::eprintln!("note: {place}{}", gap.why);
    }
    note(&values, &data);
    anstream::stdout().lock().write_all(text.as_bytes())?;
    Ok(())
}

/// The configuration, overridden by the flags.
fn values(args: &Policies, configured: &Configured) -> Result<Values> {
    let mut values = Values::read(&configured.configuration.content()).map_err(|error| located(error, configured))?;
    if let Some(registry) = &args.registry {
        values.registry.clone_from(registry);
    }
    if values.registry.is_empty() {
        bail!("pass --registry HOST[/PREFIX], or set `registry` in isolation.yaml: where the modules are");
    }
    // One reader for what flags, files and `isolation publish` call a registry.
    values.registry = values
        .registry
        .parse::<Registry>()
        .map_err(|error| match (&args.registry, configured.configuration.place("registry")) {
            (Some(_), _) => anyhow!("--registry: {error}"),
            (None, Some(place)) => anyhow!("{place}: registry: {error}"),
            (None, None) => error.into(),
        })?
        .to_string();
    match args.mode {
        Some(args::Mode::Monitor) => values.mode = Mode::Monitor,
        Some(args::Mode::Protect) => values.mode = Mode::Protect,
        None => {}
    }
    if args.all_families {
        values.families = Families::read([ALL].into_iter().chain(args.families.iter().map(String::as_str)))?;
    } else if !args.families.is_empty() {
        values.families = Families::read(args.families.iter().map(String::as_str))?;
    }
    if let Some(name) = &args.policy_server {
        values.policy_server.create = false;
        values.policy_server.name.clone_from(name);
    }
    if let Some(image) = &args.server_image {
        values.policy_server.image.clone_from(image);
    }
    if !args.excluded_namespaces.is_empty() {
        values.excluded_namespaces.clone_from(&args.excluded_namespaces);
    }
    Ok(values)
}

/// The flag that says what the value of a key is, if one does.
fn of_flag(args: &Policies, key: Option<&str>) -> Option<&'static str> {
    match key? {
        "registry" if args.registry.is_some() => Some("--registry"),
        "families" if args.all_families || !args.families.is_empty() => Some("--family"),
        "policyServer.name" if args.policy_server.is_some() => Some("--policy-server"),
        "excludedNamespaces" if !args.excluded_namespaces.is_empty() => Some("--exclude-namespace"),
        _ => None,
    }
}

/// What is wrong with a value, with the place in the configuration that has it.
fn located(error: DeployError, configured: &Configured) -> anyhow::Error {
    match error.key().and_then(|key| configured.configuration.place(key)) {
        Some(place) => anyhow!("{place}: {error}"),
        None => error.into(),
    }
}

/// Whether the modules accept their settings: a policy server that gets others does not start, and with it no other policy.
fn check_settings(values: &Values, data: &Data, modules: &[Module], configured: &Configured) -> Result<()> {
    let engine = Engine::new(EngineOptions::default())?;
    let mut problems = Vec::new();
    for policy in data.policies.iter().filter(|policy| values.has(policy)) {
        let module = modules.iter().find(|module| module.name() == policy.name);
        let module = module.with_context(|| format!("this program was built without {}", policy.name))?;
        problems.extend(settings_problem(&engine, module, values.settings(policy))?);
    }
    if problems.is_empty() {
        return Ok(());
    }
    let file = configured.file.as_deref().map(|file| format!("{}: ", file.display())).unwrap_or_default();
    let told = problems.join(&format!("\nerror: {file}"));
    if configured.file.is_none() {
        bail!("{told}\nThere is no isolation.yaml here: write one with the settings, or name one with --config");
    }
    bail!("{file}{told}")
}

fn settings_problem(engine: &Engine, module: &Module, settings: Map<String, Value>) -> Result<Option<String>> {
    let settings = Value::Object(settings);
    let answer = isolation_runtime::Module::compile(engine, module.bytes())?.validate_settings(&settings)?;
    let message = answer.message.unwrap_or_else(|| "settings: not valid".to_owned());
    Ok((!answer.valid).then(|| format!("{}: {message}", module.name())))
}

/// Digests by policy, from what `isolation publish` and `kwctl push` print: `HOST/REPOSITORY@sha256:…`, one a line.
fn read_digests(file: &Path) -> Result<BTreeMap<String, String>> {
    let text = crate::text::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let mut by_policy = BTreeMap::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let (repository, digest) = line
            .split_whitespace()
            .find_map(|word| word.rsplit_once('@'))
            .filter(|(_, digest)| is_digest(digest))
            .with_context(|| format!("{}:{}: expected HOST/REPOSITORY@sha256:…", file.display(), index + 1))?;
        let name = repository.rsplit('/').next().and_then(|last| last.split(':').next()).unwrap_or_default();
        let name = name.to_owned();
        if policy(&name).is_none() {
            let known = || POLICIES.iter().map(|entry| entry.name);
            let hint =
                nearest_swapped(&name, known()).map(|near| format!("; did you mean {near}?")).unwrap_or_default();
            bail!("{}:{}: unknown policy {name}{hint}", file.display(), index + 1);
        }
        by_policy.insert(name, digest.to_owned());
    }
    Ok(by_policy)
}

/// Notes for the operator.
fn note(values: &Values, data: &Data) {
    if values.families.all() {
        for family in SPECIAL_FAMILIES.iter().filter(|family| family.only_by_name) {
            let there = data.policies.iter().any(|policy| policy.name == family.policy && values.has(policy));
            if there && !values.families.has(family.policy, family.family) {
                anstream::eprintln!("note: skipped --family {}/{}: {}", family.policy, family.family, family.why);
            }
        }
    }
    if let Some(beyond) = beyond(values, data) {
        anstream::eprintln!("note: `isolation check` judges more than these resources do: {beyond}");
    }
    if !values.policy_server.create && !looks_up(values, data) {
        anstream::eprintln!(
            "note: policies run on the policy server {}, which restarts whenever they change",
            values.policy_server.name
        );
    }
}

/// What `isolation check` judges by the same configuration, and what is deployed does not: a clause.
fn beyond(values: &Values, data: &Data) -> Option<String> {
    // Nobody has decided about them: `false` in the configuration holds for both commands.
    let undecided = |policy: &&PolicyData| {
        !policy.mutating && !values.has(policy) && !values.configuration.contains_key(&policy.name)
    };
    let policies: Vec<&str> = data.policies.iter().filter(undecided).map(|policy| policy.name.as_str()).collect();
    let families: BTreeSet<&str> = data
        .policies
        .iter()
        .filter(|policy| values.has(policy) && !values.families.all())
        .flat_map(|policy| policy.parts.iter().map(|part| (policy.name.as_str(), part.name.as_str())))
        .filter(|(policy, part)| *part != CORE && !values.families.has(policy, part))
        .map(|(_, part)| part)
        .collect();
    let mut clauses = Vec::new();
    if !policies.is_empty() {
        clauses.push(format!("{}, without a section in isolation.yaml", policies.join(", ")));
    }
    match families.len() {
        0 => {}
        1..=3 => clauses.push(format!("the families {}", Vec::from_iter(families).join(", "))),
        many => clauses
            .push(format!("{many} families of custom resources, which --family names one by one or --all-families")),
    }
    (!clauses.is_empty()).then(|| clauses.join("; "))
}
