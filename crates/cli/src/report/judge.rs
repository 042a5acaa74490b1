//! The objects through all policies.

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::Result;
use isolation_admission::{Admission, Configuration, InManifests, Input, Selection, configured};
use isolation_all_policies::POLICIES;
use isolation_azure::State;
use isolation_readiness::{CacheRule, PLACEHOLDER_REGISTRY, cache_setting, known_cache_rules};
use isolation_report::{Note, apply};
use serde_json::Value;

use super::args::Report;
use crate::check::input::Read;
use crate::check::modules::LocalModules;
use crate::check::run::{equip, judge_all};
use crate::check::{Configured, circumstances};

/// The registries that images may come from: by the arguments, the configuration, or the registry that Azure says. The
/// policies get them; where there are none, they get one that is nobody's, so that every image counts as somewhere else.
pub fn registries(args: &Report, configured: &mut Configured, azure: &State) -> Vec<String> {
    let configuration = &mut configured.configuration;
    let mut registries = args.registries.clone();
    if registries.is_empty() {
        registries = texts(&configuration.settings("private-images")["registries"]);
        if !registries.is_empty() {
            return registries;
        }
    }
    if registries.is_empty() {
        registries
            .extend(azure.registry().map(|registry| registry.login_server.clone()).filter(|host| !host.is_empty()));
    }
    let shared = if registries.is_empty() { vec![PLACEHOLDER_REGISTRY.to_owned()] } else { registries.clone() };
    configuration.share("registries", shared.into());
    registries
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(|item| Some(item.as_str()?.to_owned())).collect()
}

/// The cache rules that are known, by the configuration and by Azure. The policies get them with those that the plan will
/// propose, so that a finding names the image as the cache will hold it.
pub fn cache_rules(configured: &mut Configured, azure: &State, registries: &[String]) -> Vec<CacheRule> {
    let settings = configured.configuration.settings("private-images");
    let rules = settings["cacheRules"].as_array().into_iter().flatten();
    let text = |rule: &Value, key: &str| rule[key].as_str().map(str::to_owned);
    let read = |rule: &Value| {
        let registry = text(rule, "registry").or_else(|| text(&settings, "registry"));
        Some(CacheRule { registry, source: text(rule, "source")?, target: text(rule, "target")? })
    };
    let rules: Vec<CacheRule> = rules.filter_map(read).collect();
    let known = known_cache_rules(&rules, azure);
    let registry =
        registries.first().map_or(PLACEHOLDER_REGISTRY, |registry| registry.split('/').next().unwrap_or_default());
    configured.configuration.share("cacheRules", cache_setting(registry, &known));
    known
}

/// Judges everything that was read by every policy that refuses something.
///
/// # Errors
///
/// A policy that does not say what it judges.
pub fn judge(configured_by: Configured, args: &Report, read: &Read) -> Result<isolation_report::Report> {
    let namespace = args.default_namespace.as_str();
    let mut configuration = configured_by.configuration;
    // What a cluster's policies only warn of breaks all the same.
    configuration.share("enforcement", "deny".into());
    let configuration: Arc<Configuration> = Arc::new(configuration);
    let modules = LocalModules::new(&[])?;
    // What is switched off for admission is judged here, too. What rewrites references is not what breaks.
    let all = || POLICIES.iter().map(|entry| entry.name).filter(|name| *name != "cached-images");
    let selection = Selection { only: all().map(str::to_owned).collect(), ..Selection::default() };
    let specifications = configured(&configuration, &selection, &modules.available()?, &read.input.kinds())?;
    let mut admission = Admission::new(namespace);
    equip(&mut admission, specifications.into_iter().map(Ok).collect(), &modules);
    let admission = admission.over(&read.input, &[]);
    let judged = judge_all(&admission, &read.input);
    let mut report = admission.report(&read.input, judged);
    if !args.no_exceptions {
        accept(&configuration, namespace, &read.input, &mut report)?;
    }
    for name in all().filter(|name| configuration.is_off(name)) {
        let what = format!("isolation.yaml switches {name} off. This report judged by it all the same");
        report.notes.push(Note { place: None, what, help: String::new() });
    }
    report.notes.extend(read.notes.iter().cloned());
    report.passed_over.clone_from(&read.passed_over);
    Ok(report)
}

/// Moves what exceptions accept out of the findings. An exception that has expired accepts nothing, which is said.
fn accept(
    configuration: &Configuration,
    namespace: &str,
    input: &Input,
    report: &mut isolation_report::Report,
) -> Result<()> {
    let mut exceptions = InManifests::default();
    exceptions.add(input);
    let (exceptions, problems) = exceptions.with(configuration)?;
    let circumstances = circumstances(namespace, true, &BTreeSet::new());
    apply(report, &exceptions, &circumstances);
    for problem in problems.into_iter().chain(std::mem::take(&mut report.problems)) {
        let what = format!("{}: {}", problem.place, problem.what);
        report.notes.push(Note { place: None, what, help: problem.help });
    }
    Ok(())
}
