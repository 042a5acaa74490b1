//! The generated files in the repository are what would be generated now.

use isolation_all_policies::POLICIES;
use isolation_generate::{Release, files, is_current, leftovers, root};

#[test]
fn every_file_is_current() -> anyhow::Result<()> {
    let files = files()?;
    let stale: Vec<&str> = files.iter().filter(|file| !is_current(file)).map(|file| file.path.as_str()).collect();
    assert!(stale.is_empty(), "stale, so run `make generate`: {}", stale.join(", "));
    let left = leftovers(&files)?;
    assert!(left.is_empty(), "nothing generates these any more, so run `make generate`: {left:?}");
    Ok(())
}

#[test]
fn no_two_files_are_written_to_one_place() -> anyhow::Result<()> {
    let mut paths: Vec<_> = files()?.into_iter().map(|file| file.path).collect();
    let all = paths.len();
    paths.sort();
    paths.dedup();
    assert_eq!(paths.len(), all);
    Ok(())
}

#[test]
fn the_newest_release_in_the_changelog_has_the_version_of_the_sources() -> anyhow::Result<()> {
    let release = Release::read(&std::fs::read_to_string(root().join("CHANGELOG.md"))?)?;
    assert_eq!(release.version, env!("CARGO_PKG_VERSION"));
    Ok(())
}

#[test]
fn every_policy_is_in_the_changelog_of_the_first_release() -> anyhow::Result<()> {
    let text = std::fs::read_to_string(root().join("CHANGELOG.md"))?;
    for entry in POLICIES {
        assert!(text.contains(&format!("\n- `{}`: ", entry.name)), "{} is not in CHANGELOG.md", entry.name);
    }
    Ok(())
}
