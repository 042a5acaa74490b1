//! Where else the release is named: in what people copy. Of these files the version alone is generated.

use anyhow::{Result, bail};
use isolation_all_policies::POLICIES;

use crate::release::Release;
use crate::{GeneratedFile, read};

/// The files, and what stands before a version in them.
const MENTIONS: &[(&str, &[&str])] = &[
    ("action.yml", &["policies@v", "such as v"]),
    ("docs/air-gap.md", &["private-images:v"]),
    ("docs/install.md", &["isolation:v", "VERSION=v", "refs/tags/v"]),
    ("docs/pull-requests.md", &["policies@v", "policies/isolation@v", "refs/tags/v", "rev: v"]),
    ("docs/verification.md", &["private-images:v", "refs/tags/v", "git checkout v"]),
    ("packaging/install.sh", &["such as v"]),
    ("templates/azure-pipelines.yml", &["refs/tags/v", "default: v"]),
    ("templates/isolation.yml", &["policies/isolation@v", "default: v"]),
];

/// The files, each with the release's version wherever it names one.
///
/// # Errors
///
/// A file that does not name one where the table says so.
pub fn files(release: &Release) -> Result<Vec<GeneratedFile>> {
    let mut files = Vec::new();
    for (path, mentions) in MENTIONS {
        files.push(file(release, path, mentions)?);
    }
    for entry in POLICIES {
        files.push(file(release, &format!("policies/{}/README.md", entry.name), &[&format!("/{}:v", entry.name)])?);
    }
    Ok(files)
}

fn file(release: &Release, path: &str, mentions: &[&str]) -> Result<GeneratedFile> {
    let mut text = read(path)?;
    for mention in mentions {
        let (changed, count) = with_version(&text, mention, &release.version);
        if count == 0 {
            bail!("{path} names no version behind `{mention}`");
        }
        text = changed;
    }
    Ok(GeneratedFile { path: path.to_owned(), text })
}

/// The text with this version behind each `mention` that has one, and how many those are.
fn with_version(text: &str, mention: &str, version: &str) -> (String, usize) {
    let mut parts = text.split(mention);
    let mut changed = parts.next().unwrap_or_default().to_owned();
    let mut count = 0;
    for part in parts {
        changed.push_str(mention);
        let old = part.find(|byte: char| !byte.is_ascii_digit() && byte != '.').map_or(part, |end| &part[..end]);
        // A full stop behind a version ends the sentence.
        let old = old.trim_end_matches('.');
        if old.split('.').count() == 3 {
            changed.push_str(version);
            changed.push_str(&part[old.len()..]);
            count += 1;
        } else {
            changed.push_str(part);
        }
    }
    (changed, count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_replaced_where_they_are_named_and_nowhere_else() {
        let text = "such as v0.1.0; @v0.1.0\n such as v0.1.0. such as vVERSION such as v1, v0.1.0";
        let (changed, count) = with_version(text, "such as v", "10.2.3");
        assert_eq!(changed, "such as v10.2.3; @v0.1.0\n such as v10.2.3. such as vVERSION such as v1, v0.1.0");
        assert_eq!(count, 2);
        assert_eq!(with_version(text, "none", "1.0.0"), (text.to_owned(), 0));
    }
}
