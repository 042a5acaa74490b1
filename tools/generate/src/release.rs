//! The release that the files speak of: the newest one in `CHANGELOG.md`.
//!
//! Work that no release has yet stands above it, below `## Unreleased`. It must have the form of a release's section, so that
//! making the release is giving it a version and a day.
//!
//! Artifact Hub wants to know when a package was made. The changelog says so, and not the clock, so that the same sources
//! give the same files.

use anyhow::{Context, Result, bail};
use serde::Serialize;

/// A release.
#[derive(Debug, PartialEq, Eq)]
pub struct Release {
    /// Its version.
    pub version: String,
    /// Its day: `2026-11-24`.
    pub date: String,
    /// What is different in it.
    pub changes: Vec<Change>,
}

/// One change, as Artifact Hub lists them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// One of [`KINDS`].
    pub kind: String,
    /// What it is, in Markdown.
    pub description: String,
}

/// The heading of what no release has yet.
const UNRELEASED: &str = "Unreleased";

/// The kinds of changes that Artifact Hub knows.
const KINDS: &[&str] = &["added", "changed", "deprecated", "removed", "fixed", "security"];

impl Release {
    /// Reads the first release in a changelog: `## VERSION (DATE)`, below it `### KIND` and a list of changes each.
    ///
    /// # Errors
    ///
    /// A changelog of another form.
    pub fn read(changelog: &str) -> Result<Self> {
        let mut sections = changelog.split("\n## ").skip(1).map(|text| text.split_once('\n').unwrap_or((text, "")));
        let mut first = sections.next();
        if let Some((UNRELEASED, body)) = first {
            changes(body)?;
            first = sections.next();
        }
        let (title, body) = first.context("CHANGELOG.md has no section `## VERSION (DATE)`")?;
        let (version, date) = title
            .strip_suffix(')')
            .and_then(|title| title.split_once(" ("))
            .with_context(|| format!("CHANGELOG.md: `## {title}` is not `## VERSION (DATE)`"))?;
        let digits = |part: &str, length| part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
        match date.split('-').collect::<Vec<_>>().as_slice() {
            [year, month, day] if digits(year, 4) && digits(month, 2) && digits(day, 2) => {}
            _ => bail!("CHANGELOG.md: {date} is not a day as in 2026-11-24"),
        }
        Ok(Release { version: version.to_owned(), date: date.to_owned(), changes: changes(body)? })
    }

    /// The release's day as Artifact Hub writes times.
    pub fn created_at(&self) -> String {
        format!("{}T00:00:00Z", self.date)
    }

    /// The changes that concern a policy: those that begin with its name, without it.
    pub fn changes_of(&self, policy: &str) -> Vec<Change> {
        let prefix = format!("`{policy}`: ");
        let own = |change: &Change| {
            let description = change.description.strip_prefix(&prefix)?.to_owned();
            Some(Change { kind: change.kind.clone(), description })
        };
        self.changes.iter().filter_map(own).collect()
    }
}

fn changes(body: &str) -> Result<Vec<Change>> {
    let mut changes: Vec<Change> = Vec::new();
    let mut kind = None;
    for line in body.lines() {
        if let Some(heading) = line.strip_prefix("### ") {
            let heading = heading.to_ascii_lowercase();
            if !KINDS.contains(&heading.as_str()) {
                bail!("CHANGELOG.md: `{line}` is none of {}", KINDS.join(", "));
            }
            kind = Some(heading);
        } else if let Some(text) = line.strip_prefix("- ") {
            let kind = kind.clone().with_context(|| format!("CHANGELOG.md: {line:?} stands below no kind"))?;
            changes.push(Change { kind, description: text.to_owned() });
        } else if let (Some(text), Some(change)) = (line.strip_prefix("  "), changes.last_mut()) {
            change.description.push(' ');
            change.description.push_str(text.trim_start());
        }
    }
    Ok(changes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHANGELOG: &str = "# Changelog\n\n## 1.2.0 (2026-12-01)\n\nTwo sentences.\n\n### Fixed\n\n\
        - `private-images`: what was\n  wrong.\n- All: more.\n\n## 1.1.0 (2026-11-01)\n\n### Added\n\n- Old.\n";

    #[test]
    fn the_first_section_is_read_and_no_other() {
        let release = Release::read(CHANGELOG).unwrap();
        assert_eq!((release.version.as_str(), release.created_at().as_str()), ("1.2.0", "2026-12-01T00:00:00Z"));
        let change = |description: &str| Change { kind: "fixed".into(), description: description.into() };
        assert_eq!(release.changes, [change("`private-images`: what was wrong."), change("All: more.")]);
        assert_eq!(release.changes_of("private-images"), [change("what was wrong.")]);
        assert_eq!(release.changes_of("cached-images"), []);
    }

    #[test]
    fn what_is_not_released_is_checked_and_not_told() {
        let unreleased = CHANGELOG.replacen("## 1.2.0", "## Unreleased\n\n### Added\n\n- New.\n\n## 1.2.0", 1);
        assert_eq!(Release::read(&unreleased).unwrap(), Release::read(CHANGELOG).unwrap());
        let wrong = unreleased.replacen("### Added", "### New", 1);
        assert!(Release::read(&wrong).unwrap_err().to_string().contains("`### New` is none of"));
    }

    #[test]
    fn another_form_is_refused() {
        for (text, problem) in [
            ("# Changelog\n", "no section"),
            ("# Changelog\n\n## Unreleased\n", "no section"),
            ("#\n## 1.0.0\n", "is not `## VERSION (DATE)`"),
            ("#\n## 1.0.0 (tomorrow)\n", "is not a day"),
            ("#\n## 1.0.0 (2026-11-24)\n### Improved\n", "is none of"),
            ("#\n## 1.0.0 (2026-11-24)\n- x\n", "stands below no kind"),
        ] {
            let error = Release::read(text).unwrap_err().to_string();
            assert!(error.contains(problem), "{text:?}: {error}");
        }
    }
}
