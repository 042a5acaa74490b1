//! The pages on Artifact Hub have what `kwctl scaffold artifacthub` would put there, but for what differs on purpose.

use std::process::Command;

use anyhow::{Context, Result, bail};
use isolation_all_policies::POLICIES;
use isolation_generate::root;
use serde_json::Value;

/// What kwctl writes otherwise: see `src/package.rs` for why.
const OWN: &[&str] = &["category", "changes", "createdAt", "install", "links", "provider"];

fn yaml(text: &str) -> Result<Value> {
    Ok(yaml_serde::from_str(text)?)
}

/// The page with what stands as YAML in its annotations read, so that only the content is compared.
fn content(page: &str) -> Result<Value> {
    let mut page = yaml(page)?;
    for key in ["kubewarden/rules", "kubewarden/contextAwareResources", "kubewarden/questions-ui"] {
        if let Some(text) = page["annotations"].get(key).and_then(Value::as_str).map(str::to_owned) {
            page["annotations"][key] = yaml(&text)?;
        }
    }
    Ok(page)
}

#[test]
#[ignore = "needs kwctl: kwctl.bats runs it"]
fn kwctl_would_write_the_same() -> Result<()> {
    for entry in POLICIES {
        let folder = root().join("policies").join(entry.name);
        let output = Command::new("kwctl").args(["scaffold", "artifacthub"]).current_dir(&folder).output()?;
        if !output.status.success() {
            bail!("{}: {}", entry.name, String::from_utf8_lossy(&output.stderr));
        }
        let theirs = content(&String::from_utf8(output.stdout)?)?;
        let ours = content(&std::fs::read_to_string(folder.join("artifacthub-pkg.yml"))?)?;
        for (key, value) in theirs.as_object().context("kwctl wrote no object")? {
            if OWN.contains(&key.as_str()) {
                assert!(!ours[key].is_null(), "{}: {key} is missing", entry.name);
            } else {
                assert_eq!(&ours[key], value, "{}: {key}", entry.name);
            }
        }
        for key in ours.as_object().context("ours is no object")?.keys() {
            assert!(OWN.contains(&key.as_str()) || theirs.get(key).is_some(), "{}: kwctl has no {key}", entry.name);
        }
    }
    Ok(())
}
