//! Files of policies, as a cluster has them: each becomes a specification or says why it does not; whatever its settings,
//! selectors, conditions and expressions are, objects get a verdict, and the same one each time.

use anyhow::{Result, ensure};
use isolation_admission::{Admission, Input, deployed};
use isolation_report::{Report, Source};
use serde_json::{Value, json};

use crate::judging;
use crate::random::Random;
use crate::target::Target;
use crate::{lines, mutate, seeds};

/// A text.
pub const TARGET: Target = Target {
    name: "policies",
    check,
    change: |data, random| change(std::str::from_utf8(data).ok()?, random).map(String::into_bytes),
    seeds,
    longest: 8192,
};

fn change(text: &str, random: &mut Random) -> Option<String> {
    match random.below(3) {
        0 => lines::change(text, random),
        1 => mutate::text(text, random),
        _ => mutate::json(text, random).or_else(|| lines::change(text, random)),
    }
}

/// What is judged.
const OBJECTS: &str = include_str!("objects.yaml");

fn check(data: &[u8]) -> Result<()> {
    let Ok(text) = std::str::from_utf8(data) else { return Ok(()) };
    let (first, second) = (report(text)?, report(text)?);
    let printed = |report: &Report| {
        let findings = report.findings.iter().map(|finding| format!("{} {}", finding.policy, finding.what));
        let failures = report.not_evaluated.iter().map(|failure| format!("{} {}", failure.subject, failure.what));
        findings.chain(failures).collect::<Vec<_>>()
    };
    ensure!(printed(&first) == printed(&second), "{:?}\nand\n{:?}\nfor\n{text}", printed(&first), printed(&second));
    for failure in &first.not_evaluated {
        ensure!(!failure.what.is_empty(), "a failure without a reason for\n{text}");
    }
    Ok(())
}

fn report(text: &str) -> Result<Report> {
    let resources = Input::read([Source::new("policies.yaml", text)]);
    let input = Input::read([Source::new("objects.yaml", OBJECTS)]);
    let modules = judging::modules()?;
    let mut admission = Admission::new("default");
    for specification in resources.items.iter().filter_map(deployed) {
        admission
            .add(specification.map_err(|problem| vec![problem]).and_then(|specification| specification.equip(modules)));
    }
    let admission = admission.over(&input, &resources.items);
    let judged = input.items.iter().map(|item| admission.judge(item)).collect();
    Ok(admission.report(&input, judged))
}

/// A policy for the settings of every case, conditions of all kinds, and groups.
fn seeds() -> Result<Vec<Vec<u8>>> {
    let mut all: Vec<Vec<u8>> = WRITTEN.split("\n=====\n").map(|text| text.as_bytes().to_vec()).collect();
    for (number, seed) in seeds::all()?.iter().enumerate().filter(|(number, _)| number % 5 == 0) {
        let (Some(entry), Some(payload)) = (seed.entry(), seed.value()) else { continue };
        let resource = json!({
            "apiVersion": "policies.kubewarden.io/v1",
            "kind": "ClusterAdmissionPolicy",
            "metadata": {"name": entry.name},
            "spec": {
                "module": format!("registry://myacr.azurecr.io/policies/{}:v0.1.0", entry.name),
                "mutating": entry.name == "cached-images",
                "rules": [{"apiGroups": ["*"], "apiVersions": ["*"], "resources": ["*"], "operations": ["CREATE"]}],
                "settings": payload.get("settings").cloned().unwrap_or(Value::Null),
            },
        });
        let text = if number % 2 == 0 { resource.to_string() } else { yaml_serde::to_string(&resource)? };
        all.push(text.into_bytes());
    }
    Ok(all)
}

const WRITTEN: &str = include_str!("policies.txt");
