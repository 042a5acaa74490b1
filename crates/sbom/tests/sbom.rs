//! Documents about this very workspace.

#![allow(clippy::unwrap_used, clippy::panic)] // a test may

use std::collections::BTreeSet;
use std::path::Path;

use isolation_sbom::Workspace;
use serde_json::Value;

fn workspace() -> Workspace {
    Workspace::read(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap_or_else(|error| panic!("{error}"))
}

fn document(workspace: &Workspace, name: &str) -> Value {
    serde_json::from_slice(&workspace.sbom(name, b"module").unwrap_or_else(|error| panic!("{error}"))).unwrap()
}

fn names(document: &Value) -> BTreeSet<&str> {
    document["components"].as_array().unwrap().iter().map(|component| component["name"].as_str().unwrap()).collect()
}

#[test]
fn a_module_lists_what_is_linked_into_it_and_nothing_else() {
    let document = document(&workspace(), "private-images");
    assert_eq!((&document["bomFormat"], &document["specVersion"]), (&"CycloneDX".into(), &"1.5".into()));
    let module = &document["metadata"]["component"];
    assert_eq!(module["name"], "private-images");
    // sha256 of `module`
    let hash = "120970d812836f19888625587a4606a5ad23cef31c8684e601771552548fc6b9";
    assert_eq!(module["hashes"][0]["content"], hash);
    let names = names(&document);
    for linked in [
        "isolation",
        "isolation-document",
        "isolation-guest",
        "kubewarden-policy-sdk",
        "rust-std",
        "serde_json",
        "wapc-guest",
    ] {
        assert!(names.contains(linked), "{linked} is missing: {names:?}");
    }
    for other in ["isolation-cases", "isolation-runtime", "k8s-openapi", "syn", "tokio", "wasmtime"] {
        assert!(!names.contains(other), "{other} is not linked: {names:?}");
    }
    let ours = document["components"].as_array().unwrap().iter().find(|component| component["name"] == "isolation");
    assert_eq!(ours.unwrap()["licenses"][0]["expression"], "Apache-2.0");
}

/// The command line has crates of its own, which differ from system to system.
#[test]
fn a_program_lists_what_is_linked_into_it_on_its_target() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (target, own, others) in [
        ("x86_64-unknown-linux-musl", "linux-raw-sys", "windows-sys"),
        ("x86_64-pc-windows-gnu", "windows-sys", "linux-raw-sys"),
    ] {
        let document = document(&Workspace::read_for(folder, target).unwrap(), "isolation-cli");
        assert_eq!(document["metadata"]["component"]["name"], "isolation-cli");
        let names = names(&document);
        for linked in ["clap", "isolation-oci", "private-images", "rust-std", "rustls", own] {
            assert!(names.contains(linked), "{target}: {linked} is missing: {names:?}");
        }
        for other in ["isolation-cases", "isolation-sbom", "syn", others] {
            assert!(!names.contains(other), "{target}: {other} is not linked: {names:?}");
        }
        assert!(document.to_string().contains(&format!("standard library for {target},")));
    }
}

/// The tests' own crate depends on much, some of it only to build.
#[test]
fn crates_of_the_registry_have_url_checksum_and_licence() {
    let document = document(&workspace(), "isolation-cases");
    let names = names(&document);
    assert!(names.contains("serde_json") && names.contains("yaml_serde"), "{names:?}");
    assert!(!names.contains("serde_derive") && !names.contains("syn"), "only built with: {names:?}");
    for component in document["components"].as_array().unwrap() {
        let name = component["name"].as_str().unwrap();
        let url = component["purl"].as_str().unwrap();
        assert!(component["licenses"][0]["expression"].is_string(), "{name} has no licence");
        assert_eq!(url.starts_with("pkg:cargo/"), component["hashes"][0]["content"].is_string(), "{name}");
    }
}

#[test]
fn every_reference_is_to_something_in_the_document() {
    let document = document(&workspace(), "isolation-cases");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut known: BTreeSet<String> =
        document["components"].as_array().unwrap().iter().map(|component| text(&component["bom-ref"])).collect();
    known.insert(text(&document["metadata"]["component"]["bom-ref"]));
    let dependencies = document["dependencies"].as_array().unwrap();
    assert_eq!(dependencies.len(), known.len());
    for dependency in dependencies {
        assert!(known.contains(&text(&dependency["ref"])), "{dependency}");
        for used in dependency["dependsOn"].as_array().into_iter().flatten() {
            assert!(known.contains(&text(used)), "{dependency}");
        }
    }
}

#[test]
fn the_same_module_gives_the_same_bytes_and_another_another_number() {
    let (one, two) = (workspace(), workspace());
    let bytes = one.sbom("private-images", b"module").unwrap();
    assert_eq!(bytes, two.sbom("private-images", b"module").unwrap());
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(!text.contains("timestamp") && !text.contains(env!("CARGO_MANIFEST_DIR")), "{text}");
    let other: Value = serde_json::from_slice(&one.sbom("private-images", b"other").unwrap()).unwrap();
    let this: Value = serde_json::from_slice(&bytes).unwrap();
    assert_ne!(this["serialNumber"], other["serialNumber"]);
}

#[test]
fn a_package_that_is_not_there_is_named() {
    let error = workspace().sbom("absent", b"").unwrap_err().to_string();
    assert!(error.contains("no package `absent`"), "{error}");
}
