//! The workflows run what there is, and nothing that somebody else may exchange.

// A helper of tests is a test to everybody but clippy.
use isolation_generate::root;

fn workflows() -> Vec<(String, String)> {
    let folder = root().join(".github/workflows");
    let mut all: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read_to_string(entry.path()).unwrap()))
        .collect();
    all.sort();
    assert!(!all.is_empty());
    all
}

#[test]
fn every_action_is_pinned_by_a_commit_and_says_its_version() {
    for (name, text) in workflows() {
        for line in text.lines().filter_map(|line| line.trim_start_matches([' ', '-']).strip_prefix("uses: ")) {
            if line.starts_with("./") {
                continue;
            }
            let (_, pin) = line.split_once('@').unwrap_or_default();
            let (commit, version) = pin.split_once(" # v").unwrap_or_default();
            let pinned = commit.len() == 40 && commit.bytes().all(|b| b.is_ascii_hexdigit());
            assert!(pinned && !version.is_empty(), "{name}: {line}");
        }
    }
}

#[test]
fn jobs_ask_for_their_rights_themselves() {
    for (name, text) in workflows() {
        assert!(text.contains("\npermissions: {}\n"), "{name}: no rights unless a job asks for them");
    }
}

#[test]
fn modules_are_built_by_the_version_of_rust_that_the_sources_name() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let (_, rest) = manifest.split_once("rust-version = \"").unwrap();
    let (version, _) = rest.split_once('"').unwrap();
    let toolchain = std::fs::read_to_string(root().join("rust-toolchain.toml")).unwrap();
    assert!(toolchain.contains(&format!("channel = \"{version}.")), "the manifest says {version}:\n{toolchain}");
    // A workflow that installs another one would build other bytes.
    for (name, text) in workflows() {
        assert!(!text.contains("rustup default") && !text.contains("toolchain install"), "{name}");
    }
}

/// What stands behind `make` on lines that call it, in workflows and in what contributors read.
#[test]
fn every_target_that_is_named_exists() {
    let makefile = std::fs::read_to_string(root().join("Makefile")).unwrap();
    let contributing = std::fs::read_to_string(root().join("CONTRIBUTING.md")).unwrap();
    let mut texts = workflows();
    texts.push(("CONTRIBUTING.md".into(), contributing));
    let mut seen = 0;
    for (name, text) in texts {
        let calls = text.split(['`', '\n']).filter_map(|part| {
            let part = part.trim_start();
            part.strip_prefix("make ").or_else(|| part.strip_prefix("- run: make "))
        });
        for target in calls.flat_map(str::split_whitespace).filter(|word| !word.starts_with(['-', '"'])) {
            let known = makefile.lines().any(|line| {
                line.split_once(':').is_some_and(|(targets, _)| targets.split(' ').any(|known| known == target))
            });
            assert!(known, "{name}: the Makefile has no target {target}");
            seen += 1;
        }
    }
    assert!(seen > 10, "{seen}");
}
