//! The policies' modules, as they were when this program was built.

use isolation_all_policies::POLICIES;

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// A policy's module.
#[derive(Debug)]
pub struct Embedded {
    /// The policy's name.
    pub name: &'static str,
    /// The module.
    pub bytes: &'static [u8],
}

/// The policies whose modules were not there when this program was built.
pub fn missing() -> Vec<&'static str> {
    let names = POLICIES.iter().map(|entry| entry.name);
    names.filter(|name| EMBEDDED.iter().all(|embedded| embedded.name != *name)).collect()
}

/// What to do about a module that was not there.
pub const BUILD_MODULES: &str = "Build the modules with `make`, then build this program again";
