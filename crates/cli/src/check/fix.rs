//! `--fix` and `--diff`: what mutating policies make of objects, in the files that people keep.

use std::io::Write as _;

use std::sync::Arc;

use anyhow::{Context, Result, bail};
use isolation_admission::{Input, Judged};
use isolation_fix::{Edit, edits, rewrite, unified_diff};
use isolation_report::{NotEvaluated, Source};

use super::input::STDIN;

/// What mutating policies would write into one source.
#[derive(Debug)]
pub struct Rewrite {
    /// The source.
    pub source: Arc<Source>,
    /// The scalars that are to hold another text.
    pub edits: Vec<Edit>,
}

/// What mutating policies would write into the sources, and what of it cannot be written.
pub fn rewrites(input: &Input, judged: &[Judged]) -> (Vec<Rewrite>, Vec<NotEvaluated>) {
    let mut rewrites: Vec<Rewrite> = Vec::new();
    let mut failures = Vec::new();
    for (item, judged) in input.items.iter().zip(judged) {
        let Some(rewritten) = &judged.rewritten else { continue };
        match edits(&item.object.node, &rewritten.object) {
            Some(edits) if edits.is_empty() => {}
            Some(edits) => match rewrites.last_mut().filter(|last| Arc::ptr_eq(&last.source, &item.source)) {
                Some(last) => last.edits.extend(edits),
                None => rewrites.push(Rewrite { source: Arc::clone(&item.source), edits }),
            },
            None => failures.push(NotEvaluated {
                place: Some(item.place("kind")),
                subject: item.object.subject(),
                what: format!("what {} makes of it is more than other texts in the same places", rewritten.policy),
                help: String::new(),
            }),
        }
    }
    (rewrites, failures)
}

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
