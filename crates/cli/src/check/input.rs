//! The files to check and the objects in them.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use isolation_manifest::{Object, Problem};
use rayon::prelude::*;

use super::report::{NotEvaluated, Place};

/// A file, or standard input.
#[derive(Debug)]
pub struct Source {
    /// What it is called in output.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// A place in the input: which source.
pub type SourceIndex = usize;

/// All that was read.
#[derive(Debug, Default)]
pub struct Inputs {
    /// The sources that could be read.
    pub sources: Vec<Arc<Source>>,
    /// The objects, in the order they are written.
    pub objects: Vec<(SourceIndex, Object)>,
    /// Documents from which no object could be read.
    pub problems: Vec<(SourceIndex, Problem)>,
    /// Paths that could not be read, and why.
    pub unreadable: Vec<(String, String)>,
    /// How many files below folders are known not to be manifests.
    pub passed_over: usize,
}

/// What standard input is called.
pub const STDIN: &str = "<stdin>";

impl Inputs {
    /// What could not be read.
    pub fn faults(&self) -> Vec<NotEvaluated> {
        let unreadable = self.unreadable.iter().map(|(name, what)| NotEvaluated {
            place: None,
            subject: name.clone(),
            what: format!("cannot read {name}: {what}"),
            help: String::new(),
        });
        let problems = self.problems.iter().map(|(source, problem)| NotEvaluated {
            place: Some(Place { source: Arc::clone(&self.sources[*source]), span: problem.span.clone() }),
            subject: String::new(),
            what: problem.what.clone(),
            help: problem.help.clone(),
        });
        unreadable.chain(problems).collect()
    }
}

/// Endings of files that are read below a folder. A file that is named is read whatever its ending.
const ENDINGS: &[&str] = &["json", "yaml", "yml"];

/// Files that stand among manifests and are none.
const NO_MANIFESTS: &[&str] = &["kustomization.yaml", "kustomization.yml", "Chart.yaml", "Chart.lock"];

/// Reads every path. `config` is the configuration, which is not a manifest.
pub fn read(paths: &[PathBuf], config: Option<&Path>) -> Inputs {
    let mut inputs = Inputs::default();
    let mut files = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            let mut bytes = Vec::new();
            let read = std::io::stdin().read_to_end(&mut bytes).map(|_| bytes);
            add(&mut inputs, STDIN.into(), read);
        } else if path.is_dir() {
            walk(path, config, &mut files, &mut inputs);
        } else {
            files.push(path.clone());
        }
    }
    for file in files {
        add(&mut inputs, file.display().to_string(), std::fs::read(&file));
    }
    let read: Vec<_> = inputs.sources.par_iter().map(|source| isolation_manifest::read(&source.text).found).collect();
    for (index, found) in read.into_iter().enumerate() {
        for found in found {
            match found {
                Ok(object) => inputs.objects.push((index, object)),
                Err(problem) => inputs.problems.push((index, problem)),
            }
        }
    }
    inputs
}

fn add(inputs: &mut Inputs, name: String, bytes: std::io::Result<Vec<u8>>) {
    let text = match bytes.map(String::from_utf8) {
        Ok(Ok(text)) => text,
        Ok(Err(error)) => {
            let at = error.utf8_error().valid_up_to();
            return inputs.unreadable.push((name, format!("not UTF-8 text: byte {at} cannot be read")));
        }
        Err(error) => return inputs.unreadable.push((name, error.to_string())),
    };
    inputs.sources.push(Arc::new(Source { name, text }));
}

/// The manifests below a folder, in the order of their names. Hidden files and folders are passed over.
fn walk(folder: &Path, config: Option<&Path>, files: &mut Vec<PathBuf>, inputs: &mut Inputs) {
    let entries = match std::fs::read_dir(folder).and_then(|entries| entries.collect::<std::io::Result<Vec<_>>>()) {
        Ok(entries) => entries,
        Err(error) => return inputs.unreadable.push((folder.display().to_string(), error.to_string())),
    };
    let mut paths: Vec<_> = entries.into_iter().map(|entry| entry.path()).collect();
    paths.sort();
    let is_chart = folder.join("Chart.yaml").exists();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        if path.is_dir() {
            walk(&path, config, files, inputs);
            continue;
        }
        let ending = path.extension().unwrap_or_default().to_string_lossy().into_owned();
        if !ENDINGS.contains(&ending.as_str()) {
            continue;
        }
        let is_values = is_chart && (name.starts_with("values") || name == "values.schema.json");
        if NO_MANIFESTS.contains(&name.as_str()) || is_values || config.is_some_and(|config| same_file(config, &path)) {
            inputs.passed_over += 1;
            continue;
        }
        files.push(path);
    }
}

fn same_file(a: &Path, b: &Path) -> bool {
    a == b || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}
