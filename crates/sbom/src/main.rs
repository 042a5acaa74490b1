//! `isolation-sbom FILE.wasm…`: writes `FILE.cdx.json` beside each module, which is named like its package.

use std::path::Path;

use anyhow::{Context as _, Result};
use isolation_sbom::Workspace;

fn main() -> Result<()> {
    let workspace = Workspace::read(Path::new("."))?;
    for argument in std::env::args_os().skip(1) {
        let path = Path::new(&argument);
        let module = std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
        let name = path.file_stem().and_then(|stem| stem.to_str()).context("give the path of a module, NAME.wasm")?;
        let target = path.with_extension("cdx.json");
        std::fs::write(&target, workspace.sbom(name, &module)?)
            .with_context(|| format!("{} cannot be written", target.display()))?;
        println!("{}", target.display());
    }
    Ok(())
}
