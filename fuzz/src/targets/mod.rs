//! All that is fuzzed, one file each.

#[cfg(feature = "archives")]
pub mod archives;
pub mod carriers;
pub mod configuration;
pub mod dumps;
pub mod fix;
pub mod manifests;
pub mod policies;
pub mod references;
pub mod requests;
pub mod settings;
pub mod strings;
pub mod templates;
pub mod yaml;

use crate::target::Target;

/// All of them, in the order in which they are run.
pub const TARGETS: &[Target] = &[
    fix::TARGET,
    requests::TARGET,
    carriers::TARGET,
    strings::TARGET,
    settings::TARGET,
    references::TARGET,
    yaml::TARGET,
    manifests::TARGET,
    policies::TARGET,
    configuration::TARGET,
    #[cfg(feature = "archives")]
    archives::TARGET,
    dumps::TARGET,
    templates::TARGET,
];
