//! The policies as Kubernetes resources: what an operator applies, and the Helm chart that makes the same of the same values.
//!
//! Each policy becomes a `ClusterAdmissionPolicy` for the resources that every cluster has, and one more for each family of
//! custom resources that is switched on. They are apart because families come and go with the software of a cluster, and
//! because the audit scanner gives up on a policy that names a resource which the cluster does not have.
//!
//! [`data`] is what both are made from, [`Values`] says how, [`documents`] makes the resources, and [`chart::files`] is the
//! chart. Nothing here asks a cluster or a registry anything, and the same input gives the same bytes.

pub mod chart;
mod data;
mod error;
mod exception_gaps;
mod exceptions;
mod families;
mod guard;
mod labels;

mod namespaces;
mod policy;
mod resources;
mod server;
mod special_families;
mod values;
mod yaml;

pub use data::{CORE, Data, Part, PolicyData, RoleRule, RuleName, data};
pub use error::DeployError;
pub use exception_gaps::ExceptionGap;
pub use exceptions::Exception;
pub use families::{ALL, Families, FamilyRef, Needed, needed};
pub use namespaces::{EXCLUDED, ExcludedNamespace};
pub use policy::Mode;
pub use resources::{documents, looks_up};
pub use special_families::{SPECIAL_FAMILIES, SpecialFamily, special_family};
pub use values::{AuditScannerValues, GuardValues, Level, PolicyServerValues, Values, is_digest};
