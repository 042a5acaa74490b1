//! From the arguments to the files and folders that are checked.
//!
//! A file that is named is read, whatever it is called; a packaged chart is rendered. Below a folder only regular files with the
//! endings of manifests are read, without what is hidden or ignored; links to folders are not followed, so that no folder is
//! entered twice. Skipped paths are reported.
//!
//! What a tool renders is judged as it is rendered, and not read as a file. A file hides in nothing else:
//!
//! - What a rendered kustomization builds is in its output. What only an unused component builds is read.
//! - A patch is a part of an object, and no manifest. kustomize refuses one that finds no object, unless it has a `target`.
//! - A generator's file is text in a ConfigMap or Secret, as admission sees it; one that holds an object is reported as such.
//! - Of a chart, helm renders `templates/`, `crds/` and the charts in `charts/`. Other files that hold an object are read, whatever
//!   .helmignore says: kubectl applies them. So is a manifest in `templates/` that helm ignores, unless there is a template in it:
//!   kubectl applies none, and what another tool makes of it cannot be known.

use std::collections::BTreeSet;
use std::fs::FileType;
use std::path::{Path, PathBuf};

use ignore::gitignore::Gitignore;
use isolation_manifest::decode;
use isolation_render::{Folder, Kustomization, Used};
use isolation_report::Skipped;

use super::holds::{holds_object, is_test};
use super::patterns::{EXCLUDED, HIDDEN, IGNORED, Patterns};
use super::programs;
use crate::args::reading::Reading;
use crate::replace::same_file;

/// The options of a walk.
#[derive(Debug, Default)]
pub struct Walk<'a> {
    /// The configuration, which is no manifest.
    pub config: Option<&'a Path>,
    /// Patterns of files and folders to skip.
    pub exclude: &'a [String],
    /// Whether charts and kustomizations are skipped instead of rendered.
    pub no_render: bool,
    /// Files that the run writes, or reads as something else: reports, a baseline.
    pub own: Vec<&'a Path>,
}

/// The files and folders to check.
#[derive(Debug, Default)]
pub struct Found {
    /// Files, in the order of the arguments and of their names; each once.
    pub files: Vec<PathBuf>,
    /// Folders to render.
    pub folders: Vec<Folder>,
    /// Manifests among the templates of charts. Those that helm does not print are files as any other.
    pub rendered: Vec<PathBuf>,
    /// Files that only helm can read, since there is something for its templates in them.
    pub templates: Vec<PathBuf>,
    /// Files in languages that others compile.
    pub programs: Vec<PathBuf>,
    /// What could be meant and is not read.
    pub skipped: Vec<Skipped>,
    /// Paths that cannot be read, and why.
    pub unreadable: Vec<(PathBuf, String)>,
}

/// Reasons for which something is skipped as whoever wrote the files or the arguments meant it, or because it is read in
/// another way.
const MEANT: &[&str] =
    &[EXCLUDED, IGNORED, HIDDEN, CONFIGURATION, OWN, TEST, NAMED, PATCH, DATA, USED, LIBRARY, OF_CHART];
const CONFIGURATION: &str = "it is the configuration";
const OWN: &str = "an option names it: it is a report or a baseline";
const TEST: &str = "it is a test of isolation.yaml, which `isolation test` runs";
const NAMED: &str = "a kustomization names it";
const PATCH: &str = "it is a patch of a kustomization";
const DATA: &str = "it is data of a kustomization";
const USED: &str = "a kustomization uses it";
const LIBRARY: &str = "it is a library chart, rendered where a chart uses it";
const OF_CHART: &str = "it belongs to a chart, and holds no object of its own";

/// Files in a chart that say what it is.
const CHART_FILES: &[&str] =
    &["Chart.yaml", "Chart.lock", "requirements.yaml", "values.yaml", "values.yml", "values.schema.json"];

/// Where in a chart a folder is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Within {
    /// In none.
    Nothing,
    /// In one, beside what helm renders.
    Chart,
    /// In its folder `charts`, with the charts that it uses.
    Charts,
    /// It is a folder there, which helm reads as a chart.
    Subchart,
    /// It is one that helm renders.
    Rendered,
}

impl Within {
    /// Where the folder `name` below one here is, if helm does not render it. `is_chart` says whether the one here is a chart.
    fn below(self, is_chart: bool, name: &str) -> Self {
        match self {
            _ if is_chart && name == "charts" => Within::Charts,
            // helm reads no folder there whose name begins like this.
            Within::Charts if !name.starts_with('_') => Within::Subchart,
            Within::Nothing => Within::Nothing,
            _ => Within::Chart,
        }
    }
}

/// Endings of files that are read below a folder.
const ENDINGS: &[&str] = &["json", "yaml", "yml"];

/// Endings of templates, which are not manifests themselves.
const TEMPLATES: &[&str] =
    &["cue", "erb", "gotmpl", "j2", "jinja", "jinja2", "jsonnet", "libsonnet", "mustache", "tmpl", "tpl", "template"];

impl<'a> Walk<'a> {
    /// The walk that the arguments ask for.
    pub fn of(reading: &'a Reading, config: Option<&'a Path>) -> Self {
        Self { config, exclude: &reading.exclude, no_render: reading.no_render, own: Vec::new() }
    }

    /// The same without these files.
    #[must_use]
    pub fn without(self, own: impl IntoIterator<Item = &'a PathBuf>) -> Self {
        Self { own: own.into_iter().map(PathBuf::as_path).collect(), ..self }
    }
}

impl Walk<'_> {
    /// Finds what the arguments name.
    pub fn find<'p>(&self, paths: impl IntoIterator<Item = &'p Path>) -> Found {
        let mut found = Found::default();
        let mut folders = Vec::new();
        for path in paths {
            match std::fs::metadata(path) {
                Ok(metadata) if metadata.is_dir() => {
                    let mut patterns = Patterns::of(path, self.exclude);
                    self.folder(path, Within::Nothing, &mut patterns, &mut found, &mut folders);
                }
                Ok(metadata) if metadata.is_file() && Folder::is_packaged(path) => {
                    folders.push(Folder::Chart(path.to_owned()));
                }
                Ok(metadata) if metadata.is_file() || is_descriptor(path) => match programs::why_not(path) {
                    Some(why) => found.unreadable.push((path.to_owned(), why)),
                    // A commit hook names every file that is changed.
                    None if metadata.is_file() && is_test(path) => found.skip(path.to_owned(), TEST),
                    None => found.files.push(path.to_owned()),
                },
                Ok(metadata) => {
                    let what =
                        format!("it is {}, not a file; pipe it into `isolation check -`", kind(metadata.file_type()));
                    found.unreadable.push((path.to_owned(), what));
                }
                Err(error) => found.unreadable.push((path.to_owned(), error.to_string())),
            }
        }
        self.settle(folders, &mut found);
        let mut seen = BTreeSet::new();
        found.files.retain(|file| is_descriptor(file) || file.canonicalize().is_ok_and(|file| seen.insert(file)));
        found
    }

    fn folder(
        &self,
        folder: &Path,
        within: Within,
        patterns: &mut Patterns,
        found: &mut Found,
        folders: &mut Vec<Folder>,
    ) {
        let chart = Folder::chart(folder);
        let is_chart = chart.is_some();
        let is_rendered = chart.as_ref().is_some_and(|chart| !chart.is_library());
        // A chart in `charts/` is rendered with the one that uses it, as far as that uses it.
        folders.extend(chart.filter(|_| within != Within::Subchart));
        // Beside a kustomization there may be manifests of others.
        folders.extend(Folder::kustomization(folder));
        let of_files = if is_chart { Within::Chart } else { within };
        let entries = std::fs::read_dir(folder).and_then(|entries| entries.collect::<std::io::Result<Vec<_>>>());
        let mut entries = match entries {
            Ok(entries) => entries,
            Err(error) => return found.unreadable.push((folder.to_owned(), error.to_string())),
        };
        entries.sort_by_key(std::fs::DirEntry::file_name);
        patterns.inside(folder, |patterns| {
            for entry in entries {
                let path = entry.path();
                let Ok(file_type) = entry.file_type() else { continue };
                let name = entry.file_name().to_string_lossy().into_owned();
                let is_folder = file_type.is_dir();
                match patterns.why(&path, is_folder) {
                    // Which charts are rendered with one that uses them, and when, is up to that one.
                    _ if is_rendered && is_template(&name) && within == Within::Subchart => {}
                    // A repository's own data is not a manifest.
                    Some(_) if name == ".git" => {}
                    Some(why) if of_files != Within::Rendered && (is_folder || is_manifest(&name)) => {
                        found.skip(path, why);
                    }
                    Some(_) => {}
                    None if is_folder => {
                        let is_rendered = of_files == Within::Rendered || is_rendered && is_template(&name);
                        let below = if is_rendered { Within::Rendered } else { of_files.below(is_chart, &name) };
                        self.folder(&path, below, patterns, found, folders);
                    }
                    None => self.file(path, &name, file_type, of_files, found),
                }
            }
        });
    }

    fn file(&self, path: PathBuf, name: &str, file_type: FileType, within: Within, found: &mut Found) {
        if file_type.is_symlink() {
            return match std::fs::metadata(&path) {
                Ok(metadata) if metadata.is_dir() => found.skip(path, "it is a link to a folder"),
                Ok(metadata) if metadata.is_file() => self.regular(path, name, within, found),
                Ok(metadata) => found.skip(path, &format!("it is {}", kind(metadata.file_type()))),
                Err(_) if is_manifest(name) => found.skip(path, "it is a broken link"),
                Err(_) => {}
            };
        }
        if file_type.is_file() {
            self.regular(path, name, within, found);
        } else {
            found.skip(path, &format!("it is {}", kind(file_type)));
        }
    }

    fn regular(&self, path: PathBuf, name: &str, within: Within, found: &mut Found) {
        let lower = name.to_ascii_lowercase();
        if within == Within::Rendered {
            if !is_manifest(name) {
                // Helpers and notes hold no object.
            } else if is_for_helm(&path) {
                found.templates.push(path);
            } else if holds_object(&path) {
                found.rendered.push(path);
            }
            return;
        }
        let ending = lower.rsplit_once('.').map_or("", |(_, ending)| ending);
        if TEMPLATES.contains(&ending)
            && (is_manifest(lower.trim_end_matches(ending).trim_end_matches('.')) || ending.ends_with("sonnet"))
        {
            found.skip(path, "it is a template; check its output");
        } else if programs::is_program(&path) {
            found.programs.push(path);
        } else if Folder::is_packaged(&path) {
            // Which of those that a chart has in `charts/` it uses is up to helm.
            if within != Within::Charts {
                found.skip(path, "it is an archive; name it to render a packaged chart");
            }
        } else if !is_manifest(&lower) {
            // Not every file is a manifest, and those that are not go without saying.
        } else if self.config.is_some_and(|config| same_file(config, &path)) {
            found.skip(path, CONFIGURATION);
        } else if self.own.iter().any(|own| same_file(own, &path)) {
            found.skip(path, OWN);
        } else if Kustomization::is_named(name) {
            // The folder is rendered.
        } else if is_test(&path) {
            found.skip(path, TEST);
        } else if within == Within::Nothing || holds_object(&path) {
            found.files.push(path);
        } else if !CHART_FILES.contains(&name) {
            found.skip(path, OF_CHART);
        }
    }

    /// Which of the folders are rendered, and which files are judged as a part of one.
    fn settle(&self, folders: Vec<Folder>, found: &mut Found) {
        let kustomizations = folders.iter().filter(|folder| matches!(folder, Folder::Kustomization(_)));
        let used = Used::among(kustomizations.map(Folder::path));
        let mut skipped = Vec::new();
        found.files.retain(|file| {
            let Ok(path) = file.canonicalize() else { return true };
            let why = if used.built.contains(&path) {
                // What is not rendered is read as far as it can be.
                if self.no_render {
                    return true;
                }
                NAMED
            } else if used.unused.contains(&path) {
                return true;
            } else if used.patches.contains(&path) {
                PATCH
            } else if used.data.contains(&path) {
                if holds_object(&path) { "it holds an object, which a kustomization only reads as data" } else { DATA }
            } else {
                return true;
            };
            skipped.push((file.clone(), why));
            false
        });
        for folder in folders {
            let path = folder.path().canonicalize().unwrap_or_default();
            let why = match &folder {
                Folder::Kustomization(_) if !used.rendered.contains(&path) => {
                    if used.built.contains(&path) {
                        USED
                    } else {
                        "it is a kustomize component that no kustomization here uses: only its resources are read"
                    }
                }
                Folder::Chart(_) if folder.is_library() => LIBRARY,
                _ if self.no_render => "--no-render",
                _ => {
                    found.folders.push(folder);
                    continue;
                }
            };
            skipped.push((folder.path().to_owned(), why));
        }
        for (path, why) in skipped {
            found.skip(path, why);
        }
    }
}

/// The folders of a chart that helm renders.
fn is_template(folder: &str) -> bool {
    matches!(folder, "templates" | "crds")
}

/// Whether there is something for a template engine in a file.
fn is_for_helm(path: &Path) -> bool {
    std::fs::read(path).is_ok_and(|bytes| decode(bytes).0.contains("{{"))
}

/// The templates of a chart that helm ignores, so that nobody here renders them. Of the others it has printed what there is.
pub fn ignored_templates(chart: &Path, templates: &[PathBuf], printed: &BTreeSet<PathBuf>) -> Vec<Skipped> {
    let (ignored, _) = Gitignore::new(chart.join(".helmignore"));
    let left = templates.iter().filter(|file| file.starts_with(chart) && !printed.contains(*file));
    let left = left.filter(|file| ignored.matched_path_or_any_parents(file, false).is_ignore());
    left.map(|file| skipped(file, "it is a template that helm ignores; check its output")).collect()
}

fn skipped(path: &Path, why: &str) -> Skipped {
    Skipped { name: path.display().to_string(), why: why.to_owned(), could_matter: !MEANT.contains(&why) }
}

impl Found {
    fn skip(&mut self, path: PathBuf, why: &str) {
        self.skipped.push(skipped(&path, why));
    }
}

fn is_manifest(name: &str) -> bool {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known))
}

/// A file descriptor of this process, as `<(command)` of a shell is one.
fn is_descriptor(path: &Path) -> bool {
    path.starts_with("/dev/fd") || path == Path::new("/dev/stdin")
}

/// What a path that is no regular file is.
fn kind(file_type: FileType) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        if file_type.is_fifo() {
            return "a FIFO";
        } else if file_type.is_socket() {
            return "a socket";
        } else if file_type.is_block_device() || file_type.is_char_device() {
            return "a device";
        }
    }
    let _ = file_type;
    "neither file nor folder"
}
