//! What can go wrong with a module.

/// Why a module cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// wasmtime cannot be set up.
    #[error("the Wasm engine cannot start: {0}")]
    Engine(String),
    /// The bytes are not a module that wasmtime takes.
    #[error("not a WebAssembly module that the engine can run: {0}")]
    NotAModule(String),
    /// The module imports what no engine provides.
    #[error("the module imports something that no engine provides: {0}")]
    Imports(String),
    /// The custom section with the metadata cannot be read.
    #[error("the module's metadata cannot be read: {0}")]
    Metadata(String),
}

/// Why a call gave no answer. policy-server turns each into a rejection with code 500.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The module ran longer than it may.
    #[error("stopped because it exceeded the deadline")]
    Deadline,
    /// The module trapped or reported an error.
    #[error("failed: {0}")]
    Failed(String),
    /// The module answered something that is not an answer.
    #[error("answered something that is not an answer: {0}")]
    BadAnswer(String),
}
