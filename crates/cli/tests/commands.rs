//! Commands and what they print: `tests/cmd/*.trycmd`, and the README's own examples.
//!
//! `make bless` writes what is printed now into these files; read the difference before it is committed.

#[test]
fn commands_print_what_is_written_down() {
    // Paths in the files are from the repository's root, as a reader types them.
    std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).unwrap();
    let cases = trycmd::TestCases::new();
    cases.case("crates/cli/tests/cmd/*.trycmd").case("README.md").env("COLUMNS", "100");
}
