//! Commands and what they print: `tests/cmd/*.trycmd`, and the documentation's own examples.
//!
//! `make bless` writes what is printed now into these files; read the difference before it is committed.
#[test]
fn commands_print_what_is_written_down() {
    // Paths in the files are from the repository's root, as a reader types them.
    std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).unwrap();
    let cases = trycmd::TestCases::new();
    cases.case("crates/cli/tests/cmd/*.trycmd").env("COLUMNS", "100");
    cases.case(finds("README.md", "$ isolation check")).case(finds("docs/readiness.md", "$ isolation report --aks"));
}

/// A page with the exit status that its reader need not see: the command that begins so finds something.
fn finds(page: &str, command: &str) -> std::path::PathBuf {
    let text = std::fs::read_to_string(page).unwrap();
    let lines = text.lines().map(|line| {
        let status = if line.starts_with(command) { "\n? 1" } else { "" };
        format!("{line}{status}\n")
    });
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(page.replace('/', "-"));
    std::fs::write(&file, lines.collect::<String>()).unwrap();
    file
}
