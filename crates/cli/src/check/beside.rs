//! What is read with a template or a file of parameters that is named, as commit hooks do.
//!
//! A template is judged with each file of parameters of its folder, and a file of parameters in the templates that it is for, which
//! may be above it. Whoever names one of them means both.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use isolation_azure::{Parameters, is_of_azure_text};

use super::patterns::Patterns;
use super::texts::read_file;

/// How large such a file may be.
const LARGEST: u64 = 16 << 20;

/// How many folders above a file of parameters may have its template.
const ABOVE: usize = 3;

/// What stands beside the files that are named.
#[derive(Debug, Default)]
pub struct Beside {
    /// Values, and templates that others of them may be for.
    pub parameters: Parameters,
    /// The templates that a named file of parameters is for.
    pub templates: Vec<PathBuf>,
}

/// Finds it. `files` are all that are read, among them some of the `paths`; none of those that match `exclude` is beside them.
pub fn beside(paths: &[PathBuf], files: &[PathBuf], exclude: &[String]) -> Beside {
    let is_file = |path: &&PathBuf| path.extension().is_some_and(|ending| ending == "json") && files.contains(path);
    let named: Vec<_> = paths.iter().filter(is_file).filter_map(|path| Some((path, azure_text(path)?))).collect();
    let mut all = Parameters::default();
    let mut folders = BTreeSet::new();
    let mut values = Vec::new();
    for (path, text) in &named {
        let mut own = Parameters::default();
        own.add(&path.display().to_string(), text);
        all.extend(&own);
        let above = path.parent().into_iter().flat_map(Path::ancestors);
        folders.extend(above.take(if own.has_values() { 1 + ABOVE } else { usize::from(!own.is_empty()) }));
        if own.has_values() {
            values.push(path.display().to_string());
        }
    }
    if folders.is_empty() {
        return Beside::default();
    }
    let read: BTreeSet<_> = files.iter().filter_map(|file| file.canonicalize().ok()).collect();
    let is_read = |path: &PathBuf| path.canonicalize().is_ok_and(|path| read.contains(&path));
    let found = folders.into_iter().flat_map(|folder| files_of(folder, exclude)).filter(|path| !is_read(path));
    let found: Vec<_> = found.filter_map(|path| Some((azure_text(&path)?, path))).collect();
    found.iter().for_each(|(text, path)| all.add(&path.display().to_string(), text));
    let settled = all.settle();
    let mut beside = Beside::default();
    for (text, path) in found {
        let name = path.display().to_string();
        if values.iter().any(|file| settled.is_for(file, &name)) {
            beside.templates.push(path);
        } else {
            beside.parameters.add(&name, &text);
        }
    }
    beside
}

/// The files of a folder that a walk through it would read.
fn files_of(folder: &Path, exclude: &[String]) -> Vec<PathBuf> {
    let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let entries = std::fs::read_dir(here).into_iter().flatten().flatten();
    let mut names: Vec<_> = entries.map(|entry| entry.file_name()).collect();
    names.retain(|name| Path::new(name).extension().is_some_and(|ending| ending == "json"));
    names.sort();
    let mut patterns = Patterns::of(here, exclude);
    patterns.inside(here, |patterns| {
        names.retain(|name| here.join(name).is_file() && patterns.why(&here.join(name), false).is_none());
    });
    names.into_iter().map(|name| folder.join(name)).collect()
}

fn azure_text(path: &Path) -> Option<String> {
    let (text, _) = read_file(path, LARGEST).ok()?;
    is_of_azure_text(&text).then_some(text)
}
