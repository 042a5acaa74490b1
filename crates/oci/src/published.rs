//! A module or chart that is in a registry.

use std::fmt;

/// What a push did with a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is there now.
    New,
    /// It was already there, and nothing was sent.
    AlreadyThere,
    /// Its tag was there, for the manifest of this digest. That one is still there, without the tag.
    Replaced(String),
}

/// A module or chart in a registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    pub(crate) name: String,
    pub(crate) tag: String,
    pub(crate) repository: String,
    pub(crate) digest: String,
    pub(crate) is_module: bool,
    pub(crate) outcome: Outcome,
}

impl Published {
    /// The policy's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// `HOST/REPOSITORY:TAG`.
    pub fn by_tag(&self) -> String {
        format!("{}:{}", self.repository, self.tag)
    }

    /// `HOST/REPOSITORY@sha256:…`, which is what a policy is to name: a tag can be moved.
    pub fn by_digest(&self) -> String {
        format!("{}@{}", self.repository, self.digest)
    }

    /// Whether it is a module, and not a chart.
    pub fn is_module(&self) -> bool {
        self.is_module
    }

    /// What to write in a policy's `module`.
    pub fn module_uri(&self) -> String {
        format!("registry://{}", self.by_digest())
    }

    /// The manifest's digest.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// What was done.
    pub fn outcome(&self) -> &Outcome {
        &self.outcome
    }
}

impl fmt::Display for Published {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.by_digest())
    }
}
