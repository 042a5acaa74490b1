//! The one place that judges: from objects and policies to findings, as admission would.
//!
//! | step | module |
//! | --- | --- |
//! | texts become objects that know where they are written | [`Input`] |
//! | `isolation.yaml`, or policies as a cluster has them, become specifications | [`configured`], [`deployed`] |
//! | a specification finds its judges and asks each whether it takes its settings | [`Specification::equip`] |
//! | an object becomes a request, which is dispatched to the policies that want to see it | [`Admission::judge`] |
//! | what came of all objects becomes a report | [`Admission::report`] |
//! | exceptions are read, and applied to the report | [`ManifestExceptions`], part by part [`ExceptionTracker`] |
//! | what mends the rest is worked out, text by text | [`plan`], [`locate`] |
//!
//! A policy that judges is a [`Judge`]: linked into this program ([`native`]), or a Wasm module ([`wasm`], behind the
//! feature `modules`). Everything around it is the same for both.
//!
//! Nothing here opens a file, writes to a terminal or starts a thread. Objects are judged one by one and specifications
//! equipped one by one, so that who calls may do it in parallel:
//!
//! ```
//! use isolation_admission::{Admission, Configuration, Input, Selection, configured, native};
//! use isolation_report::Source;
//! use std::sync::Arc;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let pod = "{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {containers: [{name: web, image: nginx}]}}";
//! let input = Input::read([Source::new("pod.yaml", pod)]);
//! let settings = Configuration::read(Source::new("isolation.yaml", "registries: [myacr.azurecr.io]"))?;
//! let modules = native::Modules::new()?;
//!
//! let mut admission = Admission::new("default");
//! for policy in configured(&Arc::new(settings), &Selection::default(), modules.available(), &input.kinds())? {
//!     admission.add(policy.equip(&modules));
//! }
//! let admission = admission.over(&input, &[]);
//! let judged = input.items.iter().map(|item| admission.judge(item)).collect();
//! let report = admission.report(&input, judged);
//! assert_eq!(report.findings[0].location.path, "spec.containers[0].image");
//! # Ok(()) }
//! ```

mod account;
mod admission;
mod annotation;
mod call;
mod circumstances;
mod cluster;
mod conditions;
mod configuration;
mod configured;
mod defaults;
mod dispatch;
mod exception_tracker;
mod exceptions;
mod expression;
mod findings;
mod fixes;
mod input;
mod judge;
mod judged;
mod manifest_exceptions;
mod module_url;
mod name_clashes;
pub mod native;
mod policy;
mod request;
mod resource;
mod rules;
mod selector;
mod specification;
mod verdict;
mod versions;
#[cfg(feature = "modules")]
pub mod wasm;

pub use account::Account;
pub use admission::Admission;
pub use annotation::AnnotationFinding;
pub use call::Call;
pub use circumstances::circumstances;
pub use cluster::{Reach, Snapshot};
pub use configuration::{Configuration, ConfigurationError};
pub use configured::{Available, Selection, configured};
pub use exception_tracker::ExceptionTracker;
pub use exceptions::in_annotations;
pub use fixes::{Changes, Planned, keep, locate, plan};
pub use input::{Input, Item, Kinds, Original, Uncertainty};
pub use judge::{Answer, Failure, Judge, Missing, Modules};
pub use judged::{Judged, Rewritten};
pub use manifest_exceptions::ManifestExceptions;
pub use module_url::name_of;
pub use name_clashes::{NameClash, remove_name_clashes};
pub use policy::Policy;
pub use resource::{GROUP, deployed};
pub use rules::rules;
pub use selector::{Labels, NAME_LABEL, is_exempt_on_aks, labels};
pub use specification::{Specification, WARNINGS};
