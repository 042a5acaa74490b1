//! What the workspace's own manifests ask for, and why they say they do.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use toml_edit::{Document, Key, TableLike};

use crate::workspace::{SbomError, Workspace};

/// A crate of a registry that a manifest of the workspace names.
#[derive(Debug, Default)]
pub struct DirectDependency {
    /// The comments above it, in every manifest that has one.
    pub reasons: BTreeSet<String>,
    /// The packages that are built with it.
    pub used_by: BTreeSet<String>,
    /// The packages whose tests alone are.
    pub tested_by: BTreeSet<String>,
}

/// The tables of a manifest that name what is linked.
const LINKED: [&str; 2] = ["dependencies", "build-dependencies"];
/// The table that names what only tests need.
const TESTS: &str = "dev-dependencies";

impl Workspace {
    /// What the manifests of the workspace's packages name of registries, by name.
    ///
    /// # Errors
    ///
    /// A manifest that cannot be read.
    pub fn direct_dependencies(&self) -> Result<BTreeMap<String, DirectDependency>, SbomError> {
        let mut found = BTreeMap::new();
        for package in self.packages() {
            let text = manifest(package.manifest_path.as_std_path())?;
            collect(&text, package.name.as_str(), package.manifest_path.as_std_path(), &mut found)?;
        }
        let root = self.root().join("Cargo.toml");
        let shared = reasons(&manifest(&root)?, &root)?;
        for (name, reason) in shared {
            if let Some(dependency) = found.get_mut(&name) {
                dependency.reasons.insert(reason);
            }
        }
        Ok(found)
    }
}

fn manifest(path: &Path) -> Result<String, SbomError> {
    fs::read_to_string(path).map_err(|error| unreadable(path, error.to_string()))
}

fn unreadable(path: &Path, cause: String) -> SbomError {
    SbomError::Source { path: path.to_owned(), cause }
}

/// Adds what one manifest names.
fn collect(
    text: &str,
    package: &str,
    path: &Path,
    found: &mut BTreeMap<String, DirectDependency>,
) -> Result<(), SbomError> {
    let document = Document::parse(text).map_err(|error| unreadable(path, error.to_string()))?;
    let targets = document.get("target").and_then(|item| item.as_table_like());
    let of_targets = targets.into_iter().flat_map(TableLike::iter).filter_map(|(_, item)| item.as_table_like());
    for table in std::iter::once(document.as_table() as &dyn TableLike).chain(of_targets) {
        for kind in LINKED.into_iter().chain([TESTS]) {
            let Some(entries) = table.get(kind).and_then(|item| item.as_table_like()) else { continue };
            for (name, item) in entries.iter() {
                if item.as_table_like().is_some_and(|entry| entry.contains_key("path")) || is_ours(name) {
                    continue;
                }
                let dependency = found.entry(name.to_owned()).or_default();
                let users = if kind == TESTS { &mut dependency.tested_by } else { &mut dependency.used_by };
                users.insert(package.to_owned());
                dependency.reasons.extend(entries.key(name).and_then(|key| comment(text, key)));
            }
        }
    }
    Ok(())
}

/// The workspace's own packages, which its other manifests name without a path.
fn is_ours(name: &str) -> bool {
    name == "isolation" || name.starts_with("isolation-")
}

/// The comments above the entries of `[workspace.dependencies]`.
fn reasons(text: &str, path: &Path) -> Result<Vec<(String, String)>, SbomError> {
    let document = Document::parse(text).map_err(|error| unreadable(path, error.to_string()))?;
    let table = document.get("workspace").and_then(|item| item.as_table_like()?.get("dependencies")?.as_table_like());
    let Some(table) = table else { return Ok(Vec::new()) };
    let of = |(name, _): (&str, _)| Some((name.to_owned(), comment(text, table.key(name)?)?));
    Ok(table.iter().filter_map(of).collect())
}

/// The comment in the lines above an entry, as one line.
fn comment(text: &str, key: &Key) -> Option<String> {
    let start = key.span()?.start;
    let above = text.get(..start)?.trim_end_matches([' ', '\t']);
    let lines = above.lines().rev().take_while(|line| line.starts_with('#'));
    let mut lines: Vec<&str> = lines.map(|line| line.trim_start_matches('#').trim()).collect();
    lines.reverse();
    (!lines.is_empty()).then(|| lines.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_belongs_to_the_entry_below_it() {
        let text = "[dependencies]\n# Reads JSON,\n# and writes it.\nserde_json.workspace = true\nanyhow = \"1\"\n\
                    isolation.workspace = true\nfloor = { path = \"..\" }\n\n[target.'cfg(unix)'.dev-dependencies]\n# Asks.\nlibc = \"1\"\n";
        let mut found = BTreeMap::new();
        collect(text, "one", Path::new("Cargo.toml"), &mut found).unwrap();
        assert_eq!(found.keys().collect::<Vec<_>>(), ["anyhow", "libc", "serde_json"]);
        assert_eq!(found["serde_json"].reasons.iter().collect::<Vec<_>>(), ["Reads JSON, and writes it."]);
        assert!(found["anyhow"].reasons.is_empty());
        assert_eq!(found["libc"].tested_by.len(), 1);
        assert!(found["libc"].used_by.is_empty());
    }

    #[test]
    fn the_reasons_of_the_workspace_are_read() {
        let text = "[workspace.dependencies]\nisolation = { path = \".\" }\n# Errors with a cause.\nanyhow = \"1.0\"\n";
        let expected = [("anyhow".to_owned(), "Errors with a cause.".to_owned())];
        assert_eq!(reasons(text, Path::new("Cargo.toml")).unwrap(), expected);
    }
}
