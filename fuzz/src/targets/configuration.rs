//! `isolation.yaml`: whatever it says, it is read or refused with its place; settings that policies refuse are named, and
//! objects are not called clean by a policy that refuses its settings; exceptions allow what they name and nothing else.

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::{Result, ensure};
use chrono::NaiveDate;
use isolation_admission::{Configuration, in_annotations};
use isolation_report::{Circumstances, Exception, Source, apply_exceptions, exceptions_in_comments};

use crate::judging;
use crate::random::Random;
use crate::target::Target;
use crate::{lines, mutate, seeds};

/// A text of `isolation.yaml`, and behind a line of equals signs the manifests that it is for.
pub const TARGET: Target = Target {
    name: "configuration",
    check,
    change: |data, random| change(std::str::from_utf8(data).ok()?, random).map(String::into_bytes),
    seeds,
    longest: 4096,
};

const BETWEEN: &str = "\n=====\n";

fn change(text: &str, random: &mut Random) -> Option<String> {
    if random.below(4) == 0 { mutate::text(text, random) } else { lines::change(text, random) }
}

fn check(data: &[u8]) -> Result<()> {
    let Ok(text) = std::str::from_utf8(data) else { return Ok(()) };
    let (configuration, manifests) = text.split_once(BETWEEN).unwrap_or((text, OBJECTS));
    let read = match Configuration::read(Source::new("isolation.yaml", configuration)) {
        Ok(read) => Arc::new(read),
        Err(error) => {
            let error = error.to_string();
            ensure!(error.starts_with("isolation.yaml:"), "no place in {error:?} for\n{text}");
            return Ok(());
        }
    };
    let _ = read.content();
    let rules = judging::rules();
    let judged = judging::judge_by(&read, manifests)?;
    let mut report = judged.report;
    let mut exceptions: Vec<Exception> = match read.exceptions(rules) {
        Ok(exceptions) => exceptions,
        Err(error) => {
            let error = error.to_string();
            ensure!(error.starts_with("isolation.yaml:"), "no place in {error:?} for\n{text}");
            return Ok(());
        }
    };
    for source in &judged.input.sources {
        exceptions.extend(exceptions_in_comments(source, rules, &|| isolation_manifest::scalars(&source.text)).0);
    }
    for item in &judged.input.items {
        exceptions.extend(in_annotations(item, rules).0);
    }
    let before = report.findings.len();
    let circumstances = Circumstances {
        today: NaiveDate::from_ymd_opt(2026, 11, 26).unwrap_or_default(),
        namespace: "default".to_owned(),
        partial: false,
        deployed: Default::default(),
        idle: Vec::new(),
        judged: isolation_all_policies::pages().map(|(_, page)| page.rule.id.to_owned()).collect(),
    };
    apply_exceptions(&mut report, &exceptions, &circumstances);
    ensure!(
        report.findings.len() + report.allowed.len() == before,
        "{before} findings are {} and {} allowed for\n{text}",
        report.findings.len(),
        report.allowed.len()
    );
    let named: BTreeSet<&str> = exceptions.iter().flat_map(|exception| &exception.rules).map(String::as_str).collect();
    for allowed in &report.allowed {
        let rule = allowed.finding.rule.as_ref().map(|rule| rule.id.as_str()).unwrap_or_default();
        ensure!(named.contains(rule), "{rule} is allowed, and only {named:?} are named in\n{text}");
    }
    Ok(())
}

const OBJECTS: &str = include_str!("objects.yaml");

/// The settings of every case in a section of its policy, and exceptions.
fn seeds() -> Result<Vec<Vec<u8>>> {
    let mut all: Vec<Vec<u8>> = WRITTEN.split("\n=======\n").map(|text| text.as_bytes().to_vec()).collect();
    for seed in seeds::all()?.iter().step_by(3) {
        let (Some(entry), Some(payload)) = (seed.entry(), seed.value()) else { continue };
        let Some(settings) = payload.get("settings") else { continue };
        let mut section = serde_json::Map::new();
        section.insert(entry.name.to_owned(), settings.clone());
        let mut text = yaml_serde::to_string(&section)?;
        if let Some(object) = seed.object() {
            text.push_str(BETWEEN);
            text.push_str(&yaml_serde::to_string(&object)?);
        }
        all.push(text.into_bytes());
    }
    Ok(all)
}

const WRITTEN: &str = include_str!("configuration.txt");
