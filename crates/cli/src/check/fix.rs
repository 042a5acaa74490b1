//! `--fix` and `--diff`: the changes of mutating policies, in the source files.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use isolation_admission::Judged;
use isolation_manifest::{Encoding, rewrite};
use isolation_report::{NotEvaluated, Note, Place, Source, printable};
use serde_json::Value;
use similar::TextDiff;

use super::input::{File, Read, STDIN};
use super::pins::Pins;
use crate::replace::replace;

/// The changes of one file.
#[derive(Debug)]
pub struct Change {
    source: Arc<Source>,
    /// The file; `None` for standard input.
    file: Option<File>,
    text: String,
    strings: usize,
}

/// The changes to write, and reports on those that cannot be written.
#[derive(Debug, Default)]
pub struct Plan {
    /// The files that change.
    pub changes: Vec<Change>,
    /// The files that are left alone though something in them should change.
    pub left_alone: Vec<NotEvaluated>,
    /// What no file holds.
    pub notes: Vec<Note>,
}

impl Plan {
    /// Plans what mutating policies would write into the files.
    pub fn of(read: &Read, judged: &[Judged]) -> Self {
        let mut plan = Plan::default();
        let mut pins = Pins::of(&read.input.items);
        let mut items = read.input.items.iter().zip(judged).peekable();
        for (index, source) in read.input.sources.iter().enumerate() {
            let mut wanted: BTreeMap<usize, Value> = BTreeMap::new();
            let mut renamed = Vec::new();
            let mut ordinal = 0;
            while let Some((item, judged)) = items.next_if(|(item, _)| Arc::ptr_eq(&item.source, source)) {
                if let Some(rewritten) = &judged.rewritten {
                    strings_that_change(&item.to_json(), &rewritten.object, &mut renamed);
                    wanted.insert(ordinal, rewritten.object.clone());
                }
                ordinal += 1;
            }
            if wanted.is_empty()
                || renamed.is_empty() && rewrite(&source.text, &wanted).is_ok_and(|same| same.strings == 0)
            {
                continue;
            }
            if let Some(folder) = read.rendered.get(&index) {
                plan.notes.push(Note {
                    place: None,
                    what: format!("policies would rewrite images of {}, which is rendered", folder.name()),
                    help: "Change its values or manifests; to rewrite a file, name it: --fix FILE".to_owned(),
                });
                continue;
            }
            let file = read.files.get(&index);
            if let Some(file) = file {
                pins.look_around(&file.path);
            }
            match one(source, file, &wanted, &renamed, &pins) {
                Ok(change) => plan.changes.push(change),
                Err(problem) => plan.left_alone.push(problem),
            }
        }
        plan
    }
}

fn one(
    source: &Arc<Source>,
    file: Option<&File>,
    wanted: &BTreeMap<usize, Value>,
    renamed: &[(String, String)],
    pins: &Pins,
) -> Result<Change, NotEvaluated> {
    let left_alone = |place: Option<Place>, what: &str, help: String| NotEvaluated {
        place,
        subject: source.name.clone(),
        what: format!("{} is unchanged: {what}", source.name),
        help,
    };
    if file.is_some_and(|file| file.encoding == Encoding::Unknown) {
        return Err(left_alone(None, "it is not UTF-8", "Save the file as UTF-8".to_owned()));
    }
    let pinned = renamed.iter().find_map(|(old, new)| Some((pins.holder(old)?, new)));
    if let Some(((name, holder), new)) = pinned {
        let what = format!("{holder} finds the image {name} by this name, and would no longer find it");
        let help = format!("First write the new name of {new} there, then run --fix again");
        return Err(left_alone(None, &what, help));
    }
    match rewrite(&source.text, wanted) {
        Ok(rewritten) => {
            let (text, strings) = (rewritten.text, rewritten.strings);
            Ok(Change { source: Arc::clone(source), file: file.cloned(), text, strings })
        }
        Err(error) => Err(left_alone(Some(Place::new(source, error.span)), &error.what, error.help.to_owned())),
    }
}

/// The changed strings, before and after.
fn strings_that_change(old: &Value, new: &Value, found: &mut Vec<(String, String)>) {
    match (old, new) {
        (Value::String(old), Value::String(new)) if old != new => found.push((old.clone(), new.clone())),
        (Value::Array(old), Value::Array(new)) => {
            old.iter().zip(new).for_each(|(old, new)| strings_that_change(old, new, found));
        }
        (Value::Object(old), Value::Object(new)) => {
            for (key, old) in old {
                if let Some(new) = new.get(key) {
                    strings_that_change(old, new, found);
                }
            }
        }
        _ => {}
    }
}

/// Writes the changes as a patch that `git apply` and `patch` take; whether there are any.
///
/// # Errors
///
/// What keeps `out` from being written to.
pub fn diff(changes: &[Change], out: &mut dyn Write) -> io::Result<bool> {
    for change in changes {
        let name = match &change.file {
            Some(file) => patch_name(&file.path),
            None => "stdin".to_owned(),
        };
        let (from, to) = (quoted(&format!("a/{name}")), quoted(&format!("b/{name}")));
        let end = if name.contains(' ') { "\t" } else { "" };
        let diff = TextDiff::from_lines(&change.source.text, &change.text);
        writeln!(out, "diff --git {from} {to}")?;
        write!(
            out,
            "{}",
            diff.unified_diff().context_radius(3).header(&format!("{from}{end}"), &format!("{to}{end}"))
        )?;
    }
    Ok(!changes.is_empty())
}

/// What a patch calls a file: its path below the repository, or below the working directory.
fn patch_name(path: &Path) -> String {
    let full = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let repository = full.ancestors().skip(1).find(|folder| folder.join(".git").exists());
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
pub fn write(changes: &[Change]) -> Vec<NotEvaluated> {
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
                let references = if change.strings == 1 { "reference" } else { "references" };
                // A closed standard error keeps no file from being written.
                let _ = writeln!(anstream::stderr(), "rewrote {} {references} in {}", change.strings, printable(name));
            }
            Err(error) => failures.push(failed(format!("cannot write {name}: {error}"), "")),
        }
    }
    failures
}
