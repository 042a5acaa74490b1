//! Cases as the files that an engine is called with.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `request.json` | the AdmissionRequest |
//! | `review.json` | the same as the AdmissionReview that policy-server is sent |
//! | `settings.json` | the settings |
//! | `arguments` | what kwctl is called with besides, one argument a line |
//! | `session.yml` | the look-ups that kwctl replays |
//! | `skipped` | `ENGINE: reason` for the engine that cannot be asked; `any` is every engine |

use std::path::Path;

use anyhow::{Context, Result};
use isolation_cases::{Case, admission_request, cases_of, settings};
use serde_json::{Map, Value, json};

use crate::session::{Session, session};

/// The object of the request in cases that ask for the validation of settings alone: a deletion passes every policy.
fn any_request() -> Value {
    json!({
        "uid": "705ab4f5-6393-11e8-b7cc-42010a800002",
        "kind": {"group": "", "version": "v1", "kind": "Event"},
        "resource": {"group": "", "version": "v1", "resource": "events"},
        "operation": "DELETE",
        "userInfo": {},
    })
}

/// The policies that have cases, in order.
pub fn policies() -> Result<Vec<String>> {
    let root = isolation_cases::root();
    let entries = std::fs::read_dir(&root).with_context(|| format!("cannot read {}", root.display()))?;
    let mut names =
        entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect::<Result<Vec<_>>>()?;
    names.sort();
    Ok(names)
}

/// The name by which policy-server serves a case.
pub fn id(case: &Case) -> String {
    case.name().replace('/', "--")
}

/// The request of a case.
pub fn request(case: &Case) -> Result<Value> {
    if case.is_about_settings() { Ok(any_request()) } else { admission_request(case) }
}

/// Why no engine can be asked: it reads what it is sent before the policy does, and writes it anew.
fn unaskable(case: &Case) -> Option<&'static str> {
    case.input.payload.as_ref().map(|_| "a text that engines read themselves, and pass on as they understand it")
}

pub fn run(folder: &Path, modules: &Path) -> Result<()> {
    let modules = modules.canonicalize().with_context(|| format!("cannot find {}", modules.display()))?;
    let mut served = Map::new();
    for policy in policies()? {
        for case in cases_of(&policy)? {
            let at = folder.join(case.name());
            std::fs::create_dir_all(&at).with_context(|| format!("cannot make {}", at.display()))?;
            let write = |name: &str, text: &str| {
                let file = at.join(name);
                std::fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))
            };
            if let Some(why) = unaskable(&case) {
                write("skipped", &format!("any: {why}\n"))?;
                continue;
            }
            let request = request(&case).with_context(|| case.name())?;
            let review =
                json!({"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": request.clone()});
            write("request.json", &request.to_string())?;
            write("review.json", &review.to_string())?;
            write("settings.json", &settings(&case).to_string())?;
            let session = session(&case)?;
            let looks_up = !matches!(session, Session::None);
            let mut arguments: Vec<String> = Vec::new();
            match session {
                Session::None => {}
                Session::Refused(with) => arguments.extend(with.iter().map(|argument| (*argument).to_owned())),
                Session::Replayed(exchanges) => {
                    write("session.yml", &yaml_serde::to_string(&exchanges)?)?;
                    arguments.push("--allow-context-aware".to_owned());
                    arguments.push("--replay-host-capabilities-interactions".to_owned());
                    arguments.push(at.join("session.yml").display().to_string());
                }
            }
            write("arguments", &arguments.iter().map(|line| format!("{line}\n")).collect::<String>())?;
            if looks_up {
                write("skipped", "policy-server: a look-up, which needs a cluster\n")?;
                continue;
            }
            let policy_server = json!({
                "module": format!("file://{}", modules.join(format!("{policy}.wasm")).display()),
                "policyMode": "protect",
                "allowedToMutate": true,
                "settings": settings(&case),
            });
            served.insert(id(&case), policy_server);
        }
    }
    let file = folder.join("policies.yml");
    std::fs::write(&file, serde_json::to_string_pretty(&served)?)
        .with_context(|| format!("cannot write {}", file.display()))
}
