//! `isolation-annotate METADATA MODULE OUT`: puts a policy's metadata into its module, as `kwctl annotate` does.

use std::process::ExitCode;

use anyhow::{Context, Result};
use isolation_policy_module::Metadata;

fn run() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [metadata, module, out] = arguments.as_slice() else {
        anyhow::bail!("usage: isolation-annotate METADATA.yml MODULE.wasm OUT.wasm");
    };
    let text = std::fs::read_to_string(metadata).with_context(|| format!("cannot read {metadata}"))?;
    let read = Metadata::read(&text).with_context(|| format!("{metadata} is not right"))?;
    let bytes = std::fs::read(module).with_context(|| format!("cannot read {module}"))?;
    let annotated = read.embed(&bytes).with_context(|| format!("cannot annotate {module}"))?;
    std::fs::write(out, &annotated).with_context(|| format!("cannot write {out}"))?;
    println!("{out}  {} {}  {} bytes", read.title(), read.version(), annotated.len());
    Ok(())
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
