//! `isolation-weigh FILE.wasm…`: how many bytes of code each crate has in modules that carry names, in all and in the largest.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, anyhow};
use isolation_sbom::weigh;

fn main() -> Result<()> {
    let mut crates: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut modules = 0;
    for path in std::env::args().skip(1) {
        let module = std::fs::read(&path).with_context(|| format!("{path} cannot be read"))?;
        for (name, bytes) in weigh(&module).map_err(|problem| anyhow!("{path}: {problem}"))? {
            crates.entry(name).or_default().push(bytes);
        }
        modules += 1;
    }
    let mut rows: Vec<(usize, usize, String)> = crates
        .into_iter()
        .map(|(name, bytes)| (bytes.iter().copied().max().unwrap_or_default(), bytes.len(), name))
        .collect();
    rows.sort_unstable_by(|one, other| other.cmp(one));
    println!("{:32}{:>16}{:>12}", "crate", "bytes, at most", "modules");
    for (most, in_modules, name) in rows {
        println!("{name:32}{most:>16}{:>12}", format!("{in_modules} of {modules}"));
    }
    Ok(())
}
