//! The policies as Kubernetes resources: what an operator applies.
//!
//! [`cluster_policies`] makes a `ClusterAdmissionPolicy` of each policy for the resources that every cluster has, and one
//! more for each family of custom resources that is switched on. They are apart because families come and go with the
//! software of a cluster, and because the audit scanner gives up on a policy that names a resource which the cluster does
//! not have.
//!
//! [`deploy::files`] are the same resources as a tree for kustomize, and [`site::kustomization`] is the one file of that
//! tree that differs between clusters.
//!
//! Nothing here asks a cluster or a registry anything, and the same input gives the same bytes.

pub mod deploy;
mod families;
mod generate;
mod namespaces;
mod policy;
pub mod site;
mod yaml;

pub use families::{ByName, CAUTIOUS, Cautious, Families, cautious};
pub use generate::{Deployment, Options, ResourcesError, cluster_policies, is_by_choice};
pub use namespaces::{EXCLUDED, ExcludedNamespace};
pub use policy::{ClusterAdmissionPolicy, Mode};
pub use yaml::documents;
