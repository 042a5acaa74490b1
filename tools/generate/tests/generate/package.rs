//! What Artifact Hub demands of a page, and what makes it worth reading.
//!
//! <https://github.com/artifacthub/hub/blob/master/docs/metadata/artifacthub-pkg.yml>

use anyhow::{Context, Result};
use isolation_all_policies::POLICIES;
use isolation_generate::{files, root};
use serde_json::Value;

/// The keys that there are; those with `true` are required.
const KEYS: &[(&str, bool)] = &[
    ("version", true),
    ("name", true),
    ("displayName", true),
    ("createdAt", true),
    ("description", true),
    ("category", false),
    ("license", false),
    ("homeURL", false),
    ("containersImages", false),
    ("keywords", false),
    ("links", false),
    ("install", false),
    ("changes", false),
    ("maintainers", false),
    ("provider", false),
    ("recommendations", false),
    ("annotations", false),
];

fn pages() -> Result<Vec<(String, Value)>> {
    let pages = files()?.into_iter().filter(|file| file.path.ends_with("artifacthub-pkg.yml"));
    pages.map(|file| Ok((file.path, yaml_serde::from_str(&file.text)?))).collect()
}

#[test]
fn every_page_has_what_artifact_hub_demands_and_nothing_that_it_does_not_know() -> Result<()> {
    let pages = pages()?;
    assert_eq!(pages.len(), POLICIES.len() + 1);
    for (path, page) in pages {
        for key in page.as_object().context("no object")?.keys() {
            assert!(KEYS.iter().any(|(known, _)| known == key), "{path}: {key}");
        }
        for (key, required) in KEYS {
            assert!(!required || page[*key].as_str().is_some_and(|text| !text.is_empty()), "{path}: {key} is missing");
        }
        let name = page["name"].as_str().unwrap_or_default();
        assert!(name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'), "{path}: {name}");
        // An annotation that is no text is dropped.
        let annotations = page["annotations"].as_object().context("no annotations")?;
        assert!(annotations.values().all(Value::is_string), "{path}");
        for key in ["kubewarden/mutation", "kubewarden/resources", "kubewarden/rules"] {
            assert!(annotations.contains_key(key), "{path}: {key}");
        }
        let readme = root().join(&path).with_file_name("README.md");
        assert!(readme.is_file(), "{path}: there is no README.md beside it");
    }
    Ok(())
}

#[test]
fn the_collection_has_every_module_and_says_that_one_of_them_rewrites() -> Result<()> {
    let pages = pages()?;
    let (_, collection) = pages.iter().find(|(path, _)| path == "artifacthub-pkg.yml").context("no collection")?;
    let images = collection["containersImages"].as_array().context("no images")?;
    assert_eq!(images.len(), POLICIES.len());
    for image in images {
        let (name, reference) =
            (image["name"].as_str().unwrap_or_default(), image["image"].as_str().unwrap_or_default());
        assert!(reference.ends_with(&format!("/{name}:v{}", env!("CARGO_PKG_VERSION"))), "{reference}");
    }
    assert_eq!(collection["annotations"]["kubewarden/mutation"], "true");
    Ok(())
}
