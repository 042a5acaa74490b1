//! What must hold of every policy's answer, whatever it is called with.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;

use anyhow::{Context, Result, anyhow, bail, ensure};
use isolation::cluster::{Cluster, LookupError};
use isolation_all_policies::{Entry, POLICIES};
use isolation_cases::{cases_of, payload};
use isolation_fuzz::random::Random;
use isolation_fuzz::{mutate, rewrite};
use serde::Deserialize;
use serde_json::{Value, json};

/// The answer, as the engines read it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    accepted: bool,
    message: Option<String>,
    code: Option<u16>,
    mutated_object: Option<Value>,
    audit_annotations: Option<std::collections::BTreeMap<String, String>>,
    warnings: Option<Vec<String>>,
}

/// A cluster that answers with one object, whatever it is asked for.
struct Always<'v>(&'v str);

impl Cluster for Always<'_> {
    fn get(&self, _: &str, _: &str, name: &str, _: &[&str]) -> std::result::Result<Vec<u8>, LookupError> {
        match name.len() % 3 {
            0 => Err(LookupError::NotFound),
            1 => Err(LookupError::Failed(self.0.chars().take(500).collect())),
            _ => Ok(self.0.as_bytes().to_vec()),
        }
    }
}

/// How often each case is mutated in each way: `FUZZ_ROUNDS`.
fn rounds() -> u64 {
    std::env::var("FUZZ_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(1)
}

/// Every case's policy, name and payload.
type Payload = (&'static Entry, String, String);

fn payloads() -> Result<&'static [Payload]> {
    static ALL: OnceLock<Vec<Payload>> = OnceLock::new();
    if ALL.get().is_none() {
        let all = read_payloads()?;
        ensure!(all.len() > 500, "only {} cases", all.len());
        return Ok(ALL.get_or_init(|| all));
    }
    Ok(ALL.get().map(Vec::as_slice).unwrap_or_default())
}

/// The payloads that the cases are run with; those about settings get a request.
fn read_payloads() -> Result<Vec<Payload>> {
    let mut all = Vec::new();
    for entry in POLICIES {
        for case in cases_of(entry.name)? {
            let text = if case.is_about_settings() {
                let object = json!({"apiVersion": "v1", "kind": "Pod", "spec": {}});
                let kind = json!({"group": "", "version": "v1", "kind": "Pod"});
                let request = json!({"uid": "u", "operation": "CREATE", "kind": kind, "object": object});
                json!({"request": request, "settings": isolation_cases::settings(&case)}).to_string()
            } else {
                payload(&case)?
            };
            all.push((entry, case.name(), text));
        }
    }
    Ok(all)
}

/// Calls `check` for every case and round, with numbers of its own, and says which input it was that failed.
fn for_each_round(salt: u64, check: impl Fn(&Entry, &str, &mut Random) -> Result<()>) -> Result<()> {
    for (number, (entry, case, text)) in payloads()?.iter().enumerate() {
        for round in 0..rounds() {
            let mut random = Random::new(salt << 56 | (number as u64) << 32 | round);
            check(entry, text, &mut random).with_context(|| format!("{case} mutated, round {round}"))?;
        }
    }
    Ok(())
}

fn shown(payload: &[u8]) -> String {
    String::from_utf8_lossy(payload).chars().take(4000).collect()
}

/// The policy's answer, if it is one that engines take.
fn answer(entry: &Entry, payload: &[u8], cluster: &str) -> Result<Answer> {
    let problem = |what: &str, text: &str| anyhow!("{} {what}\n{}\n{text}", entry.name, shown(payload));
    let text = catch_unwind(AssertUnwindSafe(|| (entry.validate)(payload, &Always(cluster))))
        .map_err(|_| problem("panics", ""))?
        .to_json()
        .to_string();
    let answer: Answer = serde_json::from_str(&text).map_err(|error| problem(&error.to_string(), &text))?;
    let refusal = (answer.message.as_ref().is_some_and(|message| !message.is_empty()), answer.code);
    if refusal != if answer.accepted { (false, None) } else { (true, Some(403)) } {
        bail!(problem("accepts with a message or rejects without one", &text));
    }
    if answer.mutated_object.is_some() && !answer.accepted {
        bail!(problem("changes an object that it rejects", &text));
    }
    if answer.message.as_ref().is_some_and(|message| message.len() > 64 * 1024) {
        bail!(problem("says more than a report takes", &text));
    }
    let warnings = answer.warnings.as_deref().unwrap_or_default();
    if warnings.len() > 15 || warnings.iter().any(|warning| warning.chars().count() > 256) {
        bail!(problem("warns at greater length than the API server passes on", &text));
    }
    for findings in answer.audit_annotations.iter().flat_map(|all| all.values()) {
        let findings: Vec<Value> =
            serde_json::from_str(findings).map_err(|error| problem(&error.to_string(), &text))?;
        if findings.is_empty() {
            bail!(problem("annotates nothing", &text));
        }
    }
    Ok(answer)
}

fn settings_are_valid(entry: &Entry, settings: &[u8]) -> Result<bool> {
    let problem = |what: &str| anyhow!("{}: validate_settings {what}\n{}", entry.name, shown(settings));
    let answer =
        catch_unwind(AssertUnwindSafe(|| (entry.validate_settings)(settings))).map_err(|_| problem("panics"))?;
    if answer.as_ref().is_err_and(String::is_empty) {
        bail!(problem("does not say why settings are not valid"));
    }
    Ok(answer.is_ok())
}

#[test]
fn a_broken_text_is_answered_and_not_accepted() -> Result<()> {
    for_each_round(1, |entry, text, random| {
        let payload = mutate::bytes(text, random);
        let answer = answer(entry, &payload, text)?;
        if answer.accepted && serde_json::from_slice::<Value>(&payload).is_err() {
            bail!("accepts what is not JSON\n{}", shown(&payload));
        }
        settings_are_valid(entry, &payload).map(|_| ())
    })
}

#[test]
fn strange_values_are_answered_by_every_policy() -> Result<()> {
    for_each_round(2, |entry, text, random| {
        let Ok(mut value) = serde_json::from_str::<Value>(text) else { return Ok(()) };
        let (_, _, donor) = random.one_of(payloads()?);
        let donor = serde_json::from_str(donor).unwrap_or_default();
        for _ in 0..=random.below(3) {
            mutate::value(&mut value, &donor, random);
        }
        let payload = value.to_string();
        if serde_json::from_str::<Value>(&payload).is_err() {
            return Ok(()); // Nested deeper than engines read.
        }
        answer(entry, payload.as_bytes(), text)?;
        // The others get it too: a policy is called with whatever its rules send.
        answer(random.one_of(POLICIES), payload.as_bytes(), &payload).map(|_| ())
    })
}

#[test]
fn settings_that_are_refused_accept_nothing() -> Result<()> {
    for_each_round(3, |entry, text, random| {
        let Ok(mut value) = serde_json::from_str::<Value>(text) else { return Ok(()) };
        let donor = value["settings"].clone();
        mutate::value(&mut value["settings"], &donor, random);
        let settings = value["settings"].to_string();
        let request = &value["request"];
        let judged = matches!(request["operation"].as_str(), Some("CREATE" | "UPDATE"))
            && request["object"]["metadata"].get("deletionTimestamp").is_none();
        let payload = value.to_string();
        let accepted = answer(entry, payload.as_bytes(), text)?.accepted;
        if !settings_are_valid(entry, settings.as_bytes())? && judged && accepted {
            bail!("{} accepts with settings that it refuses\n{payload}", entry.name);
        }
        Ok(())
    })
}

#[test]
fn the_same_written_otherwise_has_the_same_answer() -> Result<()> {
    for_each_round(4, |entry, text, random| {
        // What cannot be read is told with its offset, which is another one then.
        let plain = answer(entry, text.as_bytes(), text)?;
        if plain.message.as_ref().is_some_and(|message| message.contains("[NI002]")) {
            return Ok(());
        }
        let payload = rewrite::otherwise(text, random);
        let other = answer(entry, payload.as_bytes(), text)?;
        let parts = |answer: &Answer| {
            (answer.accepted, answer.message.clone(), answer.warnings.clone(), answer.mutated_object.clone())
        };
        let (plain, other) = (parts(&plain), parts(&other));
        ensure!(plain == other, "{} answers\n{plain:?}\nand\n{other:?}\nto\n{payload}", entry.name);
        Ok(())
    })
}

#[test]
fn what_is_added_beside_a_violation_does_not_hide_it() -> Result<()> {
    for_each_round(5, |entry, text, random| {
        let Ok(mut value) = serde_json::from_str::<Value>(text) else { return Ok(()) };
        // Read and written once, it names no key twice any more.
        let plain = value.to_string();
        if answer(entry, plain.as_bytes(), text)?.accepted {
            return Ok(());
        }
        mutate::add_unknown(&mut value["request"]["object"], random);
        let payload = value.to_string();
        if answer(entry, payload.as_bytes(), text)?.accepted {
            bail!("{} accepts\n{payload}\nthough it rejects\n{plain}", entry.name);
        }
        Ok(())
    })
}
