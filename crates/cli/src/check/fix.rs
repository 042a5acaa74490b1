//! `--fix` and `--diff`: the changes of mutating policies and of findings, in the source files.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use isolation_manifest::{Encoding, Rewritten, SkippedChange, rewrite};
use isolation_report::{Finding, NotEvaluated, Note, Place, Source, printable};
use serde_json::Value;
use similar::TextDiff;

use super::input::{File, Read};
use super::pins::{Pins, name_of};
use super::texts::STDIN;
use crate::replace::replace;
use crate::repository::root_of;

/// The changes of one file.
#[derive(Debug)]
pub struct FileChange {
    source: Arc<Source>,
    /// The file; `None` for standard input.
    file: Option<File>,
    text: String,
    places: usize,
}

/// The changes to write, and notes on those that cannot be written.
#[derive(Debug, Default)]
pub struct Plan {
    /// The files that change.
    pub changes: Vec<FileChange>,
    /// What cannot be changed, and why.
    pub notes: Vec<Note>,
}

impl Plan {
    /// Plans what mutating policies would write into the files (`rewritten`, by item), and the changes that findings carry:
    /// those that are safe, or all.
    pub fn of(read: &Read, rewritten: Vec<Option<Value>>, findings: &[Finding], all: bool, pins: &mut Pins) -> Self {
        let mut plan = Plan::default();
        for mut planned in isolation_admission::plan(&read.input, rewritten, findings, all) {
            if let Some(folder) = read.rendered.get(&planned.index) {
                plan.notes.push(Note {
                    place: None,
                    what: format!("{} is rendered, so --fix does not change it", folder.name()),
                    help: "Change its values or manifests; to rewrite a file, name it: --fix FILE".to_owned(),
                });
                continue;
            }
            let file = read.files.get(&planned.index);
            if file.is_some_and(|file| file.encoding == Encoding::Unknown) {
                plan.notes.push(Note {
                    place: None,
                    what: format!("{} is unchanged: it is not UTF-8", planned.source.name),
                    help: "Save the file as UTF-8".to_owned(),
                });
                continue;
            }
            let pins = pins.around(file.map(|file| file.path.as_path()));
            let held = planned
                .hold(|old, new| pins.holder(old, new).map(|(name, holder)| (name, holder, name_of(new).to_owned())));
            let mut said = BTreeSet::new();
            for (place, (name, holder, new)) in held {
                if said.insert((name.clone(), holder.clone())) {
                    plan.notes.push(Note {
                        place: Some(place),
                        what: format!(
                            "unchanged: {holder} finds the image {name} by this name, and would no longer find it"
                        ),
                        help: format!("First add an entry for {new} there, then run --fix again"),
                    });
                }
            }
            match rewrite(&planned.source.text, &planned.wanted) {
                Ok(Rewritten { text, places, skipped }) => {
                    if places > 0 {
                        let source = Arc::clone(planned.source);
                        plan.changes.push(FileChange { source, file: file.cloned(), text, places });
                    }
                    plan.notes.extend(skipped.into_iter().filter_map(|SkippedChange { object, change, why }| {
                        let place = planned.items.get(object)?.place(&change.path);
                        let what = format!("unchanged: {why}");
                        Some(Note { place: Some(place), what, help: "Change it by hand".to_owned() })
                    }));
                }
                Err(error) => plan.notes.push(Note {
                    place: Some(Place::new(planned.source, error.span)),
                    what: format!("{} is unchanged: {}", planned.source.name, error.what),
                    help: error.help.to_owned(),
                }),
            }
        }
        plan
    }
}

/// Writes the changes as a patch that `git apply` and `patch` take.
///
/// # Errors
///
/// What keeps `out` from being written to.
pub fn diff(changes: &[FileChange], out: &mut dyn Write) -> io::Result<()> {
    for change in changes {
        let name = match &change.file {
            Some(file) => patch_name(&file.path),
            None => "stdin".to_owned(),
        };
        let (from, to) = (quoted(&format!("a/{name}")), quoted(&format!("b/{name}")));
        let end = if name.contains(' ') { "\t" } else { "" };
        writeln!(out, "diff --git {from} {to}\n--- {from}{end}\n+++ {to}{end}")?;
        // A patch is about the bytes of the file, whatever its encoding.
        let encoding = change.file.as_ref().map_or(Encoding::Utf8, |file| file.encoding);
        let bytes = |text: &str| encoding.encode(text).unwrap_or_else(|| text.as_bytes().to_vec());
        let (old, new) = (bytes(&change.source.text), bytes(&change.text));
        let (old, new) = (lines(&old), lines(&new));
        let diff = TextDiff::configure().newline_terminated(true).diff_slices(&old, &new);
        for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
            writeln!(out, "{}", hunk.header())?;
            for line in hunk.iter_changes() {
                write!(out, "{}", line.tag())?;
                out.write_all(line.value())?;
                // A file may end in CR, which to git is no line break.
                if !line.value().ends_with(b"\n") {
                    out.write_all(b"\n\\ No newline at end of file\n")?;
                }
            }
        }
    }
    Ok(())
}

/// Lines as git splits them: at nothing but a line feed.
fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n').collect()
}

/// What a patch calls a file: its path below the repository, or below the working directory.
fn patch_name(path: &Path) -> String {
    let full = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let repository = full.parent().and_then(root_of);
    let here = std::env::current_dir().and_then(|folder| folder.canonicalize()).unwrap_or_default();
    let relative = full.strip_prefix(repository.unwrap_or(&here)).unwrap_or(&full);
    relative.to_string_lossy().trim_start_matches('/').to_owned()
}

/// A name as git writes it: in quotes, where it has characters that a line does not show.
fn quoted(name: &str) -> String {
    if name.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\') {
        return name.to_owned();
    }
    let escaped: String = name
        .bytes()
        .map(|byte| match byte {
            b'"' => "\\\"".to_owned(),
            b'\\' => "\\\\".to_owned(),
            b' '..=b'~' => char::from(byte).to_string(),
            _ => format!("\\{byte:03o}"),
        })
        .collect();
    format!("\"{escaped}\"")
}

/// Writes the changes into the files, each whole or not at all; what could not be written.
pub fn write(changes: &[FileChange]) -> Vec<NotEvaluated> {
    let mut failures = Vec::new();
    for change in changes {
        let name = &change.source.name;
        let failed =
            |what: String, help: &str| NotEvaluated { place: None, subject: name.clone(), what, help: help.to_owned() };
        let Some(file) = &change.file else {
            let help = "Name the files, or use --diff";
            failures.push(failed(format!("{STDIN} cannot be rewritten"), help));
            continue;
        };
        let bytes = file.encoding.encode(&change.text).unwrap_or_default();
        match replace(&file.path, &bytes) {
            Ok(()) => {
                let fields = if change.places == 1 { "field" } else { "fields" };
                // A closed standard error keeps no file from being written.
                let _ = writeln!(anstream::stderr(), "rewrote {} {fields} in {}", change.places, printable(name));
            }
            Err(error) => failures.push(failed(format!("cannot write {name}: {error}"), "")),
        }
    }
    failures
}
