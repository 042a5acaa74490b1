//! The engine: wasmtime as policy-server configures it, and the clock of its deadlines.

use std::time::Duration;

use wasmtime_provider::wasmtime;

use crate::error::LoadError;

/// How modules are run.
#[derive(Clone, Debug)]
pub struct EngineOptions {
    /// Length of a tick of the deadline's clock. policy-server's is one second.
    pub tick: Duration,
    /// How many ticks a call may take before it is stopped, counting the one that is under way when it begins.
    pub deadline_ticks: u64,
    /// Whether compiled modules are kept on disk, in the user's cache folder, as kwctl does.
    pub cache: bool,
}

/// policy-server's: two ticks of a second. Compiled modules are kept.
impl Default for EngineOptions {
    fn default() -> Self {
        EngineOptions { tick: Duration::from_secs(1), deadline_ticks: 2, cache: true }
    }
}

/// A configured engine. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    pub(crate) engine: wasmtime::Engine,
    pub(crate) deadline_ticks: u64,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("deadline_ticks", &self.deadline_ticks).finish_non_exhaustive()
    }
}

impl Engine {
    /// Sets the engine up and starts the clock of its deadlines, which stops when the last clone is gone.
    ///
    /// # Errors
    ///
    /// A machine on which wasmtime cannot run. A cache that cannot be used is not an error; it is not used.
    pub fn new(options: EngineOptions) -> Result<Self, LoadError> {
        let mut config = wasmtime::Config::new();
        config.wasm_function_references(true);
        config.epoch_interruption(true);
        if options.cache {
            config.cache(wasmtime::Cache::from_file(None).ok());
        }
        let engine = wasmtime::Engine::new(&config).map_err(|error| LoadError::Engine(format!("{error:#}")))?;
        let weak = engine.weak();
        std::thread::spawn(move || {
            loop {
                std::thread::sleep(options.tick);
                match weak.upgrade() {
                    Some(engine) => engine.increment_epoch(),
                    None => break,
                }
            }
        });
        Ok(Engine { engine, deadline_ticks: options.deadline_ticks })
    }
}
