//! What can be wrong with our own files.

/// What is wrong with a `metadata.yml` or `custom-resources.yml`.
#[derive(Debug, thiserror::Error)]
pub enum MetadataError {
    /// Not YAML, a key that does not exist, or a value of another type.
    #[error("{0}")]
    Shape(#[from] yaml_serde::Error),
    /// Read, but not right: every problem.
    #[error("{}", .0.join("; "))]
    Problems(Vec<String>),
}
