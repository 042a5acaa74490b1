//! The labels of what is deployed: which policy, which part of it, which version and mode, and that it is ours.

/// The policy.
pub(crate) const NAME: &str = "app.kubernetes.io/name";
/// The part of the policy.
pub(crate) const COMPONENT: &str = "app.kubernetes.io/component";
/// The version of the policy.
pub(crate) const VERSION: &str = "app.kubernetes.io/version";
/// Whether it monitors or protects.
pub(crate) const MODE: &str = "network-isolation/mode";
/// On everything, with its value.
pub(crate) const PART_OF: (&str, &str) = ("app.kubernetes.io/part-of", "network-isolation-policies");
