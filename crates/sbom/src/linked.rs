//! What all modules together are made of.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{Package, TargetKind};

use crate::unsafe_code;
use crate::workspace::{Crate, SbomError, Workspace};

/// A crate of a registry that is linked into modules.
#[derive(Debug)]
pub struct LinkedCrate {
    /// Its name.
    pub name: String,
    /// Its version, as the lock file has it.
    pub version: String,
    /// Its licence, an SPDX expression.
    pub license: String,
    /// How often its sources say `unsafe`, for whatever platform.
    pub unsafe_uses: usize,
    /// Whether it runs a program of its own while the module is built.
    pub build_script: bool,
    /// The modules whose trees it is in.
    pub modules: BTreeSet<String>,
}

impl Workspace {
    /// The registry's crates that are linked into the modules of these names, by name.
    ///
    /// # Errors
    ///
    /// No such module, or sources that cannot be read.
    pub fn linked_crates(&self, modules: &[&str]) -> Result<Vec<LinkedCrate>, SbomError> {
        let mut crates: BTreeMap<Crate, BTreeSet<String>> = BTreeMap::new();
        for module in modules {
            for of in self.linked(module)? {
                crates.entry(of).or_default().insert((*module).to_owned());
            }
        }
        let mut linked = Vec::new();
        for (of, modules) in crates {
            let package = self.package(&of).ok_or_else(|| SbomError::NoPackage(of.0.clone()))?;
            if package.source.is_some() {
                linked.push(facts(package, modules)?);
            }
        }
        Ok(linked)
    }
}

fn facts(package: &Package, modules: BTreeSet<String>) -> Result<LinkedCrate, SbomError> {
    let folder = package.manifest_path.as_std_path().parent().unwrap_or(package.manifest_path.as_std_path());
    Ok(LinkedCrate {
        name: package.name.to_string(),
        version: package.version.to_string(),
        license: package.license.clone().unwrap_or_default(),
        unsafe_uses: unsafe_code::uses(folder)?,
        build_script: package.targets.iter().any(|target| target.kind.contains(&TargetKind::CustomBuild)),
        modules,
    })
}
