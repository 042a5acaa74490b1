//! What judges for `check`: the policies that are linked into this program, and modules in files, of `--policy` and those that
//! a policy names. A linked policy is the code that its module was compiled from, without the cost of a fresh instance for
//! every request, which is many times that of judging.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use anyhow::{Context, Result};
use isolation_admission::{Available, Judge, Missing, Modules, name_of, native};
use isolation_policy_module::{ContextAwareResource, Metadata};
use isolation_runtime::{Engine, EngineOptions, Module};

/// A module that can be run.
struct Candidate {
    name: String,
    metadata: Option<Metadata>,
    bytes: Vec<u8>,
}

/// A module that the first caller compiles, while the others wait.
type Compiled = Arc<OnceLock<Result<Arc<dyn Judge>, Missing>>>;

/// The modules available without a network, compiled when they are first needed.
pub struct LocalModules {
    /// Made for the first module that is run.
    engine: OnceLock<Result<Engine, String>>,
    candidates: Vec<Candidate>,
    linked: native::Modules,
    compiled: Mutex<HashMap<String, Compiled>>,
}

impl LocalModules {
    /// The linked policies, some of them replaced or joined by modules in files.
    ///
    /// # Errors
    ///
    /// A file that cannot be read or is not a module.
    pub fn new(files: &[PathBuf]) -> Result<Self> {
        let mut candidates: Vec<Candidate> = Vec::new();
        for file in files {
            let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
            let metadata = metadata(&file.display().to_string(), &bytes)?;
            let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let name = metadata.as_ref().map(Metadata::title).filter(|title| !title.is_empty()).map(str::to_owned);
            let name = name.unwrap_or(stem);
            candidates.retain(|candidate| candidate.name != name);
            candidates.push(Candidate { name, metadata, bytes });
        }
        let linked = native::Modules::new()?;
        Ok(LocalModules { engine: OnceLock::new(), candidates, linked, compiled: Mutex::default() })
    }

    /// Every policy that `isolation.yaml` can configure.
    ///
    /// # Errors
    ///
    /// A module without metadata.
    pub fn available(&self) -> Result<Vec<Available>> {
        let linked = self.linked.available().iter().filter(|linked| self.candidate(&linked.name).is_none());
        let mut available: Vec<Available> = linked.cloned().collect();
        // What is said of several policies is said in the order of their names.
        available.sort_by(|one, other| one.name.cmp(&other.name));
        for candidate in &self.candidates {
            let name = candidate.name.clone();
            let metadata = candidate
                .metadata
                .clone()
                .with_context(|| format!("{name} has no metadata, so its rules are unknown; run kwctl annotate"))?;
            available.push(Available { name, metadata });
        }
        Ok(available)
    }

    /// The kinds that some policy may look up.
    ///
    /// # Errors
    ///
    /// A module without metadata.
    pub fn granted(&self) -> Result<BTreeSet<ContextAwareResource>> {
        Ok(self.available()?.into_iter().flat_map(|policy| policy.metadata.context_aware_resources).collect())
    }

    fn compile(&self, module: &str) -> Result<Arc<dyn Judge>, Missing> {
        let read;
        let bytes: &[u8] = match (module.strip_prefix("file://"), self.candidate(module)) {
            (Some(path), _) => {
                read = std::fs::read(Path::new(path)).map_err(|error| Missing {
                    what: format!("{path} cannot be read: {error}"),
                    help: String::new(),
                })?;
                &read
            }
            (None, Some(candidate)) => &candidate.bytes,
            (None, None) => return self.linked.find(module).map_err(|missing| pull(missing, module)),
        };
        let unusable = |error: &dyn std::fmt::Display| Missing {
            what: format!("{module} cannot be used: {error}"),
            help: String::new(),
        };
        let engine =
            self.engine.get_or_init(|| Engine::new(EngineOptions::default()).map_err(|error| error.to_string()));
        let engine = engine.as_ref().map_err(|error| unusable(error))?;
        let compiled = Module::compile(engine, bytes).map_err(|error| unusable(&error))?;
        Ok(Arc::new(compiled))
    }

    fn candidate(&self, module: &str) -> Option<&Candidate> {
        let name = name_of(module);
        self.candidates.iter().find(|candidate| candidate.name == name)
    }
}

/// How to get a module that this program does not have.
fn pull(missing: Missing, module: &str) -> Missing {
    let (name, scheme) = (name_of(module), if module.contains("://") { "" } else { "registry://" });
    Missing {
        help: format!("Pull it with `kwctl pull {scheme}{module} -o {name}.wasm`, then add `--policy {name}.wasm`"),
        ..missing
    }
}

fn metadata(origin: &str, bytes: &[u8]) -> Result<Option<Metadata>> {
    let found = Metadata::of_module(bytes).with_context(|| format!("{origin} is not a runnable module"))?;
    Ok(found.map(|(metadata, _)| metadata))
}

impl Modules for LocalModules {
    fn find(&self, module: &str) -> Result<Arc<dyn Judge>, Missing> {
        // A name is the same module whatever registry it comes from.
        let key = if module.starts_with("file://") { module } else { name_of(module) };
        let compiled = {
            let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(compiled.entry(key.to_owned()).or_default())
        };
        compiled.get_or_init(|| self.compile(module)).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use isolation_all_policies::POLICIES;

    #[test]
    fn policies_are_linked_in_and_others_are_not_known() {
        let modules = LocalModules::new(&[]).unwrap();
        let available: Vec<_> = modules.available().unwrap().into_iter().map(|policy| policy.name).collect();
        let mut known: Vec<_> = POLICIES.iter().map(|entry| entry.name).collect();
        known.sort_unstable();
        assert_eq!(available, known);
        let judge = modules.find("registry://myacr.azurecr.io/policies/private-images:v1").unwrap();
        let problems = judge.check_settings(&serde_json::json!({"registries": ["*.azurecr.io"]})).unwrap();
        assert!(problems[0].path.starts_with("settings.registries"), "{problems:?}");
        let missing = modules.find("registry://ghcr.io/others/policy:v1").err().unwrap();
        assert!(missing.help.contains("kwctl pull registry://ghcr.io/others/policy:v1"), "{missing:?}");
    }
}
