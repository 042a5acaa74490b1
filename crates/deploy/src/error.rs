//! Why resources cannot be made.

use isolation_policy_module::MetadataError;
use thiserror::Error;

/// Why resources cannot be made.
#[derive(Debug, Error)]
pub enum DeployError {
    /// A policy's metadata is not right, which a test would have found.
    #[error("{policy}: {cause}")]
    Metadata {
        /// The policy.
        policy: &'static str,
        /// What is wrong.
        cause: MetadataError,
    },
    /// A family that no policy has.
    #[error("unknown family {given}{hint} (known families: {known})")]
    UnknownFamily {
        /// What was asked for.
        given: String,
        /// The family that may be meant.
        hint: String,
        /// All families.
        known: String,
    },
    /// A value that cannot be used.
    #[error("{key}: {problem}")]
    Value {
        /// The key, from the top.
        key: String,
        /// What is wrong, and what to write.
        problem: String,
    },
    /// A policy whose module is not known by its digest.
    #[error("the digest of the module of {0} is not known; pass it in `digests`")]
    NoDigest(String),
    /// Something that YAML cannot write.
    #[error("{0}")]
    Yaml(#[from] serde_saphyr::SerializeError),
}

impl DeployError {
    /// The key of `isolation.yaml` that it is about, from the top.
    pub fn key(&self) -> Option<&str> {
        match self {
            Self::Value { key, .. } => Some(key),
            Self::UnknownFamily { .. } => Some("families"),
            Self::Metadata { .. } | Self::NoDigest(_) | Self::Yaml(_) => None,
        }
    }

    pub(crate) fn value(key: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Value { key: key.into(), problem: problem.into() }
    }
}
