//! `isolation-generate`: writes every generated file, and removes those that nothing generates any more. With `--check` it
//! changes nothing, and fails where it would have.

use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use isolation_generate::{GeneratedFile, files, is_current, leftovers, root};

fn main() -> Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let check = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => false,
        ["--check"] => true,
        _ => bail!("expected no argument, or --check"),
    };
    let files = files()?;
    let left = leftovers(&files)?;
    let stale: Vec<&GeneratedFile> = files.iter().filter(|file| !is_current(file)).collect();
    for path in &left {
        println!("{} {}", if check { "left over" } else { "removed" }, path.display());
        if !check {
            std::fs::remove_file(root().join(path)).with_context(|| format!("cannot remove {}", path.display()))?;
        }
    }
    for file in &stale {
        println!("{} {}", if check { "stale" } else { "wrote" }, file.path);
        if !check {
            write(file)?;
        }
    }
    if check && !(left.is_empty() && stale.is_empty()) {
        println!("run `make generate` and commit what it writes");
        return Ok(ExitCode::FAILURE);
    }
    println!("{} files are current", files.len());
    Ok(ExitCode::SUCCESS)
}

fn write(file: &GeneratedFile) -> Result<()> {
    let path = root().join(&file.path);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    std::fs::write(&path, &file.text).with_context(|| format!("cannot write {}", file.path))
}
