//! What can be wrong with our own files.

use isolation_document::Mismatch;

/// What is wrong with a `metadata.yml` or `custom-resources.yml`.
#[derive(Debug, thiserror::Error)]
pub enum MetadataError {
    /// Not YAML, or YAML that JSON has no form for.
    #[error("{0}")]
    Yaml(#[from] yaml_serde::Error),
    /// A key that is missing, or a value of another type.
    #[error("{0}")]
    Shape(#[from] Mismatch),
    /// Read, but not right: every problem.
    #[error("{}", .0.join("; "))]
    Problems(Vec<String>),
}
