//! What modules can do at all: what they import, and nothing else.

#![allow(clippy::unwrap_used, clippy::panic)] // a test may

use std::collections::BTreeSet;
use std::path::Path;

use wasmparser::{Parser, Payload, TypeRef};

/// The answer to the host, by waPC.
const ANSWER: &[&str] = &["wapc.__guest_request", "wapc.__guest_response", "wapc.__guest_error"];
/// A question to the host, by waPC: look-ups.
const ASK: &[&str] = &[
    "wapc.__host_call",
    "wapc.__host_response",
    "wapc.__host_response_len",
    "wapc.__host_error",
    "wapc.__host_error_len",
];
/// What Rust's standard library needs: the words of a panic (`fd_write`, `RUST_BACKTRACE` in an environment that hosts leave empty),
/// the end after it, and the seed of the table in which `wapc-guest` keeps its operations.
const STANDARD_LIBRARY: &[&str] = &[
    "wasi_snapshot_preview1.environ_get",
    "wasi_snapshot_preview1.environ_sizes_get",
    "wasi_snapshot_preview1.fd_write",
    "wasi_snapshot_preview1.proc_exit",
    "wasi_snapshot_preview1.random_get",
];
/// The only policy with a setting that looks things up in the cluster.
const ASKS: &str = "private-storage";

fn imports(module: &[u8]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::ImportSection(section) = payload.unwrap() {
            for import in section.into_imports() {
                let import = import.unwrap();
                assert!(matches!(import.ty, TypeRef::Func(_)), "{} {} is not a function", import.module, import.name);
                found.insert(format!("{}.{}", import.module, import.name));
            }
        }
    }
    found
}

#[test]
fn modules_import_the_answer_the_standard_library_and_only_one_a_question() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for policy in std::fs::read_dir(root.join("policies")).unwrap() {
        let name = policy.unwrap().file_name().into_string().unwrap();
        let path = root.join("dist").join(&name).with_extension("wasm");
        let module =
            std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}. Run `make modules`", path.display()));
        let questions = if name == ASKS { ASK } else { &[] };
        let expected: BTreeSet<String> =
            [ANSWER, STANDARD_LIBRARY, questions].concat().into_iter().map(str::to_owned).collect();
        assert_eq!(imports(&module), expected, "{name}");
    }
}
