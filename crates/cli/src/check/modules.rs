//! The modules that `check` can run: the built-in ones, files of `--policy`, and files that a policy names.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use anyhow::{Context, Result};
use isolation_admission::{Available, Judge, Missing, Modules, name_of};
use isolation_policy_module::Metadata;
use isolation_runtime::{Engine, EngineOptions, Module};

use crate::modules::{BUILD_MODULES, EMBEDDED, missing};

/// A module that can be run.
struct Candidate {
    name: String,
    metadata: Option<Metadata>,
    bytes: Cow<'static, [u8]>,
}

/// A module that is compiled by whoever asks first, while the others wait.
type Compiled = Arc<OnceLock<Result<Arc<dyn Judge>, Missing>>>;

/// The modules that can be had without a network, compiled when they are first asked for.
pub struct LocalModules {
    engine: Engine,
    candidates: Vec<Candidate>,
    compiled: Mutex<HashMap<String, Compiled>>,
}

impl LocalModules {
    /// The built-in modules, some of them replaced or joined by files.
    ///
    /// # Errors
    ///
    /// A file that cannot be read or is no module.
    pub fn new(files: &[std::path::PathBuf]) -> Result<Self> {
        let mut candidates = Vec::new();
        for embedded in EMBEDDED {
            let metadata = metadata(embedded.name, embedded.bytes)?;
            candidates.push(Candidate { name: embedded.name.into(), metadata, bytes: embedded.bytes.into() });
        }
        for file in files {
            let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
            let metadata = metadata(&file.display().to_string(), &bytes)?;
            let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let name = metadata.as_ref().map(Metadata::title).filter(|title| !title.is_empty()).map(str::to_owned);
            let name = name.unwrap_or(stem);
            candidates.retain(|candidate| candidate.name != name);
            candidates.push(Candidate { name, metadata, bytes: bytes.into() });
        }
        let engine = Engine::new(EngineOptions::default())?;
        Ok(LocalModules { engine, candidates, compiled: Mutex::default() })
    }

    /// Every policy that `isolation.yaml` can configure. One whose module was not there when this program was built is
    /// among them: leaving it out in silence would be a verdict.
    ///
    /// # Errors
    ///
    /// A module that does not say what it judges.
    pub fn available(&self) -> Result<Vec<Available>> {
        let mut available = Vec::new();
        for candidate in &self.candidates {
            let name = candidate.name.clone();
            let metadata = candidate.metadata.clone().with_context(|| {
                format!("{name} carries no metadata, so nobody can say what it judges; annotate it")
            })?;
            available.push(Available { name, metadata });
        }
        for entry in missing().into_iter().filter_map(isolation_all_policies::policy) {
            if available.iter().all(|known| known.name != entry.name) {
                available.push(Available { name: entry.name.to_owned(), metadata: entry.metadata()? });
            }
        }
        Ok(available)
    }

    fn compile(&self, module: &str) -> Result<Arc<dyn Judge>, Missing> {
        let bytes: Cow<'_, [u8]> = match module.strip_prefix("file://") {
            Some(path) => std::fs::read(Path::new(path))
                .map_err(|error| Missing { what: format!("{path} cannot be read: {error}"), help: String::new() })?
                .into(),
            None => self.known(module)?.into(),
        };
        let compiled = Module::compile(&self.engine, &bytes);
        let compiled = compiled
            .map_err(|error| Missing { what: format!("{module} cannot be used: {error}"), help: String::new() })?;
        Ok(Arc::new(compiled))
    }

    fn known(&self, module: &str) -> Result<&[u8], Missing> {
        let name = name_of(module);
        if let Some(candidate) = self.candidates.iter().find(|candidate| candidate.name == name) {
            return Ok(&candidate.bytes);
        }
        if missing().contains(&name) {
            return Err(Missing {
                what: "was not there when this program was built".to_owned(),
                help: format!("{BUILD_MODULES}, or give it with `--policy {name}.wasm`"),
            });
        }
        let scheme = if module.contains("://") { "" } else { "registry://" };
        Err(Missing {
            what: format!("{module} is not one of those that this program has"),
            help: format!("Pull it with `kwctl pull {scheme}{module} -o {name}.wasm`, then add `--policy {name}.wasm`"),
        })
    }
}

fn metadata(origin: &str, bytes: &[u8]) -> Result<Option<Metadata>> {
    let found = Metadata::of_module(bytes).with_context(|| format!("{origin} is not a module that can be run"))?;
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
