//! From the arguments to the files and folders that are checked.
//!
//! A file that is named is read, whatever it is called. Below a folder only regular files with the endings of manifests are,
//! without what is hidden or ignored; links to folders are not followed, so that no folder is entered twice. Folders that a
//! tool renders are not read file by file. Skipped paths are reported.

use std::collections::BTreeSet;
use std::fs::FileType;
use std::path::{Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use isolation_render::{Folder, Kustomization};
use isolation_report::PassedOver;

use crate::args::reading::Reading;

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
    /// What could be meant and is not read.
    pub passed_over: Vec<PassedOver>,
    /// Paths that cannot be read, and why.
    pub unreadable: Vec<(PathBuf, String)>,
}

/// Reasons for which something is skipped as whoever wrote the files or the arguments meant it, or because it is read in
/// another way.
const MEANT: &[&str] = &[EXCLUDED, IGNORED, HIDDEN, CONFIGURATION, OWN, NAMED, USED, COMPONENT, LIBRARY];
const EXCLUDED: &str = "--exclude names it";
const IGNORED: &str = "a .gitignore or .isolationignore names it";
const HIDDEN: &str = "it is hidden";
const CONFIGURATION: &str = "it is the configuration";
const OWN: &str = "an option names it: it is a report or a baseline";
const NAMED: &str = "a kustomization names it";
const USED: &str = "a kustomization uses it";
const COMPONENT: &str = "it is a kustomize component, rendered where a kustomization uses it";
const LIBRARY: &str = "it is a library chart, rendered where a chart uses it";

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
                    let excluded = excluded(path, self.exclude);
                    let mut ignored = parents(path);
                    self.folder(path, &excluded, &mut ignored, &mut found, &mut folders);
                }
                Ok(metadata) if metadata.is_file() || is_descriptor(path) => found.files.push(path.to_owned()),
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
        excluded: &Gitignore,
        ignored: &mut Vec<Ignored>,
        found: &mut Found,
        folders: &mut Vec<Folder>,
    ) {
        if let Some(rendered) = Folder::of(folder) {
            let is_chart = matches!(rendered, Folder::Chart(_));
            folders.push(rendered);
            // Files in a chart belong to it; beside a kustomization there may be manifests of others.
            if is_chart {
                return;
            }
        }
        let entries = std::fs::read_dir(folder).and_then(|entries| entries.collect::<std::io::Result<Vec<_>>>());
        let mut entries = match entries {
            Ok(entries) => entries,
            Err(error) => return found.unreadable.push((folder.to_owned(), error.to_string())),
        };
        entries.sort_by_key(std::fs::DirEntry::file_name);
        let depth = ignored.len();
        ignored.extend(ignore_files(folder).map(|rules| Ignored { rules, above: false }));
        for entry in entries {
            let path = entry.path();
            let Ok(file_type) = entry.file_type() else { continue };
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_folder = file_type.is_dir();
            let why = if excluded.matched_path_or_any_parents(&path, is_folder).is_ignore() {
                Some(EXCLUDED)
            } else if is_ignored(ignored, &path, is_folder) {
                Some(IGNORED)
            } else if name.starts_with('.') {
                Some(HIDDEN)
            } else {
                None
            };
            match why {
                // A repository's own data is not a manifest.
                Some(_) if name == ".git" => {}
                Some(why) if is_folder || is_manifest(&name) => found.pass_over(path, why),
                Some(_) => {}
                None if is_folder => self.folder(&path, excluded, ignored, found, folders),
                None => self.file(path, &name, file_type, found),
            }
        }
        ignored.truncate(depth);
    }

    fn file(&self, path: PathBuf, name: &str, file_type: FileType, found: &mut Found) {
        if file_type.is_symlink() {
            return match std::fs::metadata(&path) {
                Ok(metadata) if metadata.is_dir() => found.pass_over(path, "it is a link to a folder"),
                Ok(metadata) if metadata.is_file() => self.regular(path, name, found),
                Ok(metadata) => found.pass_over(path, &format!("it is {}", kind(metadata.file_type()))),
                Err(_) if is_manifest(name) => found.pass_over(path, "it is a broken link"),
                Err(_) => {}
            };
        }
        if file_type.is_file() {
            self.regular(path, name, found);
        } else {
            found.pass_over(path, &format!("it is {}", kind(file_type)));
        }
    }

    fn regular(&self, path: PathBuf, name: &str, found: &mut Found) {
        let lower = name.to_ascii_lowercase();
        let ending = lower.rsplit_once('.').map_or("", |(_, ending)| ending);
        if TEMPLATES.contains(&ending)
            && (is_manifest(lower.trim_end_matches(ending).trim_end_matches('.')) || ending.ends_with("sonnet"))
        {
            found.pass_over(path, "it is a template; check its output");
        } else if !is_manifest(&lower) {
            // Not every file is a manifest, and those that are not go without saying.
        } else if self.config.is_some_and(|config| same_file(config, &path)) {
            found.pass_over(path, CONFIGURATION);
        } else if self.own.iter().any(|own| same_file(own, &path)) {
            found.pass_over(path, OWN);
        } else if Kustomization::is_named(name) || lower == "chart.lock" {
            // The folder is rendered.
        } else {
            found.files.push(path);
        }
    }

    /// Which of the folders are rendered: a kustomization that another one uses is rendered with that one, and the files that
    /// one names are no objects of their own.
    fn settle(&self, folders: Vec<Folder>, found: &mut Found) {
        let kustomizations: Vec<(Folder, Option<Kustomization>)> = folders
            .into_iter()
            .map(|folder| {
                let read =
                    matches!(folder, Folder::Kustomization(_)).then(|| Kustomization::of(folder.path())).flatten();
                (folder, read)
            })
            .collect();
        let named: BTreeSet<&PathBuf> =
            kustomizations.iter().filter_map(|(_, read)| read.as_ref()).flat_map(|read| &read.names).collect();
        let is_named = |path: &Path| path.canonicalize().is_ok_and(|path| named.contains(&path));
        let (members, files): (Vec<_>, Vec<_>) =
            std::mem::take(&mut found.files).into_iter().partition(|file| is_named(file));
        found.files = files;
        for member in members {
            found.pass_over(member, NAMED);
        }
        let mut passed_over = Vec::new();
        for (folder, read) in &kustomizations {
            let why = if is_named(folder.path()) {
                USED
            } else if read.as_ref().is_some_and(|read| read.is_component) {
                COMPONENT
            } else if folder.is_library() {
                LIBRARY
            } else if self.no_render {
                "--no-render"
            } else {
                found.folders.push(folder.clone());
                continue;
            };
            passed_over.push((folder.path().to_owned(), why));
        }
        for (path, why) in passed_over {
            found.pass_over(path, why);
        }
    }
}

impl Found {
    fn pass_over(&mut self, path: PathBuf, why: &str) {
        let could_matter = !MEANT.contains(&why);
        self.passed_over.push(PassedOver { name: path.display().to_string(), why: why.to_owned(), could_matter });
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

fn excluded(root: &Path, patterns: &[String]) -> Gitignore {
    let mut builder = GitignoreBuilder::new(root);
    for pattern in patterns {
        // A pattern that is none was refused when the arguments were read.
        let _ = builder.add_line(None, pattern);
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}

fn ignore_files(folder: &Path) -> impl Iterator<Item = Gitignore> + use<> {
    let files = [".gitignore", ".isolationignore"].map(|name| folder.join(name));
    files.into_iter().filter(|file| file.is_file()).map(|file| Gitignore::new(file).0)
}

/// What a file of patterns says.
struct Ignored {
    rules: Gitignore,
    /// Whether the file is above the argument, and knows paths in their canonical form.
    above: bool,
}

/// The patterns of the folders above this one, up to the repository's.
fn parents(folder: &Path) -> Vec<Ignored> {
    let Ok(folder) = folder.canonicalize() else { return Vec::new() };
    let Some(top) = folder.ancestors().position(|folder| folder.join(".git").exists()) else { return Vec::new() };
    let above: Vec<&Path> = folder.ancestors().skip(1).take(top).collect();
    above.into_iter().rev().flat_map(ignore_files).map(|rules| Ignored { rules, above: true }).collect()
}

/// Whether a path is ignored. The nearest file decides.
fn is_ignored(ignored: &[Ignored], path: &Path, is_folder: bool) -> bool {
    let full = || Some(path.parent()?.canonicalize().ok()?.join(path.file_name()?));
    for Ignored { rules, above } in ignored.iter().rev() {
        let matched = if *above {
            let Some(full) = full() else { continue };
            rules.matched_path_or_any_parents(full, is_folder)
        } else {
            rules.matched(path, is_folder)
        };
        if !matched.is_none() {
            return matched.is_ignore();
        }
    }
    false
}

fn same_file(a: &Path, b: &Path) -> bool {
    a == b || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}
