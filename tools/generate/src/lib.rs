//! The files: everything in the repository that is written by the code and checked in.
//!
//! Rules, settings and metadata stand in one place each, and who reads them elsewhere (Artifact Hub, Rancher, an editor, a
//! person) gets a file that says the same. [`files`] has the text of every such file; `make generate` writes them, and a
//! test fails where one is stale.

mod chart;
mod dependencies;
mod deploy;
mod examples;
mod families;
mod mentions;
mod package;
mod questions;
mod release;
mod rules;
mod schema;
mod settings;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use isolation_all_policies::{POLICIES, pages};
use serde::Serialize;

pub use chart::configuration;
pub use release::{Change, Release};
pub use schema::settings;

/// A file that is generated.
#[derive(Debug)]
pub struct GeneratedFile {
    /// Where it is, seen from the root of the repository.
    pub path: String,
    /// What is in it.
    pub text: String,
}

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// Every generated file.
///
/// # Errors
///
/// Metadata or a changelog that is not right.
pub fn files() -> Result<Vec<GeneratedFile>> {
    let release = Release::read(&read("CHANGELOG.md")?)?;
    let mut files = vec![
        GeneratedFile { path: "artifacthub-pkg.yml".into(), text: package::collection(&release)? },
        GeneratedFile { path: "artifacthub-repo.yml".into(), text: package::repository()? },
        GeneratedFile { path: "docs/schemas/isolation.schema.json".into(), text: json(&chart::configuration()?)? },
        GeneratedFile { path: isolation_inventory::SCHEMA.into(), text: json(&isolation_inventory::schema()?)? },
        GeneratedFile { path: isolation_report::json::SCHEMA.into(), text: json(&isolation_report::json::schema()?)? },
        GeneratedFile {
            path: "docs/schemas/readiness.schema.json".into(),
            text: json(&isolation_readiness::schema())?,
        },
        GeneratedFile { path: "docs/rules.md".into(), text: rules::table() },
        GeneratedFile { path: "docs/settings.md".into(), text: settings::page() },
        GeneratedFile { path: "docs/families.md".into(), text: families::page()? },
        GeneratedFile { path: "docs/dependencies.md".into(), text: dependencies::page()? },
    ];
    for entry in POLICIES {
        let beside = |name: &str| format!("policies/{}/{name}", entry.name);
        let questions = questions::form(entry)?;
        files.push(GeneratedFile {
            path: beside("artifacthub-pkg.yml"),
            text: package::policy(entry, &questions, &release)?,
        });
        files.push(GeneratedFile { path: beside("questions-ui.yml"), text: questions });
        files.push(GeneratedFile { path: beside("settings.schema.json"), text: json(&settings(entry)?)? });
    }
    files.extend(chart::files(&release)?);
    files.extend(deploy::files(&release)?);
    files.extend(mentions::files(&release)?);
    let examples = examples::examples()?;
    files.push(GeneratedFile { path: "docs/examples.json".into(), text: examples::gallery(&examples)? });
    for (entry, page) in pages() {
        let shown = examples.iter().find(|examples| examples.rule == page.rule.id);
        let sections = shown.map(examples::sections).transpose()?.unwrap_or_default();
        files.push(GeneratedFile { path: rules::path(page.rule), text: rules::page(entry, page, &sections)? });
    }
    Ok(files)
}

/// Folders that hold generated files and nothing else: what is in them without being a file is left over.
const FOLDERS: &[&str] = &["docs/rules", "docs/schemas"];

/// Files in [`FOLDERS`] that nothing generates any more.
///
/// # Errors
///
/// A folder that cannot be read.
pub fn leftovers(files: &[GeneratedFile]) -> Result<Vec<PathBuf>> {
    let mut present = Vec::new();
    for folder in FOLDERS {
        collect(Path::new(folder), &mut present)?;
    }
    present.retain(|path| files.iter().all(|file| Path::new(&file.path) != path));
    present.sort();
    Ok(present)
}

/// The files below a folder of the repository, if there is such a folder.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let Ok(entries) = std::fs::read_dir(root().join(folder)) else { return Ok(()) };
    for entry in entries {
        let entry = entry?;
        let path = folder.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

/// Whether the repository has this file as it is generated.
pub fn is_current(file: &GeneratedFile) -> bool {
    std::fs::read_to_string(root().join(&file.path)).is_ok_and(|text| text == file.text)
}

fn read(path: &str) -> Result<String> {
    std::fs::read_to_string(root().join(path)).with_context(|| format!("cannot read {path}"))
}

fn json(value: &impl Serialize) -> Result<String> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}
