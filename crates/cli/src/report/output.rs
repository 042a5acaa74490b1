//! Where the report goes.

use std::io::{self, Write as _};
use std::path::Path;

use anyhow::{Context, Result};
use isolation_readiness::{Readiness, forms};

use super::args::Form;
use crate::replace;

/// Writes the report in a form.
pub fn write(document: &Readiness, form: Form, out: &mut dyn io::Write) -> io::Result<()> {
    match form {
        Form::Human => forms::terminal::write(document, out),
        Form::Json => forms::json::write(document, out),
        Form::Markdown => forms::markdown::write(document, out),
        Form::Html => forms::html::write(document, out),
    }
}

/// Prints the report. Whoever reads may have seen enough, as `head` has: the verdict stands all the same.
pub fn print(document: &Readiness, form: Form) -> Result<()> {
    let mut out = io::BufWriter::new(anstream::stdout().lock());
    match write(document, form, &mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

/// Writes a file whole or not at all.
pub fn write_file(document: &Readiness, path: &Path, form: Form) -> Result<()> {
    let failed = || format!("cannot write {}", path.display());
    let mut bytes = Vec::new();
    write(document, form, &mut bytes).with_context(failed)?;
    let bytes = if form == Form::Human { anstream::adapter::strip_bytes(&bytes).into_vec() } else { bytes };
    replace::write(path, &bytes).with_context(failed)?;
    anstream::eprintln!("wrote {}", path.display());
    Ok(())
}
