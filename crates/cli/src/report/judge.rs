//! The objects through all policies.

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::Result;
use isolation_admission::{Account, Admission, Configuration, ExceptionTracker, Item, Selection, configured};
use isolation_all_policies::POLICIES;
use isolation_azure::State;
use isolation_readiness::{CacheRule, Found, PLACEHOLDER_REGISTRY, cache_setting, known_cache_rules};
use isolation_report::Note;
use serde_json::Value;

use super::args::Report;
use super::parts::{Part, Parts};
use crate::check::known::Known;
use crate::check::modules::LocalModules;
use crate::check::run::{equip, judge_part};
use crate::check::{Configured, circumstances, progress};

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

/// Judges everything that was gathered by every policy that refuses something.
///
/// # Errors
///
/// A policy that does not say what it judges, an exception that cannot be read, and what cannot be read a second time.
pub fn judge(
    configured_by: Configured,
    args: &Report,
    modules: &LocalModules,
    mut parts: Parts,
    known: &Known,
    mut found: Found,
) -> Result<(isolation_report::Report, Found)> {
    let namespace = args.default_namespace.as_str();
    let mut configuration = configured_by.configuration;
    // What a cluster's policies only warn of breaks all the same.
    configuration.share("enforcement", "deny".into());
    let configuration: Arc<Configuration> = Arc::new(configuration);
    // What is switched off for admission is judged here, too. What rewrites references is not what breaks.
    let all = || POLICIES.iter().map(|entry| entry.name).filter(|name| *name != "cached-images");
    let selection = Selection { only: all().map(str::to_owned).collect(), ..Selection::default() };
    let specifications = configured(&configuration, &selection, &modules.available()?, &known.kinds)?;
    let mut admission = Admission::new(namespace);
    equip(&mut admission, specifications.into_iter().map(Ok).collect(), modules);
    let admission = admission.over(&known.input, &[]);
    let circumstances = circumstances(namespace, true, &BTreeSet::new(), &BTreeSet::new());
    let exceptions = (!args.no_exceptions).then(|| ExceptionTracker::of(&configuration, circumstances));
    let mut exceptions = exceptions.transpose()?;

    let mut account = Account::of_findings();
    account.add_unopened(std::mem::take(&mut parts.texts.faults));
    let (mut notes, mut azure_notes) = (std::mem::take(&mut parts.texts.notes), Vec::new());
    let bar = progress::judging(known.objects);
    parts.read_again(&known.parameters, &mut |Part { read, .. }| {
        let input = &read.input;
        account.add(input, judge_part(&admission, input, &bar));
        account.add_unopened(read.unopened.clone());
        notes.extend(read.notes.iter().map(without_place));
        azure_notes.extend(read.azure_notes.iter().map(without_place));
        let mut part = isolation_report::Report { findings: account.take_findings(), ..Default::default() };
        if let Some(exceptions) = &mut exceptions {
            part.subjects = input.items.iter().map(Item::subject).collect();
            exceptions.apply(input, &mut part);
        }
        found.add(&input.items, &part.findings, &part.allowed);
        Ok(())
    })?;
    bar.finish_and_clear();
    account.add_unopened(parts.texts.not_rendered);
    let mut report = account.report(admission);
    // An exception that has expired accepts nothing, which is said.
    for problem in exceptions.map(ExceptionTracker::problems).unwrap_or_default() {
        let what = format!("{}: {}", problem.place, problem.what);
        report.notes.push(Note { place: None, what, help: problem.help });
    }
    for name in all().filter(|name| configuration.is_off(name)) {
        let what = format!("isolation.yaml disables {name}. This report judged by it anyway");
        report.notes.push(Note { place: None, what, help: String::new() });
    }
    report.notes.extend(notes);
    report.notes.extend(azure_notes);
    report.skipped = parts.texts.skipped;
    Ok((report, found))
}

/// The note without the text that it is about.
fn without_place(note: &Note) -> Note {
    Note { place: None, ..note.clone() }
}
