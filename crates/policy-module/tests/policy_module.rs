//! The metadata of every policy in the repository, and what a typo in one does.

// A helper of tests is a test to everybody but clippy.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;

use isolation_policy_module::{Metadata, Rule, families};

fn policies() -> Vec<std::path::PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
    let mut all: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    all.sort();
    all
}

#[test]
fn the_metadata_of_every_policy_is_right() {
    for policy in policies() {
        let name = policy.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(policy.join("metadata.yml")).unwrap();
        let metadata = Metadata::read(&text).unwrap_or_else(|error| panic!("{name}/metadata.yml: {error}"));
        assert_eq!(metadata.title(), name, "the title is the folder's name");
        assert_eq!(metadata.version(), env!("CARGO_PKG_VERSION"), "{name} has the workspace's version");
        if let Ok(text) = std::fs::read_to_string(policy.join("custom-resources.yml")) {
            families(&text).unwrap_or_else(|error| panic!("{name}/custom-resources.yml: {error}"));
        }
    }
}

const GOOD: &str = include_str!("../../../policies/private-images/metadata.yml");

fn problem(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    Metadata::read(&GOOD.replacen(from, to, 1)).expect_err(to).to_string()
}

#[test]
fn what_the_engines_would_ignore_is_refused() {
    assert!(problem("backgroundAudit: true", "backgroundaudit: true").contains("backgroundaudit: unknown key"));
    assert!(problem("backgroundAudit: true", "backgroundaudit: true").contains("backgroundAudit: is missing"));
    assert!(problem("apiVersions: [\"v1\"]", "apiVersion: [\"v1\"]").contains("rules[0].apiVersions: is required"));
    assert!(problem("operations:", "scope: '*'\n    operations:").contains("rules[0].scope: unknown key"));
    assert!(problem("kubewarden-wapc", "wasi").contains("our policies are kubewarden-wapc"));
    assert!(problem("apiGroups: [\"\"]", "apiGroups: [\"\", apps]").contains("rules[0].apiGroups"));
    assert!(problem("pods/ephemeralcontainers", "pods/*").contains("rules[1].resources"));
    assert!(problem("[\"CREATE\", \"UPDATE\"]", "[\"*\"]").contains("rules[0].operations"));
    assert!(problem("severity: high", "severity: severe").contains("a severity is one of"));
    assert!(
        problem(concat!("version: ", env!("CARGO_PKG_VERSION")), "version: \"1\"").contains("not a semantic version")
    );
    assert!(problem("io.artifacthub.keywords", "io.artifacthub.keyword").contains("is missing"));
}

fn rule(resources: &[&str]) -> Rule {
    let list = |items: &[&str]| items.iter().map(|item| (*item).to_owned()).collect();
    Rule {
        api_groups: list(&[""]),
        api_versions: list(&["v1"]),
        resources: list(resources),
        operations: list(&["CREATE"]),
    }
}

#[test]
fn a_star_means_all_resources_and_no_subresources() {
    assert!(rule(&["*"]).matches("", "v1", "pods", "", "CREATE"));
    assert!(!rule(&["*"]).matches("", "v1", "pods", "status", "CREATE"));
    assert!(!rule(&["pods"]).matches("", "v1", "pods", "ephemeralcontainers", "CREATE"));
    assert!(rule(&["pods/*"]).matches("", "v1", "pods", "ephemeralcontainers", "CREATE"));
    // As the API server does, whatever its documentation says of stars.
    assert!(rule(&["pods/*"]).matches("", "v1", "pods", "", "CREATE"));
    assert!(!rule(&["pods/ephemeralcontainers", "*/scale"]).matches("", "v1", "pods", "", "CREATE"));
    assert!(rule(&["*/*"]).matches("", "v1", "pods", "", "CREATE"));
    assert!(!rule(&["pods"]).matches("apps", "v1", "pods", "", "CREATE"));
    assert!(!rule(&["pods"]).matches("", "v1", "pods", "", "UPDATE"));
}
