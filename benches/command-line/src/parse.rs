//! Parsing and nothing else: every event of every document, looked at and forgotten.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow};
use granit_parser::{Event, Options, Parser};
use rayon::prelude::*;

/// Parses every file that is named, or that is in a folder that is.
pub fn run(paths: &[OsString], on_all_cores: bool) -> Result<()> {
    let mut files = Vec::new();
    for path in paths.iter().map(Path::new) {
        if path.is_dir() {
            let entries = std::fs::read_dir(path)?.map(|entry| Ok(entry?.path()));
            files.extend(entries.collect::<Result<Vec<PathBuf>>>()?);
        } else {
            files.push(path.to_owned());
        }
    }
    let scalars: usize = if on_all_cores {
        files.par_iter().map(|file| parse(file, true)).sum::<Result<usize>>()?
    } else {
        files.iter().map(|file| parse(file, false)).sum::<Result<usize>>()?
    };
    println!("{scalars} scalars");
    Ok(())
}

fn parse(file: &Path, on_all_cores: bool) -> Result<usize> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    // kubectl, too, takes a file apart before it parses.
    let documents: Vec<&str> = text.split("\n---\n").collect();
    if on_all_cores {
        documents.par_iter().map(|text| scalars(text)).sum()
    } else {
        documents.into_iter().map(scalars).sum()
    }
}

fn scalars(text: &str) -> Result<usize> {
    let mut options = Options::default();
    options.set_emit_comments(false);
    let mut parser = Parser::new_from_str_with_options(text, options);
    let mut scalars = 0;
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| anyhow!("{error}"))?;
        if let Event::Scalar(text, ..) = event {
            scalars += usize::from(!text.is_empty() && span.byte_range().is_some());
        }
    }
    Ok(scalars)
}
