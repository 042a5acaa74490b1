//! `--fix` and `--diff`: what mutating policies make of objects, in the files that people keep.

use std::io::Write as _;

use anyhow::{Context, Result, bail};
use isolation_fix::{rewrite, unified_diff};

use super::input::STDIN;
use super::report::Rewrite;

fn rewritten(change: &Rewrite) -> Result<String> {
    let source = &change.source;
    rewrite(&source.text, &change.edits)
        .map_err(|error| anyhow::anyhow!("{}:{}: cannot be rewritten: {}", source.name, error.line, error.problem))
}

/// Prints the changes as a patch; whether there are any.
pub fn diff(changes: &[Rewrite]) -> Result<bool> {
    let mut out = anstream::stdout().lock();
    for change in changes {
        write!(out, "{}", unified_diff(&change.source.name, &change.source.text, &rewritten(change)?))?;
    }
    Ok(!changes.is_empty())
}

/// Writes the changes into the files. Each file is replaced whole or not at all.
pub fn write(changes: &[Rewrite]) -> Result<()> {
    // All of them first: a file that cannot be rewritten leaves the others as they are.
    let texts = changes.iter().map(rewritten).collect::<Result<Vec<_>>>()?;
    for (change, text) in changes.iter().zip(texts) {
        let name = &change.source.name;
        if name == STDIN {
            bail!("standard input cannot be rewritten; name the files, or use --diff");
        }
        let unfinished = format!("{name}.isolation-fix");
        let written = std::fs::metadata(name)
            .and_then(|old| {
                std::fs::write(&unfinished, text)?;
                std::fs::set_permissions(&unfinished, old.permissions())?;
                std::fs::rename(&unfinished, name)
            })
            .with_context(|| format!("cannot write {name}"));
        if written.is_err() {
            let _ = std::fs::remove_file(&unfinished);
        }
        written?;
        let count = change.edits.len();
        let references = if count == 1 { "reference" } else { "references" };
        anstream::eprintln!("{name}: {count} {references} rewritten");
    }
    Ok(())
}
