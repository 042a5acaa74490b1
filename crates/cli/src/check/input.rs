//! The files to check and the objects in them.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use isolation_admission::Input;
use isolation_report::{NotEvaluated, Source};
use rayon::prelude::*;

/// The texts to read, and what of them cannot be read.
#[derive(Debug, Default)]
struct Texts {
    sources: Vec<Arc<Source>>,
    unreadable: Vec<NotEvaluated>,
}

/// What standard input is called.
pub const STDIN: &str = "<stdin>";

/// Endings of files that are read below a folder. A file that is named is read whatever its ending.
const ENDINGS: &[&str] = &["json", "yaml", "yml"];

/// Files that stand among manifests and are none.
const NO_MANIFESTS: &[&str] = &["kustomization.yaml", "kustomization.yml", "Chart.yaml", "Chart.lock"];

/// Reads every path. `config` is the configuration, which is not a manifest.
pub fn read(paths: &[PathBuf], config: Option<&Path>) -> Input {
    let mut texts = Texts::default();
    let mut files = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            let mut bytes = Vec::new();
            let read = std::io::stdin().read_to_end(&mut bytes).map(|_| bytes);
            texts.add(STDIN.into(), read);
        } else if path.is_dir() {
            walk(path, config, &mut files, &mut texts);
        } else {
            files.push(path.clone());
        }
    }
    for file in files {
        texts.add(file.display().to_string(), std::fs::read(&file));
    }
    let read: Vec<_> = texts.sources.par_iter().map(|source| isolation_manifest::read(&source.text)).collect();
    let mut input = Input { faults: texts.unreadable, ..Input::default() };
    for (source, read) in texts.sources.into_iter().zip(read) {
        input.add(source, read);
    }
    input
}

impl Texts {
    fn add(&mut self, name: String, bytes: std::io::Result<Vec<u8>>) {
        match bytes.map(String::from_utf8) {
            Ok(Ok(text)) => self.sources.push(Arc::new(Source::new(name, text))),
            Ok(Err(error)) => {
                let at = error.utf8_error().valid_up_to();
                self.unreadable(name, &format!("not UTF-8 text: byte {at} cannot be read"));
            }
            Err(error) => self.unreadable(name, &error.to_string()),
        }
    }

    fn unreadable(&mut self, name: String, why: &str) {
        let what = format!("cannot read {name}: {why}");
        self.unreadable.push(NotEvaluated { place: None, subject: name, what, help: String::new() });
    }
}

/// The manifests below a folder, in the order of their names. Hidden files and folders are passed over.
fn walk(folder: &Path, config: Option<&Path>, files: &mut Vec<PathBuf>, texts: &mut Texts) {
    let entries = match std::fs::read_dir(folder).and_then(|entries| entries.collect::<std::io::Result<Vec<_>>>()) {
        Ok(entries) => entries,
        Err(error) => return texts.unreadable(folder.display().to_string(), &error.to_string()),
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
            walk(&path, config, files, texts);
            continue;
        }
        let ending = path.extension().unwrap_or_default().to_string_lossy().into_owned();
        if !ENDINGS.contains(&ending.as_str()) {
            continue;
        }
        let is_values = is_chart && (name.starts_with("values") || name == "values.schema.json");
        if NO_MANIFESTS.contains(&name.as_str()) || is_values || config.is_some_and(|config| same_file(config, &path)) {
            continue;
        }
        files.push(path);
    }
}

fn same_file(a: &Path, b: &Path) -> bool {
    a == b || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}
