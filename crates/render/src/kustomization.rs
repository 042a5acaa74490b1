//! What a kustomization names.

use std::path::{Path, PathBuf};

use isolation_document::Value;

/// The names that kustomize knows.
const FILES: &[&str] = &["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// The kustomization of a folder.
pub(crate) fn file_in(folder: &Path) -> Option<PathBuf> {
    FILES.iter().map(|name| folder.join(name)).find(|file| file.is_file())
}

/// A kustomization and what it names.
#[derive(Clone, Debug)]
pub struct Kustomization {
    /// Its file.
    pub file: PathBuf,
    /// Its text.
    pub text: String,
    /// Whether it is a component, which other kustomizations use.
    pub is_component: bool,
    /// The files and folders that it names, in their canonical form: resources, patches, values, generators' files.
    pub names: Vec<PathBuf>,
}

impl Kustomization {
    /// Whether a file is one, by its name.
    pub fn is_named(file: &str) -> bool {
        FILES.contains(&file)
    }

    /// The kustomization of a folder, if it has one that can be read.
    pub fn of(folder: &Path) -> Option<Self> {
        let file = file_in(folder)?;
        let text = std::fs::read_to_string(&file).ok()?;
        let document = isolation_manifest::value(&text).ok().flatten()?;
        let root = document.root();
        let mut names = Vec::new();
        collect(root, folder, &mut names);
        let is_component = root.get("kind").is_some_and(|kind| kind.is_text("Component"));
        drop(document);
        Some(Kustomization { file, text, is_component, names })
    }
}

/// Every string that names something beside the kustomization. Which fields hold paths changes with every release of
/// kustomize, and a string that happens to be a file's name costs nothing but a manifest that is looked at through the
/// kustomization alone.
fn collect(value: Value<'_>, folder: &Path, names: &mut Vec<PathBuf>) {
    if let Some(text) = value.text() {
        // `key=file` in generators.
        let paths = [Some(text), text.split_once('=').map(|(_, path)| path)];
        for path in
            paths.into_iter().flatten().filter(|path| !path.is_empty() && path.len() < 4096 && !path.contains('\n'))
        {
            names.extend(folder.join(path).canonicalize().ok());
        }
    }
    value.items().for_each(|item| collect(item, folder, names));
    value.entries().for_each(|(_, member)| collect(member, folder, names));
}
