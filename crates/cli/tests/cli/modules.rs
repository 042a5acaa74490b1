//! Every case of every policy, on the modules in `dist/` and the engine that policy-server uses.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use isolation_cases::{Engine as CaseEngine, run};
use isolation_runtime::{Engine, EngineOptions, Lookup, Module, no_cluster};
use serde_json::Value;

/// A module on our host, which is called as policy-server calls it.
struct Hosted(Module);

/// The objects of a case; the key `failure` in one stands for a look-up that fails.
struct Objects(Vec<Value>);

impl Lookup for Objects {
    fn get(&self, api_version: &str, kind: &str, namespace: Option<&str>, name: &str) -> Result<Value, String> {
        let found = self.0.iter().find(|object| {
            object["apiVersion"] == api_version && object["kind"] == kind && object["metadata"]["name"] == name
        });
        match found.map(|object| (object, object["failure"].as_str())) {
            // The host puts these words in front, as policy-server does.
            Some((_, Some(failure))) => {
                Err(failure.strip_prefix("Callback evaluation failure: ").unwrap_or(failure).to_owned())
            }
            Some((object, None)) => Ok(object.clone()),
            None => Err(format!("Cannot find {api_version}/{kind} named '{name}' inside of namespace '{namespace:?}'")),
        }
    }
}

impl CaseEngine for Hosted {
    fn validate(&self, payload: &str, cluster: &[Value]) -> Result<String> {
        let cluster: Arc<dyn Lookup> = Arc::new(Objects(cluster.to_vec()));
        Ok(String::from_utf8(self.0.call("validate", payload.as_bytes(), &cluster)?)?)
    }

    fn validate_settings(&self, settings: &str) -> Result<String> {
        Ok(String::from_utf8(self.0.call("validate_settings", settings.as_bytes(), &no_cluster())?)?)
    }
}

fn dist() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../dist")
}

fn policies() -> Result<Vec<String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
    let entries = std::fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    let mut names = entries.collect::<Result<Vec<_>>>()?;
    names.sort();
    Ok(names)
}

fn hosted(engine: &Engine, policy: &str) -> Result<Hosted> {
    let file = dist().join(format!("{policy}.wasm"));
    let bytes = std::fs::read(&file).with_context(|| format!("{} is missing: run `make`", file.display()))?;
    Ok(Hosted(Module::compile(engine, &bytes)?))
}

#[test]
fn every_case_has_the_same_answer_from_the_module() -> Result<()> {
    let engine = Engine::new(EngineOptions::default())?;
    let mut failures = Vec::new();
    for policy in policies()? {
        match run(&policy, &hosted(&engine, &policy)?) {
            Ok(cases) => println!("{policy}: {cases} cases"),
            Err(error) => failures.push(format!("{policy}: {error:#}")),
        }
    }
    if failures.is_empty() { Ok(()) } else { bail!("{}", failures.join("\n\n")) }
}

#[test]
fn every_module_says_what_its_metadata_says() -> Result<()> {
    let engine = Engine::new(EngineOptions::default())?;
    for policy in policies()? {
        let module = hosted(&engine, &policy)?;
        let protocol = module.0.call("protocol_version", b"", &no_cluster())?;
        assert_eq!(protocol, b"\"v1\"", "{policy}: the metadata says v1");
        let metadata = module.0.metadata().with_context(|| format!("{policy} carries no metadata"))?;
        assert_eq!(metadata.title(), policy);
    }
    Ok(())
}

#[test]
fn every_module_is_within_its_budget_of_size() -> Result<()> {
    // The limits of benches/README.md.
    const BUDGET: u64 = 320_000;
    const WITH_YAML: u64 = 480_000;
    const READ_YAML: &[&str] = &["cached-images", "internal-load-balancers", "isolated-clusters", "private-images"];
    for policy in policies()? {
        let size = std::fs::metadata(dist().join(format!("{policy}.wasm")))?.len();
        let budget = if READ_YAML.contains(&policy.as_str()) { WITH_YAML } else { BUDGET };
        assert!(size <= budget, "{policy}.wasm has {size} bytes, more than {budget}");
    }
    Ok(())
}
