//! What keeps an inventory from being printed.

use std::io;

/// What keeps an inventory from being printed.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// There is no registry to bring images into.
    #[error("the private registry is unknown: pass --registry myacr.azurecr.io, or `registries` in isolation.yaml")]
    NoRegistry,
    /// Cache rules in a registry that has none.
    #[error("only Azure Container Registry has cache rules, but {0} is another registry")]
    NoCacheRules(String),
    /// The output cannot be written to.
    #[error(transparent)]
    Io(#[from] io::Error),
}
