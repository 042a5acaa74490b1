//! Where the report goes.

use std::io::{self, Write as _};
use std::path::Path;

use anyhow::{Context, Result};
use isolation_readiness::{Readiness, formats};

use super::args::Format;
use crate::replace;

/// Writes the report in a format.
pub fn write(document: &Readiness, format: Format, out: &mut dyn io::Write) -> io::Result<()> {
    match format {
        Format::Human => formats::terminal::write(document, out),
        Format::Json => formats::json::write(document, out),
        Format::Markdown => formats::markdown::write(document, out),
        Format::Html => formats::html::write(document, out),
    }
}

/// Prints the report. Whoever reads may have seen enough, as `head` has: the verdict stands all the same.
pub fn print(document: &Readiness, format: Format) -> Result<()> {
    let mut out = io::BufWriter::new(anstream::stdout().lock());
    match write(document, format, &mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

/// Writes a file whole or not at all.
pub fn write_file(document: &Readiness, path: &Path, format: Format) -> Result<()> {
    let failed = || format!("cannot write {}", path.display());
    let mut bytes = Vec::new();
    write(document, format, &mut bytes).with_context(failed)?;
    let bytes = if format == Format::Human { anstream::adapter::strip_bytes(&bytes).into_vec() } else { bytes };
    replace::write(path, &bytes).with_context(failed)?;
    anstream::eprintln!("wrote {}", path.display());
    Ok(())
}
