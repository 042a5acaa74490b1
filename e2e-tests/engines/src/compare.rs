//! An engine's answers, and whether they are the expected ones.
//!
//! An engine does not pass on what a policy answers, it makes an AdmissionResponse of it. Here the way is gone back, so that
//! the answer can be written as a case file writes it and compared word for word: message, findings, warnings and changes.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use isolation_cases::{Answer, Case, cases_of, settings};
use serde_json::{Map, Value, json};

use crate::export;

/// What the engines put before a policy's own words about its settings: kwctl, and policy-server.
const SETTINGS: &[&str] = &["Provided settings are not valid: ", "Policy settings are invalid: "];

pub fn run(folder: &Path, policy: Option<&str>, answers: &str) -> Result<()> {
    let policies = match policy {
        Some(policy) => vec![policy.to_owned()],
        None => export::policies()?,
    };
    let (mut compared, mut failures) = (0, Vec::new());
    let mut skipped = BTreeMap::<String, usize>::new();
    for policy in policies {
        for case in cases_of(&policy)? {
            if let Some(why) = why_skipped(folder, &case, answers)? {
                *skipped.entry(why).or_default() += 1;
                continue;
            }
            compared += 1;
            match answered(folder, &case, answers).with_context(|| format!("case {} was not answered", case.name())) {
                Ok(found) if found == case.expected => {}
                Ok(found) => {
                    failures.push(format!("case {}\nexpected\n{}found\n{found}", case.name(), case.expected));
                }
                Err(error) => failures.push(format!("{error:#}\n")),
            }
        }
    }
    if !failures.is_empty() {
        bail!("{} of {compared} answers of {answers} differ\n\n{}", failures.len(), failures.join("\n"));
    }
    println!("{compared} cases");
    for (why, count) in skipped {
        println!("{count} cases skipped: {why}");
    }
    Ok(())
}

/// Why this engine was not asked.
pub fn why_skipped(folder: &Path, case: &Case, engine: &str) -> Result<Option<String>> {
    let file = folder.join(case.name()).join("skipped");
    if !file.exists() {
        return Ok(None);
    }
    let text = std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let reason = text.trim().split_once(": ").filter(|(whom, _)| *whom == "any" || engine.starts_with(whom));
    Ok(reason.map(|(_, why)| why.to_owned()))
}

/// What an engine answered, as the case file would write it.
fn answered(folder: &Path, case: &Case, answers: &str) -> Result<String> {
    let read = |ending: &str| {
        let file = folder.join(case.name()).join(format!("{answers}.{ending}"));
        std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))
    };
    let text = read("json")?;
    if text.trim().is_empty() {
        let complaint = read("err")?;
        return refused_settings(case, &complaint)?.with_context(|| format!("it said: {}", complaint.trim()));
    }
    let response: Value = serde_json::from_str(&text).with_context(|| format!("it answered {text:?}"))?;
    verdict(case, response)
}

/// What a response, or the review around it, says, as the case file would write it.
pub fn verdict(case: &Case, mut response: Value) -> Result<String> {
    if let Some(inner) = response.get_mut("response") {
        response = inner.take();
    }
    if response["status"]["code"] == 500 {
        let message = response["status"]["message"].as_str().unwrap_or_default();
        return refused_settings(case, message)?.with_context(|| format!("the answer is an internal error: {message}"));
    }
    if case.is_about_settings() {
        return Answer::Settings(json!({"valid": true}).to_string()).render();
    }
    let object = export::request(case)?.get("object").cloned();
    let answer = policy_answer(&response, object.as_ref())?.to_string();
    Answer::Validation { answer, object }.render()
}

/// The refusal of settings out of what an engine says of it, as the case file would write it.
fn refused_settings(case: &Case, complaint: &str) -> Result<Option<String>> {
    if !settings(case).is_object() && complaint.contains("not an object") {
        // The engine does not ask the policy about these.
        return Ok(Some(case.expected.clone()));
    }
    let message = SETTINGS.iter().find_map(|prefix| complaint.split_once(prefix)).map(|(_, message)| message.trim());
    message
        .map(|message| Answer::Settings(json!({"valid": false, "message": message}).to_string()).render())
        .transpose()
}

/// What the policy must have answered for the engine to make this of it.
fn policy_answer(response: &Value, object: Option<&Value>) -> Result<Value> {
    let mut answer = Map::new();
    answer.insert("accepted".to_owned(), response["allowed"].clone());
    for (from, to) in [("auditAnnotations", "audit_annotations"), ("warnings", "warnings")] {
        if !response[from].is_null() {
            answer.insert(to.to_owned(), response[from].clone());
        }
    }
    for key in ["message", "code"] {
        if let Some(value) = response["status"].get(key) {
            answer.insert(key.to_owned(), value.clone());
        }
    }
    if let Some(patch) = response["patch"].as_str() {
        let patch: json_patch::Patch = serde_json::from_slice(&STANDARD.decode(patch)?)?;
        let mut changed = object.context("it patches an object that is not there")?.clone();
        json_patch::patch(&mut changed, &patch)?;
        answer.insert("mutated_object".to_owned(), changed);
    }
    Ok(Value::Object(answer))
}
