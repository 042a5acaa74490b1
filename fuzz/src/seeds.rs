//! What to start from: the payloads, objects and settings of all cases.

use std::sync::OnceLock;

use anyhow::{Result, ensure};
use isolation_all_policies::{Entry, POLICIES};
use isolation_cases::{Case, cases_of};
use serde_json::{Value, json};

/// A case, and what its policy is called with.
#[derive(Debug)]
pub struct Seed {
    /// The policy, by its position among all.
    pub policy: usize,
    /// The case's name.
    pub name: String,
    /// The payload's text; that of a case about settings has a plain request.
    pub payload: String,
}

impl Seed {
    /// The policy.
    pub fn entry(&self) -> Option<&'static Entry> {
        POLICIES.get(self.policy)
    }

    /// The payload, where it is JSON.
    pub fn value(&self) -> Option<Value> {
        serde_json::from_str(&self.payload).ok()
    }

    /// The object of the request, where there is one.
    pub fn object(&self) -> Option<Value> {
        self.value()?.get_mut("request")?.get_mut("object").filter(|object| object.is_object()).map(Value::take)
    }
}

/// All of them, in the order of policies and cases. They are read once.
///
/// # Errors
///
/// A case that cannot be read.
pub fn all() -> Result<&'static [Seed]> {
    static ALL: OnceLock<Vec<Seed>> = OnceLock::new();
    if ALL.get().is_none() {
        let all = read()?;
        ensure!(all.len() > 500, "only {} cases", all.len());
        return Ok(ALL.get_or_init(|| all));
    }
    Ok(ALL.get().map(Vec::as_slice).unwrap_or_default())
}

fn read() -> Result<Vec<Seed>> {
    let mut all = Vec::new();
    for (policy, entry) in POLICIES.iter().enumerate() {
        for case in cases_of(entry.name)? {
            all.push(Seed { policy, name: case.name(), payload: payload(&case)? });
        }
    }
    Ok(all)
}

fn payload(case: &Case) -> Result<String> {
    if !case.is_about_settings() {
        return isolation_cases::payload(case);
    }
    let object = json!({"apiVersion": "v1", "kind": "Pod", "spec": {}});
    let kind = json!({"group": "", "version": "v1", "kind": "Pod"});
    let request = json!({"uid": "u", "operation": "CREATE", "kind": kind, "object": object});
    Ok(json!({"request": request, "settings": isolation_cases::settings(case)}).to_string())
}
