//! Running cases and comparing answers.

use anyhow::{Context, Result, bail, ensure};
use isolation::cluster::Objects;
use isolation::verdict::settings_json;
use isolation::{Document, Policy, policy};
use serde_json::Value;

use crate::case::{Case, cases_of};
use crate::expect::Answer;
use crate::request;

/// What can answer a case.
pub trait Engine {
    /// Answers `validate`.
    ///
    /// # Errors
    ///
    /// Whatever keeps the engine from getting an answer out of the policy.
    fn validate(&self, payload: &str, cluster: &[Value]) -> Result<String>;

    /// Answers `validate_settings`.
    ///
    /// # Errors
    ///
    /// Whatever keeps the engine from getting an answer out of the policy.
    fn validate_settings(&self, settings: &str) -> Result<String>;
}

/// The policy linked into this program.
#[derive(Debug)]
pub struct Native<P>(std::marker::PhantomData<P>);

impl<P> Default for Native<P> {
    fn default() -> Self {
        Native(std::marker::PhantomData)
    }
}

impl<P: Policy> Engine for Native<P> {
    fn validate(&self, payload: &str, cluster: &[Value]) -> Result<String> {
        let answer = policy::validate::<P>(payload.as_bytes(), &Objects(cluster));
        // The command line reads a request once for all policies.
        if let Ok(document) = Document::read(payload.as_bytes())
            && let (Some(request), Some(settings)) =
                (document.root().field("request"), document.root().field("settings"))
        {
            let again = policy::validate_tree::<P>(request, settings, &Objects(cluster));
            ensure!(again == answer, "what was read before is judged as {again:?}, and else as {answer:?}");
        }
        Ok(answer.to_json().to_string())
    }

    fn validate_settings(&self, settings: &str) -> Result<String> {
        Ok(settings_json(&policy::validate_settings::<P>(settings.as_bytes())).to_string())
    }
}

fn answer(engine: &dyn Engine, case: &Case) -> Result<Answer> {
    let settings = request::settings(case).to_string();
    if case.is_about_settings() {
        return Ok(Answer::Settings(engine.validate_settings(&settings)?));
    }
    if case.input.payload.is_some() {
        let answer = engine.validate(&request::payload(case)?, &case.input.cluster)?;
        return Ok(Answer::Validation { answer, object: None });
    }
    let valid = engine.validate_settings(&settings)?;
    if !valid.contains(r#""valid":true"#) {
        bail!("the case's settings are not valid: {valid}");
    }
    let answer = engine.validate(&request::payload(case)?, &case.input.cluster)?;
    let object = request::admission_request(case)?.get("object").cloned();
    Ok(Answer::Validation { answer, object })
}

/// Runs every case of a policy. With the environment variable `BLESS` set, writes the answers into the files instead of
/// comparing.
///
/// # Errors
///
/// Every case whose answer is not the expected one, with both.
pub fn run(policy: &str, engine: &dyn Engine) -> Result<usize> {
    let cases = cases_of(policy)?;
    let bless = std::env::var_os("BLESS").is_some();
    let mut failures = Vec::new();
    for case in &cases {
        let rendered = answer(engine, case)
            .and_then(|answer| answer.render())
            .with_context(|| format!("case {} was not answered", case.name()))?;
        if bless {
            if rendered != case.expected {
                std::fs::write(&case.file, format!("{}{rendered}", case.head))?;
            }
        } else if rendered != case.expected {
            failures.push(format!("case {}\nexpected\n{}found\n{rendered}", case.name(), case.expected));
        }
    }
    if !failures.is_empty() {
        let count = failures.len();
        bail!(
            "{count} of {} cases failed; if the new answers are right, `make bless`\n\n{}",
            cases.len(),
            failures.join("\n")
        );
    }
    Ok(cases.len())
}
