//! The shared core of the network isolation policies.
//!
//! The data path goes one way: the bytes of a call become a [`json::Document`], the document becomes a
//! [`request::Request`], a policy judges it into [`finding::Findings`], and [`verdict`] prints the answer. No policy parses
//! JSON or formats a message itself. Nothing here knows about waPC, files or the clock; a rule reads the cluster only
//! through the trait [`cluster::Cluster`].

#![warn(clippy::indexing_slicing, clippy::string_slice)]

pub mod allowed_violations;
pub mod booleans;
pub mod cluster;
pub mod exception;
pub mod finding;
pub mod fingerprint;
pub mod fix;
pub mod image;
pub mod images;
pub mod kinds;
pub mod management;
pub mod names;

pub mod placeholder;
pub mod places;
pub mod pods;
pub mod policy;
pub mod request;
pub mod resource_id;
pub mod rewrite;
pub mod rule;
pub mod rules;
pub mod settings;
pub mod similar;
pub mod verdict;

/// Where a value stands in its document, and the tree of documents themselves.
pub use isolation_document as json;
pub use isolation_document::path;
pub use isolation_yaml as yaml;

pub use cluster::{Cluster, LookupError};
pub use finding::{FieldRef, Findings, Severity};
pub use fix::Fix;
pub use json::{Document, Value};
pub use kinds::Dispatch;
pub use path::Path;
pub use policy::Policy;
pub use request::{Operation, Request};
pub use rewrite::Rewriting;
pub use rule::Rule;
pub use settings::Level;

/// A text that only native builds need: the documentation of a setting. In a module, where nobody reads it, it is empty and
/// costs no bytes.
#[macro_export]
macro_rules! doc {
    ($text:expr) => {
        if cfg!(target_os = "wasi") { "" } else { $text }
    };
}
