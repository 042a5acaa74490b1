//! A compiled module, and calling it.

use std::collections::BTreeSet;
use std::sync::Arc;

use isolation_policy_module::{ContextAwareResource, Metadata, SectionError};
use serde_json::{Value, json};
use wasmtime_provider::{EpochDeadlines, WasmtimeEngineProviderBuilder, WasmtimeEngineProviderPre, wasmtime};

use crate::answer::{Answer, SettingsAnswer};
use crate::capability::{self, Lookup};
use crate::engine::Engine;
use crate::error::{CallError, LoadError};

/// A compiled policy module.
#[derive(Clone)]
pub struct Module {
    pre: Arc<WasmtimeEngineProviderPre>,
    metadata: Option<Arc<Metadata>>,
    granted: Arc<BTreeSet<ContextAwareResource>>,
    deadline_ticks: u64,
}

impl std::fmt::Debug for Module {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Module").field("metadata", &self.metadata).finish_non_exhaustive()
    }
}

impl Module {
    /// Compiles a module and checks that everything it imports exists.
    ///
    /// # Errors
    ///
    /// See [`LoadError`].
    pub fn compile(engine: &Engine, bytes: &[u8]) -> Result<Self, LoadError> {
        let metadata = match Metadata::of_module(bytes) {
            Ok(found) => found.map(|(metadata, _)| Arc::new(metadata)),
            // A module in text form, which only tests have, carries none; wasmtime says what else is wrong with the bytes.
            Err(SectionError::NotAModule(_)) => None,
            Err(SectionError::NotMetadata(problem)) => return Err(LoadError::Metadata(problem)),
        };
        let module = wasmtime::Module::new(&engine.engine, bytes)
            .map_err(|error| LoadError::NotAModule(format!("{error:#}")))?;
        let pre = WasmtimeEngineProviderBuilder::new()
            .engine(engine.engine.clone())
            .module(module)
            .build_pre()
            .map_err(|error| LoadError::Imports(format!("{error:#}")))?;
        let granted = metadata.as_ref().map(|metadata| metadata.context_aware_resources.clone()).unwrap_or_default();
        Ok(Module { pre: Arc::new(pre), metadata, granted: Arc::new(granted), deadline_ticks: engine.deadline_ticks })
    }

    /// The metadata that the module carries, if it was annotated.
    pub fn metadata(&self) -> Option<&Metadata> {
        self.metadata.as_deref()
    }

    /// The module with access to these kinds of objects, in place of those that its metadata asks for: what a policy may
    /// look up is for who deploys it to say.
    #[must_use]
    pub fn granting(&self, resources: Arc<BTreeSet<ContextAwareResource>>) -> Self {
        Module { granted: resources, ..self.clone() }
    }

    /// Calls an operation on a fresh instance.
    ///
    /// # Errors
    ///
    /// See [`CallError`].
    pub fn call(&self, operation: &str, payload: &[u8], cluster: &Arc<dyn Lookup>) -> Result<Vec<u8>, CallError> {
        let deadlines = EpochDeadlines { wapc_init: self.deadline_ticks, wapc_func: self.deadline_ticks };
        let provider = self.pre.rehydrate(Some(deadlines)).map_err(|error| CallError::Failed(error.to_string()))?;
        let granted = Arc::clone(&self.granted);
        let cluster = Arc::clone(cluster);
        let callback: Box<wapc::HostCallback> = Box::new(move |_, binding, namespace, operation, payload| {
            capability::answer(&granted, cluster.as_ref(), binding, namespace, operation, payload).map_err(Into::into)
        });
        // The provider's own functions panic when a module hands them an address outside of its memory. policy-server
        // survives that because it calls in a task of its own; here the panic is caught, and the instance is gone anyway.
        let call = std::panic::AssertUnwindSafe(|| {
            let host = wapc::WapcHost::new(Box::new(provider), Some(callback)).map_err(|error| call_error(&error))?;
            host.call(operation, payload).map_err(|error| call_error(&error))
        });
        std::panic::catch_unwind(call).unwrap_or_else(|_| {
            Err(CallError::Failed("it made the engine panic, by an address outside of its memory".into()))
        })
    }

    /// Asks the policy for its verdict. `settings` that are null reach it as `{}`.
    ///
    /// # Errors
    ///
    /// See [`CallError`].
    pub fn validate(&self, request: &Value, settings: &Value, cluster: &Arc<dyn Lookup>) -> Result<Answer, CallError> {
        // Without the feature `preserve_order`, serde_json writes keys in order, as policy-server does.
        let payload = json!({"request": request, "settings": object_or_empty(settings)}).to_string();
        self.validate_payload(payload.as_bytes(), cluster)
    }

    /// Asks the policy for its verdict; the payload is the text of `{"request": …, "settings": …}`.
    ///
    /// # Errors
    ///
    /// See [`CallError`].
    pub fn validate_payload(&self, payload: &[u8], cluster: &Arc<dyn Lookup>) -> Result<Answer, CallError> {
        let answer = self.call("validate", payload, cluster)?;
        serde_json::from_slice(&answer).map_err(|error| CallError::BadAnswer(error.to_string()))
    }

    /// Asks the policy whether it takes these settings.
    ///
    /// # Errors
    ///
    /// See [`CallError`].
    pub fn validate_settings(&self, settings: &Value) -> Result<SettingsAnswer, CallError> {
        let payload = object_or_empty(settings).to_string();
        let answer = self.call("validate_settings", payload.as_bytes(), &capability::no_cluster())?;
        serde_json::from_slice(&answer).map_err(|error| CallError::BadAnswer(error.to_string()))
    }
}

fn object_or_empty(settings: &Value) -> Value {
    if settings.is_null() { json!({}) } else { settings.clone() }
}

/// The provider tells an interrupted call from a trap by its text alone.
fn call_error(error: &wapc::errors::Error) -> CallError {
    let text = error.to_string();
    if text.contains("execution deadline exceeded") { CallError::Deadline } else { CallError::Failed(text) }
}
