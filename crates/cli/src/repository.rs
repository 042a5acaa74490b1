//! The git repository that files are in.

use std::path::Path;

/// The root of the repository that a folder is in, which may be the folder itself.
pub fn root_of(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|folder| is_root(folder))
}

/// Whether a folder is the root of a repository. In worktrees and submodules, `.git` is a file.
pub fn is_root(folder: &Path) -> bool {
    folder.join(".git").exists()
}
