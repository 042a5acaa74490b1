//! `isolation-sbom FILE.wasm…`: writes `FILE.cdx.json` beside each module, which is named like its package.
//! `isolation-sbom --program PACKAGE TARGET FILE…`: the same for programs, which are built from a package for a target.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use isolation_sbom::Workspace;

fn main() -> Result<()> {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    match arguments.as_slice() {
        [flag, package, target, files @ ..] if flag == "--program" => {
            let usage = "give --program PACKAGE TARGET FILE…";
            let workspace = Workspace::read_for(Path::new("."), target.to_str().context(usage)?)?;
            files.iter().try_for_each(|file| describe(&workspace, package.to_str().context(usage)?, Path::new(file)))
        }
        modules => {
            let workspace = Workspace::read(Path::new("."))?;
            modules.iter().map(Path::new).try_for_each(|path| {
                let name =
                    path.file_stem().and_then(|stem| stem.to_str()).context("give the path of a module, NAME.wasm")?;
                describe(&workspace, name, path)
            })
        }
    }
}

fn describe(workspace: &Workspace, package: &str, path: &Path) -> Result<()> {
    let built = std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let target = document(path);
    std::fs::write(&target, workspace.sbom(package, &built)?)
        .with_context(|| format!("{} cannot be written", target.display()))?;
    println!("{}", target.display());
    Ok(())
}

/// `private-images.cdx.json` for `private-images.wasm`, and `isolation-linux-x86_64.cdx.json` for the program of this name.
fn document(path: &Path) -> PathBuf {
    path.with_extension("cdx.json")
}
