//! The policies' modules: those embedded when this program was built, and those in files.

use std::path::PathBuf;

use anyhow::{Result, bail};
use isolation_all_policies::POLICIES;
use isolation_oci::Module;

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// A policy's module.
#[derive(Debug)]
pub struct Embedded {
    /// The policy's name.
    pub name: &'static str,
    /// The module.
    pub bytes: &'static [u8],
}

/// The policies whose modules were missing when this program was built.
pub fn missing() -> Vec<&'static str> {
    let names = POLICIES.iter().map(|entry| entry.name);
    names.filter(|name| EMBEDDED.iter().all(|embedded| embedded.name != *name)).collect()
}

/// What to do about a missing module.
const BUILD_MODULES: &str = "Use a release, or build the modules with `make` and then this program again";

/// The modules at these paths; without paths, the built-in ones.
///
/// # Errors
///
/// A file without a module, or a module that was missing when this program was built.
pub fn read(paths: &[PathBuf]) -> Result<Vec<Module>> {
    if paths.is_empty() {
        if let lacking @ [_, ..] = missing().as_slice() {
            bail!("this program was built without the modules of {}. {BUILD_MODULES}", lacking.join(", "));
        }
        let built_in = EMBEDDED.iter().map(|embedded| Module::from_bytes(embedded.name, embedded.bytes));
        return Ok(built_in.collect::<Result<_, _>>()?);
    }
    let mut modules = Vec::new();
    for path in paths {
        if path.is_dir() {
            modules.extend(Module::read_all(path)?);
        } else {
            modules.push(Module::read(path)?);
        }
    }
    Ok(modules)
}
