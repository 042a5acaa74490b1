//! Whether a cluster is ready to be isolated: what of it breaks before `az aks update --outbound-type none`, in which order
//! to mend it, and when it is safe.
//!
//! | step | module |
//! | --- | --- |
//! | of each object is kept what it is called, who owns it and who keeps it | [`Objects`], `workloads` |
//! | findings of many objects become problems of the workloads that own them | [`Found`], `problems` |
//! | images are looked up in the cache rules | `images` |
//! | problems and what Azure says become steps in their order, with commands | `plan` |
//! | what was not seen is said | `unseen` |
//! | all of it becomes one [`Readiness`], a document with a schema | [`Survey::document`] |
//! | the document is printed | [`formats`] |
//!
//! Objects are told twice, each time part by part, so that a cluster need not fit into memory: first all of them, then what was
//! found in them.
//!
//! Nothing here opens a file or asks a cluster. A document is the same for the same input: the time is given.

mod addresses;
mod assessment;
mod cache;
mod document;
pub mod formats;
mod found;
mod images;
mod names;
mod objects;
mod plan;
mod problems;
mod progress;
mod survey;
mod themes;
mod unseen;
mod verdict;
mod workloads;

pub use cache::{CacheRule, PLACEHOLDER_REGISTRY, known as known_cache_rules, setting as cache_setting};
pub use document::{
    Affected, ClusterInfo, Command, Coverage, Feature, FeatureKind, FeatureStatus, Image, InputInfo, InputKind,
    Manifest, Matter, Namespace, NotSeen, Numbers, Problem, Progress, PublicAddress, Readiness, RegistryImages,
    RuleGroup, SCHEMA, Severity, State, Step, Task, Theme, VERSION, Verdict, VerdictState, Volume,
};
pub use found::Found;
pub use objects::Objects;
pub use survey::Survey;

/// The schema of the document.
pub fn schema() -> serde_json::Value {
    let mut schema = schemars::schema_for!(Readiness).to_value();
    if let Some(entries) = schema.as_object_mut() {
        entries.insert("$id".to_owned(), SCHEMA.into());
        entries.insert("title".to_owned(), "What `isolation report --output json` prints".into());
    }
    schema
}
