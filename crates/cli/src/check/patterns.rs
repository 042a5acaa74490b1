//! The patterns that say which paths below a folder are skipped: those of `--exclude`, and of the files `.gitignore` and
//! `.isolationignore`.

use std::path::Path;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::repository::root_of;

/// Why a path is skipped.
pub const EXCLUDED: &str = "--exclude names it";
pub const IGNORED: &str = "a .gitignore or .isolationignore names it";
pub const HIDDEN: &str = "it is hidden";

/// The patterns of a folder that is walked, and of those above it.
pub struct Patterns {
    excluded: Gitignore,
    ignored: Vec<Ignored>,
}

impl Patterns {
    /// Those of `--exclude`, and those of the files above a folder that the arguments name.
    pub fn of(folder: &Path, exclude: &[String]) -> Self {
        Patterns { excluded: excluded(folder, exclude), ignored: parents(folder) }
    }

    /// Adds those of a folder below while `walk` runs.
    pub fn inside(&mut self, folder: &Path, walk: impl FnOnce(&mut Self)) {
        let depth = self.ignored.len();
        self.ignored.extend(ignore_files(folder).map(|rules| Ignored { rules, above: false }));
        walk(self);
        self.ignored.truncate(depth);
    }

    /// Why a path is skipped, if it is.
    pub fn why(&self, path: &Path, is_folder: bool) -> Option<&'static str> {
        let is_hidden = || path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if self.excluded.matched_path_or_any_parents(path, is_folder).is_ignore() {
            Some(EXCLUDED)
        } else if is_ignored(&self.ignored, path, is_folder) {
            Some(IGNORED)
        } else {
            is_hidden().then_some(HIDDEN)
        }
    }
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
    let Some(root) = root_of(&folder) else { return Vec::new() };
    let above: Vec<&Path> = folder.ancestors().skip(1).take_while(|above| above.starts_with(root)).collect();
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
