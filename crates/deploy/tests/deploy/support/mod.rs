//! Helm and kubectl, where `e2e-tests/helm/install.sh` put them or the PATH has them, and what they print, read.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use isolation_all_policies::POLICIES;
use isolation_deploy::{Values, chart, documents};
use serde::Deserialize;
use serde_json::Value;

/// A tool, unless there is none: then the test says so, and passes where nobody insists (`REQUIRE_ENGINES=1`).
pub fn tool(name: &str) -> Option<PathBuf> {
    let installed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tools").join(name);
    let path = if installed.is_file() { installed } else { PathBuf::from(name) };
    if Command::new(&path).arg("version").arg("--client").output().is_ok() {
        return Some(path);
    }
    assert!(std::env::var_os("REQUIRE_ENGINES").is_none_or(|value| value != "1"), "there is no {name}");
    eprintln!("skipped: there is no {name}; e2e-tests/helm/install.sh installs it");
    None
}

/// Digests as modules have them.
pub fn digests() -> BTreeMap<String, String> {
    let digest = |number: usize| format!("sha256:{}", number.to_string().repeat(64));
    POLICIES.iter().enumerate().map(|(index, entry)| (entry.name.to_owned(), digest(index + 1))).collect()
}

/// The chart, as it is packaged.
pub fn chart_folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in chart::files(&digests()).unwrap() {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

/// The YAML documents of a text that are not empty.
pub fn read(text: &str) -> Vec<Value> {
    let documents = yaml_serde::Deserializer::from_str(text).map(|document| Value::deserialize(document).unwrap());
    documents.filter(|document| !document.is_null()).collect()
}

/// Resources by kind and name.
pub fn by_name(resources: Vec<Value>) -> BTreeMap<(String, String), Value> {
    let count = resources.len();
    let key = |resource: &Value| {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (text(&resource["kind"]), text(&resource["metadata"]["name"]))
    };
    let named: BTreeMap<_, _> = resources.into_iter().map(|resource| (key(&resource), resource)).collect();
    assert_eq!(named.len(), count, "two resources of one name");
    named
}

/// What `isolation policies` prints for these values.
pub fn ours(values: &Value) -> String {
    let values = Values::read(values.as_object().unwrap()).unwrap_or_else(|error| panic!("{error}: {values}"));
    documents(&values, &digests(), "kubewarden").unwrap_or_else(|error| panic!("{error}"))
}
