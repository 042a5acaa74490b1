//! The shared core of the network isolation policies.
//!
//! The data path can be read in one go: the bytes of a call become a [`json::Document`], that a [`request::Request`], a
//! policy judges it into [`finding::Findings`], and [`verdict`] prints the answer. No policy parses JSON by itself, none
//! formats its own message, and nothing here knows about waPC, files or the clock: what a rule may ask of the cluster is
//! the one trait [`cluster::Cluster`].

pub mod booleans;
pub mod cluster;
pub mod finding;
pub mod image;
pub mod images;
pub mod kinds;
pub mod management;
pub mod placeholder;
pub mod places;
pub mod pods;
pub mod policy;
pub mod request;
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
pub use finding::{Findings, Severity, Spot};
pub use json::{Document, Value};
pub use kinds::Dispatch;
pub use path::Path;
pub use policy::Policy;
pub use request::{Operation, Request};
pub use rewrite::Rewriting;
pub use rule::Rule;
pub use settings::Level;

/// A text for people that only the native side needs: the documentation of a setting or a rule. In a module it is empty,
/// so that what nobody can read there costs no bytes.
#[macro_export]
macro_rules! doc {
    ($text:expr) => {
        if cfg!(target_os = "wasi") { "" } else { $text }
    };
}
