//! What a kustomization names.

use std::path::{Path, PathBuf};

use isolation_document::{Kind, Value};

/// The names that kustomize knows.
const FILES: &[&str] = &["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// Fields with paths of [kustomize's kustomization](https://github.com/kubernetes-sigs/kustomize/blob/master/api/types/kustomization.go)
/// whose files and folders it builds. What is no resource there, and no configuration of a plugin, is an error of kustomize's.
const BUILT: &[&[&str]] =
    &[&["resources"], &["bases"], &["components"], &["generators"], &["transformers"], &["validators"]];

/// Fields with paths of patches.
const PATCHES: &[&[&str]] = &[&["patches", "path"], &["patchesJson6902", "path"], &["patchesStrategicMerge"]];

/// Fields with paths of files that are read and not deployed as they stand.
const DATA: &[&[&str]] = &[
    &["configMapGenerator", "files"],
    &["configMapGenerator", "envs"],
    &["configMapGenerator", "env"],
    &["secretGenerator", "files"],
    &["secretGenerator", "envs"],
    &["secretGenerator", "env"],
    &["configurations"],
    &["crds"],
    &["openapi", "path"],
    &["replacements", "path"],
    &["helmCharts", "valuesFile"],
    &["helmCharts", "additionalValuesFiles"],
    &["helmChartInflationGenerator", "values"],
];

/// Fields with paths of folders with charts. Without an option that this does not give, kustomize renders none of them.
const CHARTS: &[&[&str]] = &[&["helmGlobals", "chartHome"], &["helmChartInflationGenerator", "chartHome"]];

/// The kustomization of a folder.
pub(crate) fn file_in(folder: &Path) -> Option<PathBuf> {
    FILES.iter().map(|name| folder.join(name)).find(|file| file.is_file())
}

/// A kustomization and what it names. Paths are in their canonical form.
#[derive(Clone, Debug)]
pub struct Kustomization {
    /// Its file.
    pub file: PathBuf,
    /// Its text.
    pub text: String,
    /// Whether it is a component, which other kustomizations use.
    pub is_component: bool,
    /// The files and folders that it builds: what it deploys of them is in its output.
    pub built: Vec<PathBuf>,
    /// Patches: parts of objects.
    pub patches: Vec<PathBuf>,
    /// What it packs into ConfigMaps and Secrets, and what configures it.
    pub data: Vec<PathBuf>,
    /// Folders with charts.
    pub charts: Vec<PathBuf>,
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
        let own = folder.canonicalize().ok()?;
        let paths = |fields: &[&[&str]]| -> Vec<PathBuf> {
            let paths = fields
                .iter()
                .flat_map(|field| paths(root, field))
                .filter_map(|path| own.join(path).canonicalize().ok());
            // A kustomization that names its own folder is a loop, and not used by another.
            paths.filter(|path| *path != own).collect()
        };
        let (built, patches, data, charts) = (paths(BUILT), paths(PATCHES), paths(DATA), paths(CHARTS));
        let is_component = root.get("kind").is_some_and(|kind| kind.is_text("Component"));
        drop(document);
        Some(Kustomization { file, text, is_component, built, patches, data, charts })
    }

    /// Everything that it names.
    pub fn names(&self) -> impl Iterator<Item = &PathBuf> {
        self.built.iter().chain(&self.patches).chain(&self.data).chain(&self.charts)
    }
}

/// The paths in one field. Every other text in a kustomization may equal the name of a neighbouring folder, such as a namespace
/// or a label: it names none.
fn paths<'d>(value: Value<'d>, field: &[&str]) -> Vec<&'d str> {
    if value.kind() == Kind::List {
        return value.items().flat_map(|item| paths(item, field)).collect();
    }
    match field {
        // `key=file`
        ["files"] if value.kind() == Kind::Object => {
            let files = value.get("files").map(|files| paths(files, &[])).unwrap_or_default();
            files.into_iter().map(|file| file.split_once('=').map_or(file, |(_, file)| file)).collect()
        }
        [key, rest @ ..] => value.get(key).map(|member| paths(member, rest)).unwrap_or_default(),
        // Patches and plugins may be written in place of a path.
        [] => value
            .text()
            .filter(|path| !path.is_empty() && path.len() < 4096 && !path.contains('\n'))
            .into_iter()
            .collect(),
    }
}
