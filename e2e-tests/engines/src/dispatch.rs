//! The policies and objects of `e2e-tests/dispatch` for a real API server, and what it did with them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result, bail};
use isolation_cases::dispatch::{Decided, MODULE, Object, Recorded, folder, objects, policies, record, recorded};
use serde_json::{Value, json};

/// Writes `policies.json`, with `module` for the module, and what to send: `requests` has a line for each request with what it is for,
/// its method, its path and the file with its body, separated by tabs. What is for `-` only prepares the next one.
pub fn write(to: &Path, module: &str) -> Result<()> {
    std::fs::create_dir_all(to)?;
    let items: Vec<Value> = policies()?.into_iter().map(|policy| policy.resource).collect();
    let list = json!({"apiVersion": "v1", "kind": "List", "items": items}).to_string();
    std::fs::write(to.join("policies.json"), list.replace(MODULE, module))?;
    let mut requests = String::new();
    for object in objects()? {
        for (index, (name, method, path, body)) in steps(&object).into_iter().enumerate() {
            let file = to.join(format!("{}-{index}.json", object.name));
            std::fs::write(&file, body.to_string())?;
            requests += &format!("{name}\t{method}\t{path}\t{}\n", file.display());
        }
    }
    Ok(std::fs::write(to.join("requests"), requests)?)
}

/// What an object is for, its method, path and body.
type Step<'o> = (&'o str, &'static str, String, Value);

fn steps(object: &Object) -> Vec<Step<'_>> {
    let (all, one) = object.paths();
    let name = object.name.as_str();
    let wanted = &object.object;
    let there = match (&object.before, object.deleted) {
        (Some(before), _) => before,
        (None, true) => wanted,
        (None, false) => return vec![(name, "POST", all, wanted.clone())],
    };
    let deletion = || json!({"apiVersion": "v1", "kind": "DeleteOptions"});
    let gone = || ("-", "DELETE", one.clone(), deletion());
    // A namespace is marked first, and then deleted.
    let mut steps = vec![gone(), gone(), ("-", "POST", all, there.clone())];
    if there["kind"] == "Namespace" {
        // There is no controller that would take the finalizer away.
        let mut freed = there.clone();
        freed["spec"] = json!({"finalizers": []});
        steps.push(("-", "PUT", format!("{one}/finalize"), freed));
    }
    steps.push(if object.deleted { (name, "DELETE", one, deletion()) } else { (name, "PUT", one, wanted.clone()) });
    steps
}

/// Reads from `answers/NAME.log` what policy-server logged while the API server answered, and from `answers/NAME.refused` which
/// policies it could not evaluate a condition of. Compares it with the record, or writes that.
pub fn compare(answers: &Path, write: bool) -> Result<()> {
    let ids: BTreeMap<String, String> = policies()?.into_iter().map(|policy| (policy.id(), policy.name)).collect();
    let mut found: Recorded = ids.values().map(|name| (name.clone(), Decided::default())).collect();
    for object in objects()? {
        let text = |end: &str| {
            let file = answers.join(format!("{}.{end}", object.name));
            std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))
        };
        for policy in asked(&object, &text("log")?, &ids)? {
            let decided = found.get_mut(&policy).with_context(|| format!("{policy} is not in the table"))?;
            decided.asked.insert(object.name.clone());
        }
        for policy in text("refused").unwrap_or_default().lines() {
            let decided = found.get_mut(policy).with_context(|| format!("{policy} is not in the table"))?;
            decided.refused.insert(object.name.clone());
        }
    }
    let pairs: usize = found.values().map(|decided| decided.asked.len() + decided.refused.len()).sum();
    println!("{} pairs, asked or refused {pairs}", found.len() * objects()?.len());
    if write {
        return Ok(std::fs::write(folder().join("api-server.yaml"), record(&found))?);
    }
    let mut different = 0;
    for (policy, before) in &recorded()? {
        let now = found.get(policy).with_context(|| format!("{policy} is no longer in the table"))?;
        if now != before {
            different += 1;
            println!("{policy}: {now:?}, and the record has {before:?}");
        }
    }
    if different > 0 {
        bail!("the API server decides otherwise than recorded about {different} policies")
    }
    Ok(())
}

/// The policies that were asked about an object, by the server's log: a line of JSON for each evaluation. `ids` has their names.
fn asked(object: &Object, log: &str, ids: &BTreeMap<String, String>) -> Result<BTreeSet<String>> {
    let operation = object.operation();
    let wanted = &object.object;
    let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let about = lines.filter(|line| {
        let span = &line["span"];
        span["kind"] == wanted["kind"] && span["operation"] == operation
    });
    let id = |line: Value| line["span"]["policy_id"].as_str().map(str::to_owned);
    let named =
        about.filter_map(id).map(|id| ids.get(&id).cloned().with_context(|| format!("{id} is not in the table")));
    named.collect()
}
