//! `deploy/` holds what the code makes: `make deploy-files` writes it, this test compares.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use isolation_deploy::deploy;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy")
}

fn read_all(folder: &Path, below: &str, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{below}{}", path.file_name().unwrap().to_string_lossy());
        if path.is_dir() {
            read_all(&path, &format!("{name}/"), files);
        } else if name != "README.md" {
            files.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn the_files_are_current_and_no_other_is_there() {
    let expected = deploy::files().unwrap();
    let mut actual = BTreeMap::new();
    read_all(&root(), "", &mut actual);
    if std::env::var_os("BLESS").is_some() {
        for name in actual.keys().filter(|name| !expected.contains_key(*name)) {
            fs::remove_file(root().join(name)).unwrap();
        }
        for (name, text) in &expected {
            let path = root().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        return;
    }
    for (name, text) in &expected {
        assert_eq!(actual.get(name), Some(text), "deploy/{name} is not what the code makes: run `make deploy-files`");
    }
    for name in actual.keys() {
        assert!(expected.contains_key(name), "deploy/{name} is made by nobody: run `make deploy-files`");
    }
}
