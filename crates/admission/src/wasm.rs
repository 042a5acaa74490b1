//! Judges that are Wasm modules, run as policy-server runs them.

use std::sync::Arc;

use isolation::settings::SettingsProblem;
use isolation::verdict::{ANNOTATION, OMITTED};
use isolation_policy_module::Metadata;
use isolation_runtime::{CallError, Lookup, Module, not_found};
use serde_json::Value;

use crate::call::Call;
use crate::cluster::{Reach, Snapshot};
use crate::judge::{Answer, Failure, Judge};

impl From<CallError> for Failure {
    fn from(error: CallError) -> Self {
        Failure(error.to_string())
    }
}

impl Judge for Module {
    fn metadata(&self) -> Option<&Metadata> {
        Module::metadata(self)
    }

    fn check_settings(&self, settings: &Value) -> Result<Vec<SettingsProblem>, Failure> {
        let answer = self.validate_settings(settings)?;
        if answer.valid {
            return Ok(Vec::new());
        }
        let text = answer.message.unwrap_or_else(|| "settings: not valid, without a reason from the policy".into());
        Ok(problems_in(&text))
    }

    fn validate(&self, call: &Call<'_, '_>, reach: &Reach) -> Result<Answer, Failure> {
        let cluster: Arc<dyn Lookup> = Arc::<Snapshot>::clone(&reach.cluster);
        // What a policy may look up is for who deploys it to say.
        let answer = self.granting(Arc::clone(&reach.granted)).validate_payload(&call.payload(), &cluster)?;
        let isolation_runtime::Answer { accepted, message, mutated_object, audit_annotations, warnings, .. } = answer;
        let annotation = |name: &str| audit_annotations.as_ref()?.get(name);
        Ok(Answer {
            accepted,
            message: message.unwrap_or_default(),
            warnings: warnings.unwrap_or_default(),
            findings: annotation(ANNOTATION).and_then(|text| serde_json::from_str(text).ok()),
            omitted: annotation(OMITTED).and_then(|number| number.parse().ok()).unwrap_or_default(),
            mutated: mutated_object,
        })
    }
}

/// The problems in the one text that a module has for them: ours begin each with the setting's path.
fn problems_in(text: &str) -> Vec<SettingsProblem> {
    let problems = text.strip_suffix('.').unwrap_or(text).split("; settings").enumerate();
    let problems = problems.map(|(index, part)| if index == 0 { part.to_owned() } else { format!("settings{part}") });
    let of_text = |text: String| match text.split_once(": ") {
        Some((path, what)) => SettingsProblem { path: path.to_owned(), what: what.to_owned() },
        None => SettingsProblem { path: String::new(), what: text },
    };
    problems.map(of_text).collect()
}

impl Lookup for Snapshot {
    fn get(&self, api_version: &str, kind: &str, namespace: Option<&str>, name: &str) -> Result<Value, String> {
        let found = Snapshot::get(self, api_version, kind, namespace, name);
        found.cloned().ok_or_else(|| not_found(api_version, kind, namespace, name))
    }
}
