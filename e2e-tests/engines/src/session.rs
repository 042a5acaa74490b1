//! The look-ups of a case, in the form that kwctl replays.

use std::cell::RefCell;

use anyhow::{Context, Result};
use isolation::cluster::{Cluster, LookupError, Objects};
use isolation::{Policy, policy};
use isolation_cases::{Case, payload};
use private_storage::PrivateStorage;
use serde_json::{Value, json};

/// What an engine puts before the reason for which a look-up failed.
const FAILURE: &str = "Callback evaluation failure: ";

/// How kwctl comes by the answers to a case's look-ups.
pub enum Session {
    /// There are none.
    None,
    /// kwctl itself refuses them when it is called with these arguments.
    Refused(&'static [&'static str]),
    /// From a file with these exchanges.
    Replayed(Vec<Value>),
}

/// A cluster that notes what it is asked for, and what it answers, as kwctl does.
struct Recorder<'a> {
    objects: Objects<'a>,
    exchanges: RefCell<Vec<Value>>,
    refused: RefCell<Option<&'static [&'static str]>>,
}

impl Cluster for Recorder<'_> {
    fn get(&self, api_version: &str, kind: &str, name: &str, members: &[&str]) -> Result<Vec<u8>, LookupError> {
        let answer = self.objects.get(api_version, kind, name, members);
        let response = match &answer {
            Ok(object) => json!({"type": "Success", "payload": String::from_utf8_lossy(object)}),
            Err(LookupError::NotFound) => {
                json!({"type": "Error", "message": format!("Cannot find {api_version}/{kind} named '{name}' inside of namespace 'None'")})
            }
            Err(LookupError::TooMany) => json!({"type": "Error", "message": "not asked"}),
            Err(LookupError::Failed(reason)) => {
                if let Some(arguments) = refusal(reason) {
                    *self.refused.borrow_mut() = Some(arguments);
                }
                json!({"type": "Error", "message": reason.strip_prefix(FAILURE).unwrap_or(reason)})
            }
        };
        let request = format!(
            "!KubernetesGetResource\napi_version: {}\nkind: {}\nname: {}\nnamespace: null\ndisable_cache: false\nfield_masks: {}\n",
            json!(api_version),
            json!(kind),
            json!(name),
            json!(members)
        );
        self.exchanges.borrow_mut().push(json!({"type": "Exchange", "request": request, "response": response}));
        answer
    }
}

/// The arguments that make kwctl refuse a look-up for this reason, if it is one of its own.
fn refusal(reason: &str) -> Option<&'static [&'static str]> {
    if reason.contains("host capability") {
        Some(&["--allowed-host-capabilities=net/*"])
    } else if reason.starts_with("Policy has not been granted access to Kubernetes") {
        Some(&[])
    } else {
        None
    }
}

/// The look-ups of a case.
pub fn session(case: &Case) -> Result<Session> {
    if case.is_about_settings() || !case.name().starts_with(PrivateStorage::NAME) {
        return Ok(Session::None);
    }
    let objects = Objects(&case.input.cluster);
    let recorder = Recorder { objects, exchanges: RefCell::default(), refused: RefCell::default() };
    let payload = payload(case).with_context(|| case.name())?;
    policy::validate::<PrivateStorage>(payload.as_bytes(), &recorder);
    let exchanges = recorder.exchanges.into_inner();
    Ok(match recorder.refused.into_inner() {
        Some(arguments) => Session::Refused(arguments),
        None if exchanges.is_empty() => Session::None,
        None => Session::Replayed(exchanges),
    })
}
