//! docs/command-line.md has what every command prints for `--help`, so that it can be read where nothing is installed.
//!
//! `make bless` writes it.

use std::path::Path;
use std::process::Command;

const HEAD: &str = "# Command line

What each command prints for `--help`. `isolation man FOLDER` writes the same as manual pages.
";

fn help(command: Option<&str>) -> String {
    let mut isolation = Command::new(env!("CARGO_BIN_EXE_isolation"));
    let output = isolation.args(command).arg("--help").env("COLUMNS", "100").env("NO_COLOR", "1").output().unwrap();
    assert!(output.status.success(), "{command:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_page_has_the_help_of_every_command() {
    let overview = help(None);
    let (_, list) = overview.split_once("\nCommands:\n").unwrap();
    // Names stand at two blanks, and what is said of them further in.
    let names = list.lines().take_while(|line| !line.is_empty()).filter_map(|line| line.strip_prefix("  "));
    let names: Vec<_> = names.filter_map(|line| line.split(' ').next()).filter(|name| !name.is_empty()).collect();
    assert!(names.contains(&"check"), "{overview}");
    let section = |name: &str, text: &str| format!("\n## {name}\n\n```text\n{}\n```\n", text.trim_end());
    let mut page = HEAD.to_owned() + &section("isolation", &overview);
    for name in names.into_iter().filter(|name| *name != "help") {
        page += &section(&format!("isolation {name}"), &help(Some(name)));
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/command-line.md");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&file, &page).unwrap();
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(written, page, "`make bless` writes {}", file.display());
}
